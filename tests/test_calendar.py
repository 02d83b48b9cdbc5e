"""The sessions as a calendar: those of a range, and the one that runs."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import orjson
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen.api import Client, Geo
from custom_components.getscreen.text import duration_text, session_text
from simulator import Account, Fault, Session, Simulator
from simulator import Client as SimulatedClient
from simulator import Geo as SimulatedGeo

from .answers import change_answer, change_history
from .conftest import SetUp
from .helpers import account_device, act, device_of, pass_time

CLIENT = SimulatedClient(SimulatedGeo("192.0.2.14", "Ireland", "Leinster", "Dublin"), "Firefox", "jonas@example.com")


@pytest.fixture(autouse=True)
async def _local_time(hass: HomeAssistant) -> None:
    """Live in the middle of Europe."""
    await hass.config.async_set_time_zone("Europe/Berlin")


def calendar_of(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the calendar of the account."""
    entity_id = er.async_get(hass).async_get_entity_id("calendar", "getscreen", f"{entry.unique_id}_connection_history")
    assert entity_id is not None
    return entity_id


def past_session(account: Account, start: datetime, seconds: int, agent_id: int | None = 1, **fields: Any) -> Session:
    """Enter a session into the history."""
    agent = account.agents[agent_id] if agent_id else None
    began = int(start.timestamp())
    row = Session(account.history[-1].id + 1, agent, CLIENT, began, began + seconds)
    for name, value in fields.items():
        setattr(row, name, value)
    account.history.append(row)
    return row


