"""The sessions as a calendar: those of a range, and the one that runs."""

from datetime import datetime, timedelta
from typing import Any

from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen.api import Client, Geo
from custom_components.getscreen.wording import duration_text, session_text
from simulator import Account, Fault, Session, Simulator
from simulator import Client as SimulatedClient
from simulator import Geo as SimulatedGeo

from .answers import change_history
from .conftest import SetUp
from .helpers import account_device, device_of, pass_time

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
    """Asked for just that range; what the user calls a device, and what is known of a session, each on a line."""
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
    assert request.parameters["date_from"] == str(int(start.timestamp()))
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
    assert events[-1]["start"] > events[0]["start"]


async def test_a_running_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The latest one is the current event until it ends; in a range it ends now."""
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
