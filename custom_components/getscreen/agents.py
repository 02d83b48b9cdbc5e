"""The account's agents: their poll, their devices, and the commands to them."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import batched
from typing import Any, override

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, SOURCE_REAUTH, ConfigEntry, ConfigEntryChange
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.util import dt as dt_util

from .api import AccessDeniedError, Agent, AgentDetails, AgentList, GetscreenClient
from .api.client import MOST_AGENTS
from .backoff import KeyRefusals
from .const import DOMAIN, LOGGER
from .coordinator import GetscreenConfigEntry, GetscreenCoordinator
from .devices import account_device_info, agent_device_info, async_agent_device, async_agent_devices, async_device_name, differs
from .errors import failed, translated_errors
from .hardware_record import HardwareRecord
from .kept import async_kept
from .listeners import AgentListeners
from .options import CONF_GROUP_ID, CONF_SEARCH, option
from .questions import Questions
from .transitions import Transition, Transitions

_QUICK_INTERVAL = timedelta(seconds=10)
# What is written in one go; thousands would hold up everything else.
_DEVICES_AT_ONCE = 50
# Commands to hundreds of computers must not look like an attack.
COMMANDS_AT_ONCE = 10
# A poll that is so many seconds old is as good as one of now.
_MOMENT = 5.0


class AgentsCoordinator(GetscreenCoordinator[dict[int, Agent]]):
    """The account's agents by id (`agents/list`), their devices, and the commands to them.

    A refresh costs what changed: agents that did not are the same objects as before, and entities, which listen with
    their agent's id as context, hear of it only where theirs did.
    """

    _subject = "agents"
    refusals: KeyRefusals

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry, client: GetscreenClient) -> None:
        """Start without any agent."""
        super().__init__(hass, entry, client, async_kept(hass, entry).key_refusals)
        self.data = {}
        account_device = dr.async_get(hass).async_get_or_create(config_entry_id=entry.entry_id, **account_device_info(entry))
        self._account_device_id = account_device.id
        self._agent_listeners = AgentListeners(hass, entry)
        self._empty_before = False
        self._registry_checked = False
        self.followers: list[CALLBACK_TYPE] = []
        """Called after every poll, also where nothing changed."""
        # What commands told of agents since the last poll began, whose answer may be older; None for those that were logged out.
        self._meanwhile: dict[int, Agent | None] = {}
        self._transitions = Transitions()
        self.commands = asyncio.Semaphore(COMMANDS_AT_ONCE)
        """The gate that commands of actions, buttons, switches and `update_entity` share. Polls do not wait at it."""
        self.questions = Questions(self.limit)
        self.followers.append(self.questions.async_end_pauses)
        self._looked_at = -_MOMENT
        self._look: asyncio.Task[None] | None = None
        self._polling = False
        client.on_accepted = self.async_accepted
        entry.async_on_unload(async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_follow_title))
        entry.async_on_unload(hass.async_add_shutdown_job(HassJob(self._transitions.async_end)))

    @property
    def hardware_signal(self) -> str:
        """The dispatcher signal that tells of a new hardware record, or that one is gone; it carries the agent's id."""
        return f"{DOMAIN}_hardware_{self.config_entry.entry_id}"

    @property
    def hardware(self) -> Mapping[int, HardwareRecord]:
        """What the agents' computers are made of, as far as that was read."""
        return self.kept.hardware

    @property
    def changed(self) -> AbstractSet[int]:
        """The ids of the agents that appeared, left or changed, for listeners while they are told of it."""
        return self._agent_listeners.changed

    @override
    async def _fetch(self) -> dict[int, Agent]:
        self._meanwhile.clear()
        search, group_id = (option(self.config_entry, name, str) for name in (CONF_SEARCH, CONF_GROUP_ID))
        answer = await self.client.list_agents(search=search, group_id=group_id, known=self.data)
        if self._shutdown_requested:
            # The entry may be gone, or have another filter by now.
            return self.data
        agents = await self._without_doubt(answer)
        self.kept.session_ends.apply(agents, self.data)
        await self._write_devices(agents)
        for agent_id, agent in self._meanwhile.items():
            if agent is None:
                agents.pop(agent_id, None)
            elif agent_id in agents:
                agents[agent_id] = agent
        return agents

    async def _without_doubt(self, answer: AgentList) -> dict[int, Agent]:
        """Return what an answer says for certain: one with unreadable records, or suddenly empty, lets no device leave."""
        known = self.data
        self._warn_of_cut(answer.cut)
        if answer.skipped:
            # Missing agents may be among the unreadable ones.
            unsure = {agent_id: known[agent_id].in_doubt() for agent_id in known.keys() - answer.agents.keys()}
            return self._bounded({**unsure, **answer.agents})
        empty_before, self._empty_before = self._empty_before, not answer.agents
        if not answer.agents and not empty_before:
            return known
        if not self._registry_checked or known.keys() - answer.agents.keys():
            await self._remove_all_but(answer.agents)
        return answer.agents

    def _bounded(self, agents: dict[int, Agent]) -> dict[int, Agent]:
        """Return at most as many agents as an answer may have: known ones stay, new ones are ignored."""
        if len(agents) <= MOST_AGENTS:
            return agents
        first = sorted(agents, key=lambda agent_id: agent_id not in self.data)
        return {agent_id: agents[agent_id] for agent_id in first[:MOST_AGENTS]}

    @callback
    def _warn_of_cut(self, cut: int) -> None:
        """Log that a list was too long, once per account and start."""
        if cut and not self.kept.list_was_cut:
            self.kept.list_was_cut = True
            LOGGER.warning(
                "%s has %s computers, of which only %s are in Home Assistant. Share them out over several entries, each with a filter",
                self.config_entry.title,
                MOST_AGENTS + cut,
                MOST_AGENTS,
            )

    async def _write_devices(self, agents: dict[int, Agent]) -> None:
        """Add the devices of agents that appeared, and update those of which something is known that a device shows."""
        known = self.data
        news = [
            agent
            for agent_id, agent in agents.items()
            if (before := known.get(agent_id)) is not agent and (before is None or differs(before, agent))
        ]
        for some in batched(news, _DEVICES_AT_ONCE, strict=False):
            for agent in some:
                if agent.id not in self._meanwhile:
                    self._async_write_device(agent)
            await asyncio.sleep(0)

    async def _remove_all_but(self, agents: dict[int, Agent]) -> None:
        """Remove the devices of agents that left, also of those that did while Home Assistant was off."""
        self._registry_checked = True
        # First of all, or entities that are being added and hardware that is being read would bring devices back.
        self.data = {agent_id: agent for agent_id, agent in self.data.items() if agent_id in agents}
        left = (async_agent_devices(self.hass, self.config_entry).keys() | self.hardware.keys()) - agents.keys()
        for some in batched(left, _DEVICES_AT_ONCE, strict=False):
            for agent_id in some:
                self._remove(agent_id)
            await asyncio.sleep(0)

    def _remove(self, agent_id: int) -> None:
        if device := async_agent_device(self.hass, self.config_entry, agent_id):
            dr.async_get(self.hass).async_remove_device(device.id)
        self.kept.async_set_hardware(agent_id, None)
        async_dispatcher_send(self.hass, self.hardware_signal, agent_id)

    @override
    async def _async_update_data(self) -> dict[int, Agent]:
        agents = None
        self._polling = True
        try:
            agents = await super()._async_update_data()
            self._looked_at = self.hass.loop.time()
        finally:
            self._polling = False
            self._transitions.see(agents)
            self.update_interval = self._interval()
        return agents

    @callback
    @override
    def _async_refused(self) -> float | None:
        pause = super()._async_refused()
        if self.refusals.prove_key_invalid:
            # Polling goes on, because the fault may be the server's.
            self.config_entry.async_start_reauth(self.hass)
        return pause

    @callback
    def async_accepted(self, method: str) -> None:
        """Take note that the server accepted the key for a method, and poll again where polls were refused."""
        if method.startswith("support/"):
            self.kept.invitation_refusals.async_forget()
        if self._shutdown_requested or not self.refusals.count:
            return
        for flow in list(self.config_entry.async_get_active_flows(self.hass, {SOURCE_REAUTH})):
            self.hass.config_entries.flow.async_abort(flow["flow_id"])
        if method == "agents/list":
            self.refusals.async_forget()
        elif not self.refusals.async_accepted_elsewhere():
            return
        if not self._polling:
            self.config_entry.async_create_background_task(self.hass, self.async_refresh(), f"{self.name} refresh")

    def _interval(self) -> timedelta:
        return min(_QUICK_INTERVAL, self._scan_interval) if self.quick else self._scan_interval

    @property
    def quick(self) -> bool:
        """Whether polls come quickly, since some device is about to come online."""
        return self._transitions.quick

    @override
    @callback
    def _async_refresh_finished(self) -> None:
        if self.last_update_success:
            # It would keep alive what was known when it happened.
            self.last_exception = None
        for follow in self.followers:
            follow()

    @override
    async def async_shutdown(self) -> None:
        """End polling, and all waiting for what it would find."""
        await super().async_shutdown()
        self._transitions.async_end()

    @callback
    def _async_follow_title(self, _change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.entry_id == self.config_entry.entry_id:
            dr.async_get(self.hass).async_get_or_create(config_entry_id=entry.entry_id, **account_device_info(entry))

    @override
    @callback
    def async_update_listeners(self) -> None:
        """Tell whoever listens to the whole account, then the entities of agents that changed."""
        self._agent_listeners.async_publish(self.data, success=self.last_update_success)
        self.kept.async_set_session_ends(self.data, self.changed)

    @override
    @callback
    def async_add_listener(self, update_callback: CALLBACK_TYPE, context: Any = None) -> CALLBACK_TYPE:
        """Tell a listener of one agent's changes, whose id is the context, or of all; return what ends that."""
        end_polling = super().async_add_listener(update_callback, context)
        end_telling = self._agent_listeners.async_add(context, update_callback)

        @callback
        def remove() -> None:
            end_telling()
            end_polling()

        return remove

    @callback
    def async_set_hardware(self, agent_id: int, details: AgentDetails | None, share: float) -> None:
        """Take what was read of a computer just now (None: nothing more than is known), and tell its entities.

        `share`: the part of the interval after which it is to be read again.
        """
        if self._shutdown_requested or (agent := self.data.get(agent_id)) is None:
            return
        now, known = dt_util.utcnow(), self.hardware.get(agent_id)
        if details is None or details.hardware is None:
            record = replace(known, asked=now, share=share) if known else HardwareRecord(asked=now, share=share)
            self.kept.async_set_hardware(agent_id, record)
            return
        self.kept.async_set_hardware(agent_id, HardwareRecord.of(details, now, share))
        self._async_write_device(agent)
        self._agent_listeners.async_tell_agents((agent_id,))
        async_dispatcher_send(self.hass, self.hardware_signal, agent_id)

    @callback
    def _async_write_device(self, agent: Agent) -> None:
        record = self.hardware.get(agent.id)
        info = agent_device_info(self.hass, self.config_entry, self._account_device_id, agent, record.hardware if record else None)
        dr.async_get(self.hass).async_get_or_create(config_entry_id=self.config_entry.entry_id, **info)

    async def async_wake(self, agent_id: int) -> None:
        """Wake a computer (`agents/wake`), and look more often until it is online."""
        await self._command(agent_id, self.client.wake(agent_id))
        agent = self.data.get(agent_id)
        if not (agent and agent.online):
            self._hasten(Transition(agent_id, restart=False))

    async def async_reboot(self, agent_id: int, *, safe_mode: bool = False) -> None:
        """Reboot a computer (`agents/reboot`), and look more often until it is back."""
        await self._command(agent_id, self.client.reboot(agent_id, safe_mode=safe_mode))
        self._hasten(Transition(agent_id, restart=True))

    async def async_logout(self, agent_id: int) -> None:
        """Detach a computer from the account for good (`agents/logout`); its device leaves."""
        await self._command(agent_id, self.client.logout(agent_id))
        self._let_go(agent_id)

    @callback
    def async_remove(self, agent_id: int) -> bool:
        """Let the device of a computer leave unless the last answer named it, and return whether it left.

        A record that can never be read would keep the devices of all computers that leave the account.
        """
        if (agent := self.data.get(agent_id)) is not None:
            if not agent.is_in_doubt:
                return False
            self._let_go(agent_id)
        return True

    @callback
    def _let_go(self, agent_id: int) -> None:
        """Remove a computer at once, also from the answer of a poll that is under way."""
        self._meanwhile[agent_id] = None
        self.data = {other: agent for other, agent in self.data.items() if other != agent_id}
        self._remove(agent_id)
        self.async_update_listeners()

    async def async_connect(self, agent_id: int, *, record_video: bool | None) -> str:
        """Return a link that opens one session on a computer (`agents/connect`): a secret."""
        return await self._command(agent_id, self.client.connect(agent_id, record_video=record_video))

    async def async_update_device(self, agent_id: int, **changes: Any) -> Agent | None:
        """Change what is given of a computer (`devices/update`; the names are the client's), show it and return it."""
        known = self.data.get(agent_id)
        with self.while_set_up(agent_id):
            agent = await self._command(agent_id, self.client.update_device(agent_id, **changes))
        # An answer that does not even say whether the computer is online does not say how it is now.
        if agent is not None and agent.online is not None and known is not None:
            agent = agent.after(known)
            self.data = {**self.data, agent_id: agent}
            self._meanwhile[agent_id] = agent
            self._async_write_device(agent)
            self.async_update_listeners()
            return agent
        # A look that is under way is older than the change.
        self._look = None
        await self._refresh_shared()
        # It was changed, even if the list cannot be had just now, or the new name does not match the entry's filter.
        known = self.data.get(agent_id, known)
        return known and replace(known, name=changes.get("name", known.name))

    def name_of(self, agent_id: int) -> str:
        """Return an agent's name for people."""
        return async_device_name(self.hass, self.config_entry, agent_id)

    def following(self, agent_id: int, *, restart: bool) -> AbstractContextManager[Transition]:
        """Return a context that follows a device until it is online, after a `restart` if that was asked for."""
        return self._transitions.following(Transition(agent_id, restart=restart))

    @contextmanager
    def while_set_up(self, agent_id: int) -> Iterator[None]:
        """Raise HomeAssistantError after the block if the account was reloaded or removed meanwhile: the agent may be gone."""
        name = self.name_of(agent_id)
        yield
        if self._shutdown_requested:
            raise failed("interrupted", name=name)

    async def async_look(self) -> None:
        """Poll now, unless that was done a moment ago or the server is to be left alone; what is known is good enough then."""
        if self.held or self.hass.loop.time() - self._looked_at < _MOMENT:
            self._transitions.settle(self.data)
        else:
            await self._refresh_shared()

    async def _refresh_shared(self) -> None:
        if self._look is None or self._look.done():
            self._look = self.config_entry.async_create_task(self.hass, self.async_refresh(), f"{self.name} look")
        # Whoever gives up waiting does not take the look away from the others.
        await asyncio.shield(self._look)

    async def _command[T](self, agent_id: int, request: Coroutine[Any, Any, T]) -> T:
        with closing(request), translated_errors(self.name_of(agent_id)):
            try:
                async with self.commands:
                    return await request
            except AccessDeniedError:
                # The key may be refused, or just this object: the list tells.
                await self._refresh_shared()
                raise

    @callback
    def _hasten(self, transition: Transition) -> None:
        if self._shutdown_requested:
            return
        was_quick = self.quick
        transition.hasten()
        self._transitions.hastened.add(transition)
        self.update_interval = self._interval()
        # A quick poll that is due already stays where it is, and so does the next one of a server that is in trouble.
        if not was_quick and self.last_update_success:
            self._schedule_refresh()