async def events_of(hass: HomeAssistant, entry: MockConfigEntry, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Return what the action says of a range."""
    entity_id = calendar_of(hass, entry)
    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": entity_id, "start_date_time": start, "end_date_time": end},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    found: Any = answer[entity_id]
    return list(found["events"])


async def test_the_entity(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    entity = er.async_get(hass).async_get(calendar_of(hass, entry))
    assert entity is not None
    assert entity.translation_key == "connection_history"
    assert entity.device_id == account_device(hass, entry).id
    state = hass.states.get(entity.entity_id)
    assert state is not None
    assert state.state == STATE_OFF
    assert state.name == "owner@example.com Connection history"


async def test_the_sessions_of_a_range(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """What the user calls a device, and what is known of a session, each on a line. The server is asked from a day earlier."""
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
            "description": "12 min\njonas@example.com\nDublin, Leinster, Ireland\nFirefox\nOffice",
        },
        {
            "start": (day - timedelta(days=2) + timedelta(hours=3)).isoformat(),
            "end": (day - timedelta(days=2) + timedelta(hours=3, seconds=1)).isoformat(),
            "summary": "Marta's MacBook",
            "description": "0 s\njonas@example.com\nDublin, Leinster, Ireland\nFirefox\nFamily",
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


async def test_what_the_server_leaves_out_or_sends_too_much(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    assert event["description"] == "1 min"


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


async def test_a_running_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The latest one is the current event until it ends; in a range it ends now, but for an hour that comes twice."""
    await hass.config.async_set_time_zone("UTC")
    entry = await set_up()
    earlier = account.start_session(2, CLIENT)
    earlier.start -= 100
    account.start_session(1, CLIENT).start -= 50
    await pass_time(hass)
    state = hass.states.get(calendar_of(hass, entry))
    assert state is not None
    assert state.state == STATE_ON
    assert state.attributes["message"] == "Reception PC"
    # The operator's login is not among what the list of agents tells.
    assert state.attributes["description"] == "Dublin, Leinster, Ireland\nFirefox\nOffice"
    now = dt_util.utcnow()
    events = await events_of(hass, entry, now - timedelta(minutes=10), now + timedelta(minutes=10))
    assert [event["summary"] for event in events] == ["Marta's MacBook", "Reception PC"]
    assert events[0]["description"].startswith("jonas@example.com")
    for event in events:
        assert now <= datetime.fromisoformat(event["end"]) <= dt_util.utcnow()
    # Those that began before the range, too.
    events = await events_of(hass, entry, now - timedelta(seconds=60), now + timedelta(minutes=10))
    assert [event["summary"] for event in events] == ["Marta's MacBook", "Reception PC"]
    account.end_session(1)
    await pass_time(hass)
    state = hass.states.get(calendar_of(hass, entry))
    assert state is not None
    assert (state.state, state.attributes["message"]) == (STATE_ON, "Marta's MacBook")
    account.end_session(2)
    await pass_time(hass)
    state = hass.states.get(calendar_of(hass, entry))
    assert state is not None
    assert state.state == STATE_OFF


async def test_a_session_that_runs_for_days(hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing moves but once a day."""
    entry = await set_up()
    account.start_session(1, CLIENT)
    await pass_time(hass)
    entity_id = calendar_of(hass, entry)
    first = hass.states.get(entity_id)
    assert first is not None
    account.agents[2].group = "Another group"
    await pass_time(hass)
    assert hass.states.get(entity_id) is first
    start = dt_util.as_utc(datetime.fromtimestamp(account.history[-1].start, dt_util.UTC))
    for days, hours in ((1, 1), (1, 23), (2, 0), (3, 5)):
        later = start + timedelta(days=days, hours=hours)
        monkeypatch.setattr(dt_util, "utcnow", lambda later=later: later)
        monkeypatch.setattr(dt_util, "now", lambda later=later: dt_util.as_local(later))
        account.agents[2].group = f"Group {days} {hours}"
        await entry.runtime_data.agents.async_refresh()
        await hass.async_block_till_done()
        state = hass.states.get(entity_id)
        assert state is not None
        assert state.state == STATE_ON
        assert state.attributes["start_time"] == first.attributes["start_time"]
        end = dt_util.as_local(start + timedelta(days=days + 1)).strftime("%Y-%m-%d %H:%M:%S")
        assert state.attributes["end_time"] == end


async def test_a_session_over_midnight(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """It overlaps both days; one that was over before the range does not."""
    account.history = account.history[:1]
    day = dt_util.start_of_local_day()
    past_session(account, day - timedelta(minutes=10), 3000)
    past_session(account, day - timedelta(minutes=10), 600, 2)
    entry = await set_up()
    (event,) = await events_of(hass, entry, day, day + timedelta(days=1))
    assert event["summary"] == "Reception PC"
    assert len(await events_of(hass, entry, day - timedelta(days=1), day)) == 2


async def test_a_session_of_several_days(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The last session of each computer is found however long it was."""
    account.history = account.history[:1]
    day = dt_util.start_of_local_day() - timedelta(days=3)
    account.agents[1].session = past_session(account, day - timedelta(days=4), 5 * 86_400)
    past_session(account, day - timedelta(days=4), 86_400, 2)
    entry = await set_up()
    (event,) = await events_of(hass, entry, day, day + timedelta(hours=1))
    assert (event["summary"], event["start"]) == ("Reception PC", dt_util.as_local(day - timedelta(days=4)).isoformat())


async def test_a_session_whose_end_was_never_written(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """It does not go on until now if its computer had another session since or is offline, or if its invitation is closed."""
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
    """It is one event and runs, in the history too, whether the list of computers has ids of sessions or not."""
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
    """The list and the history may round the start of a session differently; its id says that it is the same."""

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
    """It goes on for as long as its invitation is active."""
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


@pytest.mark.parametrize("minutes", [-5, 5])
async def test_a_server_whose_clock_is_off(
    hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory, minutes: int
) -> None:
    """A session that runs has begun, and what the calendar shows of it does not move from poll to poll."""
    entry = await set_up()
    account.start_session(1, CLIENT).start += minutes * 60
    before = dt_util.now()
    await tick(hass, freezer)
    shown = hass.states.get(calendar_of(hass, entry))
    assert shown is not None
    assert shown.state == STATE_ON
    assert shown.attributes["start_time"] <= f"{dt_util.now():%Y-%m-%d %H:%M:%S}"
    now = dt_util.utcnow()
    (event,) = await events_of(hass, entry, before, now + timedelta(seconds=1))
    assert datetime.fromisoformat(event["start"]) <= now <= datetime.fromisoformat(event["end"])
    for group in range(10):
        account.agents[2].group = f"Group {group}"
        await tick(hass, freezer)
        assert hass.states.get(calendar_of(hass, entry)) is shown
    account.end_session(1)
    await tick(hass, freezer)
    state = hass.states.get(calendar_of(hass, entry))
    assert state is not None
    assert state.state == STATE_OFF


async def test_a_session_of_the_far_future_hides_none(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.start_session(1, CLIENT)
    account.start_session(2, CLIENT).start = 253_000_000_000
    entry = await set_up()
    state = hass.states.get(calendar_of(hass, entry))
    assert state is not None
    assert (state.state, state.attributes["message"]) == (STATE_ON, "Reception PC")


async def test_a_computer_that_goes_offline_during_a_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The power went, and the server never learnt of the session's end."""
    entry = await set_up()
    account.start_session(1, CLIENT)
    account.agents[1].online = False
    await pass_time(hass)
    state = hass.states.get(calendar_of(hass, entry))
    assert state is not None
    assert state.state == STATE_OFF


async def test_the_hour_that_comes_twice(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A session that ends at an earlier time of day than it began, as clocks go back meanwhile, is an event like others."""
    account.history = account.history[:1]
    start = datetime(2026, 10, 25, 0, 50, tzinfo=dt_util.UTC)
    past_session(account, start, 20 * 60)
    entry = await set_up()
    (event,) = await events_of(hass, entry, start - timedelta(hours=6), start + timedelta(hours=6))
    assert datetime.fromisoformat(event["start"]) == start
    assert datetime.fromisoformat(event["end"]) >= start + timedelta(minutes=20)


async def test_a_session_of_the_night_when_clocks_go_back(
    hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """A session that began at 02:55 runs at 02:05 of the hour's second time, and is listed after one that began before it."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to("2027-10-31T00:50:00Z")
    entry = await set_up()
    account.start_session(2, CLIENT)
    freezer.move_to("2027-10-31T00:55:00Z")
    account.start_session(1, CLIENT)
    freezer.move_to("2027-10-31T01:05:00Z")
    await pass_time(hass)
    state = hass.states.get(calendar_of(hass, entry))
    assert state is not None
    assert state.state == STATE_ON
    now = dt_util.utcnow()
    events = await events_of(hass, entry, now - timedelta(minutes=30), now + timedelta(minutes=10))
    assert [event["summary"] for event in events] == ["Marta's MacBook", "Reception PC"]


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
    """What has ended since the range before was asked for ends in this one; that is known of the last hundred ranges."""
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


# Home Assistant's trigger


async def tick(hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float = 61) -> None:
    """Let the clock go on, and everything happen that is due."""
    freezer.tick(seconds)
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)


class Ends:
    """How often Home Assistant's trigger for the end of a calendar's event has fired, and whether the session was over then."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory, account: Account) -> None:
        self._hass, self._freezer, self._account = hass, freezer, account
        self.fired: list[tuple[str, bool]] = []
        hass.bus.async_listen("calendar_end", lambda event: self.fired.append((event.data["name"], self._account.agents[1].in_session)))

    async def automate(self, monkeypatch: pytest.MonkeyPatch, calendar: str, *offsets: str, kind: str = "end") -> None:
        """Set up automations with the trigger, each with an offset; answers take a moment, which a clock that stands still hides."""
        change_answer(monkeypatch, "history/list", lambda answer: (self._freezer.tick(0.2), answer)[1])
        fire = {"event": "calendar_end", "event_data": {"name": "{{ trigger.calendar_event.summary }} {{ trigger.offset }}"}}
        automations = [
            {
                "alias": f"Offset {offset}",
                "mode": "parallel",
                "triggers": {"trigger": "calendar", "entity_id": calendar, "event": kind, "offset": offset},
                "actions": fire,
            }
            for offset in offsets
        ]
        assert await async_setup_component(self._hass, "automation", {"automation": automations})
        await self._hass.async_block_till_done()

    async def minutes(self, count: int) -> None:
        """Let minutes pass, a few at a time."""
        for _ in range(0, count, 5):
            await tick(self._hass, self._freezer, 300)

    def clear(self) -> list[tuple[str, bool]]:
        """Return what has fired since the last time."""
        fired, self.fired = self.fired, []
        return fired


@pytest.fixture
async def ends(hass: HomeAssistant, freezer: FrozenDateTimeFactory, account: Account) -> AsyncIterator[Ends]:
    """Return what listens to the trigger, in a time zone without an hour that comes twice: the trigger subtracts wall clocks."""
    await hass.config.async_set_time_zone("UTC")
    yield Ends(hass, freezer, account)
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


ENDED = ("Reception PC 0:00:00", False)


@pytest.mark.parametrize("clock", [0, -5, 5])
async def test_event_ended(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends, clock: int
) -> None:
    """It fires once for each session, when that is over, whether the server's clock (minutes) is right or not."""
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:0:0")
    session = account.start_session(1, CLIENT)
    session.start += clock * 60
    await ends.minutes(50)
    assert ends.fired == []
    account.end_session(1)
    session.stop = int(dt_util.utcnow().timestamp()) + clock * 60
    await ends.minutes(30)
    assert ends.clear() == [ENDED]
    # One that is over before the trigger asks again.
    account.start_session(1, CLIENT)
    await ends.minutes(2)
    account.end_session(1)
    await ends.minutes(30)
    assert ends.clear() == [ENDED]
    await ends.minutes(35)
    assert ends.fired == []


async def test_event_ended_with_an_offset(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends
) -> None:
    """Each automation hears of it once, and none before the end."""
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:30:0", "0:5:0", "-0:5:0", "-30:0:0")
    account.start_session(1, CLIENT)
    await ends.minutes(50)
    assert ends.fired == []
    account.end_session(1)
    await ends.minutes(20)
    assert {name for name, _ in ends.fired} == {"Reception PC 0:05:00", "Reception PC -1 day, 23:55:00", "Reception PC -2 days, 18:00:00"}
    await ends.minutes(30)
    assert len(ends.fired) == 4
    assert not any(running for _, running in ends.fired)


async def test_event_ended_without_an_end(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends
) -> None:
    """The computer goes offline during the session, and no end is ever written."""
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:0:0")
    account.start_session(1, CLIENT)
    await ends.minutes(50)
    account.agents[1].online = False
    await ends.minutes(50)
    assert [name for name, _ in ends.fired] == ["Reception PC 0:00:00"]


async def test_event_ended_during_an_outage(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends
) -> None:
    """It fires when the server is back."""
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:0:0")
    account.start_session(1, CLIENT)
    await ends.minutes(20)
    simulator.fail(Fault.SERVER_ERROR, "history/list")
    account.end_session(1)
    await ends.minutes(30)
    assert ends.fired == []
    simulator.heal()
    await ends.minutes(30)
    assert ends.fired == [ENDED]


async def test_event_ended_of_old_sessions(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends
) -> None:
    """What was over before the automation was set up fires nothing; nor does a user who opens the calendar meanwhile."""
    now = dt_util.utcnow()
    for hours in (1, 5, 20):
        past_session(account, now - timedelta(hours=hours), 60)
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:0:0")
    account.start_session(1, CLIENT)
    for hour in range(3):
        for start in range(20):
            await events_of(hass, entry, now + timedelta(hours=hour, seconds=start), now + timedelta(hours=hour + 1))
        await ends.minutes(20)
    assert ends.fired == []


async def test_event_started(hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, ends: Ends) -> None:
    """No calendar knows of a session beforehand, so it does not fire: not even because the server's clock is ahead."""
    entry = await set_up()
    await ends.automate(monkeypatch, calendar_of(hass, entry), "0:0:0", kind="start")
    account.start_session(1, CLIENT).start += 40 * 60
    await ends.minutes(35)
    assert ends.fired == []


async def test_the_calendar_asks_for_nothing_by_itself(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    simulator.account.start_session(1)
    await pass_time(hass)
    await pass_time(hass, 4 * 3600)
    assert simulator.count("history/list") == 0


async def test_a_server_that_cannot_be_asked(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, hass_client: ClientSessionGenerator
) -> None:
    """Whoever looks is told why; while the poll fails too, the calendar is unavailable."""
    entry = await set_up()
    entity_id = calendar_of(hass, entry)
    simulator.fail(Fault.PAYMENT_REQUIRED, "history/list")
    client = await hass_client()
    answer = await client.get(f"/api/calendars/{entity_id}?start=2026-11-01T00:00:00Z&end=2026-12-01T00:00:00Z")
    assert answer.status == 500
    assert "owner@example.com: the request limit of the Getscreen.me plan is used up" in (await answer.json())["message"]
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state == STATE_UNAVAILABLE


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (7325, "2 h 2 min"), (90_000, "25 h")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration_text(timedelta(seconds=seconds)) == text


def test_a_session_of_which_nothing_is_known() -> None:
    nowhere = Client(login=None, user_agent=None, geo=Geo(ip="192.0.2.1", country=None, region=None, city=None))
    assert session_text([nowhere], None) is None
    assert session_text([], "Office", timedelta(minutes=5)) == "5 min\nOffice"
