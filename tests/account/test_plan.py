"""The request budget: what a plan allows, how fast it is spent, and how it is learned."""

from datetime import UTC, datetime
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from custom_components.getscreen.account.plan import Plan
from custom_components.getscreen.account.windows import Limit, Window
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR, MINUTE, FakeClock
from .strategies import JSON, ODD_NUMBERS

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]

NEVER = float("inf")
THOUSAND = Limit(1000, Window.DAY, 0)
ROLLING = Limit(1000, Window.DAY)
EVEN = 0.94 * 1000 / DAY


def plan_of(clock: FakeClock, limit: Limit | None, used: int = 0) -> Plan:
    """Return a plan whose limit was learned long ago, of which so many requests were used a moment ago."""
    plan = Plan(clock.clock)
    plan.learned = limit
    if limit and limit.reset is None:
        # An attempt was made yesterday.
        plan.restore({"learned": limit.saved(), "attempt_at": clock.now - DAY, "log": None})
    for _ in range(used):
        plan.sent()
    return plan


def at(hour: float) -> FakeClock:
    """Return a clock at a time of the day (UTC)."""
    clock = FakeClock()
    clock.pass_time(hour * HOUR)
    return clock


# Limits


def test_nothing_is_known() -> None:
    """Without a limit, requests are as fast as the options ask for, and there is room for all."""
    clock = FakeClock()
    plan = Plan(clock.clock)
    for _ in range(10_000):
        plan.sent()
    assert not plan.is_limited
    assert [*plan.limits] == []
    assert (plan.pace, plan.even_pace) == (NEVER, NEVER)
    assert plan.has_room_for_users
    assert plan.has_room_for_watchers
    assert (plan.end_in, plan.reset_in, plan.is_at_end) == (NEVER, None, False)


def test_a_limit_that_users_know() -> None:
    """The smallest number that an entry of the key gives counts, for any span of a day, and nothing is tried beyond it."""
    plan = Plan(FakeClock().clock)
    plan.given |= {"home": 5000, "cabin": 1000}
    assert plan.is_limited
    assert [*plan.limits] == [Limit(1000, Window.DAY)]
    assert plan.even_pace == pytest.approx(EVEN)
    assert plan.pace == pytest.approx(EVEN)
    assert (plan.end_in, plan.reset_in, plan.is_at_end) == (NEVER, None, False)


def test_a_limit_that_users_know_and_one_that_was_learned() -> None:
    """The one that allows less counts."""
    plan = plan_of(FakeClock(), Limit(250, Window.DAY, 0))
    plan.given["home"] = 1000
    assert [*plan.limits] == [Limit(1000, Window.DAY), Limit(250, Window.DAY, 0)]
    assert plan.even_pace == pytest.approx(EVEN / 4)
    plan.given["home"] = 100
    assert plan.even_pace == pytest.approx(EVEN / 10)


def test_entries_with_one_key() -> None:
    """Each entry gets its part of the pace, and all see what the others have used."""
    plan = plan_of(at(1), THOUSAND)
    plan.members |= {"home", "cabin"}
    assert plan.even_pace == pytest.approx(EVEN / 2)
    assert plan.pace == pytest.approx(EVEN / 2)
    plan.members.discard("cabin")
    assert plan.pace == pytest.approx(EVEN)
    plan.members.discard("home")
    assert plan.pace == pytest.approx(EVEN)


# Pace


@pytest.mark.parametrize(
    ("hour", "used", "share"),
    [
        (12, 470, 1.0),
        (12, 435, 1.0),
        (12, 505, 1.0),
        # Ahead: slower, so that the day ends with the whole plan, or almost none is left.
        (12, 600, 0.68),
        (12, 650, 0.6),
        (12, 700, 0.51),
        (12, 900, 0.25),
        (12, 1000, 0.25),
        # Behind: faster, but not by much.
        (12, 400, 1.15),
        (12, 0, 1.3),
        (23.995, 0, 1.3),
    ],
)
def test_the_pace_of_a_day(hour: float, used: int, share: float) -> None:
    """It is even as long as the requests are near it; it is slower or faster, within bounds, if users asked for much or for nothing."""
    clock = at(hour - 0.05)
    plan = plan_of(clock, THOUSAND, used)
    clock.pass_time(0.05 * HOUR)
    assert plan.pace / EVEN == pytest.approx(share, abs=0.06)


@pytest.mark.parametrize(("used", "share"), [(0, 1.0), (970, 1.0), (979, 1.0), (985, 0.75), (990, 0.6), (1000, 0.6), (1100, 0.6)])
def test_the_pace_where_any_span_counts(used: int, share: float) -> None:
    """It is even, and slower if almost the whole plan was used within the span: what was sent too early comes back only after it."""
    plan = plan_of(FakeClock(), ROLLING, used)
    assert plan.pace / EVEN == pytest.approx(share)


