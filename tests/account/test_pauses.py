"""Pauses for the plan's limit and for a failing server: the affected requests and the duration."""

import pytest

from custom_components.getscreen.account.pauses import Kind
from custom_components.getscreen.api import (
    AccessDeniedError,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
)
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR, FakeClock
from .waiting import Waiting

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]


def test_without_a_pause() -> None:
    """Every kind of request may be sent, and nothing is waited for."""
    waiting = Waiting()
    pauses = waiting.pauses
    assert not any(waiting.has_to_wait(kind, by_user=by_user) for kind in Kind for by_user in (False, True))
    assert (pauses.is_limited, pauses.is_active, pauses.next_end) == (False, False, None)
    assert [pauses.seconds_left(kind) for kind in Kind] == [None] * 5
    pauses.release(Kind.AGENTS, by_user=False)
    pauses.end_for(Kind.HISTORY)
    pauses.end_shared()
    assert waiting.changes == 0


# The plan's limit


def test_each_pause_is_twice_as_long() -> None:
    """Pauses double up to an hour, after a day up to eight hours (a monthly plan may be used up), but end just after midnight."""
    waiting = Waiting()
    found, ends = [], list[float]()
    while waiting.clock.elapsed < FakeClock().elapsed + 3 * DAY:
        found.append(waiting.meet())
        waiting.wait()
        ends.append(waiting.clock.now % DAY)
    assert found[:7] == [120, 240, 480, 960, 1920, 3600, 3600]
    assert 8 * HOUR in found
    assert max(found) == 8 * HOUR
    # Two minutes after the first refusal, which was at midnight, and after each midnight since.
    assert sum(end == 120 for end in ends) == 4
    assert sum(pause == HOUR for pause in found) in {23, 24, 25}


def test_the_first_pause_is_twice_the_update_interval() -> None:
    assert Waiting(interval=300).meet() == 600
    assert Waiting(interval=3600).meet() == 3600


def test_an_attempt_during_a_pause_does_not_prolong_it() -> None:
    """Other kinds of requests that hit the limit join the pause."""
    waiting = Waiting()
    waiting.meet()
    waiting.clock.pass_time(50)
    assert not waiting.has_to_wait(Kind.INVITATIONS)
    assert waiting.meet(Kind.INVITATIONS) == 70
    assert waiting.meet(Kind.AGENTS) == 70
    assert waiting.has_to_wait(Kind.INVITATIONS)
    waiting.wait()
    assert waiting.meet() == 240


def test_a_success_ends_the_pause() -> None:
    """The next pause is a short one again."""
    waiting = Waiting()
    for _ in range(3):
        waiting.meet()
        waiting.wait()
    assert waiting.pauses.is_limited
    waiting.pauses.release(Kind.AGENTS, by_user=False)
    assert not waiting.pauses.is_limited
    assert waiting.meet() == 120


def test_the_limit_of_one_kind() -> None:
    """Other kinds continue, and their success does not end the pause: the plan of that kind is still used up."""
    waiting = Waiting()
    waiting.meet(Kind.INVITATIONS)
    assert isinstance(waiting.pauses.wait_reason(Kind.INVITATIONS), RequestLimitError)
    for kind in (Kind.AGENTS, Kind.HARDWARE, Kind.HISTORY, Kind.COMMANDS):
        assert not waiting.has_to_wait(kind)
        waiting.pauses.release(kind, by_user=False)
    assert waiting.pauses.is_limited
    assert waiting.pauses.seconds_left(Kind.INVITATIONS) == 120
    assert waiting.pauses.seconds_left(Kind.AGENTS) is None
    waiting.pauses.release(Kind.INVITATIONS, by_user=False)
    assert not waiting.pauses.is_limited


def test_the_end_of_a_known_window() -> None:
    """A pause is no longer than until the plan allows requests again, and no shorter than the update interval."""
    waiting = Waiting()
    assert waiting.meet(allowed_in=100) == 100
    waiting.wait()
    assert waiting.meet(allowed_in=10) == 60
    waiting.wait()
    assert waiting.meet(allowed_in=10_000) == 480


