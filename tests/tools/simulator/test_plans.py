"""Service plans: the start of the count, counted requests, and plans that grow and are shared."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import aiohttp
import pytest

from simulator import Account, ServicePlan, Simulator
from simulator.plans import per_day, per_hour, per_month, rolling

from .conftest import Call, Clock

type Plan = Callable[[int, Clock], ServicePlan]


@pytest.fixture
async def other(simulator: Simulator) -> AsyncIterator[Simulator]:
    """Return a second simulator of the same customer."""
    async with Simulator(Account(), key=simulator.key) as other:
        yield other


def _at(clock: Clock, moment: str) -> None:
    clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


def _left(plan: ServicePlan) -> int:
    """Use up a plan, and return how many requests it allowed."""
    return next(count for count in range(1000) if not plan.take())


@pytest.mark.parametrize(
    ("plan", "start", "before", "after"),
    [
        (per_day, "2026-03-04 00:00", "2026-03-04 23:59:59", "2026-03-05"),
        (lambda limit, clock: per_day(limit, clock, reset_hour=5), "2026-03-03 05:00", "2026-03-04 04:59:59", "2026-03-04 05:00"),
        (per_hour, "2026-03-04 10:00", "2026-03-04 10:59:59", "2026-03-04 11:00"),
        (per_month, "2026-02-01", "2026-02-28 23:59:59", "2026-03-01"),
        (per_month, "2026-12-01", "2026-12-31 23:59:59", "2027-01-01"),
        (rolling, "2026-03-04 10:20", "2026-03-05 10:19:59", "2026-03-05 10:20"),
    ],
    ids=["day", "day from five", "hour", "month", "year", "rolling"],
)
def test_periods(clock: Clock, plan: Plan, start: str, before: str, after: str) -> None:
    _at(clock, start)
    allowing = plan(3, clock)
    assert _left(allowing) == 3
    _at(clock, before)
    assert _left(allowing) == 0
    _at(clock, after)
    assert _left(allowing) == 3


def test_a_rolling_day_gives_back_one_by_one(clock: Clock) -> None:
    plan = rolling(2, clock)
    allowed = []
    for hour in range(50):
        clock.now += 3600
        if plan.take():
            allowed.append(hour)
    assert allowed == [0, 1, 24, 25, 48, 49]


def test_a_plan_grows_and_shrinks(clock: Clock) -> None:
    plan = per_day(2, clock)
    assert _left(plan) == 2
    plan.limit = 5
    assert _left(plan) == 3
    plan.limit = 1
    assert _left(plan) == 0


async def test_what_counts(call: Call, simulator: Simulator, clock: Clock, browser: aiohttp.ClientSession) -> None:
    """Rejected requests and those with a wrong key do not count."""
    simulator.plan = rolling(2, clock, hours=1)
    wrong = {"X-Api-Key": "wrong"}
    assert [(await browser.get(f"{simulator.url}/agents/list", headers=wrong)).status for _ in range(3)] == [403] * 3
    assert [(await call("agents/list"))[0] for _ in range(2)] == [200, 200]
    clock.now += 3599
    assert await call("agents/wake", "POST", id=3) == (402, {"error": "request limit of the service plan exceeded"})
    clock.now += 1
    assert [(await call("agents/list"))[0] for _ in range(3)] == [200, 200, 402]
    simulator.plan = per_day(1, clock)
    assert [(await call("agents/list"))[0] for _ in range(2)] == [200, 402]
    simulator.plan = None
    assert (await call("agents/list"))[0] == 200


async def test_customers_share_a_plan(simulator: Simulator, other: Simulator, clock: Clock, session: aiohttp.ClientSession) -> None:
    simulator.plan = other.plan = per_hour(3, clock)
    codes = [(await session.get(f"{one.url}/agents/list")).status for one in (simulator, other, simulator, other)]
    assert codes == [200, 200, 200, 402]
    clock.now += 3600
    assert (await session.get(f"{other.url}/agents/list")).status == 200
