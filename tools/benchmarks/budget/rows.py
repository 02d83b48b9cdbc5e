"""The rows of the table: scenarios and their goals."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from simulator import ServicePlan
from simulator.plans import per_day, per_hour, per_month, rolling

from .measures import (
    SETTLED,
    Check,
    accepted,
    at_full_pace,
    at_least,
    at_most,
    by_kind,
    changes,
    delays,
    first_day_refusals,
    longest_gap,
    percentile,
    share_up,
    worst_day,
)
from .policy import Make, Method, Settings
from .world import DAY, MIDNIGHT, FakeClock, World

type PlanMaker = Callable[[FakeClock], ServicePlan]
type Result = tuple[World, list[Check]]

_MOST_REFUSED = 3
_LEAST_USED = 0.85
_FAST = 15.0
_SCAN = 60.0
_LATE = 23 + 50 / 60


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name, its goal in words, and the function that runs it with a policy."""

    name: str
    goal: str
    run: Callable[[Make], Result]


def idle(make: Make, *, days: int = 5) -> Result:
    """Run without a limit and without an open dashboard."""
    world, end = World(make, [Settings()]), MIDNIGHT + days * DAY
    world.run(end)
    kinds = by_kind(world.homes[0], SETTLED, end)
    lists = sum(count for kind, count in kinds.items() if kind != Method.HARDWARE)
    text = ", ".join(f"{kind} {count:.0f}" for kind, count in sorted(kinds.items()))
    hardware = kinds.get(Method.HARDWARE, 0)
    return world, [
        at_most(lists, 1730, "lists a day"),
        Check("hardware a day", f"{hardware:.1f} of 25", 20 <= hardware <= 30),
        Check("a day:", text),
    ]


def watched(make: Make, *, days: int = 5) -> Result:
    """Run without a limit with an open dashboard."""
    world, end = World(make, [Settings()]), MIDNIGHT + days * DAY
    world.at(SETTLED - 3600, lambda: world.homes[0].policy.watch())  # noqa: PLW0108 - the homes do not exist earlier
    world.run(end + 3600)
    found = delays(world.homes[0], changes([(SETTLED, end)]))
    return world, [at_most(percentile(found), _FAST, "delay p95", unit=" s", digits=1)]


def limited(
    make: Make,
    plan: PlanMaker,
    gap: float,
    *,
    a_day: float,
    days: int = 11,
    since: float = SETTLED,
    settings: Settings | None = None,
) -> Result:
    """Run under a plan, with a wake command at 23:50 of each day."""
    world, end, woken = World(make, [settings or Settings()], plan), MIDNIGHT + days * DAY, list[tuple[float, bool]]()
    world.daily(_LATE, days, lambda: woken.append((world.clock.now, world.wake(world.homes[0]))))
    world.run(end)
    home, late = world.homes[0], [through for at, through in woken if at >= since]
    checks = [
        at_most(worst_day(home, since), _MOST_REFUSED, "refused, worst day"),
        at_most(longest_gap(home, end, since) / 60, gap, "gap", unit=" min", digits=1),
        Check("wakes", f"{sum(late)}/{len(late)}", all(late)),
        at_least(accepted(home, since, end) / (a_day * (end - since) / DAY), _LEAST_USED, "used"),
        at_most(first_day_refusals(home), None, "first day refused"),
    ]
    return world, checks


def told(make: Make, *, days: int = 5) -> Result:
    """Run under 250 requests a day, which the user has entered in the options."""
    world, end = World(make, [Settings(daily_requests=250)], partial(per_day, 250)), MIDNIGHT + days * DAY
    world.run(end)
    home = world.homes[0]
    return world, [
        at_most(first_day_refusals(home), _MOST_REFUSED, "first day refused"),
        at_most(longest_gap(home, MIDNIGHT + DAY, MIDNIGHT + DAY / 2) / 60, 18, "first day gap", unit=" min", digits=1),
        at_most(worst_day(home), _MOST_REFUSED, "refused, worst day"),
        at_most(longest_gap(home, end) / 60, 18, "gap", unit=" min", digits=1),
        at_least(accepted(home, SETTLED, end) / (250 * (days - 2)), _LEAST_USED, "used"),
    ]


def months(make: Make) -> Result:
    """Run for three months under 5,000 requests a month, from the fourth day of the first month."""
    first, last = MIDNIGHT + 28 * DAY, MIDNIGHT + 89 * DAY  # April, May
    world, checks = limited(make, partial(per_month, 5000), 30, a_day=5000 * 2 / 61, days=89, since=first)
    home = world.homes[0]
    checks.append(at_most(worst_day(home, 0), None, "first month: refused, worst day"))
    checks.append(at_most(longest_gap(home, first, MIDNIGHT + DAY / 2) / DAY, None, "first month: gap", unit=" days", digits=1))
    assert world.clock.now == last
    return world, checks


def questions(make: Make) -> Result:
    """Send 2,000 requests of a user on the third day from 15:00, under 1,000 a day."""
    world, end, sent = World(make, [Settings()], partial(per_day, 1000)), SETTLED + DAY, list[bool]()
    at = SETTLED + 15 * 3600

    def ask(method: Method) -> None:
        before = len(world.homes[0].refused_here)
        world.ask(world.homes[0], method)
        sent.append(len(world.homes[0].refused_here) == before)

    for number in range(2000):
        # As if four requests at a time took a quarter of a second each.
        world.at(at + number / 16, partial(ask, Method.HISTORY if number % 2 else Method.LIST))
    world.run(end)
    home = world.homes[0]
    return world, [
        at_most(sum(sent), 100, "sent"),
        at_most(len(sent) - sum(sent), None, "refused here"),
        at_most(longest_gap(home, end, at) / 60, 5, "gap after them", unit=" min", digits=1),
        at_most(worst_day(home), _MOST_REFUSED, "refused, worst day"),
    ]