# What servers ask for


@pytest.mark.parametrize(("retry_after", "pause"), [(0, 60), (30, 60), (900, 900), (86_400, 86_400)])
@pytest.mark.parametrize("error", [RequestLimitError, GetscreenConnectionError])
def test_retry_after(error: type[RequestLimitError | GetscreenConnectionError], retry_after: float, pause: float) -> None:
    """A pause is as long as the server asks, but no shorter than the update interval."""
    waiting = Waiting()
    assert waiting.meet(error=error("later", retry_after)) == pause
    held = waiting.pauses.wait_reason(Kind.AGENTS)
    assert type(held) is error
    assert waiting.pauses.is_limited is (error is RequestLimitError)


@pytest.mark.parametrize("error", [RequestLimitError("", 600), GetscreenConnectionError("", 600)])
def test_the_longest_pause_counts(error: GetscreenError) -> None:
    """During a pause, a longer `Retry-After` prolongs it and a shorter one does not."""
    waiting = Waiting()
    assert waiting.meet() == 120
    assert waiting.meet(Kind.HISTORY, error, by_user=True) == 600
    assert waiting.meet(Kind.HARDWARE, RequestLimitError("", 300)) == 600
    assert waiting.meet(Kind.HARDWARE, GetscreenConnectionError("", 300)) == 600
    assert all(waiting.has_to_wait(kind) for kind in (Kind.AGENTS, Kind.HARDWARE))
    assert waiting.has_to_wait(Kind.HISTORY, by_user=True)


def test_a_limit_during_the_pause_of_a_failing_server() -> None:
    """The limit counts from then on, and the doubling starts."""
    waiting = Waiting()
    waiting.meet(Kind.HISTORY, GetscreenConnectionError("", 300), by_user=True)
    assert not waiting.pauses.is_limited
    assert waiting.meet() == 120
    assert waiting.pauses.is_limited


@pytest.mark.parametrize("error", [GetscreenConnectionError(""), AccessDeniedError(""), InvalidResponseError("")])
def test_failures_that_cause_no_pause(error: GetscreenError) -> None:
    waiting = Waiting()
    assert waiting.meet(error=error) == 0
    assert not waiting.has_to_wait()
    assert waiting.changes == 0


# What users ask for, and commands


def test_requests_by_users() -> None:
    """Requests of a user pause with the polls of their kind. A limit that they hit themselves pauses no poll."""
    waiting = Waiting()
    waiting.meet(Kind.AGENTS)
    assert waiting.has_to_wait(Kind.AGENTS, by_user=True)
    waiting = Waiting()
    waiting.meet(Kind.AGENTS, by_user=True)
    assert waiting.has_to_wait(Kind.AGENTS, by_user=True)
    assert not waiting.has_to_wait(Kind.AGENTS)
    assert waiting.pauses.seconds_left(Kind.AGENTS) is None
    waiting.pauses.release(Kind.AGENTS, by_user=False)
    assert waiting.has_to_wait(Kind.AGENTS, by_user=True)
    waiting.pauses.release(Kind.AGENTS, by_user=True)
    assert not waiting.pauses.is_limited


def test_limits_hit_by_users_end_with_the_pause() -> None:
    """Limits hit by users are forgotten with the pause, so that no repair issue stays forever. Limits hit by polls are not."""
    waiting = Waiting()
    waiting.meet(Kind.HISTORY, by_user=True)
    waiting.wait()
    assert not waiting.pauses.is_limited
    waiting.meet(Kind.HISTORY, by_user=True)
    waiting.meet(Kind.AGENTS)
    waiting.wait()
    assert waiting.pauses.is_limited
    waiting.pauses.release(Kind.AGENTS, by_user=False)
    assert not waiting.pauses.is_limited


