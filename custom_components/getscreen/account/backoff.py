"""Backs off from requests that the server refuses, although it works."""

from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..const import UNLOADED
from ..options import CONF_SCAN_INTERVAL, option
from .pause import Pause

_HOUR = 3600.0
_DAY = 24 * _HOUR
# One refusal proves nothing. If the key works for other requests, more refusals are needed.
_ASK_FROM = 2
_ASK_FROM_IN_DOUBT = 4


class Refusals:
    """How often in a row one kind of request was refused, and the pause after that, which doubles each time.

    Both outlive the set-up attempts of an entry. A reload ends the pause.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, *, free: int = 0, longest: float = _DAY) -> None:
        """Cause no pause for the first `free` refusals, and none above `longest` seconds."""
        self.count = 0
        self._pause = Pause(hass)
        self._entry = entry
        self._free = free
        self._longest = longest
        entry.async_on_state_change(lambda: self._pause.end() if entry.state in UNLOADED else None)

    @property
    def paused(self) -> bool:
        """Whether such requests have to wait."""
        return self._pause.active

    @callback
    def async_refused(self) -> float | None:
        """Count a refusal; return the seconds until the next request, None for the usual interval."""
        self.count += 1
        if self.count <= self._free:
            return None
        interval = option(self._entry, CONF_SCAN_INTERVAL, float)
        # The exponent is bounded, since no number of seconds has as many digits as there may be refusals.
        seconds = min(interval * 2.0 ** min(self.count - self._free, 20), max(self._longest, interval))
        self._pause.begin(seconds)
        return seconds

    @callback
    def async_forget(self) -> None:
        """Start again, since a request was accepted or there is another key."""
        self.count = 0
        self._pause.end()


class KeyRefusals(Refusals):
    """Refusals of the poll whose answer shows whether the key is still valid."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Pause from the third refusal on, for an hour at most."""
        super().__init__(hass, entry, free=_ASK_FROM, longest=_HOUR)
        self._ask_from = _ASK_FROM

    @property
    def prove_key_invalid(self) -> bool:
        """Whether there were enough refusals in a row to ask the user for another key."""
        return self.count >= self._ask_from

    @callback
    @override
    def async_forget(self) -> None:
        super().async_forget()
        self._ask_from = _ASK_FROM

    @callback
    def async_accepted_elsewhere(self) -> bool:
        """Note that the server accepted the key for another request; return whether to poll at once.

        The key of a user whose role lacks the list of computers is refused by the poll alone. So only the first such request after a
        successful poll starts again; later ones neither hasten the polls nor let the form for a key come and go.
        """
        if self._ask_from > _ASK_FROM:
            self._ask_from = self.count + _ASK_FROM_IN_DOUBT
            return False
        self.async_forget()
        self._ask_from = _ASK_FROM_IN_DOUBT
        return True
