"""Polls the account: a generic base that turns the client's errors into Home Assistant's, and the poll of the agents."""

from abc import abstractmethod
from collections.abc import Awaitable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .api import (
    AccessDeniedError,
    Agent,
    AgentList,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    Hardware,
    RequestLimitError,
)
from .const import CONF_GROUP_ID, CONF_SCAN_INTERVAL, CONF_SEARCH, LOGGER, option
from .devices import agent_device_info, async_agent_devices, async_create_account_device, async_device_name
from .errors import translate, translated_errors
from .hardware import HardwareReader
from .limit import async_is_paused, async_limit_over, async_limit_reached
from .turns import Turn, Turns

_QUICK_INTERVAL = timedelta(seconds=10)

type GetscreenConfigEntry = ConfigEntry[GetscreenData]


@dataclass(frozen=True, slots=True, kw_only=True)
class GetscreenData:
    """What belongs to an account while it is set up."""

    client: GetscreenClient
    agents: AgentsCoordinator
    hardware: HardwareReader


@dataclass(frozen=True, slots=True)
class HardwareRecord:
    """What a computer is made of, and when that was read."""

    hardware: Hardware | None
    updated: datetime


class GetscreenCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """A poll of one method, `_fetch`; whatever goes wrong with it is handled here."""

    config_entry: GetscreenConfigEntry
    _subject: ClassVar[str]

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry, client: GetscreenClient) -> None:
        """Poll as often as the account's options say."""
        self.client = client
        self._scan_interval = timedelta(seconds=option(entry, CONF_SCAN_INTERVAL, int))
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {self._subject}",
            update_interval=self._scan_interval,
            always_update=False,
        )

    @abstractmethod
    async def _fetch(self) -> DataT:
        """Ask the client."""

    @override
    async def _async_setup(self) -> None:
        if async_is_paused(self.hass, self.config_entry):
            raise UpdateFailed(**translate(RequestLimitError("paused"), self.config_entry.title))

    @override
    async def _async_update_data(self) -> DataT:
        entry = self.config_entry
        try:
            data = await self._fetch()
        except AccessDeniedError as error:
            raise ConfigEntryAuthFailed(**translate(error, entry.title)) from error
        except RequestLimitError as error:
            seconds = async_limit_reached(self.hass, entry, self._scan_interval.total_seconds(), error.retry_after)
            raise UpdateFailed(**translate(error, entry.title), retry_after=seconds) from error
        except GetscreenConnectionError as error:
            raise UpdateFailed(**translate(error, entry.title), retry_after=error.retry_after) from error
        except GetscreenError as error:
            raise UpdateFailed(**translate(error, entry.title)) from error
        async_limit_over(self.hass, entry)
        return data


