"""Restarts of Home Assistant with its stored files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import frame
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from custom_components.getscreen.const import DOMAIN

type Storage = dict[str, Any]


@asynccontextmanager
async def start() -> AsyncIterator[HomeAssistant]:
    """Start a second Home Assistant beside that of the test kit. It knows the integration, and its reports of wrong use are its own."""
    async with async_test_home_assistant() as hass:
        frame.async_setup(hass)
        hass.data.pop(DATA_CUSTOM_COMPONENTS)
        yield hass


@asynccontextmanager
async def run(entry: MockConfigEntry) -> AsyncIterator[HomeAssistant]:
    """Start Home Assistant with an account, and stop it as usual; the next run finds what it stored."""
    async with start() as hass:
        again = MockConfigEntry(domain=DOMAIN, title=entry.title, unique_id=entry.unique_id, entry_id=entry.entry_id, data=entry.data)
        again.add_to_hass(hass)
        await hass.config_entries.async_setup(again.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        yield hass
        await hass.async_stop(force=True)
