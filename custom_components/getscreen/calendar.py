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

# The current event comes from the polls. The history is only read when a calendar view or a trigger asks for a range.
PARALLEL_UPDATES = 0

# Twenty pages of `history/list`: enough for a month with about seventy sessions a day.
_MAX_EVENTS = 2000
_SHORTEST = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
# The server filters by a session's start, so a search begins this much earlier to find sessions that reach into the range.
_SEARCH_MARGIN = _DAY
_FIRST = datetime(1970, 1, 1, tzinfo=UTC) + _SEARCH_MARGIN
_LAST = datetime(9998, 1, 1, tzinfo=UTC)
# A range of at most this length comes from a calendar trigger of Home Assistant, which requests 15 minutes and a second.
_TRIGGER_RANGE = timedelta(minutes=16)
# The most ranges to remember: one for each calendar trigger, and for each other caller that requests short ranges.
_MAX_RANGES = 100

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
        """Return the session as an event that begins and ends at these times, and lasts at least a second."""
        start, end = dt_util.as_local(start), dt_util.as_local(max(end, start + _SHORTEST))
        if end.replace(tzinfo=None) < start.replace(tzinfo=None):
            # When clocks are set back, an hour repeats. Home Assistant compares wall-clock times and rejects an end before the start.
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
        # By the end of a trigger's range: the ids of the sessions that had ended when the range was read.
        self._ended_by_range: dict[datetime, frozenset[str]] = {}

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        self._find_running()
        super()._handle_coordinator_update()

    def _find_running(self) -> None:
        """Cache the running session: writing a state reads it several times, and an account may have thousands of computers."""
        now = dt_util.utcnow()
        before, self._running = self._running, _latest_running(self.coordinator.data.values(), now)
        if self._running and (before is None or _identity(before) != _identity(self._running)):
            # The server's clock may be ahead, but a running session has begun. The start is set once, so polls do not move it.
            self._running_since = min(self._running[1].start, now.replace(microsecond=0))

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return the running session; None if there is none."""
        if self._running is None:
            return None
        # The end is unknown. A number of whole days keeps the state on, and the attributes change only once a day.
        days = (dt_util.utcnow() - self._running_since) // _DAY + 1
        return self._listed(*self._running).shown(_displayed_start(self._running_since), self._running_since + days * _DAY)

    @override
    async def async_get_events(self, hass: HomeAssistant, start_date: datetime, end_date: datetime) -> list[CalendarEvent]:
        """Return the newest sessions that overlap a range, at most 2,000 (`history/list`); raises HomeAssistantError.

        A session that began more than a day before the range is only found if it is the last one of its computer.
        """
        start, end = (dt_util.as_utc(min(max(moment, _FIRST), _LAST)) for moment in (start_date, end_date))
        # A trigger's next range begins where its last one ended; Home Assistant adds a second to the end.
        known, next_start = self._ended_by_range.get(start), end - _SHORTEST
        by_trigger = known is not None or end - start <= _TRIGGER_RANGE
        try:
            sessions = await self._sessions(min(start, dt_util.utcnow()) - _SEARCH_MARGIN, end)
        except HomeAssistantError:
            self._cache_ended(next_start, known)
            raise
        if by_trigger:
            self._cache_ended(next_start, frozenset(session.uid for session in sessions if session.end))
        now = dt_util.utcnow()
        events = []
        for session in sessions:
            if session.end is None:
                # A running session must not fire a trigger, so it begins before the trigger's range and ends after it.
                began, ended = (start - _SHORTEST, end) if by_trigger else (now, now)
                event = session.shown(min(session.start, began), ended)
            elif known is not None and session.uid not in known:
                # The session ended after the trigger read its last range. It has to end in this range, or no trigger would fire.
                event = session.shown(session.start, max(session.end, start + _SHORTEST))
            else:
                event = session.shown(session.start, session.end)
            if event.start < end and event.end > start:
                events.append(event)
        # Timestamps, because wall-clock times are ambiguous in the hour that repeats when clocks are set back.
        return sorted(events, key=lambda event: event.start_datetime_local.timestamp())[-_MAX_EVENTS:]

    @callback
    def _cache_ended(self, range_end: datetime, ended: frozenset[str] | None) -> None:
        """Cache which sessions had ended when the range up to `range_end` was read; nothing if `ended` is None."""
        self._ended_by_range.pop(range_end, None)
        if ended is not None:
            self._ended_by_range[range_end] = ended
        if len(self._ended_by_range) > _MAX_RANGES:
            del self._ended_by_range[next(iter(self._ended_by_range))]

    async def _sessions(self, start: datetime, end: datetime) -> list[_Event]:
        """Return the sessions that began from `start` to `end`, and those of the last poll that run now or ran at `start`."""
        with translated_errors(self.account.entry.title):
            page = await self.account.history.async_sessions(HistoryQuery(start=start, end=end, limit=_MAX_EVENTS))
        records = [self._recorded(record, record.start) for record in page.records if record.start]
        # Some servers list a computer's last session without its id; then the computer and the start identify it.
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
            # Without a recorded end, `end` is an assumption and the duration is unknown.
            description=async_session_text(self.hass, record.clients, record.agent_group, record.end - start if record.end else None),
        )


def _last_sessions(agents: Iterable[Agent]) -> Iterator[tuple[Agent, Session]]:
    return ((agent, agent.last_session) for agent in agents if agent.last_session)


def _latest_running(agents: Iterable[Agent], now: datetime) -> tuple[Agent, Session] | None:
    """Return the running session that began last. One that begins more than a day in the future is an error, and is the last choice."""
    running = (pair for pair in _last_sessions(agents) if pair[1].end is None)
    return max(running, key=lambda pair: (pair[1].start <= now + _DAY, pair[1].start), default=None)


def _displayed_start(start: datetime) -> datetime:
    """Return the start of a running session; an hour earlier if its wall-clock time, which Home Assistant compares, is in the future."""
    shown, now = dt_util.as_local(start), dt_util.now()
    ahead = shown.replace(tzinfo=None) - now.replace(tzinfo=None)
    # This happens only in the hour that repeats when clocks are set back.
    return start - _HOUR if ahead > timedelta() else start


def _identity(running: tuple[Agent, Session]) -> tuple[int, datetime]:
    agent, session = running
    return agent.id, session.start
