"""The sessions of a range of the calendar, from the history and from the list of computers."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import orjson
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator import Account, Simulator

from .answers import change_answer, change_history
from .calendars import CLIENT, calendar_of, events_of, past_session
from .conftest import SetUp
from .helpers import act, device_of, pass_time


@pytest.fixture(autouse=True)
async def _local_time(hass: HomeAssistant) -> None:
    """Live in the middle of Europe."""
    await hass.config.async_set_time_zone("Europe/Berlin")


async def test_the_sessions_of_a_range(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Events have the user's device name and the known details, one per line. The query starts a day earlier."""
    account.history = account.history[:1]
    day = dt_util.start_of_local_day()
    past_session(account, day - timedelta(days=4), 60)
    first = past_session(account, day - timedelta(days=2), 754)
    past_session(account, day - timedelta(days=2) + timedelta(hours=3), 0, 2)
    past_session(account, day + timedelta(hours=1), 60)
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    dr.async_get(hass).async_update_device(device.id, name_by_user="Front desk")
    simulator.requests.clear()
    start, end = day - timedelta(days=3), day
    events = await events_of(hass, entry, start, end)
    assert events == [
        {
            "start": (day - timedelta(days=2)).isoformat(),
            "end": (day - timedelta(days=2) + timedelta(seconds=754)).isoformat(),
            "summary": "Front desk",
            "description": "Duration: 12 min\nUser: jonas@example.com\nPlace: Dublin, Leinster, Ireland\nBrowser: Firefox\nGroup: Office",
        },
        {
            "start": (day - timedelta(days=2) + timedelta(hours=3)).isoformat(),
            "end": (day - timedelta(days=2) + timedelta(hours=3, seconds=1)).isoformat(),
            "summary": "Marta's MacBook",
            "description": "Duration: 0 s\nUser: jonas@example.com\nPlace: Dublin, Leinster, Ireland\nBrowser: Firefox\nGroup: Family",
        },
    ]
    assert first.client.geo.ip not in str(events)
    (request,) = simulator.requests
    assert request.parameters["date_from"] == str(int(start.timestamp()) - 86_400)
    assert request.parameters["date_to"] == str(int(end.timestamp()))
    await events_of(hass, entry, start, end)
    assert simulator.count() == 1


