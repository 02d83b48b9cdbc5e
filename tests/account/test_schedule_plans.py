"""Days of an account with an unknown plan: few rejections, no long gaps, and no waste."""

from collections.abc import Callable

import pytest

from custom_components.getscreen.account.pauses import Kind
from custom_components.getscreen.account.schedule import Reason
from custom_components.getscreen.account.windows import Limit, Window
from custom_components.getscreen.api import RequestLimitError
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR, MINUTE
from .hidden_plan import fixed_day, fixed_month, rolling_day, rolling_hour
from .polling import LIST, WAKE, Polling

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]


@pytest.mark.parametrize(
    ("requests", "start", "gap", "used"),
    [
        (250, fixed_day(0), 18, 0.85),
        (250, fixed_day(5), 18, 0.85),
        (500, fixed_day(0), 9, 0.85),
        (250, rolling_day, 18, 0.85),
        (500, rolling_day, 9, 0.85),
        (30, rolling_hour, 5, 0.85),
    ],
)
def test_a_plan_that_is_learned(requests: int, start: Callable[[float], float], gap: float, used: float) -> None:
    """On each day after the plan was learned, at most three requests are rejected, and the list is polled all the time."""
    polling = Polling(requests, start, hour=10)
    polling.run(2 * DAY)
    for _ in range(2):
        refused, answers, since = polling.server.refused, len(polling.answers), polling.clock.elapsed
        polling.run(DAY)
        assert polling.server.refused - refused <= 3
        assert polling.longest_gap(since) <= gap * MINUTE
        allowed = requests * (24 if start is rolling_hour else 1)
        assert len(polling.answers) - answers >= used * allowed


def test_a_plan_of_a_month() -> None:
    """The plan is learned at the end of the month, and its requests then last until the end of the next month."""
    polling = Polling(1500, fixed_month, hour=10)
    polling.run(30 * DAY)
    refused, since = polling.server.refused, polling.clock.elapsed
    polling.run(28 * DAY)
    assert polling.server.refused - refused <= 3
    assert polling.longest_gap(since) <= 60 * MINUTE


@pytest.mark.parametrize("start", [fixed_day(0), rolling_day])
def test_a_wake_before_midnight(start: Callable[[float], float]) -> None:
    """There is a reserve for commands, at every time of the day."""
    polling = Polling(250, start, hour=10)
    polling.run(2 * DAY)
    for _ in range(3):
        polling.run(DAY - (polling.clock.now + 30 * MINUTE) % DAY)
        assert polling.ask(WAKE)


@pytest.mark.parametrize("option", [120.0, 180.0, 300.0])
def test_a_plan_that_changes(option: float) -> None:
    """From 250 to 10,000 a day: at full pace within two days, also for an update interval of minutes."""
    polling = Polling(250, hour=10)
    polling.schedule.configured_interval = option
    polling.run(3 * DAY)
    polling.server.requests = 10_000
    polling.run(2 * DAY)
    answers = len(polling.answers)
    polling.run(DAY)
    assert len(polling.answers) - answers >= 0.98 * DAY / option


def test_two_accounts_with_one_key() -> None:
    """Both accounts share the budget, and neither is rejected in the long run."""
    first = Polling(60, rolling_hour, hour=10)
    second = Polling(60, rolling_hour, clock=first.clock)
    second.server, second.schedule.plan = first.server, first.schedule.plan
    first.schedule.plan.members |= {"home", "cabin"}
    for hours in (6, 24):
        refused, since = first.server.refused, first.clock.elapsed
        due = {first: 0.0, second: 1.0}
        while first.clock.elapsed < since + hours * HOUR:
            polling = min(due, key=lambda account: due[account])
            first.clock.pass_time(max(0.0, since + due[polling] - first.clock.elapsed))
            polling.poll()
            due[polling] = first.clock.elapsed - since + polling.next_in
    assert first.server.refused - refused <= 3
    assert max(polling.longest_gap(since) for polling in (first, second)) <= 5 * MINUTE


# The end of a window


def near_midnight() -> Polling:
    """Return an account at the time at which it begins to spend the remaining requests of its day."""
    polling = Polling(250, hour=10)
    polling.run(2 * DAY)
    while not polling.schedule.plan.is_at_end:
        polling.run(min(polling.schedule.plan.attempt_in, MINUTE) + 1)
    return polling


def test_the_end_of_a_window() -> None:
    """The list is polled every 15 seconds, so nothing else is; but users may ask."""
    polling = near_midnight()
    assert polling.schedule.interval(Kind.AGENTS) == 15
    assert polling.schedule.reason is Reason.PLAN
    assert not polling.schedule.may_send_other_polls
    assert polling.ask(WAKE)


