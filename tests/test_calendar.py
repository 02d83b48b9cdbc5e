"""The running session as the state of the calendar."""

from datetime import datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator import Account, Fault, Simulator

from .calendars import CLIENT, calendar_of, events_of, tick
from .conftest import SetUp
from .helpers import account_device, pass_time


@pytest.fixture(autouse=True)
async def _local_time(hass: HomeAssistant) -> None:
    """Live in the middle of Europe."""
    await hass.config.async_set_time_zone("Europe/Berlin")


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


async def test_a_running_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The latest session is the current event until it ends. In a range it ends now, except in a repeated hour."""
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
    # The list of agents does not have the operator's login.
    assert state.attributes["description"] == "Place: Dublin, Leinster, Ireland\nBrowser: Firefox\nGroup: Office"
    now = dt_util.utcnow()
    events = await events_of(hass, entry, now - timedelta(minutes=10), now + timedelta(minutes=10))
    assert [event["summary"] for event in events] == ["Marta's MacBook", "Reception PC"]
    assert events[0]["description"].startswith("User: jonas@example.com")
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


async def test_a_session_that_runs_for_days(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
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
        freezer.move_to(later)
        account.agents[2].group = f"Group {days} {hours}"
        await pass_time(hass, 1)
        state = hass.states.get(entity_id)
        assert state is not None
        assert state.state == STATE_ON
        assert state.attributes["start_time"] == first.attributes["start_time"]
        end = dt_util.as_local(start + timedelta(days=days + 1)).strftime("%Y-%m-%d %H:%M:%S")
        assert state.attributes["end_time"] == end


@pytest.mark.parametrize("minutes", [-5, 5])
async def test_a_server_with_a_wrong_clock(
    hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory, minutes: int
) -> None:
    """A running session has begun, and its event does not change from poll to poll."""
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


async def test_a_session_in_the_far_future_does_not_hide_others(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.start_session(1, CLIENT)
    account.start_session(2, CLIENT).start = 253_000_000_000
    entry = await set_up()
    state = hass.states.get(calendar_of(hass, entry))
    assert state is not None
    assert (state.state, state.attributes["message"]) == (STATE_ON, "Reception PC")


async def test_a_computer_that_goes_offline_during_a_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The power went, and the server never learned of the session's end."""
    entry = await set_up()
    account.start_session(1, CLIENT)
    account.agents[1].online = False
    await pass_time(hass)
    state = hass.states.get(calendar_of(hass, entry))
    assert state is not None
    assert state.state == STATE_OFF


async def test_a_session_of_the_night_when_clocks_go_back(
    hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """A session that began at 02:55 is running at the second 02:05, and is listed after an earlier one."""
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


async def test_the_calendar_sends_no_requests_by_itself(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    simulator.account.start_session(1)
    await pass_time(hass)
    await pass_time(hass, 4 * 3600)
    assert simulator.count("history/list") == 0


async def test_an_unreachable_server(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, hass_client: ClientSessionGenerator) -> None:
    """The calendar's page says why; while the poll fails too, the calendar is unavailable."""
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
