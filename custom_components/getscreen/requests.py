"""Counts the requests of a day, by method."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_change
from homeassistant.util import dt as dt_util

from .api import GetscreenClient


class RequestCounter:
    """How many requests an account has cost since local midnight, through whatever clients."""

    def __init__(self) -> None:
        """Begin with none."""
        self._day: date | None = None
        self._earlier: Counter[str] = Counter()
        self._client: GetscreenClient | None = None

    @callback
    def async_start(self, hass: HomeAssistant, client: GetscreenClient) -> CALLBACK_TYPE:
        """Count a client's requests too, and begin anew each midnight; return what ends that."""
        self._earlier = Counter(self.today)
        self._client = client
        return async_track_time_change(hass, self._begin_day, hour=0, minute=0, second=0)

    @callback
    def async_add(self, client: GetscreenClient) -> None:
        """Count what another client has done."""
        self._turn_day()
        self._earlier.update(_counted(client))

    @property
    def today(self) -> dict[str, int]:
        """Requests by method, those that were made only."""
        self._turn_day()
        return self._counts()

    def saved(self) -> dict[str, Any]:
        """Return what outlives a restart."""
        return {"day": self._day and self._day.isoformat(), "counts": self._counts()}

    @callback
    def restore(self, saved: object) -> None:
        """Go on where an earlier run of Home Assistant stopped, if that was today; anything but what `saved` returned is left out."""
        self._begin_day()
        match saved:
            case {"day": str(day), "counts": dict(counts)} if self._day and day == self._day.isoformat():
                self._earlier.update({str(method): count for method, count in counts.items() if type(count) is int and count > 0})

    def _turn_day(self) -> None:
        if self._day != dt_util.now().date():
            self._begin_day()

    @callback
    def _begin_day(self, _now: datetime | None = None) -> None:
        self._day = dt_util.now().date()
        self._earlier = Counter()
        # What the client has done so far is of another day.
        self._earlier.subtract(_counted(self._client))

    def _counts(self) -> dict[str, int]:
        total = Counter(self._earlier)
        total.update(_counted(self._client))
        return dict(+total)


def _counted(client: GetscreenClient | None) -> Counter[str]:
    return Counter({method: report.requests for method, report in client.reports.items()} if client else {})
