"""The blueprint that wakes a group, runs actions, reboots, and reports."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint import Blueprint
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Event, HomeAssistant, ServiceResponse, SupportsResponse
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import commanded, device_id_of, entity_id_of
from ..markdown import ESCAPED, HOSTILE
from .helpers import Events, automate, later, local, notifications, report, reports


@pytest.fixture
def night(freezer: FrozenDateTimeFactory) -> FrozenDateTimeFactory:
    """Set the time to a Sunday night."""
    freezer.move_to(local("2026-06-07 01:58:00"))
    return freezer


@pytest.fixture
def group(account: Account) -> Account:
    """Return the account with a group of four: two are online (1, 4), one sleeps (3), one does not wake (5)."""
    account.agents[3].group = "Office"
    account.add_agent("Front desk", group="Office", online=True)
    account.add_agent("Old PC", group="Office", online=False)
    account.wake_seconds = 0
    return account


async def pass_window(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let the window begin, computers come online, the waiting end, and the reboots be sent."""
    for minutes in (2.1, 0.2, 0.2, 1.1, 0.2, 0.2):
        await later(hass, freezer, minutes)


async def window(hass: HomeAssistant, freezer: FrozenDateTimeFactory, **inputs: Any) -> tuple[Events, Events]:
    """Let a window begin; return the events of its actions and those of its report."""
    events = async_capture_events(hass, "work"), async_capture_events(hass, "report")
    inputs = {"actions": report("work"), "report_actions": report("report"), "wait": {"minutes": 1}, "at": "02:00:00", **inputs}
    await automate(hass, "maintenance_window", **inputs)
    await pass_window(hass, freezer)
    return events


async def test_a_group(hass: HomeAssistant, group: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory) -> None:
    """Only offline computers are woken, no session is interrupted, and the report names computers that do not come online."""
    group.start_session(4)
    await set_up()
    simulator.command_status[5] = 7
    work, done = await window(hass, night, group="office ")
    assert commanded(simulator, "wake") == [3, 5]
    assert commanded(simulator, "reboot") == [1, 3]
    (handed,) = reports(work)
    assert sorted(handed["up"]) == ["Front desk", "Reception PC", "Server room NAS"]
    assert handed["down"] == ["Old PC"]
    (handed,) = reports(done)
    assert sorted(handed["rebooted"]) == ["Reception PC", "Server room NAS"]
    assert (handed["busy"], handed["failed"], handed["down"]) == (["Front desk"], [], ["Old PC"])
    assert handed["actions_failed"] is False
    lines = handed["report_markdown"].splitlines()
    assert lines == [
        "- Online: 3 of 4 computers",
        "- Not online: Old PC",
        "- Rebooted: 2",
        "- Not rebooted (in a session or unknown): Front desk",
    ]


