"""One account at run time: sends its requests, stores its data, and notifies of changes. The other modules here do not import this file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from aiohttp import ClientSession
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant, callback
from yarl import URL

from ..api import GetscreenClient, Invitation, keeps_query_private
from ..const import CONF_KEY_IN_QUERY, DOMAIN
from ..entry import GetscreenConfigEntry
from ..exceptions import invalid_entry
from ..options import CONF_DAILY_REQUESTS, CONF_DISK_THRESHOLD, CONF_HARDWARE_INTERVAL, CONF_INVITATIONS, CONF_SCAN_INTERVAL, option
from .agents import AgentsCoordinator
from .attention_tracker import AttentionTracker
from .commands import Commands
from .hardware_reader import HardwareReader
from .http_sessions import MAX_PREVIEWS, MAX_RECORDINGS, async_api_session, async_media_session
from .invitations import InvitationsCoordinator
from .previews import Previews
from .registry import AgentDevices
from .schedule import Schedule
from .session_history import SessionHistory
from .store import AccountStore, async_store
from .user_requests import UserRequests


@dataclass(frozen=True, slots=True, kw_only=True)
class GetscreenAccount:
    """The parts of an account that is set up: the runtime data of its config entry."""

    entry: GetscreenConfigEntry
    client: GetscreenClient
    store: AccountStore
    schedule: Schedule
    agents: AgentsCoordinator
    attention: AttentionTracker
    commands: Commands
    user_requests: UserRequests
    invitations: InvitationsCoordinator | None
    hardware: HardwareReader
    history: SessionHistory
    previews: Previews
    preview_session: ClientSession
    recording_session: ClientSession

    @property
    def open_invitations(self) -> Mapping[int, Invitation]:
        """The open invitations by id; empty if they are not polled."""
        return self.invitations.data.invitations if self.invitations and self.invitations.data else {}

    @classmethod
    async def create(cls, hass: HomeAssistant, entry: GetscreenConfigEntry) -> Self:
        """Return the account of a config entry, before its first poll. Raises ConfigEntryError if the entry's data is damaged."""
        key, url = entry.data.get(CONF_API_KEY), entry.data.get(CONF_URL)
        if not isinstance(key, str) or not isinstance(url, str) or not _is_address(url):
            raise invalid_entry(entry.title)
        store = async_store(hass, entry)
        await store.async_load(hass)
        client = GetscreenClient(
            async_api_session(hass),
            key,
            url,
            key_in_query=bool(entry.data.get(CONF_KEY_IN_QUERY)) and keeps_query_private(url),
            gate=store.schedule.user_gate,
        )
        schedule, watches_invitations = store.schedule, option(entry, CONF_INVITATIONS, bool)
        schedule.configured_interval = option(entry, CONF_SCAN_INTERVAL, float)
        schedule.polls_invitations = schedule.may_have_invitations = watches_invitations
        store.async_join_plan(url, key, option(entry, CONF_DAILY_REQUESTS, int))
        devices = AgentDevices(hass, entry, store)
        agents = AgentsCoordinator(hass, entry, client, store, devices)
        commands = Commands(client, agents)
        user_requests = UserRequests()
        hardware_interval = timedelta(hours=option(entry, CONF_HARDWARE_INTERVAL, int))
        preview_session = async_media_session(hass, entry, MAX_PREVIEWS)
        return cls(
            entry=entry,
            client=client,
            store=store,
            schedule=schedule,
            agents=agents,
            attention=AttentionTracker(agents, option(entry, CONF_DISK_THRESHOLD, int)),
            commands=commands,
            user_requests=user_requests,
            invitations=InvitationsCoordinator(hass, entry, client, agents) if watches_invitations else None,
            hardware=HardwareReader(
                client, agents, devices, user_requests=user_requests, command_semaphore=commands.semaphore, interval=hardware_interval
            ),
            history=SessionHistory(client, user_requests),
            previews=Previews(agents, preview_session),
            preview_session=preview_session,
            recording_session=async_media_session(hass, entry, MAX_RECORDINGS),
        )

    async def async_start(self) -> None:
        """Poll for the first time. Raises ConfigEntryNotReady if the poll of the agents fails or is paused."""
        await self.agents.async_config_entry_first_refresh()
        self.previews.async_start()
        self.attention.async_start()
        if self.invitations:
            # The account works without invitations, so the setup goes on if their poll fails.
            await self.invitations.async_refresh()
            self.agents.poll_listeners.append(self.invitations.async_handle_agents_poll)


def _is_address(url: str) -> bool:
    """Return whether requests can be sent to a server's URL. The stored URL may have been edited by hand."""
    try:
        return bool(URL(url).host)
    except ValueError:
        return False


@callback
def async_loaded_entry(hass: HomeAssistant, entry_id: str) -> GetscreenConfigEntry | None:
    """Return the config entry of an account; None if it does not exist, is not set up, or belongs to another integration."""
    entry: GetscreenConfigEntry | None = hass.config_entries.async_get_entry(entry_id)
    return entry if entry and entry.domain == DOMAIN and entry.state is ConfigEntryState.LOADED else None
