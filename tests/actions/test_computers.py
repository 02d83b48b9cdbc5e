"""The actions: what they reach, what they do, and what the user is told."""

import asyncio
from typing import Any
from unittest.mock import Mock, patch

from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import floor_registry as fr
from homeassistant.helpers import label_registry as lr
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.getscreen.api import GetscreenClient, RequestRefusedError
from custom_components.getscreen.const import DOMAIN
from reference.markdown import INTEGRATION
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_device, act, commanded, device_id_of, device_of, entity_id_of, pass_time, registered, state_of, until

WAIT = {"minutes": 5}
SERVICES: dict[str, Any] = load_yaml_dict(str(INTEGRATION / "services.yaml"))
ABOUT_COMPUTERS = {"wake", "reboot", "logout", "refresh_hardware", "get_connection_link", "update_device", "get_device_info", "get_history"}
NO_WHOLE_NUMBERS: tuple[Any, ...] = (1.5, True, "five", "1_0", "\u0661\u0660", 10**19, 1e300, float("nan"), float("inf"), None, [])


async def test_wake_and_reboot_and_log_out(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    assert await act(hass, "wake", device_id=device_id_of(hass, entry, 3)) is None
    assert await act(hass, "reboot", device_id=device_id_of(hass, entry, 1)) is None
    sent = [(r.method, r.verb, r.parameters) for r in simulator.requests if r.method in ("agents/wake", "agents/reboot")]
    assert sent == [("agents/wake", "POST", {"id": "3"}), ("agents/reboot", "POST", {"id": "1"})]
    await act(hass, "reboot", device_id=device_id_of(hass, entry, 2), safe_mode=True)
    assert simulator.requests[-1].parameters == {"id": "2", "safe": "true"}
    await act(hass, "logout", device_id=device_id_of(hass, entry, 2), confirm=True)
    assert 2 not in account.agents
    assert device_of(hass, entry, 2) is None
    assert hass.states.get("binary_sensor.marta_s_macbook_online") is None
    await pass_time(hass)
    assert device_of(hass, entry, 2) is None


async def test_every_kind_of_target(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Devices, entities, areas, floors and labels reach a device, each one once."""
    entry = await set_up()
    devices, entities = dr.async_get(hass), er.async_get(hass)
    floor = fr.async_get(hass).async_create("Upstairs")
    area = ar.async_get(hass).async_create("Office", floor_id=floor.floor_id)
    label = lr.async_get(hass).async_create("Servers")
    devices.async_update_device(device_id_of(hass, entry, 1), area_id=area.id)
    devices.async_update_device(device_id_of(hass, entry, 3), labels={label.label_id})
    entity_label = lr.async_get(hass).async_create("Watched")
    entities.async_update_entity(entity_id_of(hass, entry, 2, "session"), labels={entity_label.label_id})
    for target, reached in (
        ({"device_id": [device_id_of(hass, entry, 1), device_id_of(hass, entry, 2)]}, [1, 2]),
        ({"entity_id": entity_id_of(hass, entry, 2, "reboot")}, [2]),
        ({"entity_id": [entity_id_of(hass, entry, 2, key) for key in ("online", "session", "wake")]}, [2]),
        ({"area_id": area.id}, [1]),
        ({"floor_id": floor.floor_id}, [1]),
        ({"label_id": label.label_id}, [3]),
        ({"label_id": entity_label.label_id}, [2]),
        ({"area_id": area.id, "device_id": device_id_of(hass, entry, 1), "label_id": [label.label_id]}, [1, 3]),
    ):
        simulator.requests.clear()
        await act(hass, "wake", **target)
        assert commanded(simulator, "wake") == reached, target


async def test_a_target_that_reaches_nothing(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """That is an error, before any request: unknown things, the account itself, what others brought, what is disabled."""
    entry = await set_up()
    foreign_entry = MockConfigEntry(domain="other")
    foreign_entry.add_to_hass(hass)
    foreign = dr.async_get(hass).async_get_or_create(config_entry_id=foreign_entry.entry_id, identifiers={("other", "account_1")})
    lamp = er.async_get(hass).async_get_or_create("light", "other", "lamp", config_entry=foreign_entry, device_id=foreign.id)
    disabled = device_id_of(hass, entry, 3)
    dr.async_get(hass).async_update_device(disabled, disabled_by=dr.DeviceEntryDisabler.USER)
    simulator.requests.clear()
    for action in ("wake", "reboot", "logout", "refresh_hardware"):
        for target in (
            {},
            {"device_id": "unknown"},
            {"entity_id": "light.unknown"},
            {"entity_id": "all"},
            {"area_id": "unknown", "floor_id": "unknown", "label_id": "unknown"},
            {"device_id": foreign.id},
            {"entity_id": lamp.entity_id},
            {"device_id": account_device(hass, entry).id},
            {"device_id": disabled},
        ):
            data: dict[str, Any] = {**target, "confirm": True} if action == "logout" else {**target}
            with pytest.raises(ServiceValidationError) as error:
                await act(hass, action, **data)
            assert error.value.translation_key == "no_devices"
            assert "The account's own device is not a computer" in str(error.value)
    assert simulator.count() == 0


async def test_without_an_account(hass: HomeAssistant) -> None:
    """The actions are there, so that automations can be checked."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "wake", device_id="unknown")
    assert error.value.translation_key == "no_devices"


async def test_log_out_wants_a_confirmation(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.requests.clear()
    for data in ({}, {"confirm": False}):
        with pytest.raises(ServiceValidationError) as error:
            await act(hass, "logout", device_id=device_id_of(hass, entry, 1), **data)
        assert error.value.translation_key == "confirmation_required"
    assert simulator.count() == 0
    assert 1 in account.agents


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("wake", {"wait": "a while"}),
        ("wake", {"wait": -5}),
        ("wake", {"colour": "blue"}),
        ("reboot", {"safe_mode": "perhaps"}),
        ("reboot", {"wait": {"lightyears": 1}}),
        ("logout", {"confirm": "perhaps"}),
        ("refresh_hardware", {"wait": 5}),
    ],
)
async def test_fields_that_cannot_be_right(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str, data: dict[str, Any]
) -> None:
    entry = await set_up()
    simulator.requests.clear()
    with pytest.raises(vol.Invalid):
        await act(hass, action, device_id=device_id_of(hass, entry, 1), **data)
    assert simulator.count() == 0


async def test_a_refused_key_is_found_out_by_a_command(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """403 may concern the device or the key: the list tells which, when it is refused twice."""
    entry = await set_up()
    simulator.key = "another"
    for _ in range(2):
        with pytest.raises(HomeAssistantError):
            await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
        await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


async def test_a_status_other_than_0(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.command_status[1] = 7
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert error.value.translation_key == "command_failed"
    assert "status 7" in str(error.value)


async def test_the_servers_own_text(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.refuse(1, 400)
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert error.value.translation_key == "refused"
    assert error.value.translation_placeholders is not None
    assert "HTTP" not in error.value.translation_placeholders["reason"]


async def test_one_failure_does_not_stop_the_others(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)]
    dr.async_get(hass).async_update_device(devices[1], name_by_user="Her laptop")
    simulator.command_status[1] = 7
    simulator.refuse(2)
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=devices)
    assert error.value.translation_key == "several_failed"
    assert "Reception PC: " in str(error.value)
    assert "Her laptop: " in str(error.value)
    assert account.agents[3].name not in str(error.value)
    assert commanded(simulator, "wake") == [1, 2, 3]
    assert account.agents[3].online


async def test_an_account_that_is_not_set_up(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "wake", device_id=device_id)
    assert error.value.translation_key == "not_loaded"
    assert "Reception PC" in str(error.value)
    assert entry.title in str(error.value)


async def test_commands_go_out_side_by_side(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Thirty slow ones do not take thirty times as long, nor do they all go out at once."""
    for number in range(30):
        simulator.account.add_agent(f"PC {number}", disabled=False)
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in simulator.account.agents]
    with simulator.hold("agents/wake"):
        call = asyncio.create_task(act(hass, "wake", device_id=devices))
        await until(lambda: simulator.count("agents/wake") >= 10)
        # Whatever had gone out with them would be there before what goes out now is answered.
        await entry.runtime_data.agents.async_refresh()
        assert simulator.count("agents/wake") == 10
    await call
    assert commanded(simulator, "wake") == sorted(simulator.account.agents)


async def test_wait_until_awake(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    now = 1000.0
    with patch("custom_components.getscreen.actions.time", Mock(monotonic=lambda: now)):
        call = asyncio.create_task(act(hass, "wake", response=True, device_id=device_id_of(hass, entry, 3), wait=WAIT))
        await until(lambda: entry.runtime_data.agents.quick)
        await pass_time(hass, 12)
        assert not call.done()
        now = 1012.34
        account.come(account.agents[3])
        await pass_time(hass, 12)
        response = await call
    assert response["devices"] == [
        {
            "device_id": device_id_of(hass, entry, 3),
            "agent_id": 3,
            "name": account.agents[3].name,
            "online": True,
            "seconds": 12.3,
        }
    ]
    assert state_of(hass, entry, 3, "online").state == "on"


async def test_without_wait_nothing_is_waited_for(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.requests.clear()
    response = await act(hass, "wake", response=True, device_id=device_id_of(hass, entry, 3))
    assert response == {
        "devices": [
            {
                "device_id": device_id_of(hass, entry, 3),
                "agent_id": 3,
                "name": "Server room NAS",
                "online": False,
                "seconds": None,
            }
        ]
    }
    assert simulator.count() == 1


async def test_wait_until_rebooted(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """It has to go offline before it counts as being back."""
    entry = await set_up()
    account.reboot_seconds = (3600, 7200)
    call = asyncio.create_task(act(hass, "reboot", response=True, device_id=device_id_of(hass, entry, 1), wait=WAIT))
    await until(lambda: entry.runtime_data.agents.quick)
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "on"
    assert not call.done()
    account.go(account.agents[1])
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "off"
    assert not call.done()
    account.come(account.agents[1])
    await pass_time(hass, 12)
    response = await call
    assert response["devices"][0]["online"] is True


async def test_waiting_for_some_does_not_hold_up_the_others(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    account.wake_seconds = 3600
    for number in range(30):
        account.add_agent(f"PC {number}", online=False)
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in account.agents]
    call = asyncio.create_task(act(hass, "wake", device_id=devices, wait=WAIT))
    await until(lambda: commanded(simulator, "wake") == sorted(account.agents))
    assert not call.done()
    call.cancel()


async def test_a_fault_of_ours_is_not_dressed_up(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=RuntimeError("boom")), pytest.raises(RuntimeError):
        await act(hass, "wake", device_id=[device_id_of(hass, entry, agent_id) for agent_id in (1, 2)])


@pytest.mark.parametrize("end", ["reload", "unload", "log out"])
async def test_waiting_ends_with_what_is_waited_for(hass: HomeAssistant, account: Account, set_up: SetUp, end: str) -> None:
    """When nobody looks any more, nobody is kept waiting."""
    entry = await set_up()
    account.wake_seconds = 3600
    call = asyncio.create_task(act(hass, "wake", device_id=device_id_of(hass, entry, 3), wait=WAIT))
    await until(lambda: entry.runtime_data.agents.quick)
    if end == "reload":
        await hass.config_entries.async_reload(entry.entry_id)
    elif end == "unload":
        await hass.config_entries.async_unload(entry.entry_id)
    else:
        account.remove_agent(3)
        await pass_time(hass, 12)
    with pytest.raises(HomeAssistantError) as error:
        await call
    assert error.value.translation_key == "wait_interrupted"


async def test_unknown_is_neither_off_nor_on(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """An unreadable answer in mid-reboot does not count as having been offline."""
    entry = await set_up()
    account.reboot_seconds = (3600, 3600)
    call = asyncio.create_task(act(hass, "reboot", device_id=device_id_of(hass, entry, 1), wait=WAIT))
    await until(lambda: entry.runtime_data.agents.quick)
    simulator.fail(Fault.WRONG_ITEMS, "agents/list", times=1)
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "unknown"
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "on"
    assert not call.done()
    call.cancel()


async def polls_in(hass: HomeAssistant, simulator: Simulator, seconds: int) -> int:
    """Return how many polls there are while time passes in steps of 12 seconds."""
    simulator.requests.clear()
    for _ in range(seconds // 12):
        await pass_time(hass, 12)
    return simulator.count("agents/list")


async def test_polls_quicken_until_the_state_has_turned(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    assert await polls_in(hass, simulator, 120) == 0
    account.wake_seconds = 3600
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert await polls_in(hass, simulator, 24) == 2
    account.come(account.agents[3])
    assert await polls_in(hass, simulator, 120) == 1
    assert state_of(hass, entry, 3, "online").state == "on"


async def test_polls_quicken_for_three_minutes_at_most(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert await polls_in(hass, simulator, 600) == 18


async def test_polls_do_not_quicken_for_one_that_is_awake(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert await polls_in(hass, simulator, 120) == 0


async def test_polls_do_not_quicken_while_the_limit_is_hit(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/list")
    await pass_time(hass)
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert await polls_in(hass, simulator, 600) == 0


async def test_quick_polls_end_during_an_outage(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    simulator.fail(Fault.SERVER_ERROR, "agents/list")
    assert await polls_in(hass, simulator, 600) == 18


async def test_refresh_hardware(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up(hardware_interval=0)
    assert await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1)) is None
    assert simulator.count("agents/info") == 1
    assert state_of(hass, entry, 1, "online").attributes["cpu"] == (account.agents[1].hardware or {})["CPU"]
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.model == "HP ProDesk 400 G7"


@pytest.mark.parametrize("key", ["wake", "reboot"])
async def test_buttons(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, key: str) -> None:
    """They do what the actions do, and tell the same errors."""
    entry = await set_up()
    button = {"entity_id": entity_id_of(hass, entry, 1, key)}
    await hass.services.async_call("button", "press", button, blocking=True)
    assert commanded(simulator, key) == [1]
    simulator.command_status[1] = 7
    with pytest.raises(HomeAssistantError) as error:
        await hass.services.async_call("button", "press", button, blocking=True)
    assert error.value.translation_key == "command_failed"
    assert str(error.value).startswith("Reception PC: ")


async def test_pressing_the_buttons_of_an_area_or_a_device(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Whoever wakes an area does not reboot it."""
    entry = await set_up()
    area = ar.async_get(hass).async_create("Office")
    for agent_id in (1, 2, 3):
        dr.async_get(hass).async_update_device(device_id_of(hass, entry, agent_id), area_id=area.id)
    simulator.requests.clear()
    await hass.services.async_call("button", "press", {"area_id": area.id}, blocking=True)
    assert commanded(simulator, "wake") == [1, 2, 3]
    await hass.services.async_call("button", "press", {"device_id": device_id_of(hass, entry, 1)}, blocking=True)
    assert commanded(simulator, "wake") == [1, 1, 2, 3]
    assert commanded(simulator, "reboot") == []
    await act(hass, "reboot", area_id=area.id)
    assert commanded(simulator, "reboot") == [1, 2, 3]


class Crowd:
    """Counts the commands that the simulator is answering at the same time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.most = 0
        failure = Simulator.failure

        async def counted(simulator: Simulator, method: str, request: web.Request) -> web.StreamResponse | None:
            if method == "agents/list":
                return await failure(simulator, method, request)
            self.now += 1
            self.most = max(self.most, self.now)
            try:
                return await failure(simulator, method, request)
            finally:
                self.now -= 1

        monkeypatch.setattr(Simulator, "failure", counted)


async def test_ten_commands_at_a_time(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, all_entities: None
) -> None:
    """Buttons, switches, `update_entity` and actions together; the poll does not wait for them."""
    for number in range(27):
        account.add_agent(f"PC {number}", disabled=False)
    account.remain = 100
    for agent in account.agents.values():
        agent.disabled, agent.online = False, True
    entry = await set_up(invitations=False)
    agent_ids = list(account.agents)
    entities = {key: [entity_id_of(hass, entry, agent_id, key) for agent_id in agent_ids] for key in ("wake", "permanent_link", "cpu")}
    assert await async_setup_component(hass, "homeassistant", {})
    crowd = Crowd(monkeypatch)
    simulator.requests.clear()
    held = ("agents/wake", "agents/reboot", "agents/info", "devices/update", "support/create", "agents/connect")
    with simulator.hold(*held):
        calls = asyncio.gather(
            hass.services.async_call("button", "press", {"entity_id": entities["wake"]}, blocking=True),
            hass.services.async_call("switch", "turn_on", {"entity_id": entities["permanent_link"]}, blocking=True),
            hass.services.async_call("homeassistant", "update_entity", {"entity_id": entities["cpu"]}, blocking=True),
            act(hass, "reboot", device_id=[device_id_of(hass, entry, agent_id) for agent_id in agent_ids]),
            act(hass, "refresh_hardware", device_id=[device_id_of(hass, entry, agent_id) for agent_id in agent_ids]),
            *(act(hass, "create_invitation") for _ in range(30)),
            *(act(hass, "get_connection_link", response=True, device_id=device_id_of(hass, entry, 1)) for _ in range(30)),
        )
        await until(lambda: simulator.count() == 10)
        await entry.runtime_data.agents.async_refresh()
        assert simulator.count("agents/list") == 1
        assert simulator.count() == 11
    await calls
    assert crowd.most == 10
    assert commanded(simulator, "wake") == commanded(simulator, "reboot") == agent_ids
    assert [simulator.count(method) for method in ("devices/update", "support/create", "agents/connect")] == [30, 30, 30]


async def test_two_accounts_have_a_gate_each(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    for number in range(27):
        account.add_agent(f"PC {number}", disabled=False)
    entry = await set_up()
    other_account = Account(devices=3, seed=2)
    for number in range(27):
        other_account.add_agent(f"PC {number}", disabled=False)
    async with Simulator(other_account, key="b-key") as other_simulator:
        other = MockConfigEntry(domain=DOMAIN, title="b", unique_id="b", data={"api_key": "b-key", "url": other_simulator.url})
        other.add_to_hass(hass)
        assert await hass.config_entries.async_setup(other.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        devices = [device_id_of(hass, each, agent_id) for each, of in ((entry, account), (other, other_account)) for agent_id in of.agents]
        with simulator.hold("agents/wake"), other_simulator.hold("agents/wake"):
            call = asyncio.create_task(act(hass, "wake", device_id=devices))
            await until(lambda: simulator.count("agents/wake") == other_simulator.count("agents/wake") == 10)
        await call
        assert await hass.config_entries.async_unload(other.entry_id)


async def test_giving_up_a_command_that_waits_for_its_turn(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    """It is not sent, and others go on."""
    for number in range(27):
        account.add_agent(f"PC {number}", disabled=False)
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in account.agents]
    with simulator.hold("agents/wake"):
        call = asyncio.create_task(act(hass, "wake", device_id=devices))
        await until(lambda: simulator.count("agents/wake") == 10)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    await act(hass, "reboot", device_id=devices[0])
    assert simulator.count("agents/wake") == 10
    assert commanded(simulator, "reboot") == [1]


async def test_several_failures_in_the_language_of_home_assistant(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    hass.config.language = "de"
    entry = await set_up()
    simulator.command_status[1] = 7
    simulator.refuse(3)
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=[device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)])
    failures = (error.value.translation_placeholders or {})["failures"]
    assert ("Reception PC: Der Befehl wurde nicht ausgeführt; der Server antwortete mit Status 7.") in failures
    assert "Server room NAS: Der Server verweigert den Zugriff." in failures


async def test_many_failures(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """The error names fifty computers and counts the others, and a long text of the server is cut."""
    for number in range(57):
        account.add_agent(f"PC {number:02}")
    entry = await set_up()
    for agent_id in account.agents:
        simulator.command_status[agent_id] = 7
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=[device_id_of(hass, entry, agent_id) for agent_id in account.agents])
    text = str(error.value)
    assert text.count("status 7") == 50
    assert text.endswith("; 10 more computers failed")
    simulator.heal()
    refusal = RequestRefusedError("HTTP 400", "x" * 100_000)
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=refusal), pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=[device_id_of(hass, entry, agent_id) for agent_id in (1, 2)])
    assert len(str(error.value)) < 1500


async def test_an_unexpected_failure_does_not_hide_the_others(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor is it hidden by them: the error names it, and the log has it in full."""
    entry = await set_up()
    simulator.command_status[1] = 7
    wake = GetscreenClient.wake

    async def some_wake(client: GetscreenClient, agent_id: int) -> None:
        if agent_id == 1:
            return await wake(client, agent_id)
        raise {2: RuntimeError("boom"), 3: HomeAssistantError("Something of Home Assistant")}[agent_id]

    devices = [device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)]
    with patch("custom_components.getscreen.api.GetscreenClient.wake", some_wake), pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=devices)
    assert error.value.translation_key == "several_failed"
    assert "Reception PC: the command was not carried out" in str(error.value)
    assert "Marta's MacBook: an unexpected error occurred (RuntimeError)" in str(error.value)
    assert "Server room NAS: Something of Home Assistant" in str(error.value)
    assert "boom" in caplog.text
    both = [RuntimeError("first"), RuntimeError("second")]
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=both), pytest.raises(RuntimeError, match="first"):
        await act(hass, "wake", device_id=devices[:2])
    assert "RuntimeError: second" in caplog.text