def test_a_rejected_attempt() -> None:
    """The rejection is expected: there is no pause and no repair issue, and all polls wait for the next window."""
    polling = near_midnight()
    schedule = polling.schedule
    while polling.poll():
        polling.clock.pass_time(15)
    assert schedule.expects_refusals
    assert not schedule.pauses.is_limited
    wait = schedule.interval(Kind.AGENTS)
    assert 20 < wait <= 140
    assert not schedule.may_send_other_polls
    polling.clock.pass_time(DAY - polling.clock.now % DAY + 20)
    polling.clock.pass_time(max(0.0, wait - (DAY - polling.clock.now % DAY)))
    assert polling.poll()
    assert schedule.plan.learned == Limit(250, Window.DAY, 0)
    polling.clock.pass_time(140)
    assert schedule.may_send_other_polls
    assert schedule.interval(Kind.AGENTS) > 60


def test_a_rejected_user_after_an_attempt() -> None:
    """The window is over in a moment, so a command causes neither a pause nor a repair issue."""
    polling = near_midnight()
    while polling.poll():
        polling.clock.pass_time(15)
    assert not polling.ask(WAKE)
    assert not polling.schedule.pauses.is_limited
    assert polling.schedule.pauses.seconds_left(Kind.AGENTS) is None


def test_an_attempt_where_any_span_counts() -> None:
    """The attempt follows a week later, and polls continue as before after two minutes."""
    polling = Polling(250, rolling_day, hour=10)
    polling.run(2 * DAY)
    polling.run(polling.schedule.plan.attempt_in)
    while polling.poll():
        polling.clock.pass_time(15)
    assert polling.schedule.expects_refusals
    assert polling.schedule.interval(Kind.AGENTS) == 140
    polling.clock.pass_time(140)
    assert polling.schedule.may_send_other_polls
    assert polling.schedule.interval(Kind.AGENTS) > 140


@pytest.mark.parametrize(("jump", "days"), [(DAY, 1), (-DAY, 1), (HOUR, 1), (-HOUR, 4)])
def test_a_clock_that_is_set(jump: float, days: int) -> None:
    """Polls go on, and a few days after the clock is right again, each day is a usual one. An hour moves the window, a day does not."""
    polling = Polling(250, hour=10)
    polling.run(2 * DAY + 3 * HOUR)
    since = polling.clock.elapsed
    polling.clock.now += jump
    polling.run(HOUR)
    assert polling.longest_gap(since) <= 20 * MINUTE
    polling.run(DAY)
    polling.clock.now -= jump
    polling.run(days * DAY)
    refused, since = polling.server.refused, polling.clock.elapsed
    polling.run(DAY)
    assert polling.server.refused - refused <= 3
    assert polling.longest_gap(since) <= 18 * MINUTE


@pytest.mark.parametrize("hour", [1, 23], ids=["autumn", "spring"])
def test_a_plan_of_a_server_with_daylight_saving_time(hour: int) -> None:
    """The plan's day begins an hour earlier or later after the change. That costs at most an hour and a half, then it is known."""
    polling = Polling(250, hour=10)
    polling.run(3 * DAY)
    since = polling.clock.elapsed
    polling.server.start = fixed_day(hour)
    polling.run(9 * DAY)
    assert polling.longest_gap(since) <= 90 * MINUTE
    refused, since = polling.server.refused, polling.clock.elapsed
    polling.run(2 * DAY)
    assert polling.server.refused - refused <= 6
    assert polling.longest_gap(since) <= 18 * MINUTE


def test_an_outage_of_the_plan_without_an_end_is_no_attempt() -> None:
    """Rejections beyond the end of a window cause normal pauses: nothing is polled more often than the plan allows."""
    polling = Polling(250, hour=10)
    polling.run(2 * DAY)
    polling.server.requests = 0
    assert not polling.poll()
    assert not polling.schedule.expects_refusals
    assert polling.schedule.pauses.is_limited
    with pytest.raises(Exception, match="paused"):
        polling.send(LIST, polling.schedule.poll_gate)


@pytest.mark.parametrize("is_poll", [True, False])
def test_only_refused_polls_teach_the_limit(is_poll: bool) -> None:
    """A refused search of a user requests the list too, but not all the time as polls do."""
    polling = Polling()
    polling.run(23 * HOUR)
    gate = polling.schedule.poll_gate if is_poll else polling.schedule.user_gate
    gate.failed(LIST, RequestLimitError("used up"))
    polling.clock.pass_time(HOUR)
    polling.poll()
    assert (polling.schedule.plan.learned is not None) is is_poll