class AgentsCoordinator(GetscreenCoordinator[dict[int, Agent]]):
    """The account's agents by id (`agents/list`), their devices, and the commands to them.

    A refresh costs what changed: agents that did not are the same objects as before, and entities, which listen with
    their agent's id as context, hear of it only where theirs did.
    """

    _subject = "agents"

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry, client: GetscreenClient) -> None:
        """Know nothing yet."""
        super().__init__(hass, entry, client)
        self.account_device_id = async_create_account_device(hass, entry).id
        self.hardware: dict[int, HardwareRecord] = {}
        self._published: dict[int, Agent] = {}
        self._published_success = True
        self._empty_before = False
        self._registry_checked = False
        self._turns = Turns()

    def device_info(self, agent: Agent) -> dr.DeviceInfo:
        """Return what the device page says of an agent."""
        record = self.hardware.get(agent.id)
        return agent_device_info(self.hass, self.config_entry, self.account_device_id, agent, record.hardware if record else None)

    @override
    async def _fetch(self) -> dict[int, Agent]:
        entry = self.config_entry
        answer = await self.client.list_agents(
            search=option(entry, CONF_SEARCH, str), group_id=option(entry, CONF_GROUP_ID, str), known=self.data
        )
        return self._without_doubt(answer)

    def _without_doubt(self, answer: AgentList) -> dict[int, Agent]:
        """Return what an answer says for certain: one with unreadable records, or suddenly empty, lets no device leave."""
        known = self.data or {}
        empty_before, self._empty_before = self._empty_before, not answer.agents
        if answer.skipped:
            # Whoever is missing may be among the unreadable; without a source it is read anew when it is back.
            unsure = {agent_id: replace(known[agent_id], online=None, source={}) for agent_id in known.keys() - answer.agents.keys()}
            return {**unsure, **answer.agents}
        if not answer.agents and not empty_before:
            return known
        if not self._registry_checked or known.keys() - answer.agents.keys():
            self._remove_all_but(answer.agents)
        return answer.agents

    def _remove_all_but(self, agents: dict[int, Agent]) -> None:
        """Remove the devices of agents that left, also of those that did while Home Assistant was off."""
        self._registry_checked = True
        for agent_id, device in async_agent_devices(self.hass, self.config_entry).items():
            if agent_id not in agents:
                dr.async_get(self.hass).async_remove_device(device.id)
                self.hardware.pop(agent_id, None)

    @override
    async def _async_update_data(self) -> dict[int, Agent]:
        agents = None
        try:
            agents = await super()._async_update_data()
        finally:
            self._turns.see(agents)
            self.update_interval = self._interval()
        return agents

    def _interval(self) -> timedelta:
        return min(_QUICK_INTERVAL, self._scan_interval) if self._turns.quick else self._scan_interval

    @override
    @callback
    def async_update_listeners(self) -> None:
        """Tell the entities of agents that changed, and whoever listens to the whole account."""
        published, self._published = self._published, self.data or {}
        turned = self._published_success is not self.last_update_success
        self._published_success = self.last_update_success
        ids = published.keys() | self._published.keys()
        changed = {agent_id for agent_id in ids if published.get(agent_id) != self._published.get(agent_id)}
        for agent_id in changed & published.keys() & self._published.keys():
            self._async_update_device(published[agent_id], self._published[agent_id])
        if turned:
            super().async_update_listeners()
        else:
            self._async_tell(changed)

    @callback
    def _async_tell(self, agent_ids: AbstractSet[int]) -> None:
        for listener, context in tuple(self._listeners.values()):
            if context is None or context in agent_ids:
                try:
                    listener()
                except Exception:
                    self.logger.exception("Unexpected error updating a listener for %s", self.name)

    @callback
    def _async_update_device(self, old: Agent, new: Agent) -> None:
        if (info := self.device_info(new)) != self.device_info(old):
            dr.async_get(self.hass).async_get_or_create(config_entry_id=self.config_entry.entry_id, **info)

    @callback
    def async_set_hardware(self, agent_id: int, hardware: Hardware | None) -> None:
        """Take what was read of a computer just now (None: it has nothing to tell), and tell its entities."""
        if (agent := self.data.get(agent_id)) is None:
            return
        self.hardware[agent_id] = HardwareRecord(hardware, dt_util.utcnow())
        dr.async_get(self.hass).async_get_or_create(config_entry_id=self.config_entry.entry_id, **self.device_info(agent))
        self._async_tell({agent_id})

    async def async_wake(self, agent_id: int, *, awaited: bool = False) -> Turn:
        """Wake a computer (`agents/wake`) and look more often until it is online; return what to wait for if `awaited`."""
        await self._command(agent_id, self.client.wake(agent_id))
        return await self._follow(agent_id, restart=False, awaited=awaited)

    async def async_reboot(self, agent_id: int, *, safe_mode: bool = False, awaited: bool = False) -> Turn:
        """Reboot a computer (`agents/reboot`) and look more often until it is back; return what to wait for if `awaited`."""
        await self._command(agent_id, self.client.reboot(agent_id, safe_mode=safe_mode))
        return await self._follow(agent_id, restart=True, awaited=awaited)

    async def async_logout(self, agent_id: int) -> None:
        """Detach a computer from the account for good (`agents/logout`); its device leaves."""
        await self._command(agent_id, self.client.logout(agent_id))
        self.data = {other: agent for other, agent in self.data.items() if other != agent_id}
        self._remove_all_but(self.data)
        self.async_update_listeners()

    def name_of(self, agent_id: int) -> str:
        """Return an agent's name for people."""
        return async_device_name(self.hass, self.config_entry, agent_id)

    def leave(self, turn: Turn) -> None:
        """Stop waiting for a device."""
        self._turns.leave(turn)

    async def _command(self, agent_id: int, request: Awaitable[None]) -> None:
        with translated_errors(self.name_of(agent_id)):
            try:
                await request
            except AccessDeniedError:
                # The key may be refused, or just this object: the list tells.
                await self.async_request_refresh()
                raise

    async def _follow(self, agent_id: int, *, restart: bool, awaited: bool) -> Turn:
        online = bool((agent := self.data.get(agent_id)) and agent.online)
        turn = Turn(agent_id, was_offline=not (restart and online), awaited=awaited)
        if restart or awaited or not online:
            self._turns.follow(turn)
            self.update_interval = self._interval()
            # While the server is out of reach or to be left alone, the next poll stays where it is.
            if self.last_update_success:
                self._schedule_refresh()
        if online and awaited and not restart:
            await self.async_request_refresh()
        return turn
