"""The triggers: a real change of a computer fires them once, in any kind of target, and nothing else does."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.getscreen.trigger import async_get_triggers
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .helpers import account_device, device_id_of, entity_id_of, pass_time, state_of
from .targets import KINDS, Target, offered, sensors_of_another, target

ALL = ["came_online", "session_ended", "session_started", "went_offline"]


class Fired:
    """The triggers that have fired since the last call."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._fired: list[tuple[str, str]] = []
        hass.bus.async_listen("fired", lambda event: self._fired.append((event.data["trigger"], event.data["entity_id"])))

    def entities(self) -> list[tuple[str, str]]:
        """Return triggers with their entities."""
        fired, self._fired = self._fired, []
        return fired

    def names(self) -> list[str]:
        """Return triggers."""
        return [name for name, _ in self.entities()]


async def watch(hass: HomeAssistant, target: Target, **options: Any) -> Fired:
    """Set up an automation that all our triggers start for a target."""
    triggers = [
        {"trigger": f"getscreen.{name}", "id": name, "target": target, "options": options} for name in await async_get_triggers(hass)
    ]
    action = {"event": "fired", "event_data": {"trigger": "{{ trigger.id }}", "entity_id": "{{ trigger.entity_id }}"}}
    config = {"alias": "Watch", "mode": "queued", "max": 100, "triggers": triggers, "actions": action}
    assert await async_setup_component(hass, "automation", {"automation": config})
    await hass.async_block_till_done()
    state = hass.states.get("automation.watch")
    assert state is not None
    assert state.state == "on"
    return Fired(hass)


async def later(hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: float) -> None:
    """Let minutes pass, with one poll."""
    freezer.tick(minutes * 60)
    await pass_time(hass, 1)


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_of_target(hass: HomeAssistant, account: Account, set_up: SetUp, kind: str) -> None:
    """Each trigger fires once for the targeted computer, and not for another one."""
    entry = await set_up()
    fired = await watch(hass, target(hass, entry, kind, 1))
    online, session = (entity_id_of(hass, entry, 1, key) for key in ("online", "session"))
    account.start_session(1)
    account.start_session(2)
    await pass_time(hass)
    assert fired.entities() == [("session_started", session)]
    account.end_session(1)
    account.end_session(2)
    await pass_time(hass)
    assert fired.entities() == [("session_ended", session)]
    account.go(account.agents[1])
    account.go(account.agents[2])
    await pass_time(hass)
    assert fired.entities() == [("went_offline", online)]
    account.come(account.agents[1])
    account.come(account.agents[2])
    await pass_time(hass)
    assert fired.entities() == [("came_online", online)]


