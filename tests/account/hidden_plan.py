"""A server's plan. A client sees only which requests the plan rejects."""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from .clock import DAY, HOUR, FakeClock


def fixed_hour(now: float) -> float:
    """Return when the hour began."""
    return now - now % HOUR


def rolling_hour(now: float) -> float:
    """Return the time an hour ago."""
    return now - HOUR


def fixed_day(hour: int) -> Callable[[float], float]:
    """Return a function that returns when the day began, for days that begin at an hour (UTC)."""
    return lambda now: now - (now - hour * HOUR) % DAY


def rolling_day(now: float) -> float:
    """Return the time a day ago."""
    return now - DAY


def fixed_month(now: float) -> float:
    """Return when the month began (UTC)."""
    return datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


def rolling_month(now: float) -> float:
    """Return the time 30 days ago."""
    return now - 30 * DAY


class HiddenPlan:
    """Allows a number of requests since a start that depends on the current time, by a correct clock."""

    def __init__(self, clock: FakeClock, requests: int, start: Callable[[float], float]) -> None:
        self.requests = requests
        self.start = start
        self.refused = 0
        self._clock = clock
        self._sent = deque[float]()

    def allows(self) -> bool:
        """Count a request and return whether the plan allows it."""
        start = self.start(self._clock.true)
        while self._sent and self._sent[0] < start - 1e-6:
            self._sent.popleft()
        if len(self._sent) >= self.requests:
            self.refused += 1
            return False
        self._sent.append(self._clock.true)
        return True
