"""The blueprint that reboots computers at night, outside of sessions."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import commanded, device_id_of, entity_id_of, state_of
from .helpers import Events, another_sensor, automate, later, local, report, reports, show_as


@pytest.fixture
def night(freezer: FrozenDateTimeFactory) -> FrozenDateTimeFactory:
    """Set the time to a Friday night."""
    freezer.move_to(local("2026-06-05 02:58:00"))
    return freezer


async def attempt(hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: float) -> None:
    """Let minutes pass, and let the automation reboot the computers that it can."""
    await later(hass, freezer, minutes)
    await later(hass, freezer, 0.1)


async def reboot(hass: HomeAssistant, entry: MockConfigEntry, *agents: int, **inputs: Any) -> Events:
    """Have computers rebooted, and return the events of the actions afterwards."""
    computers = [device_id_of(hass, entry, agent_id) for agent_id in agents]
    await automate(hass, "reboot_at_night", computers=computers, after_actions=report("after"), **inputs)
    return async_capture_events(hass, "after")


async def test_reboot(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory) -> None:
    """Offline computers and those that are not chosen are not rebooted, and no hardware is read."""
    entry = await set_up()
    after = await reboot(hass, entry, 1, 3)
    assert commanded(simulator, "reboot") == []
    simulator.requests.clear()
    await attempt(hass, night, 2.1)
    assert commanded(simulator, "reboot") == [1]
    assert simulator.count("agents/info") == 0
    assert reports(after) == [{"rebooted": ["Reception PC"], "failed": [], "busy": [], "offline": ["Server room NAS"]}]


async def test_not_on_other_days(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory) -> None:
    entry = await set_up()
    after = await reboot(hass, entry, 1, weekdays=["sat"])
    await attempt(hass, night, 2.1)
    assert not after
    assert commanded(simulator, "reboot") == []


async def test_a_session_is_not_interrupted(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """A session that began since the last poll counts too. The computer is tried again, and the other one is rebooted once."""
    account.agents[3].online = True
    entry = await set_up(scan_interval=3600)
    after = await reboot(hass, entry, 1, 3)
    account.start_session(1)
    assert state_of(hass, entry, 1, "session").state == "off"
    await attempt(hass, night, 2.1)
    assert commanded(simulator, "reboot") == [3]
    await attempt(hass, night, 15.1)
    assert commanded(simulator, "reboot") == [3]
    account.end_session(1)
    await attempt(hass, night, 15.1)
    assert commanded(simulator, "reboot") == [1, 3]
    assert reports(after) == [{"rebooted": ["Server room NAS", "Reception PC"], "failed": [], "busy": [], "offline": []}]


async def test_a_session_all_night(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    account.start_session(1)
    entry = await set_up()
    after = await reboot(hass, entry, 1, try_for={"minutes": 35})
    await attempt(hass, night, 2.1)
    await attempt(hass, night, 15.1)
    assert not after
    await attempt(hass, night, 15.1)
    assert reports(after) == [{"rebooted": [], "failed": [], "busy": ["Reception PC"], "offline": []}]
    assert commanded(simulator, "reboot") == []


async def test_reboot_with_another_device_class(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """Shown as something else, renamed, beside sensors of another integration, and with an account that is called like the integration."""
    account.agents[3].online = True
    entry = await set_up()
    for agent_id, key, device_class in ((1, "online", "power"), (1, "session", "occupancy"), (3, "session", "connectivity")):
        show_as(hass, entity_id_of(hass, entry, agent_id, key), device_class)
    er.async_get(hass).async_update_entity(entity_id_of(hass, entry, 1, "session"), new_entity_id="binary_sensor.mine", name="Mine")
    await later(hass, night, 0.1)
    for device_class in ("connectivity", "running"):
        another_sensor(hass, device_id_of(hass, entry, 1), device_class=device_class, start=None, agent_id=1)
    called_alike = MockConfigEntry(domain="other", title="getscreen")
    called_alike.add_to_hass(hass)
    er.async_get(hass).async_get_or_create("binary_sensor", "other", "alike", config_entry=called_alike)
    after = await reboot(hass, entry, 1, 3)
    account.start_session(3)
    await attempt(hass, night, 2.1)
    assert commanded(simulator, "reboot") == [1]
    account.end_session(3)
    await attempt(hass, night, 15.1)
    assert reports(after) == [{"rebooted": ["Reception PC", "Server room NAS"], "failed": [], "busy": [], "offline": []}]


async def test_a_session_whose_end_was_never_written(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """The session ended by a power cut: once the computer is back, no session is running."""
    night.move_to(local("2026-06-05 02:50:00"))
    account.start_session(1)
    entry = await set_up()
    account.agents[1].online = False
    await later(hass, night, 2)
    account.agents[1].online = True
    await later(hass, night, 2)
    after = await reboot(hass, entry, 1)
    await attempt(hass, night, 6.1)
    assert reports(after) == [{"rebooted": ["Reception PC"], "failed": [], "busy": [], "offline": []}]
    assert commanded(simulator, "reboot") == [1]


async def test_no_reboot_during_an_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory) -> None:
    """As in an outage; and once means once."""
    entry = await set_up()
    simulator.fail(Fault.SERVER_ERROR, "agents/list")
    after = await reboot(hass, entry, 1, try_for={"minutes": 0})
    await attempt(hass, night, 2.1)
    assert reports(after) == [{"rebooted": [], "failed": [], "busy": ["Reception PC"], "offline": []}]
    assert commanded(simulator, "reboot") == []


async def test_without_the_entity_of_sessions(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    entry = await set_up()
    er.async_get(hass).async_update_entity(entity_id_of(hass, entry, 1, "session"), disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    after = await reboot(hass, entry, 1, try_for={"minutes": 0})
    await attempt(hass, night, 2.1)
    assert reports(after)[0]["busy"] == ["Reception PC"]
    assert commanded(simulator, "reboot") == []


async def test_a_rejected_reboot(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """The other computers are still rebooted."""
    account.agents[3].online = True
    entry = await set_up()
    simulator.command_status[1] = 7
    after = await reboot(hass, entry, 1, 3)
    await attempt(hass, night, 2.1)
    assert reports(after) == [{"rebooted": ["Server room NAS"], "failed": ["Reception PC"], "busy": [], "offline": []}]


async def test_a_session_that_begins_during_the_reboots(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """The session is not interrupted, and the computer is tried again."""
    last = account.add_agent("Front desk", online=True)
    entry = await set_up()

    async def connect(event: Event[dict[str, Any]]) -> None:
        if event.data["service"] == "reboot" and last.session is None:
            account.start_session(last.id)
            await entry.runtime_data.agents.async_refresh()

    stop = hass.bus.async_listen(EVENT_CALL_SERVICE, connect)
    after = await reboot(hass, entry, 1, 2, last.id)
    await attempt(hass, night, 2.1)
    stop()
    assert commanded(simulator, "reboot") == [1, 2]
    account.end_session(last.id)
    await attempt(hass, night, 15.1)
    assert commanded(simulator, "reboot") == [1, 2, last.id]
    assert reports(after)[0]["rebooted"] == ["Reception PC", "Marta's MacBook", "Front desk"]
