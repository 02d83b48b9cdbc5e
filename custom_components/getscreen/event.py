"""Events of the account: remote sessions and invitations, found as differences between polls."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .account import GetscreenAccount
from .account.agents import AgentsCoordinator
from .account.coordinator import GetscreenCoordinator
from .account.invitations import InvitationsCoordinator
from .account.registry import async_agent_device, async_device_name
from .api import Invitation, InvitationStatus, Session
from .const import ATTR_AGENT_ID, ATTR_INVITATION_ID, LOGGER
from .entities import PolledAccountEntity, session_attributes
from .entry import GetscreenConfigEntry

# The coordinator notifies the entities; none sends a request.
PARALLEL_UPDATES = 0

REMOTE_SESSION = EventEntityDescription(key="remote_session", event_types=["started", "ended"])
INVITATION = EventEntityDescription(key="invitation", event_types=["created", "client_joined", "active", "closed"])
DESCRIPTIONS = (REMOTE_SESSION, INVITATION)

_DAY = timedelta(days=1)
_STEPS = {
    InvitationStatus.CLIENT_JOINED: "client_joined",
    InvitationStatus.ACTIVE: "active",
}


async def async_setup_entry(_hass: HomeAssistant, entry: GetscreenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Set up the events of an account."""
    account = entry.runtime_data
    async_add_entities([RemoteSessionEvent(account, account.agents, REMOTE_SESSION)])
    if account.invitations:
        async_add_entities([InvitationEvent(account, account.invitations, INVITATION)])


class AccountEvent[CoordinatorT: GetscreenCoordinator[Any]](PolledAccountEntity[CoordinatorT], EventEntity):
    """An event entity that compares each poll with the one before."""

    entity_description: EventEntityDescription
    _max_events: ClassVar[int]
    """The most events that one poll may fire: each is a state change, and the recorder's queue is finite."""
    _limit_logged = False

    @callback
    def _fire(self, events: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Fire the events of a poll, only the last ones if there are too many; log a warning the first time."""
        if len(events) > self._max_events and not self._limit_logged:
            self._limit_logged = True
            LOGGER.warning("%s: an update had %s events, only the newest %s were fired", self.entity_id, len(events), self._max_events)
        for event_type, attributes in events[-self._max_events :]:
            self._trigger_event(event_type, attributes)
            self.async_write_ha_state()


class RemoteSessionEvent(AccountEvent[AgentsCoordinator]):
    """A remote session has started or ended on some computer."""

    _max_events = 1000

    def __init__(self, account: GetscreenAccount, coordinator: AgentsCoordinator, description: EventEntityDescription) -> None:
        """Start with the current sessions, which fire no event."""
        super().__init__(account, coordinator, description)
        self._sessions = {agent_id: agent.last_session for agent_id, agent in coordinator.data.items()}
        # The attributes of the computers in a session, because a device may be removed before its session ends.
        self._devices = {agent_id: self._device(agent_id) for agent_id, session in self._sessions.items() if session and not session.end}
        self._had_outage = False
        self._pending: set[int] = set()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._pending |= self.coordinator.changed
        if not self.coordinator.last_update_success:
            self._had_outage = True
            super()._handle_coordinator_update()
            return
        after_outage, self._had_outage = self._had_outage, False
        if after_outage:
            super()._handle_coordinator_update()
        changed, self._pending = sorted(self._pending), set()
        self._fire([event for agent_id in changed for event in self._compare(agent_id, after_outage=after_outage)])

    def _compare(self, agent_id: int, *, after_outage: bool) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the events of a computer since it was last compared, as type and attributes, and store its session."""
        agent, was_known = self.coordinator.data.get(agent_id), agent_id in self._sessions
        before, device = self._sessions.pop(agent_id, None), self._devices.pop(agent_id, None)
        if agent is None:
            if before and device:
                yield "ended", {**device, **_event_attributes(before)}
            return
        # An answer without the session does not mean that the session never took place.
        now = self._sessions[agent_id] = agent.last_session or before
        if now and not now.end:
            self._devices[agent_id] = self._device(agent_id)
        if now is not before and now is not None and was_known:
            for event_type, session in session_events(before, now, dt_util.utcnow() + _DAY, after_outage=after_outage):
                yield event_type, {**self._device(agent_id), **_event_attributes(session)}

    def _device(self, agent_id: int) -> dict[str, Any]:
        context = self.coordinator.hass, self.account.entry, agent_id
        device = async_agent_device(*context)
        return {ATTR_DEVICE_ID: device and device.id, ATTR_AGENT_ID: agent_id, ATTR_NAME: async_device_name(*context)}


def _event_attributes(session: Session) -> dict[str, Any]:
    return {"start": session.start.isoformat(), **session_attributes(session)}


def session_events(before: Session | None, now: Session, latest: datetime, *, after_outage: bool) -> Iterator[tuple[str, Session]]:
    """Yield the session events between two polls of a computer.

    `latest`: a session that begins later has a wrong clock, so a session that begins before it still counts as newer. `after_outage`: there
    was an outage between the polls, so sessions that began and ended in it fire no event.
    """
    if before is not None and now.start == before.start:
        if before.end is None and now.end is not None:
            yield "ended", now
        return
    if before is not None and now.start < before.start <= latest:
        return
    if before is not None and before.end is None:
        yield "ended", before
    if now.end is None or not after_outage:
        yield "started", now
    if now.end is not None and not after_outage:
        yield "ended", now


class InvitationEvent(AccountEvent[InvitationsCoordinator]):
    """A quick-support invitation was created, joined by its client, active or closed."""

    _max_events = 50

    def __init__(self, account: GetscreenAccount, coordinator: InvitationsCoordinator, description: EventEntityDescription) -> None:
        """Start with the current invitations, which fire no event."""
        super().__init__(account, coordinator, description)
        self._previous = coordinator.data.invitations if coordinator.data else None

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        super()._handle_coordinator_update()
        if not self.coordinator.last_update_success:
            return
        previous, self._previous = self._previous, self.coordinator.data.invitations
        # The polls before this one failed, so there is nothing to compare.
        if previous is None:
            return
        # The newest invitations have the highest ids.
        self._fire(
            [
                (event_type, _invitation_attributes(invitation))
                for invitation_id, invitation in sorted({**previous, **self._previous}.items())
                for event_type in invitation_events(previous.get(invitation_id), self._previous.get(invitation_id))
            ]
        )


def _invitation_attributes(invitation: Invitation) -> dict[str, Any]:
    return {ATTR_INVITATION_ID: invitation.id, "client_name": invitation.client_name, "client_os": invitation.client_os}


def invitation_events(before: Invitation | None, now: Invitation | None) -> Iterator[str]:
    """Yield the event types of an invitation between two polls. An invitation that is no longer listed was closed."""
    if before is None:
        yield "created"
    if now is None or now.status is InvitationStatus.CLOSED:
        # Which steps came before is unknown, so they fire no event.
        if before is None or before.status is not InvitationStatus.CLOSED:
            yield "closed"
        return
    last = (before and before.status) or InvitationStatus.WAITING_FOR_CLIENT
    yield from (name for status, name in _STEPS.items() if last < status <= (now.status or last))
