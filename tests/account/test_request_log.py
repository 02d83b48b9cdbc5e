"""How many requests went through, by their age, over restarts and clocks that are set."""

import json
import math
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
import pytest

from custom_components.getscreen.account.request_log import RequestLog
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR, MINUTE, FakeClock
from .strategies import JSON, ODD_NUMBERS

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]

COUNTS = st.lists(st.integers(0, 9) | ODD_NUMBERS | JSON, max_size=20) | JSON


@pytest.mark.parametrize(
    ("age", "step"),
    [(MINUTE, MINUTE), (HOUR, MINUTE), (DAY, MINUTE), (50 * HOUR - MINUTE, MINUTE), (50 * HOUR, HOUR), (30 * DAY, HOUR), (61 * DAY, HOUR)],
)
def test_a_request_counts_until_it_has_an_age(age: float, step: float) -> None:
    """A request is counted until a minute before it has the age, an hour for two days and more, and no longer once it has the age."""
    clock = FakeClock()
    log = RequestLog(clock.clock)
    log.add()
    clock.pass_time(age - step)
    assert log.count(age) == 1
    clock.pass_time(step)
    assert log.count(age) == 0
    assert log.count(62 * DAY) == 1


def test_a_request_counts_at_once() -> None:
    """Simultaneous requests are all counted, for any age."""
    clock = FakeClock()
    log = RequestLog(clock.clock)
    assert log.count(DAY) == 0
    log.add()
    log.add()
    assert [log.count(age) for age in (MINUTE, HOUR, DAY, 50 * HOUR, 62 * DAY)] == [2] * 5


def test_a_span_in_the_past() -> None:
    """Requests younger than the end of the span are not counted, whether they are minutes or weeks old."""
    clock = FakeClock()
    log = RequestLog(clock.clock)
    for _ in range(10):
        log.add()
        clock.pass_time(DAY)
    for _ in range(60):
        log.add()
        clock.pass_time(MINUTE)
    assert log.count(HOUR, 20 * MINUTE) == 40
    assert log.count(2 * DAY + 90 * MINUTE, 90 * MINUTE) == 2
    assert log.count(8 * DAY + 2 * HOUR, 4 * DAY + 2 * HOUR) == 4


def test_old_requests_are_forgotten() -> None:
    """Counts by minute are stored for two days and counts by hour for two months. Older ones are dropped."""
    clock = FakeClock()
    log = RequestLog(clock.clock)
    for _ in range(63 * 24):
        log.add()
        clock.pass_time(HOUR)
    assert log.count(62 * DAY) in {62 * 24 - 1, 62 * 24}
    assert log.count(100 * DAY) <= 62 * 24
    saved = log.saved()
    assert (len(saved["minutes"]), len(saved["hours"])) == (49 * 60 + 1, 62 * 24)
    assert len(json.dumps(saved)) < 20_000
    clock.pass_time(63 * DAY)
    log.add()
    assert log.count(100 * DAY) == 1
    assert log.saved() == {"at": clock.now, "minutes": [1], "hours": [1]}


@pytest.mark.parametrize("away", [0.0, 20.0, 5 * MINUTE, 3 * HOUR, 30 * HOUR, 40 * DAY])
def test_a_restart(away: float) -> None:
    """Earlier requests are older by the time that Home Assistant was off, and new ones are added."""
    clock = FakeClock()
    log = RequestLog(clock.clock)
    for _ in range(300):
        log.add()
        clock.pass_time(MINUTE)
    saved = json.loads(json.dumps(log.saved()))
    clock.restart(away)
    again = RequestLog(clock.clock)
    again.restore(saved)
    again.add()
    for age in (HOUR, 4 * HOUR, 25 * HOUR):
        assert again.count(age) - 1 == pytest.approx(max(0, min(300, (age - away) / MINUTE)), abs=2)
    assert again.count(61 * DAY) == 301
    assert again.saved()["minutes"][0] >= 1


def test_a_restart_after_months() -> None:
    """Counts that are older than two months say nothing any more."""
    clock = FakeClock()
    log = RequestLog(clock.clock)
    log.add()
    saved = log.saved()
    clock.restart(63 * DAY)
    again = RequestLog(clock.clock)
    again.restore(saved)
    assert again.count(62 * DAY) == 0
    again.add()
    assert again.saved() == {"at": clock.now, "minutes": [1], "hours": [1]}


@pytest.mark.parametrize("jump", [DAY, -DAY, 400 * DAY])
def test_a_clock_that_is_set(jump: float) -> None:
    """The ages of requests do not change with the clock while Home Assistant runs."""
    clock = FakeClock()
    log = RequestLog(clock.clock)
    for _ in range(30):
        log.add()
        clock.pass_time(MINUTE)
    clock.now += jump
    assert log.count(HOUR) == 30
    log.add()
    assert log.count(HOUR) == 31
    clock.pass_time(HOUR)
    assert log.count(HOUR) == 0


def test_a_clock_that_was_put_back_over_a_restart() -> None:
    """Requests in the future count as sent now: none is forgotten early, and none stays longer than from now on."""
    clock = FakeClock()
    log = RequestLog(clock.clock)
    log.add()
    saved = log.saved()
    clock.restart(-5 * DAY)
    again = RequestLog(clock.clock)
    again.restore(saved)
    assert again.count(HOUR) == 1
    clock.pass_time(HOUR + MINUTE)
    assert again.count(HOUR) == 0


@pytest.mark.parametrize("saved", [None, [], {}, {"at": 1, "minutes": [1], "hours": [1]}, {"at": 1.0, "minutes": 1, "hours": [1]}])
def test_invalid_logs(saved: object) -> None:
    """Data that `saved` cannot have returned is ignored."""
    log = RequestLog(FakeClock().clock)
    log.restore(saved)
    assert log.count(62 * DAY) == 0


def test_damaged_counts() -> None:
    """Each invalid count is skipped, and the others are restored."""
    log = RequestLog(FakeClock().clock)
    log.restore({"at": FakeClock().now, "minutes": [1, -2, True, 10**6, "3", 4.0, None, 5], "hours": [7, []]})
    assert log.count(HOUR) == 6
    assert log.count(62 * DAY) == 7


@settings(max_examples=80, deadline=None)
@given(saved=JSON | st.fixed_dictionaries({"at": st.floats() | ODD_NUMBERS, "minutes": COUNTS, "hours": COUNTS}))
@example(saved={"at": -math.inf, "minutes": [1], "hours": [1]})
def test_arbitrary_stored_logs(saved: Any) -> None:
    """With any file content, the counts are bounded, new requests are counted, and the next file can be written."""
    clock = FakeClock()
    log = RequestLog(clock.clock)
    log.restore(saved)
    before = log.count(HOUR)
    log.add()
    assert log.count(HOUR) == before + 1
    assert 0 <= before <= 60 * 10**6
    assert len(json.dumps(log.saved())) < 100_000
