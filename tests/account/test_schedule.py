"""When each kind of request is due: the user's interval, watchers, computers on their way, the plan and pauses."""

from itertools import pairwise

import pytest

from custom_components.getscreen.account.pauses import Kind
from custom_components.getscreen.account.schedule import Reason, kind_of
from custom_components.getscreen.account.windows import Limit, Window
from custom_components.getscreen.api import (
    AccessDeniedError,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
)
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR, MINUTE
from .polling import HARDWARE, HISTORY, INVITATIONS, LIST, WAKE, Polling

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]

TENFOLD = Limit(20_000, Window.DAY, 0)
SMALL = Limit(250, Window.DAY, 0)


def pace(polling: Polling) -> tuple[float, Reason]:
    """Return the interval of the list and the reason, once asked."""
    return polling.schedule.interval(Kind.AGENTS), polling.schedule.reason


def test_kinds() -> None:
    """Every API method has a kind, and every method that does not read is a command."""
    methods = {
        "agents/list": Kind.AGENTS,
        "agents/info": Kind.HARDWARE,
        "history/list": Kind.HISTORY,
        "support/list": Kind.INVITATIONS,
        "support/info": Kind.INVITATIONS,
        "support/create": Kind.COMMANDS,
        "agents/wake": Kind.COMMANDS,
        "anything/else": Kind.COMMANDS,
    }
    assert {method: kind_of(method) for method in methods} == methods


# The user's interval


@pytest.mark.parametrize("option", [30.0, 60.0, 600.0, 3600.0])
def test_the_interval_of_the_options(option: float) -> None:
    """Without a limit, without watchers and without commands, the user's interval counts."""
    polling = Polling()
    polling.schedule.configured_interval = option
    assert pace(polling) == (option, Reason.OPTION)
    polling.schedule.plan.learned = TENFOLD
    assert pace(polling) == (option, Reason.OPTION)


def test_a_day_of_an_idle_account() -> None:
    """The list and the invitations of an account in which nothing happens cost at most 1,730 requests a day."""
    polling = Polling()
    polling.schedule.polls_invitations = True
    polling.run(DAY)
    assert len(polling.answers) == 1440
    assert DAY / polling.schedule.interval(Kind.INVITATIONS) + len(polling.answers) <= 1730


def test_watchers() -> None:
    """The list is polled every 15 seconds while a card is visible, or at the user's interval if that is shorter."""
    polling = Polling()
    first, second = polling.schedule.watch(), polling.schedule.watch()
    assert pace(polling) == (15, Reason.WATCHED)
    first()
    first()
    assert pace(polling) == (15, Reason.WATCHED)
    second()
    assert pace(polling) == (60, Reason.OPTION)
    polling.schedule.configured_interval = 12
    polling.schedule.watch()
    assert pace(polling) == (12, Reason.WATCHED)


def test_a_computer_that_is_waking() -> None:
    """The list is polled every ten seconds for three minutes, or until the computer has come."""
    polling = Polling()
    schedule = polling.schedule
    schedule.watch()
    schedule.boost("1")
    schedule.boost("2")
    assert pace(polling) == (10, Reason.COMMAND)
    assert schedule.is_boosted
    assert schedule.is_boosting("1")
    schedule.end_boost("1")
    assert not schedule.is_boosting("1")
    assert pace(polling) == (10, Reason.COMMAND)
    polling.run(180)
    assert [round(later - earlier) for earlier, later in pairwise(polling.answers)] == [10] * 17
    assert not schedule.is_boosted
    assert pace(polling) == (15, Reason.WATCHED)
    schedule.end_boost("2")
    schedule.configured_interval = 5
    schedule.boost("3")
    assert pace(polling) == (5, Reason.COMMAND)


