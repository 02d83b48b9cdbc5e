"""The benchmark of service plans: a fixed interval uses a plan up and misses the goals, and the schedule meets them."""

from collections.abc import Callable
from functools import partial

import pytest

from benchmarks.budget.before import Before
from benchmarks.budget.measures import Check
from benchmarks.budget.now import Now
from benchmarks.budget.policy import Make
from benchmarks.budget.rows import Result, idle, limited, told, watched
from simulator.plans import per_day


def _missed(checks: list[Check]) -> list[str]:
    """Return the names of the figures that miss their goal."""
    return [check.name for check in checks if check.met is False]


def test_a_fixed_interval_costs_twice_the_requests() -> None:
    world, checks = idle(Before, days=3)
    assert checks[2].figure == "agents/info 25, agents/list 1440, support/list 1440"
    assert _missed(checks) == ["lists a day"]
    assert all(one.accepted for one in world.homes[0].sent)


def test_a_fixed_interval_uses_up_the_plan_each_day() -> None:
    _, checks = limited(Before, partial(per_day, 1000), 5, a_day=1000, days=4)
    assert _missed(checks) == ["refused, worst day", "gap", "wakes"]
    assert (checks[3].name, checks[3].figure) == ("used", "100.0%")


@pytest.mark.parametrize(
    "run",
    [
        partial(idle, days=3),
        partial(watched, days=3),
        partial(limited, plan=partial(per_day, 250), gap=18, a_day=250, days=5),
        partial(told, days=4),
    ],
    ids=["idle", "watched", "250 a day", "250 a day, as the user says"],
)
def test_the_schedule_meets_its_goals(run: Callable[[Make], Result]) -> None:
    _, checks = run(Now)
    assert any(check.met for check in checks)
    assert _missed(checks) == []
