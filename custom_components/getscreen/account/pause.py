"""A pause between requests, which a timer ends."""

from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

# A coordinator's timer comes up to a second early.
TOLERANCE = 1.5


class Pause:
    """Whether requests are paused, and for how long."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.active = False
        self._hass = hass
        self._until = 0.0
        self._cancel_end: CALLBACK_TYPE | None = None

    @property
    def remaining(self) -> float:
        """Seconds until the next request; meaningful during a pause only."""
        return self._until - self._hass.loop.time()

    @callback
    def begin(self, seconds: float) -> None:
        """Pause for some seconds from now, whether or not there is a pause already."""
        self.end()
        self.active = True
        self._until = self._hass.loop.time() + seconds
        self._cancel_end = async_call_later(self._hass, seconds - TOLERANCE, HassJob(self.end, cancel_on_shutdown=True))

    @callback
    def end(self, _now: datetime | None = None) -> None:
        """End the pause, if there is one."""
        self.active = False
        if self._cancel_end:
            self._cancel_end()
            self._cancel_end = None