def test_commands_with_a_used_up_budget() -> None:
    """A boost does not make polls more frequent once users have used all requests that polls do not need."""
    polling = Polling(hour=1)
    polling.schedule.plan.learned = SMALL
    polling.clock.pass_time(MINUTE)
    polling.schedule.boost("1")
    assert pace(polling) == (10, Reason.COMMAND)
    while polling.ask():
        pass
    assert polling.schedule.reason is Reason.PLAN
    assert not polling.schedule.may_poll_early
    assert polling.schedule.is_boosted
    # A computer that has not come is given up all the same.
    answered = len(polling.answers)
    polling.run(300 + 2 * polling.next_in)
    assert not polling.schedule.is_boosted
    assert 1 <= len(polling.answers) - answered < 18


# Invitations


def test_invitations_are_polled_rarely_if_none_is_open() -> None:
    """Invitations are polled every five minutes while none is open, or at the user's interval if that is longer."""
    schedule = Polling().schedule
    schedule.polls_invitations = True
    assert not schedule.follows_list
    assert schedule.interval(Kind.INVITATIONS) == 300
    schedule.configured_interval = 900
    assert schedule.interval(Kind.INVITATIONS) == 900


def test_invitations_that_are_watched_or_open() -> None:
    """Invitations are polled like the list while one may be open, while a card shows them, and for ten minutes after a change."""
    polling = Polling()
    schedule = polling.schedule
    schedule.polls_invitations = schedule.may_have_invitations = True
    assert schedule.follows_list
    assert schedule.interval(Kind.INVITATIONS) == 60
    schedule.may_have_invitations = False
    schedule.watch()
    assert not schedule.follows_list
    end = schedule.watch(invitations=True)
    assert schedule.follows_list
    end()
    assert not schedule.follows_list
    schedule.boost_invitations()
    assert schedule.follows_list
    polling.clock.pass_time(599)
    assert schedule.follows_list
    polling.clock.pass_time(1)
    assert not schedule.follows_list


def test_disabled_invitations() -> None:
    """Disabled invitations get no part of the budget, so the list gets more."""
    polling = Polling(hour=12)
    polling.schedule.plan.configured["home"] = 250
    assert DAY / polling.schedule.interval(Kind.AGENTS) == pytest.approx(235)


@pytest.mark.parametrize(("is_lively", "part"), [(False, 0.15), (True, 0.4)])
def test_invitations_in_a_small_budget(is_lively: bool, part: float) -> None:
    """Invitations get a part of the budget, a larger one while they are polled like the list. The list gets the rest."""
    schedule = Polling(hour=12).schedule
    schedule.plan.configured["home"] = 250
    schedule.polls_invitations = True
    schedule.may_have_invitations = is_lively
    per_day = [DAY / schedule.interval(kind) for kind in (Kind.AGENTS, Kind.INVITATIONS)]
    assert per_day[0] == pytest.approx(235 * (1 - part))
    assert per_day[1] == pytest.approx(min(235 * part, per_day[0]))


def test_hardware() -> None:
    """Hardware is read as often as configured, or with a tenth of a small budget. The list gets at least half."""
    schedule = Polling(hour=12).schedule
    assert schedule.interval(Kind.HARDWARE) == float("inf")
    schedule.hardware_rate = 40 / DAY
    assert schedule.interval(Kind.HARDWARE) == pytest.approx(DAY / 40)
    schedule.plan.configured["home"] = 250
    assert schedule.interval(Kind.HARDWARE) == pytest.approx(DAY / 23.5)
    assert DAY / schedule.interval(Kind.AGENTS) == pytest.approx(235 * 0.9)
    schedule.polls_invitations = schedule.may_have_invitations = True
    assert DAY / schedule.interval(Kind.AGENTS) == pytest.approx(235 / 2)


# The plan


def test_the_interval_of_a_small_plan() -> None:
    """The list is polled as often as the plan allows, also for visible cards once nothing is left over."""
    polling = Polling(hour=12)
    polling.schedule.plan.configured["home"] = 250
    interval, reason = pace(polling)
    assert reason is Reason.PLAN
    assert interval == pytest.approx(DAY / 235)
    polling.schedule.watch()
    assert pace(polling) == (15, Reason.WATCHED)
    polling.run(2 * HOUR)
    assert 235 <= len(polling.answers) <= 265
    assert polling.schedule.reason is Reason.PLAN
    assert polling.schedule.interval(Kind.AGENTS) > 300


