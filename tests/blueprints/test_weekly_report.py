"""The blueprint that reports once a week."""

from typing import Any, cast

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, ServiceResponse, SupportsResponse
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Agent, Client, Fault, Geo, Simulator

from ..conftest import SetUp
from ..helpers import account_state, device_id_of
from ..markdown import ESCAPED, HOSTILE
from .helpers import automate, later, local, notifications, report, reports

DAY = 86400
DUBLIN = Geo("203.0.113.17", "Ireland", "Leinster", "Dublin")


@pytest.fixture
def morning(freezer: FrozenDateTimeFactory) -> FrozenDateTimeFactory:
    """Set the time to a Monday morning."""
    freezer.move_to(local("2026-06-08 07:58:00"))
    return freezer


def disks(agent: Agent) -> list[dict[str, Any]]:
    """Return the disks of a computer as the server has them."""
    return cast("list[dict[str, Any]]", (agent.hardware or {}).get("LogicalDisks", []))


@pytest.fixture
def quiet(morning: FrozenDateTimeFactory, account: Account) -> Account:
    """Return the account without past sessions, with full disks or computers that are offline for long."""
    account.history.clear()
    account.agents[3].last_time = int(account.now) - DAY
    for agent in account.agents.values():
        agent.session = None
        for disk in disks(agent):
            disk["FreeSpace"] = disk["Size"]
    return account


def session(account: Account, agent_id: int, login: str, *, hours: float, days_ago: float = 1) -> None:
    """Let a session be over."""
    entered = account.start_session(agent_id, Client(DUBLIN, "", login))
    entered.start = int(account.now - days_ago * DAY)
    entered.stop = entered.start + int(hours * 3600)


async def weekly(hass: HomeAssistant, freezer: FrozenDateTimeFactory, **inputs: Any) -> list[dict[str, Any]]:
    """Let the time of the report pass, and return the reported values."""
    events = async_capture_events(hass, "report")
    await automate(hass, "weekly_report", **{"report_actions": report("report"), **inputs})
    await later(hass, freezer, 2.1)
    await later(hass, freezer, 0.1)
    return reports(events)


async def test_a_report(hass: HomeAssistant, quiet: Account, set_up: SetUp, morning: FrozenDateTimeFactory) -> None:
    """By default the report is a notification with the user's names for devices, without sessions older than a week."""
    quiet.add_agent("Old laptop", group="Office", online=False, last_time=int(quiet.now) - 20 * DAY)
    quiet.add_agent("Older laptop", group=None, online=False, last_time=int(quiet.now) - 40 * DAY)
    for agent_id in (4, 5):
        quiet.agents[agent_id].hardware = None
    disk = disks(quiet.agents[1])[0]
    disk["FreeSpace"] = disk["Size"] // 100
    session(quiet, 1, "anna@example.com", hours=1.5)
    session(quiet, 2, "anna@example.com", hours=0.5)
    session(quiet, 2, "", hours=1)
    session(quiet, 2, "bert@example.com", hours=1, days_ago=9)
    entry = await set_up()
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 4), name_by_user="Attic laptop")
    await automate(hass, "weekly_report")
    await later(hass, morning, 2.1)
    await later(hass, morning, 0.1)
    (message,) = notifications(hass)
    assert message.partition("\n\n**Requests today:** ")[0].splitlines() == [
        "**Online now:** 2",
        "- Office: 1 of 2",
        "- Family: 1 of 1",
        "- Servers: 0 of 1",
        "",
        "**Offline for more than 14 days:** 2",
        "- Older laptop (since 2026-04-29)",
        "- Attic laptop (since 2026-05-19)",
        "",
        "**Disk almost full:** 1",
        "- Reception PC",
        "",
        "**Sessions of the last seven days:** 3",
        r"- anna\@example\.com: 2 (2.0 h)",
        "- Unknown: 1 (1.0 h)",
    ]
    assert int(message.rpartition(" ")[2]) >= 1


async def test_nothing_to_report(hass: HomeAssistant, quiet: Account, set_up: SetUp, morning: FrozenDateTimeFactory) -> None:
    await set_up()
    (handed,) = await weekly(hass, morning)
    assert (handed["offline"], handed["full"], handed["sessions"], handed["persons"], handed["incomplete"]) == ([], [], 0, [], False)
    assert "**Offline for more than 14 days:** 0\n\n**Disk almost full:** 0" in handed["report_markdown"]


async def test_no_report_without_news(hass: HomeAssistant, quiet: Account, set_up: SetUp, morning: FrozenDateTimeFactory) -> None:
    await set_up()
    assert await weekly(hass, morning, when_empty=False) == []


async def test_not_on_other_days(hass: HomeAssistant, quiet: Account, set_up: SetUp, morning: FrozenDateTimeFactory) -> None:
    await set_up()
    assert await weekly(hass, morning, weekday="tue") == []


