"""Plans with a known limit, and events that can happen to them."""

from custom_components.getscreen.account.plan import Plan
from custom_components.getscreen.account.windows import Limit, Window

from .clock import DAY, HOUR, MINUTE, FakeClock

NEVER = float("inf")
THOUSAND = Limit(1000, Window.DAY, 0)
ROLLING = Limit(1000, Window.DAY)
EVEN = 0.94 * 1000 / DAY


def plan_of(clock: FakeClock, limit: Limit | None, used: int = 0) -> Plan:
    """Return a plan whose limit was learned long ago, of which `used` requests were used a moment ago."""
    plan = Plan(clock.clock)
    plan.learned = limit
    if limit and limit.reset is None:
        # An attempt was made yesterday.
        plan.restore({"learned": limit.saved(), "attempt_at": clock.now - DAY, "log": None})
    for _ in range(used):
        plan.count_request()
    return plan


def at(hour: float) -> FakeClock:
    """Return a clock at a time of the day (UTC)."""
    clock = FakeClock()
    clock.pass_time(hour * HOUR)
    return clock


def refuse(plan: Plan, clock: FakeClock, seconds: float, step: float = 1000.0) -> None:
    """Let the plan reject polls for this many seconds, and then allow one."""
    for _ in range(int(seconds // step)):
        plan.poll_refused()
        clock.pass_time(step)
    clock.pass_time(seconds % step)
    plan.count_request()
    plan.poll_accepted()


def learn(clock: FakeClock, requests: int, interval: float = MINUTE) -> Plan:
    """Return a plan that has learned that a number of requests is allowed in a day that begins at midnight."""
    plan = Plan(clock.clock)
    for _ in range(requests):
        plan.count_request()
        plan.poll_accepted()
        clock.pass_time(interval)
    refuse(plan, clock, DAY - (clock.now % DAY))
    return plan


def spend(plan: Plan, clock: FakeClock, requests: int, until: float) -> None:
    """Send a number of requests evenly until a time."""
    step = (until - clock.now) / requests
    for _ in range(requests):
        plan.count_request()
        plan.poll_accepted()
        clock.pass_time(step)


def at_end(used: int) -> tuple[FakeClock, Plan]:
    """Return a plan of 500 a day just before midnight, with a number of requests used."""
    clock = at(0)
    plan = plan_of(clock, Limit(500, Window.DAY, 0))
    spend(plan, clock, used, clock.now + DAY - 10 * MINUTE)
    return clock, plan