def test_the_interval_moves_only_by_a_fifth() -> None:
    """Smaller steps wait for hours, so that the interval does not change every few minutes."""
    polling = Polling(hour=12)
    schedule = polling.schedule
    schedule.plan.configured["home"] = 250
    before = schedule.interval(Kind.AGENTS)
    schedule.plan.configured["home"] = 215
    assert schedule.interval(Kind.AGENTS) == before
    polling.clock.pass_time(6 * HOUR)
    after = schedule.interval(Kind.AGENTS)
    assert after == pytest.approx(before * 250 / 215)
    schedule.plan.configured["home"] = 208
    polling.clock.pass_time(7 * HOUR)
    assert schedule.interval(Kind.AGENTS) == after
    schedule.plan.configured["home"] = 150
    assert schedule.interval(Kind.AGENTS) == pytest.approx(before * 250 / 150)
    schedule.plan.configured["home"] = 250
    assert schedule.interval(Kind.AGENTS) == pytest.approx(before)


def test_a_steady_interval_in_a_small_plan() -> None:
    """The interval of a plan of 250 a day moves a few times a day, not all the time."""
    polling = Polling(250, hour=10)
    polling.run(2 * DAY)
    intervals = []
    for _ in range(24):
        polling.run(HOUR)
        intervals.append(round(polling.schedule.interval(Kind.AGENTS)))
    assert sum(earlier != later for earlier, later in pairwise(intervals)) <= 8


# Gates


def test_requests_and_answers_are_reported() -> None:
    """Each request is reported before it is sent, and each answer to an accepted key."""
    polling = Polling()
    sent: list[str] = []
    accepted: list[str] = []
    polling.schedule.on_sent = sent.append
    polling.schedule.on_accepted = accepted.append
    polling.poll()
    polling.server.requests = 1
    assert not polling.ask(WAKE)
    assert sent == [LIST, WAKE]
    assert accepted == [LIST]


@pytest.mark.parametrize("method", [LIST, INVITATIONS, HARDWARE, HISTORY])
def test_a_poll_that_hits_the_limit(method: str) -> None:
    """Polls and reads of its kind wait, other kinds continue, and an answer ends the pause."""
    polling = Polling(0)
    schedule = polling.schedule
    assert not polling.send(method, schedule.poll_gate)
    assert schedule.pauses.is_limited
    for gate in (schedule.poll_gate, schedule.user_gate):
        with pytest.raises(RequestLimitError):
            gate.admit(method)
        for other in {LIST, INVITATIONS, HARDWARE, HISTORY, WAKE} - {method}:
            gate.admit(other)
    assert bool(schedule.wait_reason(Kind.AGENTS)) is (method == LIST)
    polling.clock.pass_time(120)
    polling.server.requests = 10
    assert polling.send(method, schedule.poll_gate)
    assert not schedule.pauses.is_limited


@pytest.mark.parametrize("method", [LIST, HISTORY, WAKE])
def test_a_request_by_a_user_that_hits_the_limit(method: str) -> None:
    """A user's requests wait, a command for a minute. Polls continue, and nothing is learned from it."""
    polling = Polling(0)
    assert not polling.send(method, polling.schedule.user_gate)
    with pytest.raises(RequestLimitError):
        polling.schedule.user_gate.admit(method)
    polling.schedule.poll_gate.admit(LIST)
    polling.server.requests = 100
    for _ in range(60):
        polling.poll()
    assert not polling.schedule.plan.is_limited


def test_a_user_in_a_pause() -> None:
    """No further request of the user is sent, and none prolongs a pause."""
    polling = Polling(10)
    for _ in range(10):
        polling.ask()
    assert not polling.ask()
    refused = polling.server.refused
    for _ in range(1940):
        assert not polling.ask()
    assert polling.server.refused == refused == 1


