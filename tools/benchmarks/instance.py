"""A real Home Assistant for measurements, with a simple DNS resolver and an empty configuration folder."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from tempfile import TemporaryDirectory
from unittest.mock import patch

import aiohttp
from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from pytest_homeassistant_custom_component.common import async_test_home_assistant


class _Resolver(aiohttp.ThreadedResolver):
    """A resolver with the method `real_close`, which Home Assistant's resolver has."""

    real_close = aiohttp.ThreadedResolver.close


def without_network() -> AbstractContextManager[object]:
    """Return a patch of Home Assistant's DNS resolver, which cannot be set up without a network and is not needed for 127.0.0.1."""
    return patch("homeassistant.helpers.aiohttp_client._async_make_resolver", return_value=_Resolver())


@asynccontextmanager
async def running_instance() -> AsyncIterator[HomeAssistant]:
    """Start Home Assistant, and stop it when the context ends."""
    # Registries are saved ten seconds after a change, which would disturb a measurement. A mock would store all its calls, so this is a
    # function.
    saving = patch("homeassistant.helpers.storage.Store.async_delay_save", lambda *_: None)
    # Home Assistant stops waiting for a platform after a minute, but a measurement has to wait until it is complete.
    patience = patch("homeassistant.helpers.entity_platform.SLOW_SETUP_MAX_WAIT", 3600)
    with TemporaryDirectory() as folder, without_network(), saving, patience:
        async with async_test_home_assistant(config_dir=folder) as hass:
            hass.data.pop(DATA_CUSTOM_COMPONENTS)  # without this, it would not find the integration
            try:
                yield hass
            finally:
                await hass.async_stop(force=True)


async def settle(hass: HomeAssistant) -> None:
    """Wait until all tasks are done, background tasks included."""
    await hass.async_block_till_done(wait_background_tasks=True)
