"""Whose hardware is read next: each computer once in the interval, new ones soon, and those that failed later."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from custom_components.getscreen.account.hardware_queue import CONCURRENT_READS, PERIOD, HardwareQueue
from custom_components.getscreen.account.hardware_record import HardwareRecord
from custom_components.getscreen.api import Agent
from tests.api.records import read_agent
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Fleet:
    """Computers with the ids from 1 on, all online, and their known hardware."""

    def __init__(self, size: int, *, first: bool = False, known: int = 0, interval: timedelta = DAY) -> None:
        """`first`: whether the computers exist at the start; `known`: how many were read, the last one two days ago."""
        self.agents: dict[int, Agent] = {number: read_agent(id=number)[0] for number in range(1, size + 1)}
        self.records = {number: HardwareRecord(requested=NOW - timedelta(hours=48 + known - number)) for number in range(1, known + 1)}
        self.queue = HardwareQueue(interval, self.records, self.agents if first else ())

    def batch(self, most: int | None = None) -> list[int]:
        """Return the computers of the next batch."""
        return self.queue.take_batch(self.agents, NOW, most)

    def read(self, agent_ids: list[int]) -> None:
        """Note that computers were read."""
        for agent_id in agent_ids:
            self.records[agent_id] = HardwareRecord(requested=NOW)


@pytest.mark.parametrize(
    ("size", "seconds"), [(0, 900), (1, 900), (40, 900), (200, 864), (1000, 172.8), (10_000, 17.28), (50_000, 10), (10**6, 10)]
)
def test_the_time_between_turns(size: int, seconds: float) -> None:
    """The time between batches is half of what four computers per batch require, between 10 seconds and 15 minutes."""
    assert Fleet(0).queue.batch_interval(size).total_seconds() == pytest.approx(seconds)


def test_a_fleet_is_read_within_the_interval() -> None:
    """For any number of computers, the batches of a day have room for each computer twice."""
    for size in (1, 40, 200, 1000, 10_000, 50_000):
        fleet = Fleet(0)
        fleet.agents = dict.fromkeys(range(1, size + 1), read_agent()[0])
        fleet.records |= {number: HardwareRecord(requested=NOW - 2 * DAY) for number in fleet.agents}
        assert len(fleet.batch()) * (DAY / fleet.queue.batch_interval(size)) >= min(1.9 * size, size * 2 - 1)


# New computers


def test_new_computers_are_read_soon() -> None:
    """Those that appear later come before those that were there at the start."""
    fleet = Fleet(3, first=True)
    fleet.agents[4] = read_agent(id=4)[0]
    assert fleet.queue.take_new(fleet.agents) == [4, 1, 2, 3]


def test_a_large_fleet_at_the_start() -> None:
    """A hundred computers are read soon and the others in batches. Computers that appear later are still read soon."""
    fleet = Fleet(300, first=True)
    soon = fleet.queue.take_new(fleet.agents)
    assert soon == [*range(1, 101)]
    fleet.read(soon)
    assert fleet.queue.take_new(fleet.agents) == []
    fleet.agents |= {number: read_agent(id=number)[0] for number in range(301, 310)}
    late = fleet.queue.take_new(fleet.agents)
    assert late == [301, 302, 303, 304]
    fleet.read(late)
    assert fleet.queue.take_new(fleet.agents) == []


def test_new_computers_in_a_batch() -> None:
    """At most half of a batch are new computers while others are due, so that neither group waits forever."""
    fleet = Fleet(20, first=True, known=10)
    assert fleet.batch() == [11, 12, 1, 2]
    assert fleet.batch(most=1) == [11]
    fleet.read([*range(11, 21)])
    assert fleet.batch() == [1, 2, 3, 4]
    assert fleet.batch(most=1) == [1]


def test_turns_allow_more_new_computers() -> None:
    """After a hundred immediate readings, each batch with new computers allows one more of them, each other batch two."""
    fleet = Fleet(400, first=True)
    fleet.read(fleet.queue.take_new(fleet.agents))
    fleet.agents |= {number: read_agent(id=number)[0] for number in range(501, 520)}
    assert len(fleet.queue.take_new(fleet.agents)) == CONCURRENT_READS
    for _ in range(6):
        fleet.read(fleet.batch())
    late = [agent_id for agent_id in fleet.queue.take_new(fleet.agents) if agent_id > 500]
    assert len(late) == CONCURRENT_READS
    fleet.read([*fleet.agents])
    for _ in range(10):
        fleet.batch()
    fleet.agents |= {number: read_agent(id=number)[0] for number in range(601, 700)}
    assert len(fleet.queue.take_new(fleet.agents)) > 2 * CONCURRENT_READS


# What is due


def test_the_oldest_reading_first() -> None:
    """Of all that are due, those that were read the longest ago."""
    fleet = Fleet(6, known=6)
    assert fleet.batch() == [1, 2, 3, 4]
    fleet.read([1, 2, 3, 4])
    assert fleet.batch() == [5, 6]
    fleet.read([5, 6])
    assert fleet.batch() == []


def test_a_reading_is_due_after_its_part_of_the_interval() -> None:
    """Computers that were read together are due at different times."""
    fleet = Fleet(3)
    for agent_id, share in ((1, 1.0), (2, 0.5), (3, 0.75)):
        fleet.records[agent_id] = HardwareRecord(requested=NOW - timedelta(hours=19), share=share)
    assert fleet.batch() == [2, 3]


@pytest.mark.parametrize(
    ("changes", "is_due"),
    [
        ({"online": True}, True),
        ({"online": False, "last_time": (NOW - timedelta(hours=47)).timestamp()}, True),
        ({"online": False, "last_time": (NOW - timedelta(hours=49)).timestamp()}, False),
        ({"online": False, "last_time": None}, False),
        ({"online": None, "last_time": None}, False),
    ],
)
def test_an_offline_computer(changes: dict[str, object], is_due: bool) -> None:
    """The hardware of an offline computer cannot change, so it is read again only after it was online. A removed computer is not read."""
    fleet = Fleet(1, known=1)
    fleet.agents[1] = read_agent(**{key: int(value) if isinstance(value, float) else value for key, value in changes.items()})[0]
    assert fleet.batch() == ([1] if is_due else [])
    del fleet.agents[1]
    assert fleet.batch() == []


def test_a_reading_in_the_future() -> None:
    """A reading far in the future was made with a wrong clock, so it is due. A reading in the near future is not due."""
    fleet = Fleet(2)
    fleet.records |= {1: HardwareRecord(requested=NOW + timedelta(days=400)), 2: HardwareRecord(requested=NOW + timedelta(hours=3))}
    assert fleet.batch() == [1]


def test_shares() -> None:
    """A reading in a batch is due after the interval, an immediate reading after at least half of it, spread evenly."""
    queue = Fleet(0).queue
    assert queue.share(7, in_batch=True) == 1
    shares = sorted(queue.share(agent_id, in_batch=False) for agent_id in range(100))
    assert shares[0] >= 0.5
    assert shares[-1] < 1
    assert max(later - earlier for earlier, later in pairwise(shares)) < 0.02


# Failures


def periods_of_rest(fleet: Fleet) -> int:
    """Return how many periods pass until the first computer is read again."""
    periods = 0
    while not fleet.batch():
        fleet.queue.end_period()
        periods += 1
    return periods


def test_a_failing_computer_backs_off() -> None:
    """For one period, then twice as long each time, up to the interval; a success ends that."""
    fleet = Fleet(1, known=1, interval=timedelta(hours=2))
    found = []
    for _ in range(6):
        fleet.queue.failed(1)
        found.append(periods_of_rest(fleet))
    assert found == [1, 2, 4, 8, 8, 8]
    assert timedelta(hours=2) == 8 * PERIOD
    fleet.queue.succeeded(1)
    fleet.queue.failed(1)
    assert periods_of_rest(fleet) == 1


def test_a_failing_new_computer_backs_off() -> None:
    """The new computer is not read until its back-off ends, while others are read."""
    fleet = Fleet(2)
    fleet.queue.failed(1)
    assert fleet.queue.take_new(fleet.agents) == [2]
    assert fleet.batch() == [2]
    fleet.queue.end_period()
    assert fleet.queue.take_new(fleet.agents) == [1, 2]


def test_all_back_off_after_three_failures_in_a_row() -> None:
    """Then the computers are not the cause. A success restarts the count, and the end of the period ends the back-off."""
    queue = Fleet(5).queue
    assert [queue.failed(1), queue.failed(2)] == [False, False]
    queue.succeeded(3)
    assert [queue.failed(1), queue.failed(2), queue.failed(3)] == [False, False, True]
    queue.back_off()
    assert queue.all_back_off
    assert queue.failed(4) is False
    queue.end_period()
    assert not queue.all_back_off
