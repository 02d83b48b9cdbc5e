"""The plan's request limit: how long an account leaves the server alone, and the repair that tells of it."""

from datetime import datetime

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_call_later

from .const import DOMAIN

_LONGEST_PAUSE = 3600.0
# A coordinator's timer comes up to a second early.
_TOLERANCE = 1.5
_UNLOADED = (ConfigEntryState.UNLOAD_IN_PROGRESS, ConfigEntryState.NOT_LOADED)


class Limit:
    """The limit that some requests of an account have met, and a pause for all, which doubles each time it proves too short.

    It outlives the set-up attempts of an entry: Home Assistant repeats a failed one every 80 seconds, which would go on
    using up requests.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin without one."""
        self.paused = False
        self._hass = hass
        self._entry = entry
        self._seconds = 0.0
        self._until = 0.0
        self._met: set[str] = set()
        self._cancel_end: CALLBACK_TYPE | None = None
        # Whoever reloads the entry by hand wants to know now, and whoever disables it has nothing to repair.
        entry.async_on_state_change(lambda: self.forget() if entry.state in _UNLOADED else None)

    @callback
    def meet(self, requests: str, interval: float, retry_after: float | None) -> float:
        """Pause for as long as the server asks (but no shorter than `interval`), or twice as long as the last time; return the seconds.

        Requests that meet the limit during a pause share it; the server may ask for a longer one.
        """
        if self._entry.state in _UNLOADED:
            return interval
        self._met.add(requests)
        now = self._hass.loop.time()
        if not self.paused:
            self._seconds = min(2 * max(self._seconds, interval), _LONGEST_PAUSE)
            self._begin(self._seconds if retry_after is None else max(retry_after, interval))
            self._tell()
        elif retry_after is not None and now + retry_after > self._until:
            self._begin(retry_after)
        return self._until - now

    @callback
    def pass_by(self, requests: str) -> None:
        """Take note that some requests work again."""
        self._met.discard(requests)
        if not self._met:
            self.forget()

    def holds(self, requests: str) -> bool:
        """Return whether requests that have met the limit are to wait."""
        return self.paused and requests in self._met

    @callback
    def forget(self) -> None:
        """Begin anew, without a repair."""
        self._met.clear()
        self._seconds = 0.0
        self._end()
        ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)

    def _begin(self, seconds: float) -> None:
        self._end()
        self.paused = True
        self._until = self._hass.loop.time() + seconds
        self._cancel_end = async_call_later(self._hass, seconds - _TOLERANCE, HassJob(self._end, cancel_on_shutdown=True))

    @callback
    def _end(self, _now: datetime | None = None) -> None:
        self.paused = False
        if self._cancel_end:
            self._cancel_end()
            self._cancel_end = None

    @property
    def _issue_id(self) -> str:
        return f"request_limit_{self._entry.entry_id}"

    def _tell(self) -> None:
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="request_limit",
            translation_placeholders={"account": self._entry.title},
        )
