"""Follows computers that a command is to bring online, or to restart."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from homeassistant.core import callback

from ..api import Agent

# The number of quick polls after a command: three minutes.
_QUICK_POLLS = 18


class TransitionKind(StrEnum):
    """What a computer is doing after a command."""

    WAKING = "waking"
    REBOOTING = "rebooting"


class Transition:
    """A computer that is about to come online; after a reboot, it has to have been offline first."""

    def __init__(self, agent_id: int, *, restart: bool) -> None:
        self.agent_id = agent_id
        self.restart = restart
        self.over = asyncio.Event()
        self.cancelled = False
        self.quick_polls = 0
        self._was_offline = not restart

    def hasten(self) -> None:
        """Ask for quick polls from now on."""
        self.quick_polls = _QUICK_POLLS

    @property
    def quick(self) -> bool:
        """Whether quick polls are still worth while."""
        return self.quick_polls > 0 and not self.over.is_set()

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

    def __init__(self) -> None:
        self.hastened: set[Transition] = set()
        self.awaited: set[Transition] = set()
        self.known: dict[int, TransitionKind] = {}
        """What computers were doing at the last `changes`, by agent id, until it is over or no poll follows it any more."""
        self._ended = False

    @contextmanager
    def following(self, transition: Transition) -> Iterator[Transition]:
        """Follow a computer in the block."""
        if self._ended:
            transition.cancel()
        self.awaited.add(transition)
        try:
            yield transition
        finally:
            self.awaited.discard(transition)

    @property
    def quick(self) -> bool:
        """Whether polls are to come quickly."""
        return any(transition.quick for transition in self.hastened)

    def changes(self) -> frozenset[int]:
        """Bring `known` up to date; return the ids of the agents for which it changed."""
        before, self.known = self.known, {}
        for transition in self.hastened | self.awaited:
            if not transition.over.is_set() and (transition.quick_polls > 0 or transition in self.awaited):
                kind = TransitionKind.REBOOTING if transition.restart else TransitionKind.WAKING
                self.known[transition.agent_id] = kind if transition.restart else self.known.get(transition.agent_id, kind)
        return frozenset(agent_id for agent_id in before.keys() | self.known.keys() if before.get(agent_id) != self.known.get(agent_id))

    def see(self, agents: Mapping[int, Agent] | None) -> None:
        """Compare with the agents of a poll; None if it failed."""
        for transition in self.hastened:
            transition.quick_polls -= 1
        if agents is not None:
            self.settle(agents)
        self.hastened = {transition for transition in self.hastened if transition.quick}

    def settle(self, agents: Mapping[int, Agent]) -> None:
        """Compare with the agents at hand, without a poll."""
        for transition in self.awaited | self.hastened:
            transition.see(agents.get(transition.agent_id))

    @callback
    def async_end(self) -> None:
        """Stop following all computers, because there will be no more polls."""
        self._ended = True
        for transition in self.awaited:
            transition.cancel()
        self.hastened.clear()
