"""The windows in which plans count requests, and how a series of refusals shows a plan's limit.

A fixed window begins at a certain time, such as midnight. A rolling window always ends now: a plan may count the last 24 hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

from .request_log import RequestLog

_HOUR, _DAY = 3600.0, 86_400.0
# A limit below this is not the plan's own: another program has used the plan up.
_MIN_REQUESTS = {"hour": 10, "day": 40, "month": 500}
_LARGEST = 10**6
# Counts that differ by less than this part are taken for equal, because requests are counted by the minute.
_COUNT_TOLERANCE = 0.08
# At most this part of the requests may leave a rolling window without an attempt noticing it.
_MAX_LEFT_PART = 0.02
# Refusals over fewer seconds than this may be a mistake of the server.
_BRIEF_SECONDS = 600.0


class Window(StrEnum):
    """The length of the window in which a plan counts requests."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"

    @property
    def seconds(self) -> float:
        """The length in seconds; a month counts as 30 days."""
        return {Window.HOUR: _HOUR, Window.DAY: _DAY, Window.MONTH: 30 * _DAY}[self]


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests a plan allows in a window.

    `reset`: for a fixed window, the hour (UTC) at which a day begins, 0 for hours and months; None for a rolling window.
    """

    requests: int
    window: Window
    reset: int | None = None

    def bounds(self, now: float) -> tuple[float, float]:
        """Return the start and the end (Unix seconds) of the fixed window that contains `now`, or of the rolling window that ends then."""
        if self.reset is None:
            return now - self.window.seconds, now
        start = _start(self.window, self.reset, now)
        return start, _start(self.window, self.reset, start + 1.1 * self.window.seconds)

    def saved(self) -> dict[str, Any]:
        """Return the limit in the form in which it is stored."""
        return {"requests": self.requests, "window": str(self.window), "reset": self.reset}

    @classmethod
    def restored(cls, saved: object) -> Self | None:
        """Return the limit of a file; None if the data does not have the form of `saved`."""
        match saved:
            case {"requests": int(requests), "window": "hour" | "day" | "month" as window, "reset": (int() | None) as reset}:
                if 0 < requests <= _LARGEST and (reset is None or 0 <= reset < 24):
                    return cls(requests, Window(window), reset)
        return None


def _start(window: Window, reset: int, now: float) -> float:
    """Return the start (Unix seconds) of the fixed window that contains `now`."""
    if window is Window.HOUR:
        return now - now % _HOUR
    if window is Window.DAY:
        return now - (now - reset * _HOUR) % _DAY
    return datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


@dataclass(frozen=True, slots=True)
class Outage:
    """A series of refusals: when the first and the last one came, and when a request was accepted again (`end`), in Unix seconds."""

    first: float
    last: float
    end: float

    @property
    def is_brief(self) -> bool:
        """Whether the refusals may have been a mistake of the server."""
        return self.last - self.first < _BRIEF_SECONDS

    def limit(self, log: RequestLog, known: Limit | None) -> Limit | None:
        """Return the limit that explains the refusals and the requests accepted before them; None if there is none.

        As long as the window of the limit that is `known` explains them, only its number of requests changes.
        """
        found = list(self._candidates(log))
        if known and self.last - self.first <= known.window.seconds:
            for limit, is_refuted in found:
                # If the counts refute the window, the refusals do not prove a larger limit.
                maximum = known.requests if is_refuted else _LARGEST
                is_same = limit.window is known.window and (limit.reset is None) is (known.reset is None)
                if is_same and (1 - 2 * _COUNT_TOLERANCE) * known.requests <= limit.requests <= maximum:
                    return limit
        return next((limit for limit, is_refuted in found if not is_refuted), None)

    def guess(self, log: RequestLog) -> Limit | None:
        """Return a limit that fits the times of the refusals, whatever the counts are; None if there is none.

        More requests than that may have been accepted before: the plan may have been reduced, or another program may use it.
        """
        found = [limit for limit, _ in self._candidates(log)]
        fixed = [limit for limit in found if limit.reset is not None]
        # Refusals for days may have other reasons, such as an unpaid bill. Taken for a rolling month, they would slow polls for a month.
        return next(iter([*fixed, *(limit for limit in found if limit.window is not Window.MONTH)]), None)

    def _candidates(self, log: RequestLog) -> Iterator[tuple[Limit, bool]]:
        """Yield the limits that fit the times of the refusals, the shortest window first, and whether the counts refute each."""
        for window in Window:
            if self.last - self.first > window.seconds * (1.1 if window is Window.MONTH else 1):
                continue
            for limit, is_refuted in (self._rolling(log, window), self._fixed(log, window)):
                if limit is not None and _MIN_REQUESTS[window] <= limit.requests <= _LARGEST:
                    yield limit, is_refuted

    def _rolling(self, log: RequestLog, window: Window) -> tuple[Limit | None, bool]:
        """Return the limit of a rolling window, whose refusals end when requests leave the window; and whether the counts refute it."""
        count = self._count(log, self.first - window.seconds, self.first)
        left_before = self._count(log, self.first - window.seconds, self.last - window.seconds)
        left = self._count(log, self.first - window.seconds, self.end - window.seconds + 60)
        was_allowed = self._was_allowed(log, window, self.first - window.seconds, count)
        return Limit(count, window), left_before > max(2, _MAX_LEFT_PART * count) or not left or was_allowed

    def _fixed(self, log: RequestLog, window: Window) -> tuple[Limit | None, bool]:
        """Return the limit of a fixed window, which ended between the last refusal and the first success; and whether the counts refute it.

        The limit is None if no window ended then.
        """
        # The server's clock may differ by half a minute.
        step = Window.MONTH if window is Window.MONTH else Window.HOUR
        boundary = _start(step, 0, self.end + 30)
        if boundary < self.last - 30:
            return None, False
        reset = datetime.fromtimestamp(boundary, UTC).hour
        start = _start(window, reset, boundary - _HOUR / 2)
        count = self._count(log, start, self.first)
        return Limit(count, window, reset if window is Window.DAY else 0), self._was_allowed(log, window, start, count)

    def _was_allowed(self, log: RequestLog, window: Window, start: float, count: int) -> bool:
        """Return whether one of the windows before `start` had more accepted requests than `count`, or as many after brief refusals."""
        length = window.seconds
        earlier = max(self._count(log, start - number * length, start - (number - 1) * length) for number in range(1, 24))
        return earlier >= (1 - _COUNT_TOLERANCE if self.is_brief else 1 + _COUNT_TOLERANCE) * count

    def _count(self, log: RequestLog, start: float, end: float) -> int:
        """Return how many requests were accepted between two times (Unix seconds) before the end of the outage."""
        return log.count(max(0.0, self.end - start), max(0.0, self.end - end))
