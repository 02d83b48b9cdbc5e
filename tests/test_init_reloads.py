"""A reloaded account leaks nothing."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from homeassistant.util.async_ import get_scheduled_timer_handles

from simulator import Simulator

from .conftest import SetUp


async def test_repeated_set_up_and_removal_leak_nothing(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The numbers of listeners, timers and tasks do not grow with the number of set-ups."""
    entry = await set_up()

    def count() -> tuple[Any, ...]:
        timers = [handle for handle in get_scheduled_timer_handles(hass.loop) if not handle.cancelled()]
        signals = sum(len(targets) for targets in hass.data[DATA_DISPATCHER].values())
        return len(timers), len(asyncio.all_tasks()), sum(hass.bus.async_listeners().values()), signals

    for _ in range(2):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    before = count()
    for _ in range(10):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert all(now <= then for now, then in zip(count(), before, strict=True))
    assert simulator.count("agents/info") == 3
