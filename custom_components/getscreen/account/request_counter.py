"""Counts the requests of a day, by method."""

from collections import Counter
from datetime import date
from typing import Any

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

# A clock that jumps to another day and back finds the count of the day it returns to.
_MOST_DAYS = 3


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
        """Requests by method; only methods that were used."""
        return dict(self._days.get(dt_util.now().date(), {}))

    def saved(self) -> dict[str, Any]:
        """Return what outlives a restart."""
        return {"day": dt_util.now().date().isoformat(), "counts": self.today}

    @callback
    def restore(self, saved: object) -> None:
        """Add what an earlier run of Home Assistant counted; ignore anything but what `saved` returned."""
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
            if len(self._days) > _MOST_DAYS:
                del self._days[next(iter(self._days))]
        return self._days[day]
