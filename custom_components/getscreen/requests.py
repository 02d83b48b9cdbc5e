"""Counts the requests of a day, by method."""

from collections import Counter
from datetime import date, datetime

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

    @property
    def today(self) -> dict[str, int]:
        """Requests by method, those that were made only."""
        if self._day != dt_util.now().date():
            self._begin_day()
        return dict(+(self._earlier + self._of_client()))

    @callback
    def _begin_day(self, _now: datetime | None = None) -> None:
        self._day = dt_util.now().date()
        self._earlier = Counter()
        # What the client has done so far is of another day.
        self._earlier.subtract(self._of_client())

    def _of_client(self) -> Counter[str]:
        reports = self._client.reports if self._client else {}
        return Counter({method: report.requests for method, report in reports.items()})
