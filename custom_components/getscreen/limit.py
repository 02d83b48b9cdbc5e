"""The plan's request limit: how long an account leaves the server alone, and the repair that tells of it."""

from datetime import datetime

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

# Outlives the set-up attempts of an entry: Home Assistant repeats a failed one every 80 seconds, which would go on using
# up requests.
_PAUSES: HassKey[dict[str, Pause]] = HassKey(f"{DOMAIN}_pauses")
_LONGEST_PAUSE = 3600.0
_UNLOADED = (ConfigEntryState.UNLOAD_IN_PROGRESS, ConfigEntryState.NOT_LOADED)


class Pause:
    """A pause that doubles each time it proves too short."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, seconds: float) -> None:
        """Begin with pauses of `seconds`."""
        self.active = False
        self.seconds = seconds / 2
        self._hass = hass
        self._cancel_end: CALLBACK_TYPE | None = None
        # Whoever reloads the entry by hand wants to know now.
        self._unsubscribe = entry.async_on_state_change(lambda: self._end() if entry.state in _UNLOADED else None)

    @callback
    def start(self, retry_after: float | None) -> float:
        """Pause for as long as the server asks, or twice as long as the last time; return the seconds."""
        self._end()
        self.seconds = min(2 * self.seconds, _LONGEST_PAUSE)
        seconds = self.seconds if retry_after is None else retry_after
        self.active = True
        self._cancel_end = async_call_later(self._hass, seconds, HassJob(self._end, cancel_on_shutdown=True))
        return seconds

    @callback
    def close(self) -> None:
        """End the pause for good."""
        self._end()
        self._unsubscribe()

    @callback
    def _end(self, _now: datetime | None = None) -> None:
        self.active = False
        if self._cancel_end:
            self._cancel_end()
            self._cancel_end = None


@callback
def async_limit_reached(hass: HomeAssistant, entry: ConfigEntry, interval: float, retry_after: float | None) -> float:
    """Pause an account that is polled every `interval` seconds, and tell the user; return the seconds of the pause."""
    pauses = hass.data.setdefault(_PAUSES, {})
    pause = pauses.get(entry.entry_id)
    if pause is None:
        pause = pauses[entry.entry_id] = Pause(hass, entry, 2 * interval)
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry),
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="request_limit",
        translation_placeholders={"account": entry.title},
    )
    return pause.start(retry_after)


@callback
def async_is_paused(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Return whether the server is to be left alone."""
    pause = hass.data.get(_PAUSES, {}).get(entry.entry_id)
    return pause is not None and pause.active


@callback
def async_limit_over(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget the limit and take the repair away."""
    if pause := hass.data.get(_PAUSES, {}).pop(entry.entry_id, None):
        pause.close()
        ir.async_delete_issue(hass, DOMAIN, _issue_id(entry))


def _issue_id(entry: ConfigEntry) -> str:
    return f"request_limit_{entry.entry_id}"
