"""Follows computers after a command to wake or reboot, until they are online."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from homeassistant.core import callback

from ..api import Agent
from .schedule import Schedule


class TransitionKind(StrEnum):
    """What a computer is doing after a command."""

    WAKING = "waking"
    REBOOTING = "rebooting"


class Transition:
    """A computer that is about to come online; after a command to reboot (`restart`), it has to be offline first.

    `finished` is set when the computer is online, and also when the transition is cancelled; `cancelled` is True in the latter case.
    """

    def __init__(self, agent_id: int, *, restart: bool) -> None:
        self.agent_id = agent_id
        self.restart = restart
        self.finished = asyncio.Event()
        self.cancelled = False
        self._was_offline = not restart

    def update(self, agent: Agent | None) -> None:
        """Update with the agent that a poll returned; None if it left the account. An unknown state is neither online nor offline."""
        if agent is None:
            self.cancel()
        elif agent.online is False:
            self._was_offline = True
        elif agent.online and self._was_offline:
            self.finished.set()

    def cancel(self) -> None:
        """End without success."""
        self.cancelled = True
        self.finished.set()


class Transitions:
    """The computers that are followed: those that an action waits for, and those that only make polls more frequent."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._boosting: set[Transition] = set()
        self._awaited: set[Transition] = set()
        self.current: dict[int, TransitionKind] = {}
        """What each computer was doing at the last call of `update_current`, by agent id; without finished transitions."""
        self._ended = False

    @contextmanager
    def following(self, transition: Transition) -> Iterator[Transition]:
        """Follow a computer while the block runs."""
        if self._ended:
            transition.cancel()
        self._awaited.add(transition)
        try:
            yield transition
        finally:
            self._awaited.discard(transition)

    def boost(self, transition: Transition) -> None:
        """Make polls more frequent until a transition is finished, or for three minutes."""
        self._boosting.add(transition)
        self._schedule.boost(transition)

    def update_current(self) -> frozenset[int]:
        """Bring `current` up to date; return the ids of the agents for which it changed."""
        before, self.current = self.current, {}
        self._boosting = {transition for transition in self._boosting if self._schedule.is_boosting(transition)}
        for transition in self._boosting | self._awaited:
            if not transition.finished.is_set():
                kind = TransitionKind.REBOOTING if transition.restart else TransitionKind.WAKING
                self.current[transition.agent_id] = kind if transition.restart else self.current.get(transition.agent_id, kind)
        return frozenset(agent_id for agent_id in before.keys() | self.current.keys() if before.get(agent_id) != self.current.get(agent_id))

    def update(self, agents: Mapping[int, Agent]) -> None:
        """Update the transitions with the current agents, and end the boosts of those that are finished."""
        for transition in self._awaited | self._boosting:
            transition.update(agents.get(transition.agent_id))
        for transition in [transition for transition in self._boosting if transition.finished.is_set()]:
            self._schedule.end_boost(transition)
            self._boosting.discard(transition)

    @callback
    def async_end(self) -> None:
        """Cancel all transitions, because there will be no more polls."""
        self._ended = True
        for transition in self._awaited:
            transition.cancel()
        for transition in self._boosting:
            self._schedule.end_boost(transition)
        self._boosting.clear()
