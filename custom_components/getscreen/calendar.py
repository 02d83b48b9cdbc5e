"""The account's sessions as a calendar: each one an event, the one that runs right now the current event."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import override

from homeassistant.components.calendar import CalendarEntity, CalendarEntityDescription, CalendarEvent
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .agents import AgentsCoordinator
from .api import Agent, HistoryRecord, Session
from .coordinator import GetscreenConfigEntry
from .entity import AccountEntity
from .errors import translated_errors
from .wording import async_session_name, session_text

# The current event comes from the poll of the agents; the history is read when somebody looks.
PARALLEL_UPDATES = 0

# Twenty pages: a month of an account with seventy sessions a day.
_MOST_EVENTS = 2000
_SHORTEST = timedelta(seconds=1)
_DAY = timedelta(days=1)

DESCRIPTIONS = (CalendarEntityDescription(key="connection_history"),)


async def async_setup_entry(_hass: HomeAssistant, entry: GetscreenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Set up the calendar of an account."""
    async_add_entities(ConnectionHistory(entry.runtime_data.agents, description) for description in DESCRIPTIONS)


class ConnectionHistory(AccountEntity[AgentsCoordinator], CalendarEntity):
    """The sessions with the account's computers and guests."""

    entity_description: CalendarEntityDescription

    def __init__(self, coordinator: AgentsCoordinator, description: CalendarEntityDescription) -> None:
        """Begin with what the last poll found."""
        super().__init__(coordinator, description)
        self._running = _latest_running(coordinator.data.values())

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        # Kept, as a state asks for the event several times and an account may have thousands of agents.
        self._running = _latest_running(self.coordinator.data.values())
        super()._handle_coordinator_update()

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return the session that runs right now, if there is one."""
        if self._running is None:
            return None
        agent, session = self._running
        # Nobody knows when it ends. Whole days keep the state on, and its attributes the same from poll to poll.
        days = max(1, (dt_util.utcnow() - session.start) // _DAY + 1)
        return self._running_event(agent, session, session.start + days * _DAY)

    @override
    async def async_get_events(self, hass: HomeAssistant, start_date: datetime, end_date: datetime) -> list[CalendarEvent]:
        """Return the sessions of a range, as `history/list` has them."""
        entry = self.coordinator.config_entry
        with translated_errors(entry.title):
            page = await entry.runtime_data.history.async_sessions(start=start_date, end=end_date, limit=_MOST_EVENTS)
        now = dt_util.utcnow()
        events = [self._event(record, record.start, now) for record in page.records if record.start]
        # The server looks for those that began in the range; one that runs may have begun before.
        known = {event.uid for event in events}
        running = [self._running_event(agent, session, now) for agent, session in _running(self.coordinator.data.values())]
        events += [event for event in running if event.uid not in known]
        return sorted((event for event in events if event.start < end_date and event.end > start_date), key=lambda event: event.start)

    def _running_event(self, agent: Agent, session: Session, end: datetime) -> CalendarEvent:
        return CalendarEvent(
            start=dt_util.as_local(session.start),
            end=dt_util.as_local(max(end, session.start + _SHORTEST)),
            summary=self._name(agent.id, agent.name),
            description=session_text([session.client], agent.group),
            uid=None if session.id is None else str(session.id),
        )

    def _event(self, record: HistoryRecord, start: datetime, now: datetime) -> CalendarEvent:
        return CalendarEvent(
            start=dt_util.as_local(start),
            end=dt_util.as_local(max(record.end or now, start + _SHORTEST)),
            summary=self._name(record.agent_id, record.agent_name),
            description=session_text(record.clients, record.agent_group, record.end - start if record.end else None),
            uid=str(record.id),
        )

    def _name(self, agent_id: int | None, name: str | None) -> str:
        return async_session_name(self.hass, self.coordinator.config_entry, agent_id, name)


def _running(agents: Iterable[Agent]) -> Iterator[tuple[Agent, Session]]:
    return ((agent, agent.last_session) for agent in agents if agent.last_session and agent.last_session.end is None)


def _latest_running(agents: Iterable[Agent]) -> tuple[Agent, Session] | None:
    return max(_running(agents), key=lambda pair: pair[1].start, default=None)
