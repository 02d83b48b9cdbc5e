"""Getscreen.me: remote access to computers, as devices of Home Assistant."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType

from .agents import AgentsCoordinator
from .api import GetscreenClient
from .cards import async_register_cards, async_serve_cards
from .const import CONF_INVITATIONS, DOMAIN, option
from .coordinator import GetscreenConfigEntry, GetscreenData
from .devices import agent_id_of
from .entity_limit import async_watch_entities
from .hardware import HardwareReader
from .history import History
from .http import async_register_view
from .invitations import InvitationsCoordinator
from .kept import async_forget, async_kept
from .services import async_setup_services

PLATFORMS = (Platform.BINARY_SENSOR, Platform.BUTTON, Platform.CALENDAR, Platform.EVENT, Platform.IMAGE, Platform.SENSOR, Platform.SWITCH)

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register what is there whether an account is or not: the actions, the view of recordings, the files of the cards."""
    async_setup_services(hass)
    async_register_view(hass)
    await async_serve_cards(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> bool:
    """Set up an account."""
    # Nobody has to wait for it, and dashboards need it even if the account cannot be reached.
    hass.async_create_task(async_register_cards(hass), f"{DOMAIN} cards")
    await async_kept(hass, entry).async_load(hass)
    client = GetscreenClient(async_get_clientsession(hass), entry.data[CONF_API_KEY], entry.data[CONF_URL])
    agents = AgentsCoordinator(hass, entry, client)
    invitations = InvitationsCoordinator(hass, entry, agents) if option(entry, CONF_INVITATIONS, bool) else None
    # Before anything can fail: diagnostics are wanted most of an account that cannot be set up.
    entry.runtime_data = GetscreenData(
        client=client,
        agents=agents,
        invitations=invitations,
        hardware=HardwareReader(agents),
        history=History(client, agents.questions),
        requests=agents.kept.requests,
    )
    entry.async_on_unload(entry.runtime_data.requests.async_start(hass, client))
    await agents.async_config_entry_first_refresh()
    if invitations:
        # The account works without them, so a failure of theirs is no reason to wait.
        await invitations.async_refresh()
        agents.followers.append(invitations.async_follow)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(entry.runtime_data.hardware.async_start())
    entry.async_on_unload(async_watch_entities(hass, entry))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> bool:
    """Unload an account."""
    hass.async_create_task(async_register_cards(hass), f"{DOMAIN} cards")
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
    """Take away what would outlive an account."""
    await async_forget(hass, entry)
    await async_register_cards(hass)


async def async_remove_config_entry_device(_hass: HomeAssistant, entry: GetscreenConfigEntry, device: DeviceEntry) -> bool:
    """Let a device be removed by hand if it has left the account."""
    agent_id = agent_id_of(entry, device)
    return entry.state is ConfigEntryState.LOADED and agent_id is not None and agent_id not in entry.runtime_data.agents.data
