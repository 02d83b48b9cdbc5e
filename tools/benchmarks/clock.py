"""A clock that is moved by command: the clocks of the event loop and Home Assistant advance without waiting."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
import time
from unittest.mock import patch

from homeassistant.util import dt as dt_util


class Clock:
    """Real time plus an offset."""

    def __init__(self) -> None:
        self._added = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Make the event loop and Home Assistant use this clock; timers that become due run in the loop's next iterations."""
        places = {
            "homeassistant.util.dt.utcnow": self._utcnow,
            "homeassistant.util.dt.now": self._now,
            "homeassistant.helpers.event.time_tracker_utcnow": self._utcnow,
            "homeassistant.helpers.event.time_tracker_timestamp": lambda: time.time() + self._added,
        }
        loop = asyncio.get_running_loop()
        real = loop.time
        with ExitStack() as stack:
            stack.enter_context(patch.object(loop, "time", lambda: real() + self._added))
            for place, replacement in places.items():
                stack.enter_context(patch(place, replacement))
            yield

    async def pass_by(self, seconds: float) -> None:
        """Advance the clock by `seconds`. Nothing may be in progress, because it would time out."""
        self._added += seconds
        for _ in range(3):  # iterations until the timers have started their tasks
            await asyncio.sleep(0)

    def _utcnow(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._added)

    def _now(self, time_zone: tzinfo | None = None) -> datetime:
        return self._utcnow().astimezone(time_zone or dt_util.get_default_time_zone())
