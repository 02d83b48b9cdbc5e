"""The learned plan after restarts, clock changes and key changes."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from custom_components.getscreen.account.plan import Plan
from custom_components.getscreen.account.windows import Limit, Window
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR
from .plans import NEVER, ROLLING, THOUSAND, at, at_end, plan_of, spend
from .strategies import JSON, ODD_NUMBERS

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]


def test_a_restart_within_a_window() -> None:
    """The learned plan, its usage and the time of the last attempt are the same after a restart."""
    clock, plan = at_end(300)
    saved = json.loads(json.dumps(plan.saved()))
    before = (plan.learned, plan.reset_in, plan.attempt_in, plan.is_at_end, plan.has_room_for_users)
    clock.restart(0)
    again = Plan(clock.clock)
    again.restore(saved)
    assert (again.learned, again.reset_in, again.attempt_in, again.is_at_end, again.has_room_for_users) == before
    assert again.pace == pytest.approx(plan.pace, rel=0.1)
    while again.has_room_for_users:
        again.count_request()
    saved = json.loads(json.dumps(again.saved()))
    clock.restart(DAY)
    later = Plan(clock.clock)
    later.restore(saved)
    assert later.has_room_for_users


def test_a_restart_does_not_repeat_an_attempt() -> None:
    """A rejected attempt is not repeated after a restart. A clock that was set back does not postpone it for years."""
    clock, plan = at_end(480)
    clock.pass_time(plan.attempt_in)
    plan.attempt_refused()
    saved = plan.saved()
    again = Plan(clock.clock)
    again.restore(saved)
    assert again.attempt_in == NEVER
    clock.now -= 400 * DAY
    old = Plan(clock.clock)
    old.restore(saved)
    clock.pass_time(2 * DAY)
    assert old.attempt_in < NEVER


@pytest.mark.parametrize("jump", [DAY, -DAY, 3 * HOUR, -3 * HOUR])
@pytest.mark.parametrize("limit", [THOUSAND, ROLLING, Limit(60, Window.HOUR, 0), Limit(5000, Window.MONTH, 0)])
def test_a_clock_that_jumps(limit: Limit, jump: float) -> None:
    """The pace stays within its bounds, and there is room for users on the next day."""
    clock = at(10)
    plan = plan_of(clock, limit)
    spend(plan, clock, int(limit.requests * HOUR * 10 / max(limit.window.seconds, DAY)), clock.now + 10 * HOUR)
    clock.now += jump
    assert 0.24 <= plan.pace / plan.even_pace <= 1.31
    assert plan.attempt_in >= 0
    assert plan.reset_in is None or 0 <= plan.reset_in <= 31 * DAY
    for _ in range(26):
        spend(plan, clock, max(1, int(plan.pace * HOUR)), clock.now + HOUR)
        assert 0.24 <= plan.pace / plan.even_pace <= 1.31
    assert plan.learned == limit
    assert plan.has_room_for_users


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
def test_invalid_stored_plans(saved: Any) -> None:
    """With any file content, there is a pace, and the next file can be written."""
    clock = at(10)
    plan = Plan(clock.clock)
    plan.restore(saved)
    assert plan.pace > 0
    assert plan.attempt_in >= 0
    plan.count_request()
    plan.poll_refused()
    clock.pass_time(HOUR)
    plan.count_request()
    plan.poll_accepted()
    assert plan.pace > 0
    again = Plan(clock.clock)
    again.restore(json.loads(json.dumps(plan.saved())))
    assert again.learned == plan.learned
