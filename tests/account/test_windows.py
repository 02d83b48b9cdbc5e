"""The plan that a series of rejections reveals, for all ways in which plans count requests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import json
import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from custom_components.getscreen.account.request_log import RequestLog
from custom_components.getscreen.account.windows import Limit, Outage, Window
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR, MINUTE, FakeClock
from .hidden_plan import HiddenPlan, fixed_day, fixed_hour, fixed_month, rolling_day, rolling_hour, rolling_month
from .strategies import JSON, ODD_NUMBERS

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]


class Life:
    """A poller that hits an unknown limit again and again, starting at ten o'clock."""

    def __init__(self, requests: int, start: Callable[[float], float], interval: float = MINUTE, minute: float = 600) -> None:
        self.clock = FakeClock()
        self.clock.pass_time(minute * MINUTE)
        self.log = RequestLog(self.clock.clock)
        self.plan = HiddenPlan(self.clock, requests, start)
        self.interval = interval

    def outage(self) -> Outage:
        """Poll until the plan rejects a request, then retry: after two minutes, then after twice as long, up to an hour."""
        while self.plan.allows():
            self.log.add()
            self.clock.pass_time(self.interval)
        first = last = self.clock.now
        pause = 2 * MINUTE
        self.clock.pass_time(pause)
        while not self.plan.allows():
            last = self.clock.now
            pause = min(2 * pause, HOUR)
            self.clock.pass_time(pause)
        self.log.add()
        return Outage(first, last, self.clock.now)

    def learn(self, known: Limit | None) -> Limit | None:
        """Return what the next series of rejections reveals."""
        outage = self.outage()
        return outage.limit(self.log, known) or outage.guess(self.log)


PLANS = [
    pytest.param(lambda: Life(60, rolling_hour, 30), Limit(60, Window.HOUR), id="rolling hour"),
    pytest.param(lambda: Life(250, fixed_day(0)), Limit(250, Window.DAY, 0), id="day from midnight on"),
    pytest.param(lambda: Life(1000, fixed_day(5)), Limit(1000, Window.DAY, 5), id="day from five o'clock on"),
    pytest.param(lambda: Life(250, rolling_day), Limit(250, Window.DAY), id="rolling day"),
    pytest.param(lambda: Life(1000, rolling_day), Limit(1000, Window.DAY), id="rolling day of many requests"),
    pytest.param(lambda: Life(2000, fixed_month, 180), Limit(2000, Window.MONTH, 0), id="month"),
    pytest.param(lambda: Life(2000, rolling_month, 180), Limit(2000, Window.MONTH), id="rolling month"),
]


@pytest.mark.parametrize(("life", "limit"), PLANS)
def test_the_limit_is_found(life: Callable[[], Life], limit: Limit) -> None:
    """The first series of rejections reveals the window and the number of requests, and the next one confirms it."""
    running, known = life(), None
    for _ in range(2):
        known = running.learn(known)
        assert known is not None
        assert (known.window, known.reset) == (limit.window, limit.reset)
        # Requests are counted by the minute, and by the hour in a month.
        assert known.requests == pytest.approx(limit.requests, rel=0.02)


@pytest.mark.parametrize("minute", range(0, 1440, 77))
def test_a_rolling_day_starting_at_any_minute(minute: int) -> None:
    """A rolling day is never taken for one that begins at some hour, whenever its first request was sent."""
    life = Life(1000, rolling_day, minute=minute)
    assert life.learn(None) == Limit(1000, Window.DAY)


def test_a_fixed_hour() -> None:
    """A fixed hour is recognized if the earlier requests exclude a rolling hour."""
    life = Life(60, fixed_hour, 30, minute=30)
    found = life.learn(None)
    assert found is not None
    assert (found.window, found.reset) == (Window.HOUR, 0)
    assert 58 <= found.requests <= 60


def test_a_fixed_hour_that_looked_like_any_hour() -> None:
    """A known rolling hour does not grow through requests that have left the hour during the rejections."""
    life = Life(60, fixed_hour, 30, minute=0)
    known = None
    for _ in range(4):
        known = life.learn(known)
        assert known is not None
        assert known.window is Window.HOUR
        assert 56 <= known.requests <= 60


