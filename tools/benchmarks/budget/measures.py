"""The measures of a run: refusals, gaps and delays. Times are Unix seconds of the simulation."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, inf
from random import Random

from .policy import Method, Request
from .world import DAY, MIDNIGHT, START, Home, World

SETTLED = MIDNIGHT + 2 * DAY
"""The start of the second full day: the first UTC midnight that is at least 24 hours after the start."""
_POLL = Request(Method.LIST)


@dataclass(frozen=True, slots=True)
class Check:
    """A figure of the table, and whether it meets its goal; None if it has no goal."""

    name: str
    figure: str
    met: bool | None = None


def at_most(value: float, most: float | None, name: str, *, unit: str = "", digits: int = 0) -> Check:
    """Return a check whether a value is at most `most`; None means no goal."""
    shown = "never" if value == inf else f"{value:.{digits}f}{unit}"
    return Check(name, shown, None if most is None else value <= most)


def at_least(value: float, least: float | None, name: str) -> Check:
    """Return a check whether a share (0 to 1) is at least `least`; None means no goal."""
    return Check(name, f"{value:.1%}", None if least is None else value >= least)


def polls(home: Home) -> list[float]:
    """Return the times of the polls of the list that the plan allowed."""
    return [one.at for one in home.sent if one.accepted and one.request == _POLL]


def accepted(home: Home, since: float, until: float = inf) -> int:
    """Return how many requests the plan allowed in a period."""
    return sum(one.accepted and since <= one.at < until for one in home.sent)


def refusals_by_day(home: Home, since: float) -> Counter[int]:
    """Return how many requests the plan refused, by UTC day from 0."""
    return Counter(int((one.at - MIDNIGHT) // DAY) for one in home.sent if not one.accepted and one.at >= since)


def worst_day(home: Home, since: float = SETTLED) -> int:
    """Return how many requests the plan refused on the day with the most refusals."""
    return max(refusals_by_day(home, since).values(), default=0)


def longest_gap(home: Home, until: float, since: float = SETTLED) -> float:
    """Return the longest time without an allowed poll, in seconds."""
    times = [since, *(at for at in polls(home) if since < at < until), until]
    return max(later - earlier for earlier, later in pairwise(times))


def share_up(home: Home, until: float, since: float = SETTLED) -> float:
    """Return the share of time (0 to 1) in which the account is available: from an allowed poll until a refused one."""
    up, before, total = False, since, 0.0
    for one in home.sent:
        if one.request != _POLL:
            continue
        if one.at > since:
            total += up * (one.at - before)
            before = one.at
        up = one.accepted
    return (total + up * (until - before)) / (until - since)


def changes(spans: Iterable[tuple[float, float]], seconds_each: float = 600, seed: int = 1) -> list[float]:
    """Return random times of changes in the account within some spans, `seconds_each` apart on average."""
    random, found = Random(seed), list[float]()
    for since, until in spans:
        moment = since + random.expovariate(1 / seconds_each)
        while moment < until:
            found.append(moment)
            moment += random.expovariate(1 / seconds_each)
    return found


def delays(home: Home, moments: Iterable[float]) -> list[float]:
    """Return the seconds from each moment until the next allowed poll."""
    times = [*polls(home), inf]
    return [times[bisect_left(times, moment)] - moment for moment in moments]


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """Return the smallest value that at least `share` (0 to 1) of the values do not exceed."""
    return sorted(values)[ceil(share * len(values)) - 1]


def at_full_pace(home: Home, since: float, interval: float) -> float:
    """Return the seconds from `since` until the start of an hour of polls at the interval; infinite if there is none."""
    times, enough = [at for at in polls(home) if at >= since], int(3600 / interval)
    pairs = zip(times, times[enough:], strict=False)
    return next((first - since for first, last in pairs if last - first <= enough * interval * 1.1), inf)


def by_kind(home: Home, since: float, until: float) -> dict[str, float]:
    """Return the number of requests per day, by API method."""
    kinds = Counter(one.request.method for one in home.sent if since <= one.at < until)
    return {kind: count / ((until - since) / DAY) for kind, count in kinds.items()}


def trace(world: World, name: str, most_gaps: int = 5) -> Iterator[str]:
    """Yield a line for each refused request (with * before SETTLED), and for each of the longest gaps after that."""
    for number, home in enumerate(world.homes):
        for one in home.sent:
            if not one.accepted:
                settled = " " if one.at >= SETTLED else "*"
                asked = " asked" if one.request.asked else ""
                yield f"{name} #{number}{settled} {_moment(one.at)} {one.request.method}{asked}: {one.explanation}"
        gaps = sorted(((late - early, early) for early, late in pairwise(polls(home)) if early >= SETTLED), reverse=True)
        for gap, since in gaps[:most_gaps]:
            yield f"{name} #{number}  {_moment(since)} no poll for {gap / 60:.1f} min"


def _moment(at: float) -> str:
    day, seconds = divmod(at - MIDNIGHT, DAY)
    return f"day {day + 1:.0f} {seconds // 3600:02.0f}:{seconds % 3600 // 60:02.0f}:{seconds % 60:02.0f}"


def first_day_refusals(home: Home) -> int:
    """Return how many requests the plan refused in the 24 hours after the start."""
    return sum(not one.accepted and one.at < START + DAY for one in home.sent)
