"""Home Assistant's clocks and timer, for the schedule and its pauses, which do not depend on Home Assistant."""

from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .pauses import TOLERANCE, Pauses
from .request_log import Clock


def system_clock(hass: HomeAssistant) -> Clock:
    """Return the clocks of Home Assistant."""
    # Looked up at each call, so that a test that freezes time freezes them too.
    return Clock(time=lambda: dt_util.utcnow().timestamp(), elapsed=lambda: hass.loop.time())  # noqa: PLW0108 - see above


class Alarm:
    """A timer that ends pauses."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def async_set(self, pauses: Pauses) -> None:
        """Set the timer to the end of the next pause; without a pause, cancel it."""
        if self._cancel:
            self._cancel()
            self._cancel = None
        if (end := pauses.next_end) is None:
            return

        @callback
        def ring(_now: datetime) -> None:
            self._cancel = None
            pauses.end_expired(end)

        # A coordinator's timer fires up to a second early, so this one is early too.
        seconds = max(0.0, end - self._hass.loop.time() - TOLERANCE)
        self._cancel = async_call_later(self._hass, seconds, HassJob(ring, cancel_on_shutdown=True))
