"""The blueprint that notifies of remote sessions."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import persistent_notification
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from simulator import Account, Client, Fault, Geo, Simulator

from ..conftest import SetUp
from ..helpers import account_state, device_id_of, pass_time
from ..markdown import ESCAPED, HOSTILE
from .helpers import GO, OFFICE, automate, home, let_pass, local, notifications, report, reports, settle


async def test_a_session_is_notified(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """By default in Home Assistant, with the user's name of the computer; its end fires no alert."""
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)])
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 1), name_by_user="Front desk")
    session = account.start_session(1)
    await pass_time(hass)
    at = dt_util.as_local(dt_util.utc_from_timestamp(session.start))
    assert notifications(hass) == [f"A remote session with Front desk started at {at:%H:%M}."]
    account.end_session(1)
    await pass_time(hass)
    assert len(notifications(hass)) == 1


async def test_a_name_is_escaped_as_markdown(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.agents[1].name = HOSTILE
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)])
    account.start_session(1)
    await pass_time(hass)
    (message,) = notifications(hass)
    assert message.startswith(f"A remote session with {ESCAPED} started at ")


async def test_two_sessions_of_the_same_moment(
    hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """Their events have the same state; and a new name for the entity is no session."""
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)], actions=report("alert"))
    alerts = async_capture_events(hass, "alert")
    account.start_session(1)
    account.start_session(3)
    freezer.tick(61)
    await pass_time(hass, 1)
    assert [alert["computer_id"] for alert in reports(alerts)] == [device_id_of(hass, entry, agent_id) for agent_id in (1, 3)]
    er.async_get(hass).async_update_entity(home(hass, entry), name="Connections")
    await hass.async_block_till_done()
    assert reports(alerts) == []


async def test_slow_actions_do_not_delay_the_next_alert(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    actions = [{"wait_for_trigger": [GO]}, *report("alert")]
    await automate(hass, "session_alert", events=[home(hass, entry)], actions=actions)
    alerts = async_capture_events(hass, "alert")
    account.start_session(1)
    account.start_session(3)
    let_pass(hass, 61)
    await settle(hass)
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    names = {account.agents[agent_id].name for agent_id in (1, 3)}
    assert {alert["computer"] for alert in reports(alerts)} == names


async def test_an_outage_is_not_a_session(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """A reload is not a session either: the event state that comes back is the last one."""
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)], actions=report("alert"))
    alerts = async_capture_events(hass, "alert")
    account.start_session(1)
    await pass_time(hass)
    assert len(reports(alerts)) == 1
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert account_state(hass, entry, "remote_session", "event").state == STATE_UNAVAILABLE
    simulator.heal()
    await pass_time(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account_state(hass, entry, "remote_session", "event").attributes["event_type"] == "started"
    assert reports(alerts) == []


async def test_only_some_computers(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    computers = [device_id_of(hass, entry, 3)]
    await automate(hass, "session_alert", events=[home(hass, entry)], computers=computers, actions=report("alert"))
    alerts = async_capture_events(hass, "alert")
    account.start_session(1)
    account.start_session(3)
    await pass_time(hass)
    assert [alert["computer_id"] for alert in reports(alerts)] == computers


async def test_only_while_all_persons_are_away(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    persons = ["person.marta", "person.jonas"]
    await automate(hass, "session_alert", events=[home(hass, entry)], persons=persons, actions=report("alert"))
    alerts = async_capture_events(hass, "alert")
    hass.states.async_set("person.marta", "not_home")
    hass.states.async_set("person.jonas", "home")
    account.start_session(1)
    await pass_time(hass)
    assert reports(alerts) == []
    hass.states.async_set("person.jonas", "Office")
    account.start_session(3)
    await pass_time(hass)
    assert len(reports(alerts)) == 1


NIGHT_OF_FRIDAY: dict[str, Any] = {"hours_from": "22:00:00", "hours_to": "06:00:00", "weekdays": ["fri"]}
ALL_FRIDAY: dict[str, Any] = {"hours_from": "00:00:00", "hours_to": "00:00:00", "weekdays": ["fri"]}
HOURS = [
    (NIGHT_OF_FRIDAY, "05 21:59", False),
    (NIGHT_OF_FRIDAY, "05 22:00", True),
    (NIGHT_OF_FRIDAY, "06 05:58", True),
    (NIGHT_OF_FRIDAY, "06 06:00", False),
    (NIGHT_OF_FRIDAY, "06 22:30", False),
    (NIGHT_OF_FRIDAY, "05 03:00", False),
    (OFFICE, "05 08:00", True),
    (OFFICE, "05 17:58", True),
    (OFFICE, "05 18:00", False),
    (OFFICE, "06 12:00", False),
    (ALL_FRIDAY, "05 00:00", True),
    (ALL_FRIDAY, "05 23:58", True),
    (ALL_FRIDAY, "06 00:00", False),
]


@pytest.mark.parametrize(("hours", "time", "inside"), HOURS)
@pytest.mark.parametrize("when", ["only", "except"])
async def test_hours(
    hass: HomeAssistant,
    account: Account,
    set_up: SetUp,
    freezer: FrozenDateTimeFactory,
    when: str,
    hours: dict[str, Any],
    time: str,
    inside: bool,
) -> None:
    """A night belongs to the day on which it begins. 5 June 2026 is a Friday."""
    at = local(f"2026-06-{time}:30")
    freezer.move_to(at - timedelta(minutes=2))
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)], hours=when, **hours, actions=report("alert"))
    alerts = async_capture_events(hass, "alert")
    freezer.move_to(at)
    account.start_session(1)
    await pass_time(hass, 1)
    assert len(reports(alerts)) == (inside == (when == "only"))