@pytest.mark.parametrize(
    ("limit", "per_day"), [(Limit(60, Window.HOUR), 1440), (Limit(60, Window.HOUR, 0), 1440), (Limit(5000, Window.MONTH, 0), 5000 / 30)]
)
def test_the_pace_of_other_windows(limit: Limit, per_day: float) -> None:
    """Most of an hour's or a month's plan is spent evenly too."""
    assert plan_of(FakeClock(), limit).even_pace * DAY == pytest.approx(0.94 * per_day)


# Room


@pytest.mark.parametrize("limit", [THOUSAND, ROLLING])
def test_questions_of_one_user(limit: Limit) -> None:
    """Of 2,000 questions in the morning, at most 100 are sent where a day is even until then; the rest of the day belongs to polls."""
    clock = at(8)
    plan = plan_of(clock, limit)
    # The polls until now; of any span, those of a whole day.
    for _ in range(314 if limit.reset == 0 else 940):
        plan.sent()
    clock.pass_time(MINUTE)
    asked = 0
    while plan.has_room_for_users and asked < 2000:
        plan.sent()
        asked += 1
    assert 40 <= asked <= 100
    assert not plan.has_room_for_watchers


def test_room_for_watchers() -> None:
    """They get what an even pace leaves over, a few hundredths of the plan, and less than users do."""
    clock = at(8)
    plan = plan_of(clock, THOUSAND, 314)
    assert plan.has_room_for_watchers
    watched = 0
    while plan.has_room_for_watchers:
        plan.sent()
        watched += 1
    assert 25 <= watched <= 35
    assert plan.has_room_for_users


def test_room_comes_back() -> None:
    """There is room again on the next day, and where any span counts, a day later."""
    for limit in (THOUSAND, ROLLING):
        clock = at(20)
        plan = plan_of(clock, limit, 1000)
        assert not plan.has_room_for_users
        clock.pass_time(5 * HOUR)
        assert plan.has_room_for_users is (limit.reset == 0)
        clock.pass_time(20 * HOUR)
        assert plan.has_room_for_users


# What refusals teach


