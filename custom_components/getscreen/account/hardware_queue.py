"""Decides which computers' hardware is read next: spread evenly over the interval, soon for new computers, later after failures."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import islice

from ..api import Agent
from .hardware_record import HardwareRecord

CONCURRENT_READS = 4
# How many new computers are read as soon as they appear. If there are more, the others wait for a batch.
_IMMEDIATE = 100
# Each batch has a few computers, at most half of them new. Batches are read at twice the rate needed, to leave room to catch up.
_SHORTEST_INTERVAL = timedelta(seconds=10)
_LONGEST_INTERVAL = timedelta(minutes=15)
_RATE_FACTOR = 2
# After a failure, the computer is skipped for one period, and for twice as many after each further failure. After several failures in a
# row, all computers are skipped until the next period.
PERIOD = timedelta(minutes=15)
_MAX_FAILURES = 3
# Golden ratio: the fractional parts of its multiples are spread evenly over [0, 1).
_GOLDEN = 0.618034


class HardwareQueue:
    """The order in which hardware is read.

    New computers that are read together would be due together again, so each of them is due after its own part (`share`) of the interval.
    """

    def __init__(self, interval: timedelta, records: Mapping[int, HardwareRecord], initial: Collection[int]) -> None:
        """Use `records`, the live hardware by agent id. `interval`: time between two readings of a computer.

        `initial`: ids of the agents that exist at the start. Agents that appear later are read before those of them that are still new.
        """
        self._interval = interval
        self._records = records
        self._initial: AbstractSet[int] = frozenset(initial)
        # How many new computers may still be read as soon as they appear.
        self._immediate_left = _IMMEDIATE + CONCURRENT_READS
        # By agent id: for how many periods the computer is skipped.
        self._backing_off: dict[int, int] = {}
        self._failures: Counter[int] = Counter()
        self._failures_in_a_row = 0
        self.all_back_off = False
        """Whether all computers are skipped until the next period."""

    def batch_interval(self, size: int) -> timedelta:
        """Return the time between two batches for an account of `size` computers."""
        return min(max(CONCURRENT_READS * self._interval / (_RATE_FACTOR * max(1, size)), _SHORTEST_INTERVAL), _LONGEST_INTERVAL)

    def take_new(self, agents: Mapping[int, Agent]) -> list[int]:
        """Return the ids of new computers that may be read now, without waiting for a batch."""
        new = list(islice((agent_id for agent_id in self._new(agents) if agent_id not in self._initial), self._immediate_left))
        # A few are reserved for computers that appear while many wait for a batch.
        initial = (agent_id for agent_id in self._new(agents) if agent_id in self._initial)
        new += islice(initial, max(0, self._immediate_left - CONCURRENT_READS - len(new)))
        self._immediate_left -= len(new)
        return new

    def take_batch(self, agents: Mapping[int, Agent], now: datetime, max_count: int | None) -> list[int]:
        """Return the ids of the next computers (at most `max_count`, if given): new ones, and those that are due, oldest reading first."""
        count = max_count or max(CONCURRENT_READS, int(self.batch_interval(len(agents)) / self._interval * _RATE_FACTOR * len(agents)))
        new = list(islice(self._new(agents), max(1, count // 2)))
        if not new:
            self._immediate_left = min(_IMMEDIATE, self._immediate_left + count // 2)
        elif self._immediate_left < CONCURRENT_READS:
            self._immediate_left += 1
        return new + self._due(agents, now)[: count - len(new)]

    def _new(self, agents: Mapping[int, Agent]) -> Iterator[int]:
        known, backing_off = self._records, self._backing_off
        # Usually there is no new one, so thousands of computers need not be searched.
        new = () if agents.keys() <= known.keys() else agents
        return (agent_id for agent_id in new if agent_id not in known and agent_id not in backing_off)

    def _due(self, agents: Mapping[int, Agent], now: datetime) -> list[int]:
        """Return the ids of the computers whose record is too old, and that were online since; oldest reading first."""
        due = [
            (record.requested, agent_id)
            for agent_id, record in self._records.items()
            if agent_id not in self._backing_off
            # A record from the far future was made while the clock was wrong, so it is too old as well.
            and not now - self._interval * record.share < record.requested <= now + self._interval
            and _online_since(agents.get(agent_id), record.requested)
        ]
        return [agent_id for _, agent_id in sorted(due)]

    def share(self, agent_id: int, *, in_batch: bool) -> float:
        """Return the part of the interval (0.5 to 1) after which a computer is due again."""
        return 1.0 if in_batch else 0.5 + agent_id * _GOLDEN % 1 / 2

    def succeeded(self, agent_id: int) -> None:
        """Note that a computer was read."""
        self._failures_in_a_row = 0
        del self._failures[agent_id]

    def failed(self, agent_id: int) -> bool:
        """Note that a computer could not be read, and skip it for some periods; return whether several in a row have failed."""
        self._failures_in_a_row += 1
        self._backing_off[agent_id] = min(2 ** self._failures[agent_id], max(1, self._interval // PERIOD))
        self._failures[agent_id] += 1
        return self._failures_in_a_row >= _MAX_FAILURES

    def back_off(self) -> None:
        """Skip all computers until the next call of `end_period`."""
        self.all_back_off = True
        self._failures_in_a_row = 0

    def end_period(self) -> None:
        """Note that a period is over; to be called once per PERIOD."""
        self._backing_off = {agent_id: periods - 1 for agent_id, periods in self._backing_off.items() if periods > 1}
        self.all_back_off = False


def _online_since(agent: Agent | None, requested: datetime) -> bool:
    return agent is not None and (agent.online is True or (agent.last_seen is not None and agent.last_seen > requested))
