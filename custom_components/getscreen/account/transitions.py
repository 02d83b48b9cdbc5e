"""Follows computers that a command is to bring online, or to restart."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from homeassistant.core import callback

from ..api import Agent
from .schedule import Schedule


class Transition:
    """A computer that is about to come online; after a reboot, it has to have been offline first."""

    def __init__(self, agent_id: int, *, restart: bool) -> None:
        self.agent_id = agent_id
        self.restart = restart
        self.over = asyncio.Event()
        self.cancelled = False
        self._was_offline = not restart

    def see(self, agent: Agent | None) -> None:
        """Compare with the agent as a poll found it; None if it has left. An unknown state is neither online nor offline."""
        if agent is None:
            self.cancel()
        elif agent.online is False:
            self._was_offline = True
        elif agent.online and self._was_offline:
            self.over.set()

    def cancel(self) -> None:
        """End without success."""
        self.cancelled = True
        self.over.set()


class Transitions:
    """All the computers that are followed: those that an action waits for, and those that only ask for quick polls."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._hastened: set[Transition] = set()
        self._awaited: set[Transition] = set()
        self._ended = False

    @contextmanager
    def following(self, transition: Transition) -> Iterator[Transition]:
        """Follow a computer in the block."""
        if self._ended:
            transition.cancel()
        self._awaited.add(transition)
        try:
            yield transition
        finally:
            self._awaited.discard(transition)

    def hasten(self, transition: Transition) -> None:
        """Ask for quick polls until a transition is over."""
        self._hastened.add(transition)
        self._schedule.hasten(transition)

    def settle(self, agents: Mapping[int, Agent]) -> None:
        """Compare with the agents at hand."""
        for transition in self._awaited | self._hastened:
            transition.see(agents.get(transition.agent_id))
        for transition in [transition for transition in self._hastened if transition.over.is_set()]:
            self._schedule.calm(transition)
            self._hastened.discard(transition)

    @callback
    def async_end(self) -> None:
        """Stop following all computers, because there will be no more polls."""
        self._ended = True
        for transition in self._awaited:
            transition.cancel()
        for transition in self._hastened:
            self._schedule.calm(transition)
        self._hastened.clear()
