"""Learning a plan from rejections, and attempts to find out whether it has grown."""

from datetime import UTC, datetime

import pytest

from custom_components.getscreen.account.plan import Plan
from custom_components.getscreen.account.windows import Limit, Window
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR, MINUTE, FakeClock
from .plans import NEVER, ROLLING, THOUSAND, at, at_end, learn, plan_of, refuse, spend

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]


def test_rejections_until_midnight() -> None:
    """The number of requests before a rejection is the limit of a day that begins when requests are allowed again."""
    clock = at(10)
    plan = learn(clock, 500)
    assert plan.learned == Limit(500, Window.DAY, 0)
    assert plan.is_limited
    assert plan.reset_in == pytest.approx(DAY, abs=MINUTE)
    # The limit was just found, and what is left of the next day is spent before its end.
    assert 20 * HOUR < plan.attempt_in < DAY


def test_an_unexplained_rejection() -> None:
    """A rejection after only a few requests teaches nothing."""
    clock = at(10)
    plan = Plan(clock.clock)
    plan.count_request()
    refuse(plan, clock, HOUR)
    assert plan.learned is None
    assert not plan.is_limited


def test_polls_that_are_answered() -> None:
    """Nothing is learned while no request is rejected."""
    clock = FakeClock()
    plan = Plan(clock.clock)
    for _ in range(2000):
        plan.count_request()
        plan.poll_accepted()
        clock.pass_time(30)
    assert plan.learned is None


@pytest.mark.parametrize("jump", [DAY, -DAY])
def test_a_clock_that_jumps_during_rejections(jump: float) -> None:
    """If the clock is set by a day during rejections, the learned window is no longer than the real one."""
    clock = at(10)
    plan = Plan(clock.clock)
    for _ in range(200):
        plan.count_request()
        clock.pass_time(MINUTE)
    plan.poll_refused()
    clock.pass_time(HOUR)
    clock.now += jump
    refuse(plan, clock, HOUR)
    assert plan.learned is None or plan.learned.window is not Window.MONTH


def test_a_clock_that_is_put_back_before_the_first_answer() -> None:
    """Rejections in the future teach nothing."""
    clock = at(10)
    plan = Plan(clock.clock)
    for _ in range(500):
        plan.count_request()
        clock.pass_time(MINUTE)
    plan.poll_refused()
    clock.now -= DAY
    plan.count_request()
    plan.poll_accepted()
    assert plan.learned is None


def test_rejections_of_an_unpaid_account() -> None:
    """Three days of rejections in the first week are not caused by a monthly limit, so the pace does not change."""
    clock = FakeClock(datetime(2026, 11, 9, 10, 30, tzinfo=UTC))
    plan = Plan(clock.clock)
    for _ in range(2880):
        plan.count_request()
        plan.poll_accepted()
        clock.pass_time(30)
    refuse(plan, clock, 3 * DAY, step=HOUR)
    assert plan.pace > 1 / 120


def test_remaining_requests_are_spent_before_the_end() -> None:
    """Polls follow every 15 seconds at the end of the window, as long as the remaining requests and a few more would take."""
    clock, plan = at_end(480)
    assert plan.attempt_in == pytest.approx(10 * MINUTE - 29 * 15, abs=MINUTE)
    assert not plan.is_at_end
    clock.pass_time(plan.attempt_in)
    assert plan.is_at_end


def test_a_rejected_attempt() -> None:
    """The first rejection ends the attempt until the next window. The limit stays, and no outage is assumed."""
    clock, plan = at_end(480)
    clock.pass_time(plan.attempt_in)
    for _ in range(20):
        plan.count_request()
        plan.poll_accepted()
        clock.pass_time(15)
    plan.attempt_refused()
    assert plan.learned == Limit(500, Window.DAY, 0)
    assert plan.attempt_in == NEVER
    clock.pass_time(DAY - clock.now % DAY + 20)
    plan.count_request()
    plan.poll_accepted()
    assert plan.learned == Limit(500, Window.DAY, 0)
    assert 0 < plan.attempt_in < DAY


