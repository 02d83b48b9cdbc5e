"""Service plans: how many requests an account may send, and how the server counts them."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
import time
from typing import override

_HOUR = 3600
_DAY = 24 * _HOUR


def _system_clock() -> float:
    return time.time()  # looked up at each call, so that a test that freezes time also freezes the plan


class ServicePlan(ABC):
    """A limit of requests in a period, which clients cannot read. Simulators of accounts of one customer share one plan.

    `limit` may be changed at any time. Times are Unix seconds.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = _system_clock) -> None:
        self.limit = limit
        self.refused = 0
        """How many requests were refused so far."""
        self._clock = clock

    def take(self) -> bool:
        """Return whether a request is allowed now. Only allowed requests count."""
        now = self._clock()
        if self._used(now) >= self.limit:
            self.refused += 1
            return False
        self._count(now)
        return True

    @abstractmethod
    def _used(self, now: float) -> int:
        """Return how many requests of the current period were allowed."""

    @abstractmethod
    def _count(self, now: float) -> None:
        """Count an allowed request."""


class _FixedPlan(ServicePlan):
    """A plan whose count starts again with each period, such as a calendar day."""

    def __init__(self, limit: int, period: Callable[[float], int], clock: Callable[[], float]) -> None:
        """Create a plan; `period` returns the number of the period for a time."""
        super().__init__(limit, clock)
        self._period = period
        self._current = period(clock())
        self._count_of_current = 0

    @override
    def _used(self, now: float) -> int:
        if (period := self._period(now)) != self._current:
            self._current, self._count_of_current = period, 0
        return self._count_of_current

    @override
    def _count(self, now: float) -> None:
        self._count_of_current += 1


class _RollingPlan(ServicePlan):
    """A plan that counts the requests of the last `seconds`."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float]) -> None:
        super().__init__(limit, clock)
        self._seconds = seconds
        self._allowed = deque[float]()

    @override
    def _used(self, now: float) -> int:
        while self._allowed and self._allowed[0] <= now - self._seconds:
            self._allowed.popleft()
        return len(self._allowed)

    @override
    def _count(self, now: float) -> None:
        self._allowed.append(now)


def per_day(limit: int, clock: Callable[[], float] = _system_clock, *, reset_hour: int = 0) -> ServicePlan:
    """Return a plan of `limit` requests a day; a day begins at `reset_hour` (UTC)."""
    return _FixedPlan(limit, lambda now: int((now - reset_hour * _HOUR) // _DAY), clock)


def per_hour(limit: int, clock: Callable[[], float] = _system_clock) -> ServicePlan:
    """Return a plan of `limit` requests a clock hour."""
    return _FixedPlan(limit, lambda now: int(now // _HOUR), clock)


def per_month(limit: int, clock: Callable[[], float] = _system_clock) -> ServicePlan:
    """Return a plan of `limit` requests a calendar month (UTC)."""
    return _FixedPlan(limit, _month, clock)


def rolling(limit: int, clock: Callable[[], float] = _system_clock, *, hours: float = 24) -> ServicePlan:
    """Return a plan of `limit` requests in any `hours` consecutive hours."""
    return _RollingPlan(limit, hours * _HOUR, clock)


def _month(now: float) -> int:
    moment = datetime.fromtimestamp(now, UTC)
    return moment.year * 12 + moment.month
