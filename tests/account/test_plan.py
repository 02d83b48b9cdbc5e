"""The request budget: what a plan allows, how fast it is spent, and for whom there is room."""

import pytest

from custom_components.getscreen.account.plan import Plan
from custom_components.getscreen.account.windows import Limit, Window
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR, MINUTE, FakeClock
from .plans import EVEN, NEVER, ROLLING, THOUSAND, at, plan_of

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]


def test_without_a_known_limit() -> None:
    """Without a limit, requests are as fast as the options ask for, and there is room for all."""
    clock = FakeClock()
    plan = Plan(clock.clock)
    for _ in range(10_000):
        plan.count_request()
    assert not plan.is_limited
    assert [*plan.limits] == []
    assert (plan.pace, plan.even_pace) == (NEVER, NEVER)
    assert plan.has_room_for_users
    assert plan.has_room_for_watchers
    assert (plan.attempt_in, plan.reset_in, plan.is_at_end) == (NEVER, None, False)


def test_a_limit_from_the_options() -> None:
    """The smallest number that an entry of the key gives counts, for any span of a day, and nothing is tried beyond it."""
    plan = Plan(FakeClock().clock)
    plan.configured |= {"home": 5000, "cabin": 1000}
    assert plan.is_limited
    assert [*plan.limits] == [Limit(1000, Window.DAY)]
    assert plan.even_pace == pytest.approx(EVEN)
    assert plan.pace == pytest.approx(EVEN)
    assert (plan.attempt_in, plan.reset_in, plan.is_at_end) == (NEVER, None, False)


def test_a_limit_from_the_options_and_a_learned_one() -> None:
    """The one that allows less counts."""
    plan = plan_of(FakeClock(), Limit(250, Window.DAY, 0))
    plan.configured["home"] = 1000
    assert [*plan.limits] == [Limit(1000, Window.DAY), Limit(250, Window.DAY, 0)]
    assert plan.even_pace == pytest.approx(EVEN / 4)
    plan.configured["home"] = 100
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
def test_reads_by_one_user(limit: Limit) -> None:
    """Of 2,000 questions in the morning, at most 100 are sent where a day is even until then; the rest of the day belongs to polls."""
    clock = at(8)
    plan = plan_of(clock, limit)
    # The polls until now; of any span, those of a whole day.
    for _ in range(314 if limit.reset == 0 else 940):
        plan.count_request()
    clock.pass_time(MINUTE)
    asked = 0
    while plan.has_room_for_users and asked < 2000:
        plan.count_request()
        asked += 1
    assert 40 <= asked <= 100
    assert not plan.has_room_for_watchers


def test_requests_for_open_cards() -> None:
    """They get what an even pace leaves over, a few hundredths of the plan, and less than users do."""
    clock = at(8)
    plan = plan_of(clock, THOUSAND, 314)
    assert plan.has_room_for_watchers
    watched = 0
    while plan.has_room_for_watchers:
        plan.count_request()
        watched += 1
    assert 25 <= watched <= 35
    assert plan.has_room_for_users


def test_requests_are_available_again() -> None:
    """There is room again on the next day, and where any span counts, a day later."""
    for limit in (THOUSAND, ROLLING):
        clock = at(20)
        plan = plan_of(clock, limit, 1000)
        assert not plan.has_room_for_users
        clock.pass_time(5 * HOUR)
        assert plan.has_room_for_users is (limit.reset == 0)
        clock.pass_time(20 * HOUR)
        assert plan.has_room_for_users
