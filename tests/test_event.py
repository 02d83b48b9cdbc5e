"""Events fire once for changes between polls, and not for older ones."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import Event, HomeAssistant
import orjson
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.getscreen.api import Invitation, InvitationStatus
from custom_components.getscreen.api.reader import Notes
from custom_components.getscreen.event import invitation_events
from simulator import Account, Fault, Geo, Simulator

from .answers import change_answer
from .conftest import SetUp
from .helpers import account_state, device_id_of, pass_time, state_of
from .recorder import Recorder


def changes_of(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> Callable[[], list[dict[str, Any]]]:
    """Return a function that returns the attributes of an event entity's new states since the last call, several per millisecond."""
    entity_id = account_state(hass, entry, key, "event").entity_id
    changes: list[Event[Any]] = async_capture_events(hass, EVENT_STATE_CHANGED)

    def take() -> list[dict[str, Any]]:
        taken = [dict(event.data["new_state"].attributes) for event in changes if event.data["entity_id"] == entity_id]
        changes.clear()
        return taken

    return take


async def test_sessions(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.start_session(2)
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    await pass_time(hass)
    assert recorder.told == []
    session = account.start_session(1)
    await pass_time(hass)
    (fired,) = recorder.told
    assert fired["event_type"] == "started"
    assert (fired["device_id"], fired["agent_id"], fired["name"]) == (device_id_of(hass, entry, 1), 1, "Reception PC")
    place = {"country": session.client.geo.country, "city": session.client.geo.city}
    start = datetime.fromtimestamp(session.start, UTC).isoformat()
    assert {key: fired[key] for key in ("start", "end", "country", "city")} == {"start": start, "end": None, **place}
    last = state_of(hass, entry, 1, "last_session").attributes
    assert {key: last[key] for key in place} == place
    recorder.told.clear()
    await pass_time(hass)
    assert recorder.types() == []
    account.end_session(1)
    session.stop = session.start + 90
    await pass_time(hass)
    (fired,) = recorder.told
    end = datetime.fromtimestamp(session.start + 90, UTC).isoformat()
    assert fired["event_type"] == "ended"
    assert {key: fired[key] for key in ("start", "end", "country", "city")} == {"start": start, "end": end, **place}
    recorder.told.clear()
    account.end_session(2)
    await pass_time(hass)
    assert recorder.types() == ["ended"]


async def test_a_place_that_is_added_later(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A session starts without a place, and its end has the place, also if the session was cut off."""
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    session = account.start_session(1)
    place = session.client.geo
    session.client = replace(session.client, geo=Geo("192.0.2.1", "", "", ""))
    await pass_time(hass)
    assert [(fired["event_type"], fired["country"], fired["city"]) for fired in recorder.told] == [("started", None, None)]
    session.client = replace(session.client, geo=place)
    await pass_time(hass)
    assert recorder.types() == ["started"]
    assert state_of(hass, entry, 1, "last_session").attributes["country"] == place.country
    recorder.told.clear()
    next_one = account.start_session(1, replace(session.client, geo=Geo("192.0.2.1", "Atlantis", "", "Poseidonis")))
    next_one.start += 100
    await pass_time(hass)
    assert [(fired["event_type"], fired["country"], fired["city"]) for fired in recorder.told] == [
        ("ended", place.country, place.city),
        ("started", "Atlantis", "Poseidonis"),
    ]


async def test_sessions_between_two_polls(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """One that began and ended gives both; one that followed another ends that first."""
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    first = account.start_session(1)
    account.end_session(1)
    await pass_time(hass)
    assert recorder.types() == ["started", "ended"]
    second = account.start_session(1)
    second.start = first.start + 100
    await pass_time(hass)
    account.end_session(1)
    third = account.start_session(1)
    third.start = second.start + 100
    await pass_time(hass)
    assert recorder.types() == ["started", "ended", "started"]


async def test_a_session_missing_from_one_answer(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    agent = account.agents[1]
    account.start_session(1)
    await pass_time(hass)
    session, agent.session = agent.session, None
    await pass_time(hass)
    agent.session = session
    await pass_time(hass)
    assert recorder.types() == ["started"]
    older = account.agents[2].session
    assert older is not None
    agent.session = older
    older.start -= 10_000
    await pass_time(hass)
    assert recorder.types() == []


async def test_sessions_and_an_outage(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """A session within an outage fires nothing. After the outage, new running sessions start and those that are over end.

    A short session after the outage starts and ends.
    """
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    account.start_session(2)
    await pass_time(hass)
    assert recorder.types() == ["started"]
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert account_state(hass, entry, "remote_session", "event").state == STATE_UNAVAILABLE
    account.start_session(1)
    account.end_session(1)
    simulator.heal()
    await pass_time(hass)
    assert recorder.types() == []
    session = account.start_session(1)
    session.start += 500
    account.end_session(1)
    session.stop = session.start + 60
    await pass_time(hass)
    assert recorder.types() == ["started", "ended"]
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    account.end_session(2)
    session = account.start_session(1)
    session.start += 1000
    simulator.heal()
    await pass_time(hass)
    assert sorted(map(str, recorder.types())) == ["ended", "started"]


async def test_a_session_whose_end_was_never_written(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The session ends once when its computer goes offline, and does not start again with it. The next one does."""
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    session = account.start_session(1)
    await pass_time(hass)
    assert recorder.types() == ["started"]
    agent = account.agents[1]
    agent.online, agent.last_time = False, session.start + 600
    await pass_time(hass)
    (fired,) = recorder.told
    end = datetime.fromtimestamp(session.start + 600, UTC).isoformat()
    assert (fired["event_type"], fired["agent_id"], fired["end"]) == ("ended", 1, end)
    assert state_of(hass, entry, 1, "session").state == "off"
    attributes = state_of(hass, entry, 1, "last_session").attributes
    assert (attributes["end"], attributes["duration"]) == (end, 600)
    recorder.told.clear()
    agent.online, agent.last_time = True, session.start + 1200
    await pass_time(hass)
    await pass_time(hass)
    assert recorder.types() == []
    assert state_of(hass, entry, 1, "session").state == "off"
    later = account.start_session(1)
    later.start += 1300
    await pass_time(hass)
    assert recorder.types() == ["started"]
    assert state_of(hass, entry, 1, "session").state == "on"


@pytest.mark.parametrize("minutes", [-10, 10])
async def test_a_server_with_a_wrong_clock(hass: HomeAssistant, account: Account, set_up: SetUp, minutes: int) -> None:
    """A session has started once the server says so, although its start may lie in the future."""
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    session = account.start_session(1)
    session.start += minutes * 60
    await pass_time(hass)
    assert recorder.types() == ["started"]
    assert state_of(hass, entry, 1, "session").state == "on"
    account.end_session(1)
    session.stop = session.start + 30
    await pass_time(hass)
    assert recorder.types() == ["ended"]
    assert state_of(hass, entry, 1, "session").state == "off"


async def test_too_many_sessions(hass: HomeAssistant, set_up: SetUp, account: Account, caplog: pytest.LogCaptureFixture) -> None:
    """The last events of a poll are fired, at most a thousand, and the log says that others were not."""
    for number in range(340):
        agent = account.add_agent(f"PC {number}")
        agent.online = True
        account.start_session(agent.id)
    entry = await set_up(hardware_interval=0, invitations=False)
    changes = changes_of(hass, entry, "remote_session")
    for agent in account.agents.values():
        # Over since the last poll, and so is another one.
        session = account.start_session(agent.id)
        session.start += 100
        session.stop = session.start + 50
    await pass_time(hass)
    assert len(changes()) == 1000
    assert len([record for record in caplog.records if "only the newest" in record.getMessage()]) == 1


async def test_a_new_computer_fires_no_session_event(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    agent = account.add_agent("New PC")
    account.start_session(agent.id)
    await pass_time(hass)
    assert recorder.types() == []


async def test_invitations(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    recorder = Recorder(hass, entry, "invitation")
    await pass_time(hass)
    assert recorder.types() == []
    invitation = account.invite("Aunt Mary")
    await pass_time(hass)
    (fired,) = recorder.told
    assert fired["event_type"] == "created"
    assert (fired["invitation_id"], fired["client_name"]) == (invitation.id, "Aunt Mary")
    assert not [value for value in fired.values() if "http" in str(value)]
    recorder.told.clear()
    account.move_on(invitation)
    invitation.client_os = "mac"
    await pass_time(hass)
    assert [(fired["client_name"], fired["client_os"]) for fired in recorder.told] == [("Aunt Mary", "mac")]
    assert recorder.types() == ["client_joined"]
    account.move_on(invitation)
    await pass_time(hass)
    assert recorder.types() == ["active"]
    account.close(invitation)
    await pass_time(hass)
    assert recorder.types() == ["closed"]
    await pass_time(hass)
    assert recorder.types() == []


async def test_several_changes_between_two_polls(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    recorder = Recorder(hass, entry, "invitation")
    invitation = account.invite("In a hurry")
    account.move_on(invitation)
    account.move_on(invitation)
    await pass_time(hass)
    assert recorder.types() == ["created", "client_joined", "active"]


async def test_too_many_invitations(
    hass: HomeAssistant, account: Account, set_up: SetUp, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The events of the newest invitations are fired, at most fifty, and the log says once that others were not."""
    entry = await set_up()
    changes = changes_of(hass, entry, "invitation")
    for first in (1, 100_000):
        invitations = [{"id": first + number, "status": 2} for number in range(20_000)]
        change_answer(monkeypatch, "support/list", partial(lambda answer, _: answer, orjson.dumps({"data": invitations})))
        await pass_time(hass)
        fired = changes()
        assert len(fired) == 50
        assert {attributes["event_type"] for attributes in fired} == {"created", "client_joined", "active"}
        highest = first + 999
        assert all(highest - 20 < attributes["invitation_id"] <= highest for attributes in fired)
    assert len([record for record in caplog.records if "only the newest" in record.getMessage()]) == 1


def invitation(status: InvitationStatus | None) -> Invitation:
    """Return an invitation that stands somewhere."""
    made = Invitation.from_dict({"id": 1}, Notes())
    assert made is not None
    return replace(made, status=status)


@pytest.mark.parametrize(
    ("before", "now", "fired"),
    [
        (None, None, ["created"]),
        (InvitationStatus.ACTIVE, None, []),
        (None, InvitationStatus.ACTIVE, ["created", "client_joined", "active"]),
        (InvitationStatus.ACTIVE, InvitationStatus.CLIENT_JOINED, []),
        (InvitationStatus.WAITING_FOR_CLIENT, InvitationStatus.CLOSED, ["closed"]),
        (InvitationStatus.CLOSED, InvitationStatus.CLOSED, []),
    ],
)
def test_events_of_status_changes(before: InvitationStatus | None, now: InvitationStatus | None, fired: list[str]) -> None:
    """A status that the reference does not name fires nothing."""
    assert list(invitation_events(before if before is None else invitation(before), invitation(now))) == fired


def test_a_closed_invitation_that_was_removed() -> None:
    assert list(invitation_events(invitation(InvitationStatus.CLOSED), None)) == []


async def test_unreadable_invitations_fire_no_closed_event(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    recorder = Recorder(hass, entry, "invitation")
    simulator.fail(Fault.WRONG_ITEMS, "support/list")
    await pass_time(hass)
    assert account_state(hass, entry, "open_invitations").state == "2"
    simulator.heal()
    await pass_time(hass)
    assert recorder.types() == []


async def test_a_computer_that_leaves_during_a_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Every start has its end, and every event names the computer."""
    account.agents[3].online = True
    account.start_session(3)
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    account.start_session(1)
    await pass_time(hass)
    names = {agent_id: account.agents[agent_id].name for agent_id in (1, 3)}
    devices = {agent_id: device_id_of(hass, entry, agent_id) for agent_id in (1, 3)}
    expected = [("started", 1), ("ended", 1), ("ended", 3)]
    for agent_id in (1, 2, 3):
        account.remove_agent(agent_id)
    # An account that is empty all of a sudden is polled twice.
    await pass_time(hass)
    await pass_time(hass)
    fired = [(event["event_type"], event["agent_id"], event["device_id"], event["name"]) for event in recorder.told]
    assert fired == [(event_type, agent_id, devices[agent_id], names[agent_id]) for event_type, agent_id in expected]


@pytest.mark.parametrize("at_start", [True, False])
async def test_invitations_and_an_outage(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, at_start: bool
) -> None:
    """Invitations that existed before fire no event afterwards."""
    if at_start:
        simulator.fail(Fault.SERVER_ERROR, "support/list")
    entry = await set_up()
    recorder = Recorder(hass, entry, "invitation")
    simulator.fail(Fault.SERVER_ERROR, "support/list")
    await pass_time(hass)
    simulator.heal()
    await pass_time(hass)
    assert recorder.types() == []
    account.invite("Later")
    await pass_time(hass)
    assert recorder.types() == ["created"]