def refuse(plan: Plan, clock: FakeClock, seconds: float, step: float = 1000.0) -> None:
    """Let the plan refuse polls for so many seconds, and then allow one."""
    for _ in range(int(seconds // step)):
        plan.refused()
        clock.pass_time(step)
    clock.pass_time(seconds % step)
    plan.sent()
    plan.answered()


def learn(clock: FakeClock, requests: int, interval: float = MINUTE) -> Plan:
    """Return a plan that has learned that so many requests are allowed in a day that begins at midnight."""
    plan = Plan(clock.clock)
    for _ in range(requests):
        plan.sent()
        plan.answered()
        clock.pass_time(interval)
    refuse(plan, clock, DAY - (clock.now % DAY))
    return plan


def test_refusals_until_midnight() -> None:
    """The number of requests before a refusal is the limit of a day that begins when they go through again."""
    clock = at(10)
    plan = learn(clock, 500)
    assert plan.learned == Limit(500, Window.DAY, 0)
    assert plan.is_limited
    assert plan.reset_in == pytest.approx(DAY, abs=MINUTE)
    # The limit was just found, and what is left of the next day is spent before its end.
    assert 20 * HOUR < plan.end_in < DAY


def test_a_refusal_that_nothing_explains() -> None:
    """After a few requests, nothing is learned of a refusal."""
    clock = at(10)
    plan = Plan(clock.clock)
    plan.sent()
    refuse(plan, clock, HOUR)
    assert plan.learned is None
    assert not plan.is_limited


def test_polls_that_are_answered() -> None:
    """Nothing is learned as long as all requests go through."""
    clock = FakeClock()
    plan = Plan(clock.clock)
    for _ in range(2000):
        plan.sent()
        plan.answered()
        clock.pass_time(30)
    assert plan.learned is None


@pytest.mark.parametrize("jump", [DAY, -DAY])
def test_a_clock_that_jumps_during_refusals(jump: float) -> None:
    """A series of refusals over which the clock was set by a day teaches no longer window than it was."""
    clock = at(10)
    plan = Plan(clock.clock)
    for _ in range(200):
        plan.sent()
        clock.pass_time(MINUTE)
    plan.refused()
    clock.pass_time(HOUR)
    clock.now += jump
    refuse(plan, clock, HOUR)
    assert plan.learned is None or plan.learned.window is not Window.MONTH


def test_a_bill_that_was_not_paid() -> None:
    """Refusals for three days in the first week have another reason than a limit of a month, so the pace stays as it was."""
    clock = FakeClock(datetime(2026, 11, 9, 10, 30, tzinfo=UTC))
    plan = Plan(clock.clock)
    for _ in range(2880):
        plan.sent()
        plan.answered()
        clock.pass_time(30)
    refuse(plan, clock, 3 * DAY, step=HOUR)
    assert plan.pace > 1 / 120


# The attempt at the end of a window


def spend(plan: Plan, clock: FakeClock, requests: int, until: float) -> None:
    """Send so many requests evenly until a time."""
    step = (until - clock.now) / requests
    for _ in range(requests):
        plan.sent()
        plan.answered()
        clock.pass_time(step)


def at_end(used: int) -> tuple[FakeClock, Plan]:
    """Return a plan of 500 a day just before midnight, with so many requests used."""
    clock = at(0)
    plan = plan_of(clock, Limit(500, Window.DAY, 0))
    spend(plan, clock, used, clock.now + DAY - 10 * MINUTE)
    return clock, plan


def test_what_is_left_is_spent_before_the_end() -> None:
    """A request each 15 seconds from the time on that it takes to spend what is left, and a few more."""
    clock, plan = at_end(480)
    assert plan.end_in == pytest.approx(10 * MINUTE - 29 * 15, abs=MINUTE)
    assert not plan.is_at_end
    clock.pass_time(plan.end_in)
    assert plan.is_at_end


def test_an_attempt_that_is_refused() -> None:
    """The first refusal ends the attempt until the next window; the limit stays as it was, and no outage is seen in it."""
    clock, plan = at_end(480)
    clock.pass_time(plan.end_in)
    for _ in range(20):
        plan.sent()
        plan.answered()
        clock.pass_time(15)
    plan.refused()
    assert plan.learned == Limit(500, Window.DAY, 0)
    assert plan.end_in == NEVER
    clock.pass_time(DAY - clock.now % DAY + 20)
    plan.sent()
    plan.answered()
    assert plan.learned == Limit(500, Window.DAY, 0)
    assert 0 < plan.end_in < DAY


def test_somebody_else_uses_the_key() -> None:
    """An attempt that is refused too early shows how much is left for this plan."""
    clock, plan = at_end(470)
    clock.pass_time(plan.end_in)
    plan.refused()
    # The first minute of a day counts for the day before.
    assert plan.learned == Limit(469, Window.DAY, 0)
    clock.pass_time(DAY + 9 * MINUTE)
    assert plan.is_at_end
    plan.refused()
    assert plan.learned == Limit(1, Window.DAY, 0)


def test_a_plan_that_has_grown() -> None:
    """The first requests that go through beyond the limit let three times as much be tried, and again, until nothing is restricted."""
    clock, plan = at_end(480)
    clock.pass_time(plan.end_in)
    found = []
    for _ in range(30):
        plan.sent()
        plan.answered()
        clock.pass_time(15)
        if plan.learned and plan.learned.requests not in found:
            found.append(plan.learned.requests)
    assert found == [500, 1500]
    for requests in (1500, 4500):
        assert plan.learned == Limit(requests, Window.DAY, 0)
        clock.pass_time(DAY + HOUR)
        spend(plan, clock, requests + 4, clock.now + HOUR)
    assert plan.learned == Limit(13_500, Window.DAY, 0)
    clock.pass_time(DAY)
    spend(plan, clock, 13_504, clock.now + HOUR)
    assert plan.learned is None
    assert not plan.is_limited


def test_a_plan_that_has_not_grown() -> None:
    """As many requests as are known, and a few that were counted in another minute, show nothing."""
    clock = at(1)
    plan = plan_of(clock, THOUSAND)
    for _ in range(1003):
        plan.sent()
        plan.answered()
    assert plan.learned == THOUSAND


def test_the_attempt_where_any_span_counts() -> None:
    """It comes a week after the last one, since the requests come back only after a day; after a month for a plan of a month."""
    for limit, days in ((ROLLING, 7), (Limit(5000, Window.MONTH), 30), (Limit(60, Window.HOUR), 7)):
        clock = FakeClock()
        plan = plan_of(clock, limit)
        assert plan.reset_in is None
        assert plan.end_in == pytest.approx((days - 1) * DAY)
        clock.pass_time((days - 1) * DAY)
        assert plan.is_at_end
        plan.refused()
        assert plan.end_in == pytest.approx(days * DAY)


def test_no_two_attempts_in_a_window() -> None:
    """A limit that was learned at the begin of an hour is not tried at its end, but a day later."""
    clock = at(10)
    plan = plan_of(clock, Limit(60, Window.HOUR, 0))
    assert plan.end_in == pytest.approx(HOUR - 69 * 15)
    clock.pass_time(plan.end_in)
    plan.refused()
    hours = 0
    while plan.end_in == NEVER:
        clock.pass_time(HOUR)
        hours += 1
    assert hours == 19


# Restarts, clocks and other keys


def test_a_restart_in_the_middle() -> None:
    """What was learned, what was used and when it was tried last are the same after a restart."""
    clock, plan = at_end(300)
    saved = json.loads(json.dumps(plan.saved()))
    before = (plan.learned, plan.reset_in, plan.end_in, plan.is_at_end, plan.has_room_for_users)
    clock.restart(0)
    again = Plan(clock.clock)
    again.restore(saved)
    assert (again.learned, again.reset_in, again.end_in, again.is_at_end, again.has_room_for_users) == before
    assert again.pace == pytest.approx(plan.pace, rel=0.1)
    while again.has_room_for_users:
        again.sent()
    saved = json.loads(json.dumps(again.saved()))
    clock.restart(DAY)
    later = Plan(clock.clock)
    later.restore(saved)
    assert later.has_room_for_users


def test_a_restart_does_not_repeat_an_attempt() -> None:
    """An attempt that was refused before a restart is not made again after it; a clock that was put back does not put it off for years."""
    clock, plan = at_end(480)
    clock.pass_time(plan.end_in)
    plan.refused()
    saved = plan.saved()
    again = Plan(clock.clock)
    again.restore(saved)
    assert again.end_in == NEVER
    clock.now -= 400 * DAY
    old = Plan(clock.clock)
    old.restore(saved)
    clock.pass_time(2 * DAY)
    assert old.end_in < NEVER


@pytest.mark.parametrize("jump", [DAY, -DAY, 3 * HOUR, -3 * HOUR])
@pytest.mark.parametrize("limit", [THOUSAND, ROLLING, Limit(60, Window.HOUR, 0), Limit(5000, Window.MONTH, 0)])
def test_a_clock_that_jumps(limit: Limit, jump: float) -> None:
    """The pace stays within its bounds, and two days later it is even again."""
    clock = at(10)
    plan = plan_of(clock, limit)
    spend(plan, clock, int(limit.requests * HOUR * 10 / max(limit.window.seconds, DAY)), clock.now + 10 * HOUR)
    clock.now += jump
    assert 0.24 <= plan.pace / plan.even_pace <= 1.31
    assert plan.end_in >= 0
    assert plan.reset_in is None or 0 <= plan.reset_in <= 31 * DAY
    for _ in range(48):
        spend(plan, clock, max(1, int(plan.pace * HOUR)), clock.now + HOUR)
        assert 0.24 <= plan.pace / plan.even_pace <= 1.31
    assert plan.learned == limit
    assert plan.has_room_for_users


def test_another_key() -> None:
    """What the refusals of the old key have taught is forgotten, and also refusals that have not ended."""
    clock = at(10)
    plan = learn(clock, 500)
    plan.forget()
    assert not plan.is_limited
    clock = at(10)
    plan = Plan(clock.clock)
    for _ in range(500):
        plan.sent()
        clock.pass_time(MINUTE)
    plan.refused()
    plan.forget()
    clock.pass_time(DAY - clock.now % DAY)
    plan.sent()
    plan.answered()
    assert plan.learned is None


@settings(max_examples=100, deadline=None)
@given(
    saved=JSON
    | st.fixed_dictionaries(
        {
            "learned": st.fixed_dictionaries(
                {
                    "requests": st.integers(-1, 10**7),
                    "window": st.sampled_from(["hour", "day", "month"]),
                    "reset": st.none() | st.integers(-1, 25),
                }
            )
            | JSON,
            "attempt_at": st.floats() | ODD_NUMBERS,
            "log": st.fixed_dictionaries({"at": st.floats(), "minutes": st.lists(st.integers()), "hours": st.lists(st.integers())}) | JSON,
        }
    )
)
def test_anything_as_a_stored_plan(saved: Any) -> None:
    """Whatever a file holds, there is a pace, and the next file can be written."""
    clock = at(10)
    plan = Plan(clock.clock)
    plan.restore(saved)
    assert plan.pace > 0
    assert plan.end_in >= 0
    plan.sent()
    plan.refused()
    clock.pass_time(HOUR)
    plan.sent()
    plan.answered()
    assert plan.pace > 0
    again = Plan(clock.clock)
    again.restore(json.loads(json.dumps(plan.saved())))
    assert again.learned == plan.learned