def two_homes(make: Make, *, days: int = 7) -> Result:
    """Run two Home Assistants with the same key under 60 requests an hour."""
    world, end = World(make, [Settings(), Settings()], partial(per_hour, 60)), MIDNIGHT + days * DAY
    world.run(end)
    checks = [at_least(share_up(home, end), 0.95, f"up #{number}") for number, home in enumerate(world.homes, 1)]
    gap = max(longest_gap(home, end) for home in world.homes) / 60
    refused = max(worst_day(home) for home in world.homes)
    used = sum(accepted(home, SETTLED, end) for home in world.homes) / (1440 * (days - 2))
    return world, [
        *checks,
        at_most(gap, None, "gap", unit=" min", digits=1),
        at_most(refused, None, "refused, worst day"),
        at_least(used, None, "used"),
    ]


def growth(make: Make) -> Result:
    """Raise the limit from 250 to 10,000 a day on the fourth day at noon."""
    world, grows = World(make, [Settings()], partial(per_day, 250)), MIDNIGHT + 3.5 * DAY
    assert world.plan is not None
    world.at(grows, partial(setattr, world.plan, "limit", 10_000))
    world.run(grows + 7 * DAY)
    hours = at_full_pace(world.homes[0], grows, _SCAN) / 3600
    return world, [at_most(hours, 48, "at full pace after", unit=" h", digits=1)]


def office(make: Make, *, days: int = 8) -> Result:
    """Open a dashboard from 09:00 to 17:00 of each day, under 1,000 a day."""
    world, end, ends = World(make, [Settings()], partial(per_day, 1000)), MIDNIGHT + days * DAY, list[Callable[[], None]]()
    world.daily(9, days, lambda: ends.append(world.homes[0].policy.watch()))
    world.daily(17, days, lambda: ends.pop()() if ends else None)
    world.run(end + 3600)
    home, hours = world.homes[0], [(SETTLED + day * DAY + 9 * 3600, SETTLED + day * DAY + 17 * 3600) for day in range(days - 2)]
    return world, [
        at_most(percentile(delays(home, changes(hours))), 300, "delay p95 while watched", unit=" s"),
        at_most(worst_day(home), _MOST_REFUSED, "refused, worst day"),
        at_most(longest_gap(home, end) / 60, 5, "gap", unit=" min", digits=1),
        at_least(accepted(home, SETTLED, end) / (1000 * (days - 2)), _LEAST_USED, "used"),
    ]


def mornings(make: Make, *, days: int = 8) -> Result:
    """Wake 30 computers at 07:00 of each day, under 1,000 a day."""
    world, end, woken = World(make, [Settings(computers=30)], partial(per_day, 1000)), MIDNIGHT + days * DAY, list[tuple[float, bool]]()
    for number in range(30):
        world.daily(7 + number / 3600, days, lambda: woken.append((world.clock.now, world.wake(world.homes[0]))))
    world.run(end)
    home, late = world.homes[0], [one for one in woken if one[0] >= SETTLED]
    seen = delays(home, [at + 60 for at, through in late if through])
    return world, [
        Check("wakes", f"{sum(through for _, through in late)}/{len(late)}", all(through for _, through in late)),
        at_most(percentile(seen), 60, "seen online p95 after", unit=" s"),
        at_most(worst_day(home), _MOST_REFUSED, "refused, worst day"),
        at_most(longest_gap(home, end) / 60, 5, "gap", unit=" min", digits=1),
        at_least(accepted(home, SETTLED, end) / (1000 * (days - 2)), _LEAST_USED, "used"),
    ]


def _day(name: str, plan: PlanMaker, a_day: float, gap: float) -> Row:
    goal = f"refused <= 3 a day, gap <= {gap:.0f} min, wake at 23:50, used >= 85 %"
    return Row(name, goal, partial(limited, plan=plan, gap=gap, a_day=a_day))


ROWS = (
    Row("unlimited, idle", "<= 1,730 a day, and hardware as set", idle),
    Row("unlimited, watched", "95 % of changes within 15 s", watched),
    _day("1,000 a day", partial(per_day, 1000), 1000, 5),
    _day("1,000 a day from 05:00", partial(per_day, 1000, reset_hour=5), 1000, 5),
    _day("1,000 in any 24 h", partial(rolling, 1000), 1000, 5),
    _day("250 a day", partial(per_day, 250), 250, 18),
    _day("100 a day", partial(per_day, 100), 100, 45),
    _day("60 an hour", partial(per_hour, 60), 1440, 5),
    Row("5,000 a month", "from the second month: refused <= 3 a day, gap <= 30 min, wake at 23:50, used >= 85 %", months),
    Row("1,000 a day, 2,000 questions", "<= 100 sent, gap <= 5 min", questions),
    Row("60 an hour, two Home Assistants", "each up >= 95 %", two_homes),
    Row("250 a day, then 10,000", "full pace within 48 h", growth),
    Row("1,000 a day, watched 9-17 h", "refused <= 3 a day, gap <= 5 min, used >= 85 %", office),
    Row("250 a day, as the user says", "from the first day: refused <= 3, gap <= 18 min; used >= 85 %", told),
    Row("1,000 a day, 30 wakes at 07:00", "all get through, gap <= 5 min, used >= 85 %", mornings),
)