def test_somebody_else_uses_the_key() -> None:
    """An attempt that is rejected early shows how much is left for this plan."""
    clock, plan = at_end(470)
    clock.pass_time(plan.attempt_in)
    plan.attempt_refused()
    # The first minute of a day counts for the day before.
    assert plan.learned == Limit(469, Window.DAY, 0)
    clock.pass_time(DAY + 9 * MINUTE)
    assert plan.is_at_end
    plan.attempt_refused()
    assert plan.learned == Limit(1, Window.DAY, 0)


def test_a_plan_that_has_grown() -> None:
    """More than the limit has to go through twice: at the end of a window, and in the next one more than an hour earlier."""
    clock, plan = at_end(480)
    clock.pass_time(plan.attempt_in)
    while clock.now % DAY > HOUR:
        plan.count_request()
        plan.poll_accepted()
        clock.pass_time(15)
    assert plan.learned == Limit(500, Window.DAY, 0)
    spend(plan, clock, 480, clock.now - clock.now % DAY + 21 * HOUR)
    assert 0 < plan.attempt_in < 2 * HOUR - 15 * MINUTE
    clock.pass_time(plan.attempt_in)
    for _ in range(30):
        plan.count_request()
        plan.poll_accepted()
    assert plan.learned == Limit(4000, Window.DAY, 0)
    for _ in range(2):
        clock.pass_time(DAY - clock.now % DAY)
        spend(plan, clock, 4010, clock.now + 23 * HOUR)
    assert plan.learned is None
    assert not plan.is_limited


def live_until_attempt(clock: FakeClock, plan: Plan) -> int:
    """Let days pass with 480 requests each until the end of a window in which an attempt is due; return how many days that took."""
    days = 0
    while plan.attempt_in == NEVER or not days:
        days += 1
        clock.pass_time(DAY - clock.now % DAY)
        spend(plan, clock, 480, clock.now + 22 * HOUR)
    clock.pass_time(plan.attempt_in)
    return days


def test_a_window_that_ends_earlier_than_learned() -> None:
    """Requests that succeed in the next window look like growth: it is tried again, and after rejections less and less often."""
    clock = at(0)
    plan = plan_of(clock, Limit(500, Window.DAY, 0))
    days = []
    for _ in range(3):
        days.append(live_until_attempt(clock, plan))
        for _ in range(40):
            plan.count_request()
            plan.poll_accepted()
        live_until_attempt(clock, plan)
        plan.attempt_refused()
        assert plan.learned == Limit(500, Window.DAY, 0)
    assert days == [1, 2, 3]


def test_an_unchanged_plan() -> None:
    """As many requests as are known, and a few that were counted in another minute, show nothing."""
    clock = at(1)
    plan = plan_of(clock, THOUSAND)
    for _ in range(1003):
        plan.count_request()
        plan.poll_accepted()
    assert plan.learned == THOUSAND


def test_the_attempt_where_any_span_counts() -> None:
    """The next attempt is a week later, because the requests return only after a day, and a month later for a monthly plan."""
    for limit, days in ((ROLLING, 7), (Limit(5000, Window.MONTH), 30), (Limit(60, Window.HOUR), 7)):
        clock = FakeClock()
        plan = plan_of(clock, limit)
        assert plan.reset_in is None
        assert plan.attempt_in == pytest.approx((days - 1) * DAY)
        clock.pass_time((days - 1) * DAY)
        assert plan.is_at_end
        plan.attempt_refused()
        assert plan.attempt_in == pytest.approx(days * DAY)


def test_no_two_attempts_in_a_window() -> None:
    """A limit that was learned at the begin of an hour is not tried at its end, but a day later."""
    clock = at(10)
    plan = plan_of(clock, Limit(60, Window.HOUR, 0))
    assert plan.attempt_in == pytest.approx(HOUR - 18 * 15)
    clock.pass_time(plan.attempt_in)
    plan.attempt_refused()
    hours = 0
    while plan.attempt_in == NEVER:
        clock.pass_time(HOUR)
        hours += 1
    assert hours == 17
