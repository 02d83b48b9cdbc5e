"""Counts the requests of a day, by method."""

from collections import Counter
from datetime import date
from typing import Any

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

# If the clock jumps to another day and back, the count of the first day is still there.
_MAX_DAYS = 3


class RequestCounter:
    """How many requests an account has sent since local midnight, by method."""

    def __init__(self) -> None:
        self._days: dict[date, Counter[str]] = {}

    @callback
    def async_count(self, method: str) -> None:
        """Count a request."""
        self._counts(dt_util.now().date())[method] += 1

    @property
    def today(self) -> dict[str, int]:
        """The requests of today by method; only methods that were used."""
        return dict(self._days.get(dt_util.now().date(), {}))

    def saved(self) -> dict[str, Any]:
        """Return the requests of today in the form in which they are stored."""
        return {"day": dt_util.now().date().isoformat(), "counts": self.today}

    @callback
    def restore(self, saved: object) -> None:
        """Add what an earlier run of Home Assistant counted. Data that does not have the form of `saved` is ignored."""
        match saved:
            case {"day": str(day), "counts": dict(counts)}:
                try:
                    total = self._counts(date.fromisoformat(day))
                except ValueError:
                    return
                total.update({method: count for method, count in counts.items() if type(count) is int and count > 0})

    def _counts(self, day: date) -> Counter[str]:
        if day not in self._days:
            self._days[day] = Counter()
            if len(self._days) > _MAX_DAYS:
                del self._days[next(iter(self._days))]
        return self._days[day]
