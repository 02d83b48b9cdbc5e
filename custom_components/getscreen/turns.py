"""Follows devices whose state a command is about to turn."""

import asyncio
from collections.abc import Mapping

from .api import Agent

# How many quick polls a command is worth.
_QUICK_POLLS = 18


class Turn:
    """A device on its way to be online; after a reboot, it has to have been offline first."""

    def __init__(self, agent_id: int, *, was_offline: bool, awaited: bool) -> None:
        """Begin; `awaited`: somebody waits for it, for longer than polls are quick if need be."""
        self.agent_id = agent_id
        self.awaited = awaited
        self.quick_polls = _QUICK_POLLS
        self.done = asyncio.Event()
        self._was_offline = was_offline

    def see(self, agent: Agent | None) -> None:
        """Take note of the agent as a poll found it; None if it was not there."""
        if agent is None or not agent.online:
            self._was_offline = True
        elif self._was_offline:
            self.done.set()


class Turns:
    """All the devices that are being followed."""

    def __init__(self) -> None:
        """Follow none."""
        self._turns: set[Turn] = set()

    @property
    def quick(self) -> bool:
        """Whether polls are to come quickly."""
        return any(turn.quick_polls > 0 for turn in self._turns)

    def follow(self, turn: Turn) -> None:
        """Follow a device until its state has turned, its quick polls are used up or, where it is awaited, `leave`."""
        self._turns.add(turn)

    def leave(self, turn: Turn) -> None:
        """Stop following a device."""
        self._turns.discard(turn)

    def see(self, agents: Mapping[int, Agent] | None) -> None:
        """Take note of what a poll found; None if it failed."""
        for turn in tuple(self._turns):
            turn.quick_polls -= 1
            if agents is not None:
                turn.see(agents.get(turn.agent_id))
            if turn.done.is_set() or (turn.quick_polls <= 0 and not turn.awaited):
                self._turns.discard(turn)
