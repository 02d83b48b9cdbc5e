"""The spans of time in which plans count requests, and what a series of refusals tells of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from .request_log import RequestLog

_HOUR, _DAY = 3600.0, 86_400.0
# A limit below this is not the plan's: something else has used the plan up.
_LEAST = {"hour": 10, "day": 40, "month": 500}
_LARGEST = 10**6
# Counts of two windows are the same within this share, since they are kept by the minute.
_SAME = 0.08
# So many requests may leave a span unnoticed between two attempts.
_LEFT = 0.02
# Refusals for so many seconds are no mistake.
_BRIEF = 600.0


class Window(StrEnum):
    """The span in which a plan counts requests."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"

    @property
    def seconds(self) -> float:
        """The length; of a month, that of 30 days."""
        return {Window.HOUR: _HOUR, Window.DAY: _DAY, Window.MONTH: 30 * _DAY}[self]


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in a window.

    `reset`: the hour (UTC) at which a fixed window begins; 0 for hours and months; None if any span of that length counts.
    """

    requests: int
    window: Window
    reset: int | None = None

    def bounds(self, now: float) -> tuple[float, float]:
        """Return the begin and the end (Unix seconds) of the fixed window at a time; of others, the span that ends then."""
        if self.reset is None:
            return now - self.window.seconds, now
        start = _start(self.window, self.reset, now)
        return start, _start(self.window, self.reset, start + 1.1 * self.window.seconds)

    def saved(self) -> dict[str, Any]:
        """Return what outlives a restart."""
        return {"requests": self.requests, "window": str(self.window), "reset": self.reset}

    @classmethod
    def restored(cls, saved: object) -> Self | None:
        """Return the limit of a file; None for anything but what `saved` returned."""
        match saved:
            case {"requests": int(requests), "window": "hour" | "day" | "month" as window, "reset": (int() | None) as reset}:
                if 0 < requests <= _LARGEST and (reset is None or 0 <= reset < 24):
                    return cls(requests, Window(window), reset)
        return None


def _start(window: Window, reset: int, now: float) -> float:
    """Return when the fixed window of a time began."""
    if window is Window.HOUR:
        return now - now % _HOUR
    if window is Window.DAY:
        return now - (now - reset * _HOUR) % _DAY
    return datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


@dataclass(frozen=True, slots=True)
class Outage:
    """A series of refusals, in Unix seconds: the first and the last one, and the first request that went through again."""

    first: float
    last: float
    end: float

    @property
    def is_brief(self) -> bool:
        """Whether the refusals may have been a mistake of the server."""
        return self.last - self.first < _BRIEF

    def limit(self, log: RequestLog, known: Limit | None) -> Limit | None:
        """Return the limit that explains the refusals and what went through before; None if none does.

        A known window is kept as long as it explains them: then the number alone is new.
        """
        found = list(self._candidates(log))
        if known and self.last - self.first <= known.window.seconds:
            for limit, is_refuted in found:
                # A span that the counts refute has not grown.
                most = known.requests if is_refuted else _LARGEST
                is_same = limit.window is known.window and (limit.reset is None) is (known.reset is None)
                if is_same and (1 - 2 * _SAME) * known.requests <= limit.requests <= most:
                    return limit
        return next((limit for limit, is_refuted in found if not is_refuted), None)

    def guess(self, log: RequestLog) -> Limit | None:
        """Return a limit that the times allow, although more went through before: the plan may have shrunk, or another program uses it."""
        found = [limit for limit, _ in self._candidates(log)]
        fixed = [limit for limit in found if limit.reset is not None]
        # Refusals for days may have other reasons, such as an unpaid bill, which would slow the polls for a month.
        return next(iter([*fixed, *(limit for limit in found if limit.window is not Window.MONTH)]), None)

    def _candidates(self, log: RequestLog) -> Iterator[tuple[Limit, bool]]:
        """Yield the limits that the times allow, the shortest window first, and whether the counts refute each."""
        for window in Window:
            if self.last - self.first > window.seconds * (1.1 if window is Window.MONTH else 1):
                continue
            for limit, is_refuted in (self._rolling(log, window), self._fixed(log, window)):
                if limit is not None and _LEAST[window] <= limit.requests <= _LARGEST:
                    yield limit, is_refuted

    def _rolling(self, log: RequestLog, window: Window) -> tuple[Limit | None, bool]:
        """Return the limit of any span: it ends with the first requests that leave the span."""
        count = self._count(log, self.first - window.seconds, self.first)
        left_before = self._count(log, self.first - window.seconds, self.last - window.seconds)
        left = self._count(log, self.first - window.seconds, self.end - window.seconds + 60)
        was_allowed = self._was_allowed(log, window, self.first - window.seconds, count)
        return Limit(count, window), left_before > max(2, _LEFT * count) or not left or was_allowed

    def _fixed(self, log: RequestLog, window: Window) -> tuple[Limit | None, bool]:
        """Return the limit of a fixed window that ended between the last refusal and the first success."""
        # Half a minute, for clocks that are not those of the server.
        step = Window.MONTH if window is Window.MONTH else Window.HOUR
        boundary = _start(step, 0, self.end + 30)
        if boundary < self.last - 30:
            return None, False
        reset = datetime.fromtimestamp(boundary, UTC).hour
        start = _start(window, reset, boundary - _HOUR / 2)
        count = self._count(log, start, self.first)
        return Limit(count, window, reset if window is Window.DAY else 0), self._was_allowed(log, window, start, count)

    def _was_allowed(self, log: RequestLog, window: Window, start: float, count: int) -> bool:
        """Return whether more than a limit went through in one of the windows before a time; as much is enough for brief refusals."""
        length = window.seconds
        earlier = max(self._count(log, start - number * length, start - (number - 1) * length) for number in range(1, 24))
        return earlier >= (1 - _SAME if self.is_brief else 1 + _SAME) * count

    def _count(self, log: RequestLog, start: float, end: float) -> int:
        """Return how many requests went through between two times before the end."""
        return log.count(max(0.0, self.end - start), max(0.0, self.end - end))