def test_a_known_window_is_stable() -> None:
    """A series of rejections that does not reveal a window changes nothing about a day that begins at five o'clock."""
    life = Life(250, fixed_day(5))
    known = life.learn(None)
    assert known == Limit(250, Window.DAY, 5)
    life.outage()
    outage = life.outage()
    assert outage.limit(life.log, None) != known
    assert outage.limit(life.log, known) == known


@pytest.mark.parametrize(("seconds", "is_brief"), [(0, True), (599, True), (600, False), (DAY, False)])
def test_brief_rejections(seconds: float, is_brief: bool) -> None:
    """Rejections for ten minutes are not a mistake of the server."""
    assert Outage(1000, 1000 + seconds, 5000 + seconds).is_brief is is_brief


def test_one_rejection_during_steady_requests() -> None:
    """One mistaken rejection reveals nothing if each earlier hour had as many successful requests."""
    life = Life(10**6, rolling_day)
    for _ in range(1500):
        assert life.plan.allows()
        life.log.add()
        life.clock.pass_time(MINUTE)
    first = life.clock.now
    life.clock.pass_time(2 * MINUTE)
    life.log.add()
    found = Outage(first, first, life.clock.now).limit(life.log, None)
    assert found is None or found.window is Window.DAY


@pytest.mark.parametrize(
    ("start", "requests", "fewer", "interval"),
    [(fixed_day(5), 1000, 250, 60), (fixed_day(0), 1000, 400, 60), (fixed_month, 2000, 800, 180), (rolling_hour, 60, 30, 30)],
)
def test_a_plan_that_shrank(start: Callable[[float], float], requests: int, fewer: int, interval: float) -> None:
    """The first series of rejections of the smaller plan reveals its number, for the same window."""
    life = Life(requests, start, interval)
    before = life.learn(None)
    life.plan.requests = fewer
    after = life.learn(before)
    assert before is not None
    assert after is not None
    assert (after.window, after.reset) == (before.window, before.reset)
    assert after.requests == pytest.approx(fewer, rel=0.03)


def test_a_rolling_day_that_shrank() -> None:
    """The second series reveals the smaller plan's number, because the first includes requests of the larger plan."""
    life = Life(1000, rolling_day)
    known = life.learn(None)
    life.plan.requests = 250
    for _ in range(2):
        known = life.learn(known)
    assert known is not None
    assert (known.requests, known.window) == (250, Window.DAY)


def test_a_plan_that_grew() -> None:
    """A plan that allows twice as many requests a day is the same window with another number."""
    life = Life(1000, fixed_day(5), interval=30)
    known = life.learn(None)
    life.plan.requests = 2000
    assert life.learn(known) == Limit(2000, Window.DAY, 5)


def test_somebody_else_uses_the_key() -> None:
    """The number excludes requests of other clients, and the window does not change."""
    life = Life(1000, fixed_day(5))
    known = life.learn(None)
    for _ in range(100):
        assert life.plan.allows()
    assert life.learn(known) == Limit(900, Window.DAY, 5)


def test_too_few_requests() -> None:
    """Rejections after a few requests have another reason than such a small limit."""
    life = Life(9, rolling_hour, 30)
    assert life.learn(None) is None


def test_rejections_for_months() -> None:
    """No window is longer than a month, so rejections for two months have another reason than a limit."""
    life = Life(2000, fixed_month)
    for _ in range(2000):
        life.log.add()
        life.clock.pass_time(MINUTE)
    first = life.clock.now
    life.clock.pass_time(60 * DAY)
    assert Outage(first, life.clock.now - HOUR, life.clock.now).limit(life.log, None) is None


def test_a_known_window_that_is_too_short() -> None:
    """Rejections that last longer than the known window disprove it."""
    life = Life(250, rolling_day)
    outage = life.outage()
    assert outage.limit(life.log, Limit(250, Window.HOUR)) == Limit(250, Window.DAY)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland"])
