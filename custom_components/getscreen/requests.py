"""Counts the requests of a day, by method."""

from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_change

from .api import GetscreenClient


class RequestCounter:
    """How many requests an account has cost since local midnight."""

    def __init__(self, client: GetscreenClient) -> None:
        """Begin with what the client has done so far."""
        self._client = client
        self._before: dict[str, int] = {}

    @callback
    def async_start(self, hass: HomeAssistant) -> CALLBACK_TYPE:
        """Begin anew each midnight; return what ends that."""
        return async_track_time_change(hass, self._begin_day, hour=0, minute=0, second=0)

    @property
    def today(self) -> dict[str, int]:
        """Requests by method, those that were made only."""
        counts = {method: report.requests - self._before.get(method, 0) for method, report in self._client.reports.items()}
        return {method: count for method, count in counts.items() if count}

    @callback
    def _begin_day(self, _now: datetime) -> None:
        self._before = {method: report.requests for method, report in self._client.reports.items()}
