"""The plan's request limit and a server's `Retry-After`: which requests pause, and for how long."""

from collections.abc import Callable
import time
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..api import GetscreenConnectionError, GetscreenError, RequestLimitError
from ..const import UNLOADED
from ..options import CONF_SCAN_INTERVAL, option
from ..repairs import async_clear_request_limit, async_report_request_limit
from .pause import TOLERANCE, Pause

# The kinds of requests, under which polls and readings of hardware meet the limit. User requests have names of their own (`asked`).
KINDS = ("agents", "hardware", "history", "invitations")
# The longest pause for a server in trouble, and between two attempts if the plan's limit is used up and the server does not say how long.
_LONGEST_PAUSE = 3600.0
# The longest pause that a server may request if the plan's limit is used up.
_LONGEST_WAIT = 24 * 3600.0


def asked(kind: str) -> str:
    """Return the name under which user requests of a kind meet the limit."""
    return f"{kind} asked"


class RequestLimit:
    """Back-off of an account: which kinds of request got 402 or `Retry-After`, and the pause of those kinds, which doubles with each 402.

    Other kinds go on. The pause outlives the set-up attempts of an entry, and restarts: Home Assistant repeats a failed set-up every 80
    seconds, which would use up requests.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, changed: Callable[[], None]) -> None:
        """Start without a pause; `changed` is called when `saved` would return something new."""
        self._pause = Pause(hass)
        self._hass = hass
        self._entry = entry
        self._changed = changed
        self._limited = False
        self._seconds = 0.0
        self._met: set[str] = set()
        # A reload is a wish to try again now, and a disabled account has nothing to repair.
        entry.async_on_state_change(lambda: self.forget() if entry.state in UNLOADED else None)

    @property
    def paused(self) -> bool:
        """Whether some requests have to wait."""
        return self._pause.active

    @callback
    def pause_for(self, requests: str, error: GetscreenError) -> float | None:
        """Pause if an error is a reason to, and return the seconds until the next request; None if it is not."""
        if isinstance(error, RequestLimitError):
            return self._meet(requests, error.retry_after)
        if isinstance(error, GetscreenConnectionError) and error.retry_after is not None:
            return self._defer(requests, error.retry_after)
        return None

    @callback
    def _meet(self, requests: str, retry_after: float | None) -> float:
        """Pause for as long as the server asks, or twice as long as the last time, but no shorter than between polls; return the seconds.

        Requests that meet the limit during a pause share it; the server may ask for a longer one.
        """
        interval = self._interval
        if self._entry.state in UNLOADED:
            return interval
        self._met.add(requests)
        if not self.paused or not self._limited:
            self._limited = True
            self._seconds = min(2 * max(self._seconds, interval), _LONGEST_PAUSE)
            self._begin(self._seconds if retry_after is None else max(retry_after, interval))
            async_report_request_limit(self._hass, self._entry)
        elif retry_after is not None and retry_after > self._pause.remaining:
            self._begin(retry_after)
        return self._pause.remaining

    @callback
    def _defer(self, requests: str, retry_after: float) -> float:
        """Pause for as long as a server in trouble asks, but no shorter than between polls; return the seconds."""
        seconds = max(retry_after, self._interval)
        if self._entry.state not in UNLOADED:
            self._met.add(requests)
            if not self.paused or seconds > self._pause.remaining:
                self._begin(seconds)
        return seconds

    @callback
    def pass_by(self, requests: str) -> None:
        """Note that a kind of request works again."""
        self._met.discard(requests)
        if not self._met:
            self.forget()

    def held(self, requests: str) -> GetscreenError | None:
        """Return why a kind of request is paused; None if it is not."""
        if not self.paused or requests not in self._met:
            return None
        return RequestLimitError("paused") if self._limited else GetscreenConnectionError("paused")

    @callback
    def forget(self) -> None:
        """End the pause, and delete the repair issue."""
        if self._met or self._limited:
            self._met.clear()
            self._limited = False
            self._seconds = 0.0
            self._pause.end()
            self._changed()
        async_clear_request_limit(self._hass, self._entry)

    def saved(self) -> dict[str, Any]:
        """Return what outlives a restart."""
        return {
            "met": sorted(self._met),
            "limited": self._limited,
            "seconds": self._seconds,
            "until": time.time() + self._pause.remaining if self.paused else 0.0,
        }

    @callback
    def restore(self, saved: object) -> None:
        """Continue the pause of an earlier run of Home Assistant; ignore anything but what `saved` returned."""
        match saved:
            case {"met": list(met), "limited": bool(limited), "seconds": float(seconds), "until": float(until)} if (
                # No request of another kind would ever end the pause and its repair issue.
                known := {*KINDS, *map(asked, KINDS)}.intersection(map(str, met))
            ):
                self._met = known
                self._limited, self._seconds = limited, min(max(0.0, seconds), _LONGEST_PAUSE)
                # The clock may have been put back meanwhile.
                if (remaining := min(until - time.time(), _LONGEST_WAIT if limited else _LONGEST_PAUSE)) > TOLERANCE:
                    self._begin(remaining)
                if limited:
                    async_report_request_limit(self._hass, self._entry)

    @property
    def _interval(self) -> float:
        return option(self._entry, CONF_SCAN_INTERVAL, float)

    def _begin(self, seconds: float) -> None:
        self._pause.begin(seconds)
        self._changed()