@pytest.mark.parametrize(
    ("limit", "now", "begin", "end"),
    [
        (Limit(9, Window.HOUR, 0), "2026-10-25 01:30", "2026-10-25 01:00", "2026-10-25 02:00"),
        (Limit(9, Window.HOUR, 0), "2026-03-08 07:00", "2026-03-08 07:00", "2026-03-08 08:00"),
        (Limit(9, Window.DAY, 0), "2026-10-25 12:00", "2026-10-25 00:00", "2026-10-26 00:00"),
        (Limit(9, Window.DAY, 5), "2026-03-29 04:59", "2026-03-28 05:00", "2026-03-29 05:00"),
        (Limit(9, Window.DAY, 5), "2026-03-29 05:00", "2026-03-29 05:00", "2026-03-30 05:00"),
        (Limit(9, Window.DAY, 23), "2027-01-01 00:00", "2026-12-31 23:00", "2027-01-01 23:00"),
        (Limit(9, Window.MONTH, 0), "2026-12-31 23:59", "2026-12-01 00:00", "2027-01-01 00:00"),
        (Limit(9, Window.MONTH, 0), "2027-01-01 00:00", "2027-01-01 00:00", "2027-02-01 00:00"),
        (Limit(9, Window.MONTH, 0), "2027-02-28 12:00", "2027-02-01 00:00", "2027-03-01 00:00"),
        (Limit(9, Window.MONTH, 0), "2028-02-29 12:00", "2028-02-01 00:00", "2028-03-01 00:00"),
        (Limit(9, Window.HOUR), "2026-10-25 01:30", "2026-10-25 00:30", "2026-10-25 01:30"),
        (Limit(9, Window.DAY), "2026-10-25 12:00", "2026-10-24 12:00", "2026-10-25 12:00"),
        (Limit(9, Window.MONTH), "2026-03-31 12:00", "2026-03-01 12:00", "2026-03-31 12:00"),
    ],
)
def test_bounds(monkeypatch: pytest.MonkeyPatch, zone: str, limit: Limit, now: str, begin: str, end: str) -> None:
    """A window begins and ends in UTC, in every time zone and through every clock change."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        expected = [datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() for moment in (begin, end)]
        assert [*limit.bounds(datetime.fromisoformat(now).replace(tzinfo=UTC).timestamp())] == expected
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("reset", [0, 5, 23])
def test_windows_follow_each_other(reset: int) -> None:
    """The end of each window is the begin of the next one, for every window of two years."""
    for window in (Window.DAY, Window.MONTH):
        limit = Limit(9, window, reset)
        now = datetime(2027, 1, 1, tzinfo=UTC)
        begin, end = limit.bounds(now.timestamp())
        while now < datetime(2029, 1, 1, tzinfo=UTC):
            now += timedelta(hours=window.seconds / HOUR / 10)
            if now.timestamp() >= end:
                assert limit.bounds(end) == limit.bounds(now.timestamp())
                begin, end = end, limit.bounds(end)[1]
            assert limit.bounds(now.timestamp()) == (begin, end)


@pytest.mark.parametrize("limit", [Limit(60, Window.HOUR), Limit(250, Window.DAY, 5), Limit(5000, Window.MONTH, 0)])
def test_a_limit_is_restored_after_a_restart(limit: Limit) -> None:
    """A stored limit is the same when it is read again."""
    assert Limit.restored(json.loads(json.dumps(limit.saved()))) == limit


@settings(max_examples=100, deadline=None)
@given(
    saved=JSON
    | st.fixed_dictionaries(
        {
            "requests": st.integers() | ODD_NUMBERS | JSON,
            "window": st.sampled_from(["hour", "day", "month", "week", "", None, 7]),
            "reset": st.none() | st.integers(-2, 26) | ODD_NUMBERS | JSON,
        }
    )
)
def test_invalid_stored_limits(saved: Any) -> None:
    """Anything but a limit that a plan can have is ignored."""
    limit = Limit.restored(saved)
    if limit is not None:
        assert 0 < limit.requests <= 10**6
        begin, end = limit.bounds(1_790_000_000.0)
        assert begin <= 1_790_000_000.0 <= end
        assert Limit.restored(limit.saved()) == limit
