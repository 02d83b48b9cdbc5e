"""Getscreen.me: remote access to computers, as devices of Home Assistant."""

from homeassistant.const import CONF_API_KEY, CONF_URL, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType

from .api import GetscreenClient
from .const import DOMAIN
from .coordinator import AgentsCoordinator, GetscreenConfigEntry, GetscreenData
from .devices import agent_id_of
from .hardware import HardwareReader
from .limit import async_limit_over
from .services import async_setup_services

PLATFORMS = (Platform.BINARY_SENSOR, Platform.BUTTON)

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register the actions, which are there whether an account is or not."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> bool:
    """Set up an account."""
    client = GetscreenClient(async_get_clientsession(hass), entry.data[CONF_API_KEY], entry.data[CONF_URL])
    agents = AgentsCoordinator(hass, entry, client)
    await agents.async_config_entry_first_refresh()
    hardware = HardwareReader(agents, client)
    entry.runtime_data = GetscreenData(client=client, agents=agents, hardware=hardware)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(hardware.async_start())
    return True


async def async_unload_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> bool:
    """Unload an account."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
    """Take away what would outlive an account."""
    async_limit_over(hass, entry)


async def async_remove_config_entry_device(_hass: HomeAssistant, entry: GetscreenConfigEntry, device: DeviceEntry) -> bool:
    """Let a device be removed by hand if it has left the account."""
    agent_id = agent_id_of(entry, device)
    return agent_id is not None and agent_id not in entry.runtime_data.agents.data
