"""Counts the requests that the plan allowed: by minute for two days, by hour for two months."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
# Long enough for the day before a refusal, and for refusals for a day after it.
_MINUTES_SPAN = 50 * _HOUR


@dataclass(frozen=True, slots=True)
class Clock:
    """Two clocks, in seconds: `time` is Unix time, which jumps if the system clock is set; `elapsed` is monotonic."""

    time: Callable[[], float]
    elapsed: Callable[[], float]


class RequestLog:
    """Counts requests by their age. It uses the monotonic clock in memory, and Unix time in the file."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minutes = _Counts(_MINUTE, _MINUTES_SPAN)
        self._hours = _Counts(_HOUR, 62 * _DAY)

    def add(self) -> None:
        """Count a request."""
        now = self._clock.elapsed()
        self._minutes.add(now)
        self._hours.add(now)

    def count(self, age: float, until: float = 0.0) -> int:
        """Return how many requests are at most `age` seconds old, and more than `until`."""
        now = self._clock.elapsed()
        counts = self._minutes if age < _MINUTES_SPAN else self._hours
        return counts.since(now - age) - counts.since(now - until) if until else counts.since(now - age)

    def saved(self) -> dict[str, Any]:
        """Return the counts, from the newest to the oldest, in the form in which they are stored."""
        now = self._clock.elapsed()
        return {"at": self._clock.time(), "minutes": self._minutes.saved(now), "hours": self._hours.saved(now)}

    def restore(self, saved: object) -> None:
        """Add the counts of an earlier run of Home Assistant. Data that does not have the form of `saved` is ignored."""
        match saved:
            case {"at": float(at), "minutes": list(minutes), "hours": list(hours)} if isfinite(at):
                # The counts are from the past, even if the system clock was set back since.
                then = self._clock.elapsed() - max(0.0, self._clock.time() - at)
                self._minutes.restore(then, minutes)
                self._hours.restore(then, hours)


class _Counts:
    """Counts in steps of `step` seconds, which are dropped after `span` seconds. Summing up a month is as fast as summing up a minute."""

    def __init__(self, step: int, span: int) -> None:
        self._step, self._max_steps = step, span // step
        # The steps in which there were requests, and the total number of requests before each of them.
        self._steps: list[int] = []
        self._before: list[int] = []
        self._total = 0

    def add(self, moment: float) -> None:
        self._add(int(moment // self._step), 1)

    def since(self, moment: float) -> int:
        first = bisect_right(self._steps, moment // self._step)
        return self._total - self._before[first] if first < len(self._steps) else 0

    def saved(self, moment: float) -> list[int]:
        now = int(moment // self._step)
        counts = self._counts()
        newest_first = [counts[now - age] for age in range(self._max_steps)]
        while newest_first and not newest_first[-1]:
            newest_first.pop()
        return newest_first

    def restore(self, moment: float, counts: list[object]) -> None:
        now, known = int(moment // self._step), self._counts()
        for age, count in enumerate(counts[: self._max_steps]):
            if type(count) is int and 0 < count < 10**6:
                known[now - age] += count
        self._steps, self._before, self._total = [], [], 0
        for step in sorted(known):
            self._add(step, known[step])

    def _add(self, step: int, count: int) -> None:
        if not self._steps or self._steps[-1] < step:
            forgotten = bisect_right(self._steps, step - self._max_steps)
            del self._steps[:forgotten], self._before[:forgotten]
            self._steps.append(step)
            self._before.append(self._total)
        self._total += count

    def _counts(self) -> Counter[int]:
        # Copied, because Home Assistant writes files in another thread.
        before = [*self._before, self._total]
        spans = zip(self._steps.copy(), pairwise(before), strict=False)
        return Counter({step: end - begin for step, (begin, end) in spans})
