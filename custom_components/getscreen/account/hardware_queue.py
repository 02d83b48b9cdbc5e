"""Decides which computers' hardware is read next: spread evenly over the interval, soon for new computers, later after failures."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import islice

from ..api import Agent
from .hardware_record import HardwareRecord

AT_ONCE = 4
# How many new computers are read as soon as they appear. If there are more, the others wait for their turn.
_SOON = 100
# Each turn reads a few computers, at most half of them new. Turns run at twice the rate needed, to leave room to catch up.
_SHORTEST_TURN = timedelta(seconds=10)
_LONGEST_TURN = timedelta(minutes=15)
_HASTE = 2
# After a failure, the computer is skipped for one period, and for twice as many after each further failure. After several failures in a
# row, all computers are skipped until the next period.
PERIOD = timedelta(minutes=15)
_MOST_FAILURES = 3
# Golden ratio: the fractional parts of its multiples are spread evenly over [0, 1).
_GOLDEN = 0.618034


class HardwareQueue:
    """The order in which hardware is read.

    New computers that are read together would be due together again, so each of them is due after its own part (`share`) of the interval.
    """

    def __init__(self, interval: timedelta, records: Mapping[int, HardwareRecord], first: Collection[int]) -> None:
        """Use `records`, the live hardware by agent id. `interval`: time between two readings of a computer.

        `first`: ids of the agents that exist at the start. Agents that appear later are read before those of them that are still new.
        """
        self._interval = interval
        self._records = records
        self._first: AbstractSet[int] = frozenset(first)
        # How many new computers may still be read as soon as they appear.
        self._soon = _SOON + AT_ONCE
        # By agent id: for how many periods the computer is skipped.
        self._backing_off: dict[int, int] = {}
        self._failures: Counter[int] = Counter()
        self._in_a_row = 0
        self.all_back_off = False
        """Whether all computers are skipped until the next period."""

    def turn(self, size: int) -> timedelta:
        """Return the time between two turns for an account of `size` computers."""
        return min(max(AT_ONCE * self._interval / (_HASTE * max(1, size)), _SHORTEST_TURN), _LONGEST_TURN)

    def take_new(self, agents: Mapping[int, Agent]) -> list[int]:
        """Return the ids of new computers that may be read now, without waiting for a turn."""
        new = list(islice((agent_id for agent_id in self._new(agents) if agent_id not in self._first), self._soon))
        # A few are reserved for computers that appear while many wait for their turn.
        first = (agent_id for agent_id in self._new(agents) if agent_id in self._first)
        new += islice(first, max(0, self._soon - AT_ONCE - len(new)))
        self._soon -= len(new)
        return new

    def take_turn(self, agents: Mapping[int, Agent], now: datetime, most: int | None) -> list[int]:
        """Return the ids of the computers of a turn (at most `most`, if given): new ones, and those that are due, oldest reading first."""
        count = most or max(AT_ONCE, int(self.turn(len(agents)) / self._interval * _HASTE * len(agents)))
        new = list(islice(self._new(agents), max(1, count // 2)))
        if not new:
            self._soon = min(_SOON, self._soon + count // 2)
        elif self._soon < AT_ONCE:
            self._soon += 1
        return new + self._due(agents, now)[: count - len(new)]

    def _new(self, agents: Mapping[int, Agent]) -> Iterator[int]:
        known, backing_off = self._records, self._backing_off
        # Usually there is no new one, so thousands of computers need not be searched.
        new = () if agents.keys() <= known.keys() else agents
        return (agent_id for agent_id in new if agent_id not in known and agent_id not in backing_off)

    def _due(self, agents: Mapping[int, Agent], now: datetime) -> list[int]:
        """Return the ids of the computers whose record is too old, and that were online since; oldest reading first."""
        due = [
            (record.asked, agent_id)
            for agent_id, record in self._records.items()
            if agent_id not in self._backing_off
            # A record from the far future was made while the clock was wrong, so it is too old as well.
            and not now - self._interval * record.share < record.asked <= now + self._interval
            and _online_since(agents.get(agent_id), record.asked)
        ]
        return [agent_id for _, agent_id in sorted(due)]

    def share(self, agent_id: int, *, in_turn: bool) -> float:
        """Return the part of the interval (0.5 to 1) after which a computer is due again."""
        return 1.0 if in_turn else 0.5 + agent_id * _GOLDEN % 1 / 2

    def succeeded(self, agent_id: int) -> None:
        """Note that a computer was read."""
        self._in_a_row = 0
        del self._failures[agent_id]

    def failed(self, agent_id: int) -> bool:
        """Note that a computer could not be read, and skip it for some periods; return whether several in a row have failed."""
        self._in_a_row += 1
        self._backing_off[agent_id] = min(2 ** self._failures[agent_id], max(1, self._interval // PERIOD))
        self._failures[agent_id] += 1
        return self._in_a_row >= _MOST_FAILURES

    def back_off(self) -> None:
        """Skip all computers until the next call of `end_period`."""
        self.all_back_off = True
        self._in_a_row = 0

    def end_period(self) -> None:
        """Note that a period is over; to be called once per PERIOD."""
        self._backing_off = {agent_id: periods - 1 for agent_id, periods in self._backing_off.items() if periods > 1}
        self.all_back_off = False


def _online_since(agent: Agent | None, asked: datetime) -> bool:
    return agent is not None and (agent.online is True or (agent.last_seen is not None and agent.last_seen > asked))