async def test_failures_whose_text_is_missing(hass: HomeAssistant, set_up: SetUp) -> None:
    """A text that is not translated, or not all of whose values are given, is said as Home Assistant would say it."""
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)]
    errors = [
        HomeAssistantError("Plain"),
        HomeAssistantError(translation_domain=DOMAIN, translation_key="unheard_of"),
        HomeAssistantError(translation_domain=DOMAIN, translation_key="wait_timeout", translation_placeholders={"name": "x"}),
    ]
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=errors), pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=devices)
    for text in ("Plain", "unheard_of", "{name} was told"):
        assert text in str(error.value)


@pytest.mark.parametrize("text", ["x" * 256, "x" * 10**6, "a\x00b", "a\nb", "a\x7fb", "\ud800", "PC \udfff"])
@pytest.mark.parametrize(
    ("action", "field"),
    [
        ("update_device", "name"),
        ("update_device", "permanent_link_path"),
        ("update_device", "permanent_link_password"),
        ("create_invitation", "client_name"),
        ("create_invitation", "config_entry_id"),
        ("find_devices", "search"),
        ("find_devices", "group_id"),
        ("get_history", "device_id"),
    ],
)
async def test_texts_that_cannot_be_sent(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str, field: str, text: str
) -> None:
    entry = await set_up()
    data = {"device_id": device_id_of(hass, entry, 1)} if action == "update_device" else {}
    simulator.requests.clear()
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, action, response=True, **{**data, field: text})
    assert error.value.translation_key == "invalid_text"
    assert field in str(error.value)
    assert len(str(error.value)) < 300
    assert simulator.count() == 0


