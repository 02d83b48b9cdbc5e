"""Polls the list of agents, and applies the changes that commands make to it."""

import asyncio
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager
from typing import Any, override

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..api import MAX_AGENTS, Agent, AgentList, GetscreenClient
from ..const import LOGGER
from ..entry import GetscreenConfigEntry
from ..exceptions import failed
from ..options import CONF_GROUP_ID, CONF_SEARCH, option
from .coordinator import GetscreenCoordinator
from .identifiers import transitions_signal
from .listeners import AgentListeners
from .pauses import Kind
from .registry import AgentDevices, async_device_name
from .store import AccountStore
from .transitions import Transition, TransitionKind, Transitions


class AgentsCoordinator(GetscreenCoordinator[dict[int, Agent]]):
    """The account's agents by id (`agents/list`).

    Unchanged agents stay the same objects, so that the work after a poll depends only on how many agents changed. Entities listen with
    their agent's id as the context, and are notified only when their own agent changed.
    """

    _kind = Kind.AGENTS

    def __init__(
        self, hass: HomeAssistant, entry: GetscreenConfigEntry, client: GetscreenClient, store: AccountStore, devices: AgentDevices
    ) -> None:
        super().__init__(hass, entry, client, store)
        self.data = {}
        self.poll_listeners: list[CALLBACK_TYPE] = []
        """Called after every poll, even if nothing changed."""
        self._devices = devices
        self._listeners_by_agent = AgentListeners(hass, entry)
        self._last_was_empty = False
        self._registry_checked = False
        # Agents as commands returned them after the last poll was sent, so its answer may be older; None for agents that were removed.
        self._newer: dict[int, Agent | None] = {}
        self._transitions = Transitions(self.schedule)
        self._refresh: asyncio.Task[None] | None = None
        self._polling = False
        self.schedule.on_accepted = self.async_accepted
        entry.async_on_unload(hass.async_add_shutdown_job(HassJob(self._transitions.async_end)))

    @property
    def changed(self) -> AbstractSet[int]:
        """The ids of the agents that appeared, left or changed. Listeners may use them while they are notified."""
        return self._listeners_by_agent.changed

    @property
    def is_set_up(self) -> bool:
        """Whether the account is set up, or about to be."""
        return not self._shutdown_requested

    @property
    def is_boosted(self) -> bool:
        """Whether polls are more frequent now, because a computer is about to come online."""
        return self.schedule.is_boosted

    @callback
    def async_transition(self, agent_id: int) -> TransitionKind | None:
        """Return whether a computer is waking or rebooting after a command; None if neither. `transitions_signal` notifies of changes."""
        return self._transitions.current.get(agent_id)

    @override
    async def _fetch(self) -> dict[int, Agent]:
        self._newer.clear()
        search, group_id = (option(self.config_entry, name, str) for name in (CONF_SEARCH, CONF_GROUP_ID))
        answer = await self.client.list_agents(search=search, group_id=group_id, previous=self.data)
        if self._shutdown_requested:
            # The entry may have been removed, or have another filter by now.
            return self.data
        agents = await self._agents_after(answer)
        self.store.session_ends.apply(agents, self.data)
        await self._devices.async_write_changed(self.data, agents, self._newer)
        for agent_id, agent in self._newer.items():
            if agent is None:
                agents.pop(agent_id, None)
            elif agent_id in agents:
                agents[agent_id] = agent
        return agents

    async def _agents_after(self, answer: AgentList) -> dict[int, Agent]:
        """Return the account's agents after an answer. Neither unreadable records nor a single empty answer removes a device."""
        known = self.data
        self._warn_of_cut(answer.cut)
        if answer.skipped:
            # The missing agents may be among the unreadable records.
            unconfirmed = {agent_id: known[agent_id].as_unconfirmed() for agent_id in known.keys() - answer.agents.keys()}
            return self._bounded({**unconfirmed, **answer.agents})
        empty_before, self._last_was_empty = self._last_was_empty, not answer.agents
        if not answer.agents and not empty_before:
            return known
        if not self._registry_checked or known.keys() - answer.agents.keys():
            self._registry_checked = True
            # First remove the agents that left from `data`: tasks that add entities or read hardware check it before they write a device.
            self.data = {agent_id: agent for agent_id, agent in known.items() if agent_id in answer.agents}
            await self._devices.async_remove_all_but(answer.agents)
        return answer.agents

    def _bounded(self, agents: dict[int, Agent]) -> dict[int, Agent]:
        """Return at most as many agents as an answer may have; if there are too many, new ones are ignored."""
        if len(agents) <= MAX_AGENTS:
            return agents
        first = sorted(agents, key=lambda agent_id: agent_id not in self.data)
        return {agent_id: agents[agent_id] for agent_id in first[:MAX_AGENTS]}

    @callback
    def _warn_of_cut(self, cut: int) -> None:
        """Log that a list was too long, once per account and start."""
        if cut and not self.store.list_was_cut:
            self.store.list_was_cut = True
            LOGGER.warning(
                "%s has %s computers, but an entry can have only %s. Distribute them over several config entries, each with its own filter",
                self.config_entry.title,
                MAX_AGENTS + cut,
                MAX_AGENTS,
            )

    @override
    async def _async_update_data(self) -> dict[int, Agent]:
        agents = None
        self._polling = True
        try:
            agents = await super()._async_update_data()
            self._transitions.update(agents)
            self.store.key_doubts.reset()
            return agents
        finally:
            self._polling = False
            self.schedule.polled(successfully=agents is not None)
            self._async_plan_next()

    @callback
    @override
    def _async_refused(self) -> None:
        super()._async_refused()
        if self.store.key_doubts.needs_new_key:
            # The account is still polled, because the fault may be the server's.
            self.config_entry.async_start_reauth(self.hass)

    @callback
    def async_accepted(self, method: str) -> None:
        """Note that the server accepted the key for a method, and poll again if polls were refused."""
        if method.startswith("support/"):
            self.schedule.pauses.reset_refusals(Kind.INVITATIONS)
        if self._shutdown_requested or not self.schedule.pauses.refusals(Kind.AGENTS):
            return
        for flow in list(self.config_entry.async_get_active_flows(self.hass, {SOURCE_REAUTH})):
            self.hass.config_entries.flow.async_abort(flow["flow_id"])
        if method == "agents/list":
            self.store.key_doubts.reset()
        elif not self.store.key_doubts.accepted_elsewhere():
            return
        if not self._polling:
            self.config_entry.async_create_background_task(self.hass, self.async_refresh(), f"{self.name} refresh")

    @callback
    def _publish_transitions(self) -> None:
        if changed := self._transitions.update_current():
            async_dispatcher_send(self.hass, transitions_signal(self.config_entry), changed)

    @override
    @callback
    def _async_refresh_finished(self) -> None:
        if self.last_update_success:
            # The exception's traceback would keep the old data in memory.
            self.last_exception = None
        self._publish_transitions()
        for listener in self.poll_listeners:
            listener()

    @override
    async def async_shutdown(self) -> None:
        """Stop polling, and cancel all waiting for computers to come online."""
        await super().async_shutdown()
        self._transitions.async_end()

    @override
    @callback
    def async_update_listeners(self) -> None:
        """Notify the listeners of the whole account, then the entities of agents that changed."""
        self._listeners_by_agent.async_publish(self.data, success=self.last_update_success)
        self.store.async_set_session_ends(self.data, self.changed)

    @override
    @callback
    def async_add_listener(self, update_callback: CALLBACK_TYPE, context: Any = None) -> CALLBACK_TYPE:
        """Notify a listener when the agent with the id `context` changes, or any agent if it is None; return a function that stops this."""
        end_polling = super().async_add_listener(update_callback, context)
        end_notifying = self._listeners_by_agent.async_add(context, update_callback)

        @callback
        def remove() -> None:
            end_notifying()
            end_polling()

        return remove

    @callback
    def async_notify(self, agent_id: int) -> None:
        """Notify the entities of one agent."""
        self._listeners_by_agent.async_notify_agents((agent_id,))

    @callback
    def async_replace(self, agent: Agent) -> None:
        """Store an agent that a command returned. The answer of a poll in flight does not overwrite it."""
        self.data = {**self.data, agent.id: agent}
        self._newer[agent.id] = agent
        self._devices.async_write(agent)
        self.async_update_listeners()

    @callback
    def async_drop(self, agent_id: int) -> None:
        """Remove an agent and its device. The answer of a poll in flight does not bring them back."""
        self._newer[agent_id] = None
        self.data = {other: agent for other, agent in self.data.items() if other != agent_id}
        self._devices.async_remove(agent_id)
        self.async_update_listeners()

    @callback
    def async_drop_if_unconfirmed(self, agent_id: int) -> bool:
        """Remove an agent that the last answer did not contain because it had unreadable records; return whether the agent is gone.

        While a record is unreadable, agents that left the account are not removed, so the user may remove their devices.
        """
        if (agent := self.data.get(agent_id)) is not None:
            if not agent.is_unconfirmed:
                return False
            self.async_drop(agent_id)
        return True

    def following(self, agent_id: int, *, restart: bool) -> AbstractContextManager[Transition]:
        """Return a context manager that follows a computer until it is online; with `restart`, it has to be offline first."""
        return self._transitions.following(Transition(agent_id, restart=restart))

    @callback
    def async_boost(self, transition: Transition) -> None:
        """Poll more often until a transition is over."""
        if self._shutdown_requested:
            return
        self._transitions.boost(transition)
        self._publish_transitions()
        self._async_poll_sooner()

    @callback
    def async_watch(self, *, invitations: bool = False) -> CALLBACK_TYPE:
        """Poll more often, as far as the budget allows, while a user watches a card; return a function that ends this.

        `invitations`: whether the card shows invitations, so that they are polled after each poll of the agents.
        """
        end = self.schedule.watch(invitations=invitations)
        self._async_poll_sooner()
        return end

    @callback
    def _async_poll_sooner(self) -> None:
        """Apply a shorter interval, and poll at once if it has passed already. While polls fail, the next poll is not moved."""
        before = self.update_interval
        self._async_plan_next()
        interval = self.update_interval
        if self._shutdown_requested or not self.last_update_success or before is None or interval is None or interval >= before:
            return
        # After a command, a poll at once would be too early, because the computer needs some time.
        if self.schedule.age > interval.total_seconds() and not self.is_boosted:
            self.config_entry.async_create_background_task(self.hass, self.async_refresh(), f"{self.name} refresh")
        elif interval.total_seconds() < before.total_seconds() - self.schedule.age:
            # A poll that is due earlier must not be postponed.
            self._schedule_refresh()

    @contextmanager
    def while_set_up(self, agent_id: int) -> Iterator[None]:
        """Raise HomeAssistantError after the block if the account was unloaded while it ran, because the agent may be gone."""
        name = async_device_name(self.hass, self.config_entry, agent_id)
        yield
        if self._shutdown_requested:
            raise failed("interrupted", name=name)

    async def async_refresh_if_stale(self) -> None:
        """Poll now, unless the last poll is fresh or a poll may not be sent; then use the data at hand. A failed poll raises no error."""
        if self.wait_reason or self.schedule.is_fresh or not self.schedule.may_poll_early:
            self._transitions.update(self.data)
        else:
            await self.async_refresh_shared()

    async def async_refresh_shared(self, *, after_change: bool = False) -> None:
        """Poll now, or join a poll in flight, unless it was sent before a change (`after_change`). A failed poll raises no error."""
        if after_change or self._refresh is None or self._refresh.done():
            self._refresh = self.config_entry.async_create_task(self.hass, self.async_refresh(), f"{self.name} refresh")
        # Cancelling one caller must not cancel the refresh that others await.
        await asyncio.shield(self._refresh)