@pytest.mark.parametrize("when_empty", [True, False])
async def test_an_outage(
    hass: HomeAssistant, quiet: Account, simulator: Simulator, set_up: SetUp, morning: FrozenDateTimeFactory, when_empty: bool
) -> None:
    """A failure is reported as such: not as a week without news."""
    await set_up()
    simulator.fail(Fault.SERVER_ERROR)
    (handed,) = await weekly(hass, morning, when_empty=when_empty)
    assert handed["incomplete"] is True
    assert handed["report_markdown"].count("could not be read") == 3


async def test_the_history_fails(
    hass: HomeAssistant, quiet: Account, simulator: Simulator, set_up: SetUp, morning: FrozenDateTimeFactory
) -> None:
    """The other parts are still reported."""
    quiet.agents[3].last_time -= 20 * DAY
    await set_up()
    simulator.fail(Fault.SERVER_ERROR, "history/list")
    (handed,) = await weekly(hass, morning)
    assert (handed["offline"], handed["sessions"], handed["incomplete"]) == (["Server room NAS"], None, True)
    assert "seven days:** could not be read" in handed["report_markdown"]


async def test_a_disabled_device(hass: HomeAssistant, quiet: Account, set_up: SetUp, morning: FrozenDateTimeFactory) -> None:
    """A disabled device does not count, as in *Needs attention*."""
    quiet.agents[3].last_time -= 20 * DAY
    spare = quiet.add_agent("Spare", online=False, last_time=int(quiet.now) - 20 * DAY)
    entry = await set_up()
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, spare.id), disabled_by=dr.DeviceEntryDisabler.USER)
    await hass.async_block_till_done()
    (handed,) = await weekly(hass, morning)
    assert handed["offline"] == ["Server room NAS"]


async def test_one_of_two_accounts(hass: HomeAssistant, quiet: Account, set_up: SetUp, morning: FrozenDateTimeFactory) -> None:
    """The account has to be chosen."""
    entry = await set_up()
    MockConfigEntry(domain=DOMAIN, unique_id="another").add_to_hass(hass)
    (handed,) = await weekly(hass, morning, account=entry.entry_id)
    assert handed["incomplete"] is False


async def test_names_are_escaped_as_markdown(hass: HomeAssistant, quiet: Account, set_up: SetUp, morning: FrozenDateTimeFactory) -> None:
    """Those of computers, groups and persons."""
    quiet.agents[3].last_time -= 20 * DAY
    quiet.agents[3].name = quiet.agents[3].group = HOSTILE
    session(quiet, 1, HOSTILE, hours=1)
    await set_up()
    (handed,) = await weekly(hass, morning)
    assert handed["report_markdown"].count(f"- {ESCAPED[:60]}") == 3
    assert "<img" not in handed["report_markdown"].replace("\\<", "")


async def test_a_large_account(hass: HomeAssistant, quiet: Account, set_up: SetUp, morning: FrozenDateTimeFactory) -> None:
    """Lists are cut, and the report says so, also about sessions that were not counted."""
    for number in range(60):
        agent = quiet.add_agent(f"PC {number} {'x' * 150}", group=f"Group {number}", online=False, last_time=int(quiet.now) - 40 * DAY)
        session(quiet, 1, f"person{number}@example.com", hours=1)
        agent.hardware = None
    for _ in range(1000):
        session(quiet, 1, "anna@example.com", hours=0.1)
    quiet.agents[1].last_time = int(quiet.now)
    entry = await set_up(hardware_interval=0, invitations=False)
    assert int(account_state(hass, entry, "needs_attention").state) >= 60
    (handed,) = await weekly(hass, morning)
    text = handed["report_markdown"]
    assert "**Offline for more than 14 days:** 60\n" in text
    assert "and 40 more" in text
    assert "more computers need attention, but were not checked" in text
    assert "seven days:** 1060, the newest 1000 of which are listed by person" in text
    assert len(text) < 6000


async def test_ten_thousand_computers(hass: HomeAssistant, quiet: Account, set_up: SetUp, morning: FrozenDateTimeFactory) -> None:
    """All offline, with sessions of a thousand persons: no template returns more than Home Assistant allows."""
    entry = await set_up()
    computer: dict[str, Any] = {
        "device_id": device_id_of(hass, entry, 3),
        "name": "x",
        "online": False,
        "last_seen": "2026-01-01T00:00:00+00:00",
    }
    clients: list[list[Any]] = [[{"login": f"{number} {'x' * 240}"}] for number in range(1000)]
    answers: dict[str, ServiceResponse] = {
        "find_devices": {"devices": [computer] * 10_000},
        "get_history": {"total": 1000, "sessions": [{"clients": found, "duration": 60} for found in clients]},
    }
    for action in answers:
        hass.services.async_register(DOMAIN, action, lambda call: answers[call.service], supports_response=SupportsResponse.ONLY)
    (handed,) = await weekly(hass, morning)
    assert "days:** 10000\n" in handed["report_markdown"]
    assert "and 9980 more" in handed["report_markdown"]
    assert "and 980 more" in handed["report_markdown"]
    assert (len(handed["offline"]), len(handed["persons"])) == (50, 50)
    assert len(handed["report_markdown"]) < 10_000