@pytest.mark.parametrize("name", ["x" * 255, "Büro 💻 PC", "a'b\"c<d>&e={f}%00"])
async def test_texts_that_can_be_sent(hass: HomeAssistant, account: Account, set_up: SetUp, name: str) -> None:
    entry = await set_up()
    await act(hass, "update_device", device_id=device_id_of(hass, entry, 1), name=name)
    assert account.agents[1].name == name
    created = await act(hass, "create_invitation", response=True, client_name=name)
    assert created["client_name"] == name
    assert (await act(hass, "find_devices", response=True, search=name))["devices"][0]["name"] == name


@pytest.mark.parametrize(
    ("action", "data"),
    [
        *(("get_history", {"limit": limit}) for limit in NO_WHOLE_NUMBERS),
        *(("get_history", {"start": start}) for start in ("yesterday", "2026-13-01", "", None)),
        *(("wake", {"wait": wait}) for wait in (1e300, {"days": 1e12}, float("inf"), -1)),
    ],
)
async def test_values_of_the_wrong_kind(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str, data: dict[str, Any]
) -> None:
    """The schema refuses them."""
    entry = await set_up()
    simulator.requests.clear()
    target = {"device_id": device_id_of(hass, entry, 1)} if action == "wake" else {}
    with pytest.raises(vol.Invalid):
        await act(hass, action, response=True, **target, **data)
    assert simulator.count() == 0


