"""Simulated time: a day of Home Assistant passes in about a minute, because the clock jumps from timer to timer."""

# Imported before Home Assistant, because the clocks cannot be patched later.
from pytest_homeassistant_custom_component import patch_time

# isort: split

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
import sqlite3
from unittest.mock import patch

from freezegun import freeze_time
from freezegun.api import TickingDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util.async_ import get_scheduled_timer_handles

# A timer is due shortly after its time.
_AFTER = 0.001
_MOST_BACKLOG = 500


class SimulatedTime:
    """The clocks of this process, including that of the event loop. They run, and can be moved forward."""

    def __init__(self, factory: TickingDateTimeFactory) -> None:
        self._factory = factory

    def _jump(self, seconds: float) -> None:
        self._factory.move_to(self._factory() + timedelta(seconds=seconds))

    async def pass_by(self, hass: HomeAssistant, span: timedelta, backlog: Callable[[], int]) -> None:
        """Let a span of time pass: jump to each timer, wait for its tasks, and wait while the recorder's backlog is long."""
        end = hass.loop.time() + span.total_seconds()
        while (now := hass.loop.time()) < end:
            due = min((handle.when() for handle in get_scheduled_timer_handles(hass.loop) if not handle.cancelled()), default=end)
            self._jump(max(min(due, end) - now, 0) + _AFTER)
            await asyncio.sleep(0)
            await hass.async_block_till_done(wait_background_tasks=True)
            while backlog() > _MOST_BACKLOG:  # noqa: ASYNC110 - its queue sets no event
                await asyncio.sleep(_AFTER)


@contextmanager
def simulated_time(start: datetime) -> Iterator[SimulatedTime]:
    """Start the clocks of this process at a moment, until the context ends."""
    sqlite3.register_adapter(patch_time.HAFakeDatetime, lambda moment: moment.isoformat(" "))
    # The same patches as in the test kit, which preserve time zones and exclude the recorder's thread.
    kinds = patch.multiple(
        "freezegun.api",
        FakeDate=patch_time.HAFakeDate,
        FakeDatetime=patch_time.HAFakeDatetime,
        datetime_to_fakedatetime=patch_time.ha_datetime_to_fakedatetime,
        get_current_time=patch_time.ha_get_current_time,
        _should_use_real_time=patch_time.ha_should_use_real_time,
    )
    with kinds, freeze_time(start.astimezone(UTC), tick=True) as factory:
        assert isinstance(factory, TickingDateTimeFactory)
        yield SimulatedTime(factory)