def test_commands_are_allowed_again_after_a_minute() -> None:
    """One command a minute is allowed during any pause, and does not change the pause."""
    waiting = Waiting()
    waiting.meet(error=RequestLimitError("", 7200))
    assert not waiting.has_to_wait(Kind.COMMANDS, by_user=True)
    for minute in range(1, 4):
        assert waiting.meet(Kind.COMMANDS, by_user=True) == 7200 - (minute - 1) * 60
        waiting.clock.pass_time(58)
        assert waiting.has_to_wait(Kind.COMMANDS, by_user=True)
        waiting.clock.pass_time(2)
        assert not waiting.has_to_wait(Kind.COMMANDS, by_user=True)
        assert waiting.has_to_wait(Kind.AGENTS)
    waiting.pauses.release(Kind.COMMANDS, by_user=True)
    assert waiting.has_to_wait(Kind.AGENTS)


def test_commands_in_a_short_pause() -> None:
    """A command is not held for longer than the pause."""
    waiting = Waiting(interval=15)
    waiting.meet()
    waiting.meet(Kind.COMMANDS, by_user=True)
    waiting.clock.pass_time(29)
    assert not waiting.has_to_wait(Kind.COMMANDS, by_user=True)


# Ends


def test_a_pause_ends_a_little_early() -> None:
    """A timer that comes a second before its time finds no pause any more."""
    waiting = Waiting()
    waiting.meet()
    waiting.clock.pass_time(118)
    assert waiting.has_to_wait()
    assert waiting.pauses.is_active
    assert waiting.pauses.seconds_left(Kind.AGENTS) == 2
    waiting.clock.pass_time(1)
    assert not waiting.has_to_wait()
    assert not waiting.pauses.is_active
    assert waiting.pauses.seconds_left(Kind.AGENTS) is None


def test_the_timer_of_an_earlier_pause() -> None:
    """The timer does not end a pause that was prolonged later."""
    waiting = Waiting()
    waiting.meet()
    end = waiting.pauses.next_end
    assert end is not None
    waiting.meet(error=RequestLimitError("", 600))
    waiting.clock.pass_time(120)
    waiting.pauses.end_expired(end)
    assert waiting.remaining == 480
    assert waiting.has_to_wait()


def test_the_timer_of_a_poll_comes_first() -> None:
    """The pause ends for a poll that is due only if that poll has hit the limit."""
    waiting = Waiting()
    waiting.meet()
    waiting.pauses.count_refusal(Kind.INVITATIONS)
    waiting.pauses.end_for(Kind.INVITATIONS)
    assert not waiting.has_to_wait(Kind.INVITATIONS)
    assert waiting.has_to_wait()
    waiting.pauses.end_for(Kind.AGENTS)
    assert not waiting.has_to_wait()
    assert waiting.pauses.is_limited


def test_changes_are_reported() -> None:
    """Each begin and each end is reported once, so that timers, files and repair issues follow."""
    waiting = Waiting()
    waiting.meet()
    assert waiting.changes == 1
    waiting.meet()
    assert waiting.changes == 1
    waiting.wait()
    assert waiting.changes == 2
    waiting.pauses.release(Kind.AGENTS, by_user=False)
    assert waiting.changes == 3
    waiting.pauses.release(Kind.AGENTS, by_user=False)
    assert waiting.changes == 3


def test_a_reload_ends_all_pauses() -> None:
    """A user who reloads wants a new attempt now. The number of rejections stays, because a reload is not a success."""
    waiting = Waiting()
    waiting.meet(Kind.HARDWARE)
    for _ in range(3):
        waiting.pauses.count_refusal(Kind.AGENTS)
    waiting.pauses.end_all()
    assert not waiting.has_to_wait(Kind.HARDWARE)
    assert not waiting.has_to_wait()
    assert waiting.pauses.next_end is None
    assert waiting.pauses.refusals(Kind.AGENTS) == 3


def test_answers_after_the_account_was_unloaded() -> None:
    """Late answers cause no pause."""
    waiting = Waiting()
    waiting.pauses.may_begin = False
    waiting.meet()
    for _ in range(5):
        waiting.pauses.count_refusal(Kind.AGENTS)
    assert not waiting.has_to_wait()
    assert waiting.changes == 0
    waiting.pauses.may_begin = True
    assert waiting.meet() == 120
