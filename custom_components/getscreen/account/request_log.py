"""How many requests went through, and when: by minute for a day, by hour for two months."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
# By minute for a day, and for the time until its end is noticed.
_FINE = 26 * _HOUR


@dataclass(frozen=True, slots=True)
class Clock:
    """Two clocks, in seconds: `time` is Unix time and may be set, `elapsed` never jumps."""

    time: Callable[[], float]
    elapsed: Callable[[], float]


class RequestLog:
    """Counts of requests by their age. It lives by the clock that never jumps, and its file by Unix time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minutes = _Counts(_MINUTE, _FINE)
        self._hours = _Counts(_HOUR, 62 * _DAY)

    def add(self) -> None:
        """Count a request."""
        now = self._clock.elapsed()
        self._minutes.add(now)
        self._hours.add(now)

    def count(self, age: float, until: float = 0.0) -> int:
        """Return how many requests are at most `age` seconds old, and more than `until`."""
        now = self._clock.elapsed()
        counts = self._minutes if age < _FINE else self._hours
        return counts.since(now - age) - counts.since(now - until) if until else counts.since(now - age)

    def saved(self) -> dict[str, Any]:
        """Return what outlives a restart: counts from the newest to the oldest."""
        now = self._clock.elapsed()
        return {"at": self._clock.time(), "minutes": self._minutes.saved(now), "hours": self._hours.saved(now)}

    def restore(self, saved: object) -> None:
        """Take the counts of an earlier run; ignore anything but what `saved` returned."""
        match saved:
            case {"at": float(at), "minutes": list(minutes), "hours": list(hours)}:
                # They were made before now, whatever the clock says.
                then = self._clock.elapsed() - max(0.0, self._clock.time() - at)
                self._minutes.restore(then, minutes)
                self._hours.restore(then, hours)


class _Counts:
    """Counts in steps of so many seconds, forgotten after `span` seconds."""

    def __init__(self, step: int, span: int) -> None:
        self._step, self._most = step, span // step
        self._counts = Counter[int]()

    def add(self, moment: float) -> None:
        now = int(moment // self._step)
        if now not in self._counts:
            for step in [step for step in self._counts if step <= now - self._most]:
                del self._counts[step]
        self._counts[now] += 1

    def since(self, moment: float) -> int:
        first = moment // self._step
        return sum(count for step, count in self._counts.items() if step > first)

    def saved(self, moment: float) -> list[int]:
        now = int(moment // self._step)
        counts = [self._counts[now - age] for age in range(self._most)]
        while counts and not counts[-1]:
            counts.pop()
        return counts

    def restore(self, moment: float, counts: list[object]) -> None:
        now = int(moment // self._step)
        for age, count in enumerate(counts[: self._most]):
            if type(count) is int and 0 < count < 10**6:
                self._counts[now - age] += count
