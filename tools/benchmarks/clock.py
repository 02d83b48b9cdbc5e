"""Time that passes by command: the clocks of the event loop and Home Assistant move without waiting."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
import time
from unittest.mock import patch

from homeassistant.util import dt as dt_util


class Clock:
    """Real time, and what has been added to it."""

    def __init__(self) -> None:
        self._added = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Make the loop and Home Assistant live in this time; timers become due in it, in the loop's next rounds."""
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
        """Let time pass. Nothing may be under way, or it would be timed out."""
        self._added += seconds
        for _ in range(3):  # rounds until the timers have started what they are there for
            await asyncio.sleep(0)

    def _utcnow(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._added)

    def _now(self, time_zone: tzinfo | None = None) -> datetime:
        return self._utcnow().astimezone(time_zone or dt_util.get_default_time_zone())