ABROAD = Geo("192.0.2.66", "Atlantis", "", "Poseidonis")
NOWHERE = Geo("192.0.2.66", "", "", "")
IRELAND = Geo("203.0.113.17", "Ireland", "Leinster", "Dublin")


async def alerted(hass: HomeAssistant, account: Account, set_up: SetUp, geo: Geo, **inputs: Any) -> list[bool]:
    """Let a session start from a place; return of each alert whether the session is unfamiliar."""
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)], actions=report("alert"), **inputs)
    alerts = async_capture_events(hass, "alert")
    account.start_session(1, Client(geo, "", ""))
    await pass_time(hass)
    return [alert["unfamiliar"] for alert in reports(alerts)]


@pytest.mark.parametrize(
    ("geo", "countries", "unfamiliar"),
    [
        (IRELAND, ["Germany", "Ireland"], False),
        (IRELAND, [" ireland "], False),
        (IRELAND, ["Germany, IRELAND"], False),
        (IRELAND, "Ireland", False),
        (IRELAND, ["Northern Ireland"], True),
        (IRELAND, [], False),
        (Geo("192.0.2.7", "Korea, Republic of", "", "Seoul"), ["Korea, Republic of"], False),
        (ABROAD, ["Ireland"], True),
        (NOWHERE, ["Ireland"], True),
        (NOWHERE, ["Ireland", ""], True),
        (NOWHERE, [], False),
        (ABROAD, [" "], False),
    ],
)
@pytest.mark.parametrize("alert_from", ["everywhere", "elsewhere"])
async def test_familiar_countries(
    hass: HomeAssistant,
    account: Account,
    set_up: SetUp,
    alert_from: str,
    geo: Geo,
    countries: list[str],
    unfamiliar: bool,
) -> None:
    """A session from another or an unknown country is unfamiliar. Without chosen countries, all sessions are alerted."""
    expected = [unfamiliar] if alert_from == "everywhere" or unfamiliar or not "".join(countries).strip() else []
    assert await alerted(hass, account, set_up, geo, familiar_countries=countries, alert_from=alert_from) == expected


@pytest.mark.parametrize(("geo", "place"), [(ABROAD, "Poseidonis\\, Atlantis"), (NOWHERE, "an unknown place")])
async def test_an_unfamiliar_session_is_marked(hass: HomeAssistant, account: Account, set_up: SetUp, geo: Geo, place: str) -> None:
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)], familiar_countries=["Ireland"])
    account.start_session(1, Client(geo, "", ""))
    await pass_time(hass)
    (notification,) = hass.data[persistent_notification.DOMAIN].values()
    assert notification["title"] == "Unfamiliar remote session"
    assert notification["message"].endswith(f", from {place}.")


async def test_a_place_is_escaped_as_markdown(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)], familiar_countries=["Ireland"])
    account.start_session(1, Client(Geo("192.0.2.66", HOSTILE, "", ""), "", ""))
    await pass_time(hass)
    (message,) = notifications(hass)
    assert message.endswith(f", from {ESCAPED}.")


async def test_an_outage_with_familiar_countries(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """An unfamiliar session is alerted once, even if the event becomes unavailable and comes back."""
    assert await alerted(hass, account, set_up, ABROAD, familiar_countries=["Ireland"], alert_from="elsewhere") == [True]
    alerts = async_capture_events(hass, "alert")
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    simulator.heal()
    await pass_time(hass)
    assert reports(alerts) == []


async def test_a_session_that_begins_during_an_outage(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """The session is alerted when the service is available again, unless it has ended by then."""
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)], actions=report("alert"))
    alerts = async_capture_events(hass, "alert")
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    account.start_session(1)
    account.start_session(2)
    account.end_session(2)
    simulator.heal()
    await pass_time(hass)
    assert [alert["computer"] for alert in reports(alerts)] == ["Reception PC"]
