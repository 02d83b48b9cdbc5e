"""A Home Assistant to measure in: the real one, without a network of its own, in an empty folder."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from tempfile import TemporaryDirectory
from unittest.mock import patch

import aiohttp
from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from pytest_homeassistant_custom_component.common import async_test_home_assistant


class _Resolver(aiohttp.ThreadedResolver):
    """A resolver that closes as Home Assistant's does."""

    real_close = aiohttp.ThreadedResolver.close


def without_network() -> AbstractContextManager[object]:
    """Give Home Assistant a resolver: outside a test there is no network that it could set up its own with, and 127.0.0.1 needs none."""
    return patch("homeassistant.helpers.aiohttp_client._async_make_resolver", return_value=_Resolver())


@asynccontextmanager
async def running_instance() -> AsyncIterator[HomeAssistant]:
    """Start Home Assistant, and stop it at the end."""
    # Registries are saved by a thread ten seconds after they change, in the middle of whatever is measured then.
    # (A function in its place and no mock, which would store all its calls.)
    saving = patch("homeassistant.helpers.storage.Store.async_delay_save", lambda *_: None)
    # Home Assistant stops waiting for a platform after a minute; a measurement waits until it is done.
    patience = patch("homeassistant.helpers.entity_platform.SLOW_SETUP_MAX_WAIT", 3600)
    with TemporaryDirectory() as folder, without_network(), saving, patience:
        async with async_test_home_assistant(config_dir=folder) as hass:
            hass.data.pop(DATA_CUSTOM_COMPONENTS)  # else it would not find ours
            try:
                yield hass
            finally:
                await hass.async_stop(force=True)


async def settle(hass: HomeAssistant) -> None:
    """Wait until everything is done, background tasks too."""
    await hass.async_block_till_done(wait_background_tasks=True)
