"""Who is told of what changed: those who listen to one agent, and those who listen to the whole account."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..api import Agent
from ..const import LOGGER
from .coordinator import GetscreenConfigEntry

# Thousands in one go would hold up everything else.
_AT_ONCE = 250


class AgentListeners:
    """Listeners by their agent's id, None for the account as a whole; telling some of them costs nothing for the others."""

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
        """Begin without any."""
        self.changed: AbstractSet[int] = frozenset()
        """The ids of the agents that appeared, left or changed when something was last published."""
        self._published: Mapping[int, Agent] = {}
        self._success = True
        self._hass = hass
        self._entry = entry
        self._listeners: defaultdict[int | None, dict[object, CALLBACK_TYPE]] = defaultdict(dict)
        self._untold: dict[object, CALLBACK_TYPE] = {}
        self._telling: asyncio.Task[None] | None = None

    @callback
    def async_add(self, agent_id: int | None, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Add a listener; return what removes it."""
        key = object()
        self._listeners[agent_id][key] = listener

        @callback
        def remove() -> None:
            self._untold.pop(key, None)
            del self._listeners[agent_id][key]
            if not self._listeners[agent_id]:
                del self._listeners[agent_id]

        return remove

    @callback
    def async_publish(self, agents: Mapping[int, Agent], *, success: bool) -> None:
        """Tell whoever listens to the whole account, then the listeners of agents that changed, or of all where success turned."""
        before, self._published = self._published, agents
        turned, self._success = self._success is not success, success
        self.changed = _changes(before, agents)
        for listener in tuple(self._listeners.get(None, {}).values()):
            _tell(listener)
        self.async_tell_agents(before.keys() | agents.keys() if turned else self.changed)

    @callback
    def async_tell_agents(self, agent_ids: Iterable[int]) -> None:
        """Tell the listeners of some agents: the first ones now, and where there are thousands the others by and by."""
        for agent_id in agent_ids:
            self._untold.update(self._listeners.get(agent_id, {}))
        if self._telling is None or self._telling.done():
            self._tell_some()
            if self._untold:
                self._telling = self._entry.async_create_task(self._hass, self._tell_others(), f"{self._entry.title} listeners")

    async def _tell_others(self) -> None:
        while self._untold:
            await asyncio.sleep(0)
            self._tell_some()

    @callback
    def _tell_some(self) -> None:
        for key in tuple(islice(self._untold, _AT_ONCE)):
            # Telling one may remove another.
            if (listener := self._untold.pop(key, None)) is not None:
                _tell(listener)


def _changes(before: Mapping[int, Agent], now: Mapping[int, Agent]) -> AbstractSet[int]:
    """Return the ids of the agents that appeared, left or changed; those that are the same objects cost next to nothing."""
    if before is now:
        return frozenset()
    changed = {agent_id for agent_id, agent in now.items() if (known := before.get(agent_id)) is not agent and known != agent}
    return changed | (before.keys() - now.keys())


@callback
def _tell(listener: CALLBACK_TYPE) -> None:
    try:
        listener()
    except Exception:  # noqa: BLE001 - one that fails does not keep it from the others
        LOGGER.exception("Unexpected error updating a listener")
