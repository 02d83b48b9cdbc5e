"""Stores assumed ends of sessions across restarts, because the server may never send the real ones."""

from collections.abc import Container, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Any

from homeassistant.core import callback

from ..api import Agent
from .hardware_record import stored_time


class SessionEnds:
    """Assumed ends of the agents' last sessions, by agent id, each with the session's start.

    A session is over when its computer goes offline. Without the stored end, the session would seem to run again if Home Assistant
    restarts after the computer is back online.
    """

    def __init__(self) -> None:
        self._ends: dict[int, tuple[datetime, datetime]] = {}

    @callback
    def apply(self, agents: dict[int, Agent], known: Container[int]) -> None:
        """Restore the assumed ends of last sessions in `agents`, except for the agents that are `known` already."""
        for agent_id, (start, end) in self._ends.items():
            agent = None if agent_id in known else agents.get(agent_id)
            session = agent and agent.last_session
            if agent and session and session.start == start and (session.end is None or session.end_assumed):
                agents[agent_id] = replace(agent, last_session=session.with_assumed_end(end))

    @callback
    def async_update(self, agents: Mapping[int, Agent], changed: AbstractSet[int]) -> bool:
        """Update the ends of the agents that changed or left; return whether any end changed."""
        before = self._ends.copy()
        for agent_id in changed | self._ends.keys():
            session = agents[agent_id].last_session if agent_id in agents else None
            if session and session.end and session.end_assumed:
                self._ends[agent_id] = (session.start, session.end)
            else:
                self._ends.pop(agent_id, None)
        return self._ends != before

    def saved(self) -> dict[str, Any]:
        """Return the ends in the form in which they are stored: a list of start and end in Unix seconds, by agent id."""
        return {str(agent_id): [moment.timestamp() for moment in span] for agent_id, span in self._ends.copy().items()}

    @callback
    def restore(self, saved: object) -> None:
        """Restore the ends of an earlier run of Home Assistant. Data that does not have the form of `saved` is ignored."""
        for agent_id, span in saved.items() if isinstance(saved, dict) else ():
            match span:
                case [start, end]:
                    try:
                        self._ends[int(agent_id)] = (stored_time(start), stored_time(end))
                    except ValueError:
                        continue
