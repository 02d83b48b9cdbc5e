"""Getscreen.me: remote access to computers, as devices of Home Assistant."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType

from .account import GetscreenAccount
from .account.identifiers import agent_id_of
from .account.registry import async_device_name
from .account.store import async_remove_store
from .const import DOMAIN
from .entry import GetscreenConfigEntry
from .exceptions import failed
from .frontend import async_register_cards, async_serve_cards
from .live.preview_view import async_register_previews
from .recordings import async_register_view
from .repairs import async_watch_entities
from .services import async_setup_services
from .websocket import async_register_websocket

PLATFORMS = (Platform.BINARY_SENSOR, Platform.BUTTON, Platform.CALENDAR, Platform.EVENT, Platform.IMAGE, Platform.SENSOR, Platform.SWITCH)

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register what all accounts share: the actions, the websocket commands, and the URLs of cards, recordings and previews."""
    async_setup_services(hass)
    async_register_websocket(hass)
    async_register_view(hass)
    async_register_previews(hass)
    await async_serve_cards(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> bool:
    """Set up an account; raises ConfigEntryNotReady if the first poll fails, and ConfigEntryError if the entry's data is damaged."""
    # In the background: setup does not need the cards, and dashboards need them even if the account cannot be reached.
    hass.async_create_task(async_register_cards(hass), f"{DOMAIN} cards")
    # Set before the first request, so that diagnostics also work for an account that cannot be set up.
    account = entry.runtime_data = await GetscreenAccount.create(hass, entry)
    await account.async_start()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(account.hardware.async_start())
    entry.async_on_unload(async_watch_entities(hass, entry))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> bool:
    """Unload an account."""
    hass.async_create_task(async_register_cards(hass), f"{DOMAIN} cards")
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
    """Delete an account's stored data, and register or remove the cards as the other accounts need them."""
    await async_remove_store(hass, entry)
    await async_register_cards(hass)


async def async_remove_config_entry_device(hass: HomeAssistant, entry: GetscreenConfigEntry, device: DeviceEntry) -> bool:
    """Return True if the user may remove a device: its computer has left the account. Raises HomeAssistantError with the reason if not."""
    agent_id = agent_id_of(entry, device)
    if agent_id is None:
        raise failed("device_of_account", account=entry.title)
    name = async_device_name(hass, entry, agent_id)
    if entry.state is not ConfigEntryState.LOADED:
        raise failed("not_loaded", name=name, account=entry.title)
    if not entry.runtime_data.agents.async_drop_if_unconfirmed(agent_id):
        raise failed("device_in_account", name=name, account=entry.title)
    return True
