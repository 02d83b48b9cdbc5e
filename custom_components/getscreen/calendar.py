"""The account's sessions as a calendar; the running session is the current event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import override

from homeassistant.components.calendar import CalendarEntity, CalendarEntityDescription, CalendarEvent
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .account import GetscreenAccount
from .account.agents import AgentsCoordinator
from .account.registry import async_session_name
from .account.session_history import end_of
from .api import Agent, HistoryQuery, HistoryRecord, Session
from .entities import PolledAccountEntity
from .entry import GetscreenConfigEntry
from .exceptions import translated_errors
from .texts import async_session_text, short

# The current event comes from the poll of the agents. The history is read when the calendar is opened.
PARALLEL_UPDATES = 0

# Twenty pages: a month of an account with seventy sessions a day.
_MOST_EVENTS = 2000
_SHORTEST = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
# The server searches by a session's start, so sessions of up to this length that began before a range are found.
_BEFORE = _DAY
_FIRST = datetime(1970, 1, 1, tzinfo=UTC) + _BEFORE
_LAST = datetime(9998, 1, 1, tzinfo=UTC)
# Home Assistant's calendar triggers ask for 15 minutes and a second at a time.
_TRIGGER_RANGE = timedelta(minutes=16)
# Ranges of this many triggers (and other readers) can be followed at the same time.
_MOST_RANGES = 100

DESCRIPTIONS = (CalendarEntityDescription(key="connection_history"),)


async def async_setup_entry(_hass: HomeAssistant, entry: GetscreenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Set up the calendar of an account."""
    account = entry.runtime_data
    async_add_entities(ConnectionHistory(account, account.agents, description) for description in DESCRIPTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """A session of the calendar: `end` is None while it runs."""

    uid: str
    start: datetime
    end: datetime | None
    name: str
    description: str | None

    def shown(self, start: datetime, end: datetime) -> CalendarEvent:
        """Return the session as an event that begins and ends at these times, but lasts a second at least."""
        start, end = dt_util.as_local(start), dt_util.as_local(max(end, start + _SHORTEST))
        if end.replace(tzinfo=None) < start.replace(tzinfo=None):
            # In the hour that comes twice when clocks go back. Home Assistant subtracts wall clocks and rejects such an event.
            end = start.replace(fold=1)
        return CalendarEvent(
            start=start,
            end=end,
            summary=short(self.name),
            description=self.description,
            uid=self.uid,
        )


class ConnectionHistory(PolledAccountEntity[AgentsCoordinator], CalendarEntity):
    """The sessions of the account's computers, and those of quick support."""

    entity_description: CalendarEntityDescription

    def __init__(self, account: GetscreenAccount, coordinator: AgentsCoordinator, description: CalendarEntityDescription) -> None:
        super().__init__(account, coordinator, description)
        self._running: tuple[Agent, Session] | None = None
        self._running_since = dt_util.utcnow()
        self._find_running()
        # By the end of a range that was asked for: the sessions that were over by then.
        self._over: dict[datetime, frozenset[str]] = {}

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        self._find_running()
        super()._handle_coordinator_update()

    def _find_running(self) -> None:
        """Cache the running session: a state asks for it several times, and an account may have thousands of computers."""
        now = dt_util.utcnow()
        before, self._running = self._running, _latest_running(self.coordinator.data.values(), now)
        if self._running and (before is None or _identity(before) != _identity(self._running)):
            # The server's clock may be ahead: a session that runs has begun, and its start is not to move from poll to poll.
            self._running_since = min(self._running[1].start, now.replace(microsecond=0))

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return the session that runs right now, if there is one."""
        if self._running is None:
            return None
        # The end is unknown. With whole days, the state stays on and the attributes do not change with each poll.
        days = (dt_util.utcnow() - self._running_since) // _DAY + 1
        return self._listed(*self._running).shown(_begun(self._running_since), self._running_since + days * _DAY)

    @override
    async def async_get_events(self, hass: HomeAssistant, start_date: datetime, end_date: datetime) -> list[CalendarEvent]:
        """Return the sessions that overlap a range, the newest 2,000 of them (`history/list`); raises HomeAssistantError.

        Sessions that began more than a day before the range are among them if they are the last ones of their computers.
        """
        start, end = (dt_util.as_utc(min(max(moment, _FIRST), _LAST)) for moment in (start_date, end_date))
        # A trigger's next range begins where its last one ended; Home Assistant adds a second to the end.
        known, next_start = self._over.get(start), end - _SHORTEST
        by_trigger = known is not None or end - start <= _TRIGGER_RANGE
        try:
            sessions = await self._sessions(min(start, dt_util.utcnow()) - _BEFORE, end)
        except HomeAssistantError:
            self._remember(next_start, known)
            raise
        if by_trigger:
            self._remember(next_start, frozenset(session.uid for session in sessions if session.end))
        now = dt_util.utcnow()
        events = []
        for session in sessions:
            if session.end is None:
                # For a trigger, a running session has to have begun before the range and to end after it.
                began, ended = (start - _SHORTEST, end) if by_trigger else (now, now)
                event = session.shown(min(session.start, began), ended)
            elif known is not None and session.uid not in known:
                # It ended since the trigger's last question, which was about the time until now, so it has to end in this range.
                event = session.shown(session.start, max(session.end, start + _SHORTEST))
            else:
                event = session.shown(session.start, session.end)
            if event.start < end and event.end > start:
                events.append(event)
        # Wall clocks would order an hour that comes twice wrongly.
        return sorted(events, key=lambda event: event.start_datetime_local.timestamp())[-_MOST_EVENTS:]

    @callback
    def _remember(self, range_end: datetime, over: frozenset[str] | None) -> None:
        """Remember which sessions were over when the range up to `range_end` was asked for."""
        self._over.pop(range_end, None)
        if over is not None:
            self._over[range_end] = over
        if len(self._over) > _MOST_RANGES:
            del self._over[next(iter(self._over))]

    async def _sessions(self, start: datetime, end: datetime) -> list[_Event]:
        """Return the sessions that began from `start` to `end`, and those of the account's list that this search does not find."""
        with translated_errors(self.account.entry.title):
            page = await self.account.history.async_sessions(HistoryQuery(start=start, end=end, limit=_MOST_EVENTS))
        records = [self._recorded(record, record.start) for record in page.records if record.start]
        # A list without ids of sessions has their starts.
        found = {record.id for record in page.records} | {(record.agent_id, record.start) for record in page.records}
        listed = [
            self._listed(agent, session)
            for agent, session in _last_sessions(self.coordinator.data.values())
            if ((agent.id, session.start) if session.id is None else session.id) not in found
            and (session.end is None or session.start < start < session.end)
        ]
        return records + listed

    def _listed(self, agent: Agent, session: Session) -> _Event:
        return _Event(
            uid=f"{agent.id}-{int(session.start.timestamp())}" if session.id is None else str(session.id),
            start=session.start,
            end=session.end,
            name=async_session_name(self.hass, self.account.entry, agent.id, agent.name),
            description=async_session_text(
                self.hass, [session.client], agent.group, session.end - session.start if session.end and not session.end_assumed else None
            ),
        )

    def _recorded(self, record: HistoryRecord, start: datetime) -> _Event:
        end = end_of(record, self.coordinator.data, self.account.open_invitations)
        return _Event(
            uid=str(record.id),
            start=start,
            end=end,
            name=async_session_name(self.hass, self.account.entry, record.agent_id, record.agent_name),
            # The duration is not known where the server never wrote the end.
            description=async_session_text(self.hass, record.clients, record.agent_group, record.end - start if record.end else None),
        )


def _last_sessions(agents: Iterable[Agent]) -> Iterator[tuple[Agent, Session]]:
    return ((agent, agent.last_session) for agent in agents if agent.last_session)


def _latest_running(agents: Iterable[Agent], now: datetime) -> tuple[Agent, Session] | None:
    """Return the running session that began last; one that begins more than a day in the future is a mistake, and comes last."""
    running = (pair for pair in _last_sessions(agents) if pair[1].end is None)
    return max(running, key=lambda pair: (pair[1].start <= now + _DAY, pair[1].start), default=None)


def _begun(start: datetime) -> datetime:
    """Return the start of a running session, earlier if by wall clocks it were still to come: Home Assistant compares those."""
    shown, now = dt_util.as_local(start), dt_util.now()
    ahead = shown.replace(tzinfo=None) - now.replace(tzinfo=None)
    # Only in the hour that comes twice when clocks go back.
    return start - _HOUR if ahead > timedelta() else start


def _identity(running: tuple[Agent, Session]) -> tuple[int, datetime]:
    agent, session = running
    return agent.id, session.start