@pytest.mark.parametrize(
    ("data", "sessions"),
    [
        ({"end": "1970-01-01 00:00:00"}, 0),
        ({"end": "1969-12-31T23:00:00+00:00"}, 0),
        ({"limit": "5"}, 5),
        ({"limit": 5.0}, 5),
        ({"start": "0001-01-01 00:00:00", "end": "9999-12-31 23:59:59", "limit": 5}, 5),
        ({"start": "0001-01-01T00:00:00+14:00", "end": "9999-12-31T23:59:59-12:00", "limit": 5}, 5),
    ],
)
async def test_odd_values(hass: HomeAssistant, set_up: SetUp, data: dict[str, Any], sessions: int) -> None:
    await set_up()
    assert len((await act(hass, "get_history", response=True, **data))["sessions"]) == sessions


async def test_values_that_the_server_refuses(hass: HomeAssistant, set_up: SetUp) -> None:
    """The schema accepts the id, so the server's own text is the error."""
    await set_up()
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "get_history", response=True, invitation_id=2**63 - 1)
    assert error.value.translation_key == "refused"


@pytest.mark.parametrize("action", SERVICES)
async def test_what_a_selector_offers(hass: HomeAssistant, set_up: SetUp, action: str) -> None:
    """Every computer, by the entity that is enabled in fleets of any size, but not the account's own device, where it can only fail."""
    entry = await set_up()
    described = SERVICES[action] or {}
    filters = [described["target"]["entity"]] if "target" in described else []
    if device := described.get("fields", {}).get("device_id"):
        filters += device["selector"]["device"]["entity"]
    for wanted in filters:
        # The frontend offers the devices that have an entity which matches.
        entities = [each for each in registered(hass, entry) if (each.platform, each.domain) == (wanted["integration"], wanted["domain"])]
        assert "online" in {entity.translation_key for entity in entities}
        assert {entity.device_id for entity in entities} == {device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)}
    assert bool(filters) is (action in ABOUT_COMPUTERS)