async def test_sessions_that_are_not_with_a_device(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """One with a guest, one with a nameless guest, one with a computer that has left."""
    account.history = account.history[:1]
    now = dt_util.utcnow()
    past_session(account, now - timedelta(hours=3), 60, None, guest="Nora's iPad", support_id=7)
    past_session(account, now - timedelta(hours=2), 60, None, support_id=8)
    past_session(account, now - timedelta(hours=1), 60, 3)
    account.remove_agent(3)
    entry = await set_up()
    events = await events_of(hass, entry, now - timedelta(hours=4), now)
    assert [event["summary"] for event in events] == ["Nora's iPad", "Quick support", "Server room NAS"]


async def test_incomplete_and_extra_records(hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session without a start is no event, and neither is one outside of the range. A former computer may have lost its name."""
    account.history = account.history[:1]
    now = dt_util.utcnow()

    def change(answer: dict[str, Any]) -> None:
        moment = int(now.timestamp())
        bare = {"start": moment - 3600, "stop": moment - 3500}
        answer["data"] = [
            {"id": 1, "agent": {"id": 99}, **bare},
            {"id": 2, "agent": {"id": 1}},
            {"id": 3, "agent": {"id": 1}, "start": moment + 10, "stop": moment + 20},
            {"id": 4, "agent": {"id": 1}, "start": moment - 9000, "stop": moment - 8000},
        ]

    change_history(monkeypatch, change)
    entry = await set_up()
    (event,) = await events_of(hass, entry, now - timedelta(hours=2), now)
    assert event["summary"] == "Getscreen.me 99"
    assert event["description"] == "Duration: 1 min"


async def test_many_sessions(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Twenty pages at most, the newest."""
    now = dt_util.utcnow()
    for number in range(2100, 0, -1):
        past_session(account, now - timedelta(seconds=number), 1)
    entry = await set_up()
    simulator.requests.clear()
    events = await events_of(hass, entry, now - timedelta(hours=1), now + timedelta(seconds=1))
    assert len(events) == 2000
    assert simulator.count() == simulator.count("history/list") == 20
    assert datetime.fromisoformat(events[-1]["start"]) > datetime.fromisoformat(events[0]["start"])


async def test_a_session_over_midnight(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A session over midnight is in the ranges of both days, and one that ended before a range is not in it."""
    account.history = account.history[:1]
    day = dt_util.start_of_local_day()
    past_session(account, day - timedelta(minutes=10), 3000)
    past_session(account, day - timedelta(minutes=10), 600, 2)
    entry = await set_up()
    (event,) = await events_of(hass, entry, day, day + timedelta(days=1))
    assert event["summary"] == "Reception PC"
    assert len(await events_of(hass, entry, day - timedelta(days=1), day)) == 2


async def test_a_session_of_several_days(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The last session of each computer is found, however long it was."""
    account.history = account.history[:1]
    day = dt_util.start_of_local_day() - timedelta(days=3)
    account.agents[1].session = past_session(account, day - timedelta(days=4), 5 * 86_400)
    past_session(account, day - timedelta(days=4), 86_400, 2)
    entry = await set_up()
    (event,) = await events_of(hass, entry, day, day + timedelta(hours=1))
    assert (event["summary"], event["start"]) == ("Reception PC", dt_util.as_local(day - timedelta(days=4)).isoformat())


async def test_a_session_whose_end_was_never_written(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The session has ended if its computer is offline or had a later session, or if its invitation is closed."""
    account.history = account.history[:1]
    now = dt_util.utcnow()
    for agent_id in (1, 3, None):
        past_session(account, now - timedelta(days=5), 60, agent_id).stop = None
    account.agents[1].session = past_session(account, now - timedelta(days=2), 60)
    account.agents[3].online = False
    entry = await set_up()
    *endless, last = await events_of(hass, entry, now - timedelta(days=6), now)
    assert len(endless) == 3
    for event in endless:
        assert datetime.fromisoformat(event["end"]) - datetime.fromisoformat(event["start"]) == timedelta(seconds=1)
        assert " min" not in event["description"]
    assert datetime.fromisoformat(last["end"]) < now - timedelta(days=1)


def without_session_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the list of computers say nothing of the ids of their sessions."""

    def strip(answer: bytes) -> bytes:
        payload = orjson.loads(answer)
        for agent in payload["data"]:
            agent["sessions"]["last"].pop("id", None)
        return orjson.dumps(payload)

    change_answer(monkeypatch, "agents/list", strip)


@pytest.mark.parametrize("ids", [True, False])
async def test_a_long_session_that_runs(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, *, ids: bool
) -> None:
    """The session is one running event, also in the history, with and without session ids in the list of computers."""
    if not ids:
        without_session_ids(monkeypatch)
    now = dt_util.utcnow()
    account.start_session(1, CLIENT).start -= 3 * 3600
    entry = await set_up()
    range_ = (now - timedelta(hours=4), now + timedelta(seconds=1))
    (event,) = [event for event in await events_of(hass, entry, *range_) if event["summary"] == "Reception PC"]
    assert datetime.fromisoformat(event["end"]) >= now.replace(microsecond=0)
    device = device_of(hass, entry, 1)
    assert device
    history = await act(hass, "get_history", response=True, device_id=device.id, limit=1)
    assert history["sessions"][0]["end"] is None
    account.end_session(1)
    await pass_time(hass)
    (event,) = [event for event in await events_of(hass, entry, *range_) if event["summary"] == "Reception PC"]


async def test_a_running_session_whose_starts_differ(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list and the history may round the start of a session differently. The id shows that it is the same session."""

    def shift(payload: dict[str, Any]) -> None:
        for row in payload["data"]:
            row["start"] -= 1

    change_history(monkeypatch, shift)
    account.start_session(1, CLIENT)
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device
    history = await act(hass, "get_history", response=True, device_id=device.id, limit=1)
    assert history["sessions"][0]["end"] is None


async def test_quick_support_that_runs(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The session continues while its invitation is active."""
    account.history = account.history[:1]
    now = dt_util.utcnow()
    invitation = account.invite("Aunt Mary")
    account.move_on(invitation)
    account.move_on(invitation)
    account.history = account.history[:1]
    past_session(account, now - timedelta(hours=3), 60, None, guest="Aunt Mary", support_id=invitation.id).stop = None
    entry = await set_up()
    (event,) = await events_of(hass, entry, now - timedelta(hours=4), now)
    assert datetime.fromisoformat(event["end"]) >= now
    account.close(invitation)
    await pass_time(hass)
    (event,) = await events_of(hass, entry, now - timedelta(hours=4), now + timedelta(seconds=1))
    assert datetime.fromisoformat(event["end"]) < now - timedelta(hours=2)


async def test_the_repeated_hour_when_clocks_go_back(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A session that ends at an earlier time of day than it began, because clocks go back, is a normal event."""
    account.history = account.history[:1]
    start = datetime(2026, 10, 25, 0, 50, tzinfo=dt_util.UTC)
    past_session(account, start, 20 * 60)
    entry = await set_up()
    (event,) = await events_of(hass, entry, start - timedelta(hours=6), start + timedelta(hours=6))
    assert datetime.fromisoformat(event["start"]) == start
    assert datetime.fromisoformat(event["end"]) >= start + timedelta(minutes=20)


async def test_any_range(hass: HomeAssistant, account: Account, set_up: SetUp, hass_client: ClientSessionGenerator) -> None:
    """The first and last moments that there are do not matter, nor do sessions at both ends of time."""
    account.history = account.history[:1]
    past_session(account, datetime(1970, 1, 1, 0, 1, tzinfo=dt_util.UTC), 60)
    past_session(account, datetime(9998, 12, 30, tzinfo=dt_util.UTC), 60, 2)
    now = dt_util.utcnow()
    past_session(account, now - timedelta(hours=1), 60, 3)
    entry = await set_up()
    client = await hass_client()
    path = f"/api/calendars/{calendar_of(hass, entry)}"
    for start, end in (
        ("0001-01-03", "9999-12-29"),
        ("1970-01-01", "2100-01-01"),
        ("2000-01-01", "9998-12-31"),
        ("0002-01-01", "0003-01-01"),
    ):
        answer = await client.get(path, params={"start": f"{start}T00:00:00Z", "end": f"{end}T00:00:00Z"})
        assert answer.status == 200
        names = [event["summary"] for event in await answer.json()]
        assert ("Server room NAS" in names) == (end > "2026")


@pytest.mark.parametrize(("others", "found"), [(10, 1), (101, 0)])
async def test_ranges_that_follow_each_other(hass: HomeAssistant, account: Account, set_up: SetUp, others: int, found: int) -> None:
    """A session that has ended since the previous range ends in this one. The last hundred ranges are remembered."""
    entry = await set_up()
    account.start_session(1, CLIENT)
    quarter, second = timedelta(minutes=15), timedelta(seconds=1)
    now = dt_util.utcnow()
    (running,) = await events_of(hass, entry, now, now + quarter + second)
    assert datetime.fromisoformat(running["end"]) > now + quarter
    account.end_session(1)
    for number in range(others):
        start = now + timedelta(days=1, seconds=number)
        await events_of(hass, entry, start, start + quarter)
    events = await events_of(hass, entry, now + quarter, now + 2 * quarter + second)
    assert len(events) == found
