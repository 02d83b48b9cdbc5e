"""Getscreen.me: remote access to computers, as devices of Home Assistant."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType
from yarl import URL

from .agents import AgentsCoordinator
from .api import GetscreenClient, keeps_query_private
from .cards import async_register_cards, async_serve_cards
from .const import CONF_KEY_IN_QUERY, DOMAIN, MOST_PREVIEWS, MOST_RECORDINGS
from .coordinator import GetscreenConfigEntry, GetscreenData
from .devices import agent_id_of, async_device_name
from .entity_limit import async_watch_entities
from .errors import failed
from .hardware import HardwareReader
from .history import History
from .http import async_register_view
from .invitations import InvitationsCoordinator
from .kept import async_forget, async_kept
from .options import CONF_INVITATIONS, option
from .services import async_setup_services
from .sessions import async_api_session, async_media_session

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
    key, url = entry.data.get(CONF_API_KEY), entry.data.get(CONF_URL)
    if not isinstance(key, str) or not isinstance(url, str) or not _is_address(url):
        raise ConfigEntryError(translation_domain=DOMAIN, translation_key="invalid_entry", translation_placeholders={"name": entry.title})
    kept = async_kept(hass, entry)
    await kept.async_load(hass)
    client = GetscreenClient(
        async_api_session(hass),
        key,
        url,
        key_in_query=bool(entry.data.get(CONF_KEY_IN_QUERY)) and keeps_query_private(url),
        on_request=kept.async_count,
    )
    agents = AgentsCoordinator(hass, entry, client)
    invitations = InvitationsCoordinator(hass, entry, agents) if option(entry, CONF_INVITATIONS, bool) else None
    # Before anything can fail: diagnostics are wanted most of an account that cannot be set up.
    entry.runtime_data = GetscreenData(
        client=client,
        agents=agents,
        invitations=invitations,
        hardware=HardwareReader(agents),
        history=History(client, agents.questions),
        previews=async_media_session(hass, entry, MOST_PREVIEWS),
        recordings=async_media_session(hass, entry, MOST_RECORDINGS),
        requests=kept.requests,
    )
    await agents.async_config_entry_first_refresh()
    if invitations:
        # The account works without them, so a failure of theirs is no reason to wait.
        await invitations.async_refresh()
        agents.followers.append(invitations.async_follow)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(entry.runtime_data.hardware.async_start())
    entry.async_on_unload(async_watch_entities(hass, entry))
    return True


def _is_address(url: str) -> bool:
    """Return whether requests can be made to a server's URL, which somebody may have edited in Home Assistant's file."""
    try:
        return bool(URL(url).host)
    except ValueError:
        return False


async def async_unload_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> bool:
    """Unload an account."""
    hass.async_create_task(async_register_cards(hass), f"{DOMAIN} cards")
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
    """Take away what would outlive an account."""
    await async_forget(hass, entry)
    await async_register_cards(hass)


async def async_remove_config_entry_device(hass: HomeAssistant, entry: GetscreenConfigEntry, device: DeviceEntry) -> bool:
    """Let a device be removed by hand if its computer has left the account; raises HomeAssistantError with the reason if not."""
    agent_id = agent_id_of(entry, device)
    if agent_id is None:
        raise failed("device_of_account", account=entry.title)
    name = async_device_name(hass, entry, agent_id)
    if entry.state is not ConfigEntryState.LOADED:
        raise failed("not_loaded", name=name, account=entry.title)
    if not entry.runtime_data.agents.async_remove(agent_id):
        raise failed("device_in_account", name=name, account=entry.title)
    return True
