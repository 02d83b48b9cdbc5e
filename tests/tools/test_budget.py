"""The benchmark of service plans, in short: a fixed interval uses a plan up, and the goals notice."""

from functools import partial

from benchmarks.budget.before import Before
from benchmarks.budget.measures import Check
from benchmarks.budget.rows import idle, limited
from simulator.plans import per_day


def _missed(checks: list[Check]) -> list[str]:
    """Return the names of the figures that miss their goal."""
    return [check.name for check in checks if check.met is False]


def test_a_fixed_interval_costs_twice_the_requests() -> None:
    world, checks = idle(Before, days=3)
    assert checks[2].figure == "agents/info 25, agents/list 1440, support/list 1440"
    assert _missed(checks) == ["lists a day"]
    assert all(one.accepted for one in world.homes[0].sent)


def test_a_fixed_interval_is_blind_from_morning_to_midnight() -> None:
    _, checks = limited(Before, partial(per_day, 1000), 5, a_day=1000, days=4)
    assert _missed(checks) == ["refused, worst day", "gap", "wakes"]
    assert (checks[3].name, checks[3].figure) == ("used", "100.0%")
