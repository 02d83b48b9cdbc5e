"""Events fire for what happens between polls, once, and not for what is old."""

from dataclasses import replace
from datetime import UTC, datetime

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.api import Invitation, InvitationStatus
from custom_components.getscreen.api.reader import Notes
from custom_components.getscreen.event import invitation_events
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .helpers import account_state, device_id_of, pass_time


class Recorder:
    """What an event entity has told, as an automation would hear it."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, key: str) -> None:
        """Listen."""
        self.told: list[dict[str, object]] = []
        entity_id = account_state(hass, entry, key, "event").entity_id

        @callback
        def hear(event: Event[EventStateChangedData]) -> None:
            old, new = event.data["old_state"], event.data["new_state"]
            if event.data["entity_id"] != entity_id or new is None or new.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
                return
            if old is None or old.state not in (new.state, STATE_UNAVAILABLE):
                self.told.append(dict(new.attributes))

        hass.bus.async_listen("state_changed", hear)

    def types(self) -> list[object]:
        """Return what kinds of events there were since the last time."""
        told, self.told = self.told, []
        return [attributes["event_type"] for attributes in told]


async def test_sessions(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.start_session(2)
    entry = await set_up()
    recorder = Recorder(hass, entry, "remote_session")
    await pass_time(hass)
    assert recorder.told == []
    session = account.start_session(1)
    await pass_time(hass)
    (told,) = recorder.told
    assert told["event_type"] == "started"
    assert (told["device_id"], told["agent_id"], told["name"]) == (device_id_of(hass, entry, 1), 1, "Reception PC")
    assert told["start"] == datetime.fromtimestamp(session.start, UTC).isoformat()
    recorder.told.clear()
    await pass_time(hass)
    assert recorder.types() == []
    account.end_session(1)
    account.end_session(2)
    await pass_time(hass)
    assert recorder.types() == ["ended", "ended"]


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


async def test_a_session_that_the_server_leaves_out(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
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
    """What is over when the server is back is old; what runs is not, and what ran has ended."""
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
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    account.end_session(2)
    session = account.start_session(1)
    session.start += 1000
    simulator.heal()
    await pass_time(hass)
    assert sorted(map(str, recorder.types())) == ["ended", "started"]


async def test_a_new_computer_is_no_news(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
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
    (told,) = recorder.told
    assert told["event_type"] == "created"
    assert (told["invitation_id"], told["client_name"]) == (invitation.id, "Aunt Mary")
    assert not [value for value in told.values() if "http" in str(value)]
    recorder.told.clear()
    account.move_on(invitation)
    await pass_time(hass)
    assert recorder.types() == ["client_joined"]
    account.move_on(invitation)
    await pass_time(hass)
    assert recorder.types() == ["active"]
    account.close(invitation)
    await pass_time(hass)
    assert recorder.types() == ["closed"]
    await pass_time(hass)
    assert recorder.types() == []


async def test_steps_between_two_polls(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    recorder = Recorder(hass, entry, "invitation")
    invitation = account.invite("In a hurry")
    account.move_on(invitation)
    account.move_on(invitation)
    await pass_time(hass)
    assert recorder.types() == ["created", "client_joined", "active"]


def invitation(status: InvitationStatus | None) -> Invitation:
    """Return an invitation that stands somewhere."""
    made = Invitation.from_dict({"id": 1}, Notes())
    assert made is not None
    return replace(made, status=status)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (None, None, ["created"]),
        (InvitationStatus.ACTIVE, None, []),
        (None, InvitationStatus.ACTIVE, ["created", "client_joined", "active"]),
        (InvitationStatus.ACTIVE, InvitationStatus.CLIENT_JOINED, []),
        (InvitationStatus.WAITING_FOR_CLIENT, InvitationStatus.CLOSED, ["closed"]),
        (InvitationStatus.CLOSED, InvitationStatus.CLOSED, []),
    ],
)
def test_steps(before: InvitationStatus | None, now: InvitationStatus | None, told: list[str]) -> None:
    """A status that the reference does not name tells nothing."""
    assert list(invitation_events(before if before is None else invitation(before), invitation(now))) == told


def test_one_that_was_closed_and_has_gone() -> None:
    assert list(invitation_events(invitation(InvitationStatus.CLOSED), None)) == []


async def test_unreadable_invitations_are_not_closed(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    recorder = Recorder(hass, entry, "invitation")
    simulator.fail(Fault.WRONG_ITEMS, "support/list")
    await pass_time(hass)
    assert account_state(hass, entry, "open_invitations").state == "2"
    simulator.heal()
    await pass_time(hass)
    assert recorder.types() == []


async def test_a_computer_that_leaves_during_a_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Whoever counts starts and ends comes out even, and is told which computer it was."""
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
    # An account that is empty all of a sudden is looked at twice.
    await pass_time(hass)
    await pass_time(hass)
    told = [(event["event_type"], event["agent_id"], event["device_id"], event["name"]) for event in recorder.told]
    assert told == [(event_type, agent_id, devices[agent_id], names[agent_id]) for event_type, agent_id in expected]


@pytest.mark.parametrize("at_start", [True, False])
async def test_invitations_and_an_outage(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, at_start: bool
) -> None:
    """What was there before is no news afterwards."""
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