async def test_chosen_computers_beside_a_group(
    hass: HomeAssistant, group: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """By default the report is a notification. Each computer gets one command, and the report names a rejected reboot."""
    entry = await set_up()
    simulator.command_status[1] = 7
    for agent_id in (4, 5):
        dr.async_get(hass).async_update_device(device_id_of(hass, entry, agent_id), disabled_by=dr.DeviceEntryDisabler.USER)
    await hass.async_block_till_done()
    await automate(
        hass, "maintenance_window", at="02:00:00", group="Office", computers=[device_id_of(hass, entry, 1), device_id_of(hass, entry, 2)]
    )
    await pass_window(hass, night)
    assert commanded(simulator, "reboot") == [1, 2, 3]
    assert notifications(hass) == ["- Online: 3 of 3 computers\n- Rebooted: 2\n- Reboot rejected: Reception PC"]


async def test_a_computer_that_does_not_come_online(
    hass: HomeAssistant, group: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """The automation waits for the computer until its time limit, and then continues with the others."""
    group.wake_seconds = 100_000
    await set_up()
    work, done = await window(hass, night, group="Office", reboot=False)
    assert sorted(reports(work)[0]["down"]) == ["Old PC", "Server room NAS"]
    assert sorted(reports(done)[0]["up"]) == ["Front desk", "Reception PC"]
    assert commanded(simulator, "reboot") == []


async def test_actions_that_fail(
    hass: HomeAssistant, group: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """Then nothing is rebooted, and the report says so."""
    entry = await set_up()
    simulator.command_status[2] = 7
    fails = [{"action": "getscreen.wake", "target": {"device_id": device_id_of(hass, entry, 2)}}]
    _, done = await window(hass, night, group="Office", actions=fails)
    (handed,) = reports(done)
    assert handed["actions_failed"] is True
    assert "An action failed" in handed["report_markdown"]
    assert commanded(simulator, "reboot") == []


async def test_an_outage_in_the_middle(
    hass: HomeAssistant, group: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """Computers with unknown state are not rebooted, but named in the report."""
    entry = await set_up()
    actions = [{"wait_for_trigger": [{"trigger": "event", "event_type": "go"}]}]
    computers = [device_id_of(hass, entry, 1)]
    _, done = await window(hass, night, computers=computers, actions=actions)
    assert not done
    simulator.fail(Fault.SERVER_ERROR)
    hass.bus.async_fire("go")
    await later(hass, night, 0.2)
    await later(hass, night, 0.2)
    assert [(handed["up"], handed["busy"], handed["rebooted"]) for handed in reports(done)] == [(["Reception PC"], ["Reception PC"], [])]
    assert commanded(simulator, "reboot") == []


async def test_a_group_that_cannot_be_read(
    hass: HomeAssistant, group: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """In an outage, as for a group that does not exist, the report says so; a name is no Markdown."""
    await set_up()
    simulator.fail(Fault.SERVER_ERROR)
    work, done = await window(hass, night, group=HOSTILE)
    assert reports(work)[0]["up"] == []
    first, second = reports(done)[0]["report_markdown"].splitlines()
    assert first.startswith(f"- The group {ESCAPED[:60]}")
    assert first.endswith(" has no computers in Home Assistant, or it could not be read.")
    assert second == "- Online: 0 of 0 computers"
    assert simulator.count("agents/wake") == 0


async def test_many_computers(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """The report names fifty of them."""
    for number in range(60):
        agent = account.add_agent(f"PC {number}", group="School", online=False)
        simulator.command_status[agent.id] = 7
    await set_up(hardware_interval=0, invitations=False)
    _, done = await window(hass, night, group="School")
    (handed,) = reports(done)
    assert len(handed["down"]) == 60
    assert handed["report_markdown"].rstrip().endswith(" and 10 more")
    assert len(handed["report_markdown"]) < 2000


async def test_without_the_entity_of_sessions(
    hass: HomeAssistant, group: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    entry = await set_up()
    er.async_get(hass).async_update_entity(entity_id_of(hass, entry, 1, "session"), disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    _, done = await window(hass, night, computers=[device_id_of(hass, entry, 1)])
    assert reports(done)[0]["busy"] == ["Reception PC"]
    assert commanded(simulator, "reboot") == []


async def test_not_on_other_days(
    hass: HomeAssistant, group: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    await set_up()
    work, done = await window(hass, night, group="Office", weekdays=["mon"])
    assert not work
    assert not done
    assert simulator.count("agents/wake") == 0


@pytest.mark.parametrize(("groups", "found"), [(("Office", "office"), 1), (("OFFICE", "office"), 0), (("OFFICE",), 1), (("Offices",), 0)])
async def test_names_of_groups(
    hass: HomeAssistant, account: Account, set_up: SetUp, night: FrozenDateTimeFactory, groups: tuple[str, ...], found: int
) -> None:
    """Names are compared as in the actions: a name that matches two groups matches none."""
    for agent_id, group in enumerate(groups, 1):
        account.agents[agent_id].group = group
    for agent_id in range(len(groups) + 1, 4):
        account.agents[agent_id].group = "Another"
    await set_up()
    work, _ = await window(hass, night, group="Office", reboot=False)
    assert len(reports(work)[0]["up_ids"]) == found


async def test_a_group_that_is_too_large(hass: HomeAssistant, account: Account, set_up: SetUp, night: FrozenDateTimeFactory) -> None:
    """The report says that not all computers were reached."""
    entry = await set_up()
    computers = [device_id_of(hass, entry, 1), *(f"{number:032}" for number in range(5000))]
    answer: ServiceResponse = {"devices": [{"device_id": computer, "group": "Office"} for computer in computers]}
    hass.services.async_register(DOMAIN, "find_devices", lambda _call: answer, supports_response=SupportsResponse.ONLY)
    _, done = await window(hass, night, group="Office", reboot=False)
    assert reports(done)[0]["report_markdown"].splitlines() == [
        "- The group has 5001 computers. Only the first 1000 are included.",
        "- Online: 1 of 1 computers",
    ]


async def test_a_computer_that_leaves_during_the_window(
    hass: HomeAssistant, group: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """The others are rebooted and reported, at whatever time a computer leaves the account."""
    entry = await set_up()
    events = async_capture_events(hass, "work"), async_capture_events(hass, "report")
    actions = [*report("work"), {"wait_for_trigger": [{"trigger": "event", "event_type": "go"}]}]
    await automate(hass, "maintenance_window", at="02:00:00", group="Office", actions=actions, report_actions=report("report"))
    simulator.command_status[3] = 7
    await later(hass, night, 2.1)
    del group.agents[5]
    for _ in range(3):
        await later(hass, night, 2)
    (handed,) = reports(events[0])
    assert sorted(handed["down"]) == ["A removed computer", "Server room NAS"]
    del group.agents[4]
    await entry.runtime_data.agents.async_refresh()
    hass.bus.async_fire("go")
    for _ in range(3):
        await later(hass, night, 0.2)
    (handed,) = reports(events[1])
    assert handed["rebooted"] == ["Reception PC"]
    assert handed["busy"] == ["A removed computer"]


async def test_a_session_that_begins_during_the_reboots(
    hass: HomeAssistant, group: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """The session is not interrupted."""
    entry = await set_up()

    async def connect(event: Event[dict[str, Any]]) -> None:
        if event.data["service"] == "reboot" and group.agents[4].session is None:
            group.start_session(4)
            await entry.runtime_data.agents.async_refresh()

    hass.bus.async_listen(EVENT_CALL_SERVICE, connect)
    _, done = await window(hass, night, computers=[device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 4)])
    assert [(handed["rebooted"], handed["busy"]) for handed in reports(done)] == [(["Reception PC", "Marta's MacBook"], ["Front desk"])]
    assert commanded(simulator, "reboot") == [1, 2]


async def test_nothing_is_chosen(hass: HomeAssistant, account: Account, set_up: SetUp, night: FrozenDateTimeFactory) -> None:
    """With the defaults only, the report says what is missing."""
    await set_up()
    await automate(hass, "maintenance_window", at="02:00:00")
    await pass_window(hass, night)
    assert notifications(hass) == ["- No group and no computers are selected.\n- Online: 0 of 0 computers"]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Europe/Kyiv", "Europe/London", "Atlantic/Azores", "America/New_York", "Australia/Lord_Howe"]
)
async def test_every_sunday_has_one_window(hass: HomeAssistant, zone: str) -> None:
    """Home Assistant skips a time that a change of the clock skips, and triggers twice at one that comes twice."""
    blueprint: Blueprint = await async_get_blueprints(hass).async_get_blueprint("getscreen/maintenance_window.yaml")
    at = time.fromisoformat(blueprint.inputs["at"]["default"])
    for week in range(52):
        moment = datetime.combine(date(2026, 1, 4) + timedelta(weeks=week), at, ZoneInfo(zone))
        assert moment.astimezone(UTC).astimezone(moment.tzinfo).time() == at
        assert moment.utcoffset() == moment.replace(fold=1).utcoffset()