async def test_a_computer_in_session_goes_offline(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    fired = await watch(hass, target(hass, entry, "device", 1))
    account.start_session(1)
    await pass_time(hass)
    account.go(account.agents[1])
    await pass_time(hass)
    assert sorted(fired.names()) == ["session_ended", "session_started", "went_offline"]


@pytest.mark.parametrize(("behavior", "expected"), [("each", [1, 1, 1]), ("first", [1, 0, 0]), ("all", [0, 0, 1])])
async def test_several_computers(hass: HomeAssistant, account: Account, set_up: SetUp, behavior: str, expected: list[int]) -> None:
    """Three computers go offline one after the other."""
    account.come(account.agents[3])
    entry = await set_up()
    fired = await watch(hass, target(hass, entry, "area", 1, 2, 3), behavior=behavior)
    counts = []
    for agent in account.agents.values():
        account.go(agent)
        await pass_time(hass)
        counts.append(fired.names().count("went_offline"))
    assert counts == expected


async def test_for_at_least(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """A shorter change does not fire."""
    entry = await set_up()
    fired = await watch(hass, target(hass, entry, "device", 1), **{"for": "00:05:00"})
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    account.come(account.agents[1])
    await later(hass, freezer, 2)
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    await later(hass, freezer, 4)
    assert fired.names() == []
    await later(hass, freezer, 1.1)
    assert fired.names() == ["went_offline"]
    await later(hass, freezer, 10)
    assert fired.names() == []


async def test_an_outage_while_time_passes(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """An outage cancels a waiting trigger, and its end does not restart the time."""
    entry = await set_up()
    fired = await watch(hass, target(hass, entry, "device", 1), **{"for": "00:05:00"})
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    await outage(hass, simulator, entry, freezer)
    await recover(hass, simulator, entry, freezer)
    for _ in range(10):
        await later(hass, freezer, 2)
    assert fired.names() == []


async def outage(hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, freezer: FrozenDateTimeFactory) -> None:
    """Let the service fail, and the entities become unavailable."""
    simulator.fail(Fault.SERVER_ERROR)
    await later(hass, freezer, 2)
    assert state_of(hass, entry, 1, "online").state == STATE_UNAVAILABLE


async def recover(hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, freezer: FrozenDateTimeFactory) -> None:
    """Let the service work again, and the first computer be offline."""
    simulator.heal()
    await later(hass, freezer, 60)
    assert state_of(hass, entry, 1, "online").state == "off"


@pytest.mark.parametrize("kind", KINDS)
async def test_an_outage(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory, kind: str
) -> None:
    """An outage fires nothing, with and without changes during it. The next change fires."""
    account.start_session(2)
    entry = await set_up()
    fired = await watch(hass, target(hass, entry, kind, 1, 2, 3))
    await outage(hass, simulator, entry, freezer)
    account.go(account.agents[1])
    account.end_session(2)
    account.come(account.agents[3])
    account.start_session(3)
    await recover(hass, simulator, entry, freezer)
    assert [state_of(hass, entry, agent_id, "session").state for agent_id in (1, 2, 3)] == ["off", "off", "on"]
    assert fired.names() == []
    account.come(account.agents[1])
    await pass_time(hass)
    assert fired.names() == ["came_online"]


async def test_an_unknown_state(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The server temporarily does not say whether a computer is online, and it goes offline during that time."""
    entry = await set_up()
    fired = await watch(hass, target(hass, entry, "device", 1))
    account.agents[1].online = None  # type: ignore[assignment]
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state == "unknown"
    account.go(account.agents[1])
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state == "off"
    assert fired.names() == []


@pytest.mark.parametrize("kind", ["device", "area"])
async def test_a_restart(hass: HomeAssistant, account: Account, set_up: SetUp, kind: str) -> None:
    """Home Assistant shows restored entities as unavailable until set-up. Changes during the restart fire nothing."""
    entry = await set_up()
    aim = target(hass, entry, kind, 1, 2)
    await hass.config_entries.async_unload(entry.entry_id)
    assert state_of(hass, entry, 1, "online").state == STATE_UNAVAILABLE
    fired = await watch(hass, aim)
    account.go(account.agents[1])
    account.start_session(2)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, entry, 1, "online").state == "off"
    assert fired.names() == []
    account.end_session(2)
    await pass_time(hass)
    assert fired.names() == ["session_ended"]


async def test_an_account_that_is_added(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """New computers fire nothing when they appear, even if an automation targets them."""
    fired = await watch(hass, {"entity_id": "binary_sensor.reception_pc_online"})
    entry = await set_up()
    assert entity_id_of(hass, entry, 1, "online") == "binary_sensor.reception_pc_online"
    assert fired.names() == []
    account.go(account.agents[1])
    await pass_time(hass)
    assert fired.names() == ["went_offline"]


async def test_an_entity_that_is_enabled_again(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    fired = await watch(hass, target(hass, entry, "area", 1))
    registry, entity_id = er.async_get(hass), entity_id_of(hass, entry, 1, "online")
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    assert hass.states.get(entity_id) is None
    account.go(account.agents[1])
    registry.async_update_entity(entity_id, disabled_by=None)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state == "off"
    assert fired.names() == []
    account.come(account.agents[1])
    await pass_time(hass)
    assert fired.names() == ["came_online"]


async def test_renaming_fires_nothing(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Neither a computer, here or on the server, nor an entity, nor the id of one fires anything; changes do under the new id."""
    entry = await set_up()
    fired = await watch(hass, target(hass, entry, "device", 1))
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 1), name_by_user="Front desk")
    account.agents[1].name = "Desk"
    entity_id = entity_id_of(hass, entry, 1, "online")
    er.async_get(hass).async_update_entity(entity_id, name="Reachable", new_entity_id="binary_sensor.front_desk")
    await pass_time(hass)
    assert fired.names() == []
    account.go(account.agents[1])
    await pass_time(hass)
    assert fired.entities() == [("went_offline", "binary_sensor.front_desk")]


@pytest.mark.parametrize("kind", ["device", "area", "floor", "label"])
async def test_sensors_of_other_integrations(hass: HomeAssistant, account: Account, set_up: SetUp, kind: str) -> None:
    """Another integration's sensors of the same classes at the same device fire nothing, and do not count for "all"."""
    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    aim = target(hass, entry, kind, 1)
    sensors_of_another(hass, device_id, "on")
    fired = await watch(hass, aim, behavior="all")
    for state in ("off", "on"):
        sensors_of_another(hass, device_id, state)
        await hass.async_block_till_done()
    assert fired.names() == []
    account.go(account.agents[1])
    await pass_time(hass)
    assert fired.names() == ["went_offline"]


@pytest.mark.usefixtures("all_entities")
async def test_other_sensors_of_the_integration(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Other sensors fire nothing, even if a target names them."""
    entry = await set_up()
    entities = [entity_id_of(hass, entry, 1, key) for key in ("blocked", "limited", "disk_almost_full")]
    fired = await watch(hass, {"entity_id": entities})
    account.agents[1].limited = True
    await pass_time(hass)
    assert state_of(hass, entry, 1, "limited").state == "on"
    assert fired.names() == []


async def test_changed_device_class(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The user can change the device class, by which nothing is found."""
    entry = await set_up()
    for key, device_class in (("online", "running"), ("session", "connectivity")):
        er.async_get(hass).async_update_entity(entity_id_of(hass, entry, 1, key), device_class=device_class)
    await pass_time(hass)
    fired = await watch(hass, target(hass, entry, "device", 1))
    account.start_session(1)
    await pass_time(hass)
    account.go(account.agents[1])
    await pass_time(hass)
    assert sorted(fired.names()) == ["session_ended", "session_started", "went_offline"]


@pytest.mark.parametrize("kind", KINDS)
async def test_hidden_entities(hass: HomeAssistant, account: Account, set_up: SetUp, kind: str) -> None:
    """Hidden entities fire only if the target names them, as usual in Home Assistant."""
    entry = await set_up()
    aim, entity_id = target(hass, entry, kind, 1), entity_id_of(hass, entry, 1, "online")
    er.async_get(hass).async_update_entity(entity_id, hidden_by=er.RegistryEntryHider.USER)
    fired = await watch(hass, aim)
    account.go(account.agents[1])
    await pass_time(hass)
    assert fired.names() == (["went_offline"] if kind == "entity" else [])


async def test_without_its_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """With *Remote session* disabled, as in large accounts, sessions fire nothing. The other triggers work."""
    entry = await set_up()
    aim, entity_id = target(hass, entry, "device", 1), entity_id_of(hass, entry, 1, "session")
    er.async_get(hass).async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.INTEGRATION)
    fired = await watch(hass, aim)
    account.start_session(1)
    await pass_time(hass)
    account.go(account.agents[1])
    await pass_time(hass)
    assert fired.names() == ["went_offline"]


@pytest.mark.parametrize("kind", KINDS)
async def test_offered(hass: HomeAssistant, hass_ws_client: WebSocketGenerator, set_up: SetUp, kind: str) -> None:
    """The automation editor offers all four triggers for a computer, in any kind of target."""
    entry = await set_up()
    assert await offered(await hass_ws_client(hass), "triggers", target(hass, entry, kind, 1)) == ALL


async def test_not_offered(hass: HomeAssistant, hass_ws_client: WebSocketGenerator, set_up: SetUp) -> None:
    """No trigger is offered for the account, and none about sessions with *Remote session* disabled."""
    entry = await set_up()
    client = await hass_ws_client(hass)
    assert await offered(client, "triggers", {"device_id": account_device(hass, entry).id}) == []
    er.async_get(hass).async_update_entity(entity_id_of(hass, entry, 1, "session"), disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    assert await offered(client, "triggers", {"device_id": device_id_of(hass, entry, 1)}) == ["came_online", "went_offline"]
