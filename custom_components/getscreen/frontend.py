"""Registers the cards as a dashboard resource, or as extra JavaScript if resources are configured in YAML."""

import asyncio
from contextlib import nullcontext, suppress
from hashlib import sha256
from pathlib import Path

from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, add_extra_js_url, remove_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.components.lovelace.resources import ResourceStorageCollection
from homeassistant.const import CONF_ID, CONF_TYPE, CONF_URL, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import json_bytes
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER
from .entry import GetscreenConfigEntry
from .options import CONF_CARDS, option

FOLDER = Path(__file__).parent / "cards"
"""The folder of the built cards. It is missing in a checkout of the repository that was not built."""
_PATH = f"/{DOMAIN}_frontend"
_MODULE = "getscreen.js"
_OURS = f'"type":"custom:{DOMAIN}'.encode()
"""The beginning of the type of our cards and strategies in a dashboard's configuration."""


class _Cards:
    """The URL of the cards, and a lock for their registration."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.lock = asyncio.Lock()
        self.is_removed_at_stop = False


_CARDS: HassKey[_Cards] = HassKey(f"{DOMAIN}_cards")


async def async_serve_cards(hass: HomeAssistant) -> None:
    """Serve the cards at a URL that changes with their content, so that browsers may cache them forever.

    If they cannot be read, log a warning and serve nothing.
    """
    try:
        content = await hass.async_add_executor_job((FOLDER / _MODULE).read_bytes)
    except OSError as error:
        LOGGER.warning(
            "The files of the dashboard cards could not be read (%s). Install a release through HACS, or run scripts/frontend in the "
            "repository. Then restart Home Assistant",
            error,
        )
        return
    url = f"{_PATH}/{sha256(content).hexdigest()[:12]}"
    await hass.http.async_register_static_paths([StaticPathConfig(url, str(FOLDER), cache_headers=True)])
    hass.data[_CARDS] = _Cards(f"{url}/{_MODULE}")


async def async_register_cards(hass: HomeAssistant) -> None:
    """Register the cards if an enabled account has the option, else remove them. A failure is only logged.

    After the last account is removed, dashboards that use the cards have them until Home Assistant stops: the cards explain what
    happened, and without them Home Assistant would show an error.
    """
    cards = hass.data.get(_CARDS)
    try:
        # If all accounts are disabled at the start, nothing is served, but an earlier registration may have to be removed.
        async with cards.lock if cards else nullcontext():
            await _register(hass, cards.url if cards and (_wanted(hass) or await _needed(hass, cards)) else None)
    except Exception:  # noqa: BLE001 - other integrations may replace these collections
        LOGGER.exception("The dashboard cards could not be registered")


def _accounts(hass: HomeAssistant) -> list[GetscreenConfigEntry]:
    """Return the accounts that are enabled."""
    return hass.config_entries.async_entries(DOMAIN, include_disabled=False)


def _wanted(hass: HomeAssistant) -> bool:
    return any(option(entry, CONF_CARDS, bool) for entry in _accounts(hass))


async def _needed(hass: HomeAssistant, cards: _Cards) -> bool:
    """Return whether dashboards use the cards although there is no account; if so, remove the cards when Home Assistant stops."""
    if _accounts(hass) or hass.is_stopping or not await _used(hass):
        return False
    if not cards.is_removed_at_stop:
        cards.is_removed_at_stop = True

        async def remove(_: Event) -> None:
            # The next start does not load the integration, so it could not serve them.
            await async_register_cards(hass)

        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, remove)
    return True


async def _used(hass: HomeAssistant) -> bool:
    """Return whether a dashboard has one of our cards, or is built by our strategy."""
    lovelace = hass.data.get(LOVELACE_DATA)
    for dashboard in lovelace.dashboards.values() if lovelace else ():
        # A dashboard without a configuration, or with a damaged file, does not show our cards.
        with suppress(HomeAssistantError):
            if _OURS in json_bytes(await dashboard.async_load(force=False)):
                return True
    return False


async def _register(hass: HomeAssistant, url: str | None) -> None:
    lovelace = hass.data.get(LOVELACE_DATA)
    if lovelace is not None and isinstance(lovelace.resources, ResourceStorageCollection):
        await _update_resource(lovelace.resources, url)
    elif (known := hass.data.get(DATA_EXTRA_MODULE_URL)) is not None:
        for old in [old for old in known.urls if _is_ours(old) and old != url]:
            remove_extra_js_url(hass, old)
        if url:
            add_extra_js_url(hass, url)


async def _update_resource(resources: ResourceStorageCollection, url: str | None) -> None:
    """Make `url` our only resource; None removes all our resources."""
    # Loads the collection; creating an item before that would overwrite the user's resources.
    await resources.async_get_info()
    ours = [item for item in resources.async_items() if _is_ours(item[CONF_URL])]
    if url and not ours:
        await resources.async_create_item({"res_type": "module", CONF_URL: url})
    for number, item in enumerate(ours):
        if url is None or number:
            await resources.async_delete_item(item[CONF_ID])
        elif item[CONF_URL] != url or item[CONF_TYPE] != "module":
            await resources.async_update_item(item[CONF_ID], {"res_type": "module", CONF_URL: url})


def _is_ours(url: str) -> bool:
    return url.startswith(f"{_PATH}/")
