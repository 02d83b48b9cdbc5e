"""Notifies listeners of changes: those of one agent, and those of the whole account."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..api import Agent
from ..const import LOGGER
from ..entry import GetscreenConfigEntry

# Thousands of notifications in one go would block the event loop.
_BATCH_SIZE = 250


class AgentListeners:
    """Listeners by the id of their agent, or None for the whole account. Listeners of unchanged agents cost no time."""

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
        self.changed: AbstractSet[int] = frozenset()
        """The ids of the agents that appeared, left or changed when something was last published."""
        self._published: Mapping[int, Agent] = {}
        self._success = True
        self._hass = hass
        self._entry = entry
        self._listeners: defaultdict[int | None, dict[object, CALLBACK_TYPE]] = defaultdict(dict)
        self._pending: dict[object, CALLBACK_TYPE] = {}
        self._notifying: asyncio.Task[None] | None = None

    @callback
    def async_add(self, agent_id: int | None, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Add a listener; return a function that removes it."""
        key = object()
        self._listeners[agent_id][key] = listener

        @callback
        def remove() -> None:
            self._pending.pop(key, None)
            del self._listeners[agent_id][key]
            if not self._listeners[agent_id]:
                del self._listeners[agent_id]

        return remove

    @callback
    def async_publish(self, agents: Mapping[int, Agent], *, success: bool) -> None:
        """Notify the listeners of the whole account, then those of changed agents, or of all agents if `success` differs from before."""
        before, self._published = self._published, agents
        availability_changed, self._success = self._success is not success, success
        self.changed = _changes(before, agents)
        for listener in tuple(self._listeners.get(None, {}).values()):
            _notify(listener)
        self.async_notify_agents(before.keys() | agents.keys() if availability_changed else self.changed)

    @callback
    def async_notify_agents(self, agent_ids: Iterable[int]) -> None:
        """Notify the listeners of some agents: the first 250 listeners now, the others in further portions of 250."""
        for agent_id in agent_ids:
            self._pending.update(self._listeners.get(agent_id, {}))
        if self._notifying is None or self._notifying.done():
            self._notify_batch()
            if self._pending:
                self._notifying = self._entry.async_create_task(self._hass, self._notify_pending(), f"{self._entry.title} listeners")

    async def _notify_pending(self) -> None:
        while self._pending:
            await asyncio.sleep(0)
            self._notify_batch()

    @callback
    def _notify_batch(self) -> None:
        for key in tuple(islice(self._pending, _BATCH_SIZE)):
            # The listener may have been removed by another one.
            if (listener := self._pending.pop(key, None)) is not None:
                _notify(listener)


def _changes(before: Mapping[int, Agent], now: Mapping[int, Agent]) -> AbstractSet[int]:
    """Return the ids of the agents that appeared, left or changed. Agents that are the same objects are not compared."""
    if before is now:
        return frozenset()
    changed = {agent_id for agent_id, agent in now.items() if (known := before.get(agent_id)) is not agent and known != agent}
    return changed | (before.keys() - now.keys())


@callback
def _notify(listener: CALLBACK_TYPE) -> None:
    try:
        listener()
    except Exception:  # noqa: BLE001 - the other listeners must be notified all the same
        LOGGER.exception("Unexpected error updating a listener")