def test_reads_by_one_user() -> None:
    """Of 1,000 reads with a plan of 500 a day, at most 50 are sent. The others fail at once, and polls and commands continue."""
    polling = Polling(500, hour=10)
    polling.run(2 * DAY)
    asked = sum(polling.ask() for _ in range(1000))
    assert 10 <= asked <= 50
    with pytest.raises(RequestLimitError, match="reserved"):
        polling.schedule.user_gate.admit(HISTORY)
    since = polling.clock.elapsed
    polling.run(13.5 * HOUR)
    assert polling.ask(WAKE)
    polling.run(DAY)
    assert polling.longest_gap(since) <= 12 * MINUTE


def test_failures_of_other_kinds() -> None:
    """A rejection by the server used a request of the plan, a lost connection did not. Neither is the plan's limit."""
    polling = Polling(hour=12)
    schedule = polling.schedule
    schedule.plan.configured["home"] = 10
    for error, is_counted in (
        (GetscreenConnectionError("lost"), False),
        (AccessDeniedError("no"), True),
        (InvalidResponseError("?"), True),
    ):
        before = schedule.plan.saved()["log"]["minutes"]
        schedule.poll_gate.failed(LIST, error)
        assert (schedule.plan.saved()["log"]["minutes"] != before) is is_counted
        schedule.poll_gate.admit(LIST)
    assert not schedule.pauses.is_limited


def test_a_failing_server() -> None:
    """A failure makes polls wait as long as the server asks, and until then they raise an error."""
    polling = Polling()
    polling.schedule.poll_gate.failed(LIST, GetscreenConnectionError("busy", 600))
    assert polling.schedule.wait_reason(Kind.AGENTS)
    assert polling.schedule.pauses.seconds_left(Kind.AGENTS) == 600
    with pytest.raises(GetscreenConnectionError):
        polling.schedule.poll_gate.admit(LIST)
    polling.clock.pass_time(600)
    polling.schedule.poll_gate.admit(LIST)


def test_a_pause_until_the_plan_allows_requests_again() -> None:
    """The pause ends with the learned window, plus a small margin for clocks that differ."""
    polling = Polling(0, hour=23.99)
    polling.schedule.plan.learned = Limit(250, Window.DAY, 0)
    polling.schedule.user_gate.failed(HISTORY, RequestLimitError("used up"))
    assert polling.schedule.pauses.seconds_left(Kind.AGENTS) is None
    assert polling.schedule.saved()["limit"]["until"] == pytest.approx(polling.clock.now + 60)


def test_freshness() -> None:
    """A poll of a moment ago is fresh, one that failed is not."""
    polling = Polling()
    assert not polling.schedule.is_fresh
    polling.schedule.polled(successfully=False)
    assert not polling.schedule.is_fresh
    polling.poll()
    assert polling.schedule.is_fresh
    polling.clock.pass_time(4)
    assert (polling.schedule.is_fresh, polling.schedule.age) == (True, 4)
    polling.clock.pass_time(1)
    assert not polling.schedule.is_fresh


def test_state_after_a_restart() -> None:
    """The pauses under the name that older files have, and the plan."""
    polling = Polling(0)
    polling.poll()
    saved = polling.schedule.saved()
    assert saved.keys() == {"limit", "plan"}
    again = Polling()
    again.schedule.pauses.restore(saved["limit"])
    again.schedule.plan.restore(saved["plan"])
    assert again.schedule.wait_reason(Kind.AGENTS)


def test_gates_raise_errors_of_the_client() -> None:
    """Everything that a gate raises is an error of the client, which callers expect."""
    polling = Polling(0)
    polling.poll()
    for gate in (polling.schedule.poll_gate, polling.schedule.user_gate):
        with pytest.raises(GetscreenError):
            gate.admit(LIST)
