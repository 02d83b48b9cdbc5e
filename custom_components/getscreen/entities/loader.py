"""Adds the entities of computers a few at a time, at setup and whenever a computer appears."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import batched

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback, async_get_current_platform

from ..account import GetscreenAccount
from ..account.identifiers import agent_unique_id
from ..api import OperatingSystem
from ..const import DOMAIN
from ..entry import GetscreenConfigEntry
from .base import LARGE_FLEET, NEVER, SMALL_FLEET, AgentEntityDescription

# How many computers get their entities at once. Each may have a dozen entities of a platform.
_BATCH_SIZE = 5


async def async_add_agent_entities[DescriptionT: AgentEntityDescription](
    hass: HomeAssistant,
    entry: GetscreenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[GetscreenAccount, int, DescriptionT], Entity],
    descriptions: tuple[DescriptionT, ...],
) -> None:
    """Add the entities of all computers, now and whenever a computer appears or its operating system becomes known."""
    account, agents = entry.runtime_data, entry.runtime_data.agents
    should_create = creation_predicate(hass, entry)
    wanted = {
        system: tuple(description for description in descriptions if description.only in (None, system))
        for system in (None, *OperatingSystem)
    }
    # Computers with the same operating system share a tuple, which saves memory with thousands of computers.
    added: dict[int, tuple[DescriptionT, ...]] = {}

    def missing(agent_id: int) -> tuple[DescriptionT, ...]:
        """Return the descriptions for which a computer has no entity yet; forget a computer that has left."""
        if (agent := agents.data.get(agent_id)) is None:
            added.pop(agent_id, None)
            return ()
        if (has := added.get(agent_id)) is None:
            return wanted[agent.operating_system]
        return tuple(description for description in wanted[agent.operating_system] if description not in has)

    @callback
    def add(agent_ids: Iterable[int]) -> None:
        entities = []
        for agent_id in agent_ids:
            if new := missing(agent_id):
                added[agent_id] = added[agent_id] + new if agent_id in added else new
                entities += [
                    make(account, agent_id, description)
                    for description in new
                    if should_create(agent_unique_id(entry, agent_id, description.key), description)
                ]
        if entities:
            async_add_entities(entities)

    @callback
    def add_new() -> None:
        if agent_ids := [agent_id for agent_id in agents.changed if missing(agent_id)]:
            entry.async_create_task(hass, async_in_batches(hass, entry, agent_ids, add), f"{entry.title} new entities")

    entry.async_on_unload(agents.async_add_listener(add_new))
    await async_in_batches(hass, entry, tuple(agents.data), add)


async def async_in_batches[T](
    hass: HomeAssistant, entry: GetscreenConfigEntry, things: Sequence[T], add: Callable[[tuple[T, ...]], None]
) -> None:
    """Call `add` with a few things at a time. Return when the first 100 are added; a task adds the others.

    Thousands at once would block the event loop for seconds, and Home Assistant cancels a platform whose setup takes over a minute.
    """

    async def add_some(some: Sequence[T]) -> None:
        for few in batched(some, _BATCH_SIZE, strict=False):
            if entry.state is not ConfigEntryState.UNLOAD_IN_PROGRESS:
                add(few)
                await asyncio.sleep(0)

    await add_some(things[:SMALL_FLEET])
    if others := things[SMALL_FLEET:]:
        entry.async_create_task(hass, add_some(others), f"{entry.title} more entities")


@callback
def creation_predicate(hass: HomeAssistant, entry: GetscreenConfigEntry) -> Callable[[str, AgentEntityDescription], bool]:
    """Return a predicate `(unique_id, description)`: whether the platform that is being set up should create the entity.

    Disabled entities are not created: in a large fleet most entities are disabled, and adding them would take most of the startup
    time. When the user enables one, Home Assistant reloads the account. In fleets above 2,000 computers, entities that are never enabled
    by default are not even registered, because Home Assistant writes its whole registry at each change.
    """
    registry, domain = er.async_get(hass), async_get_current_platform().domain
    agents = entry.runtime_data.agents

    def should_create(unique_id: str, description: AgentEntityDescription) -> bool:
        entity_id = registry.async_get_entity_id(domain, DOMAIN, unique_id)
        if entity_id is None:
            return description.max_agents != NEVER or len(agents.data) <= LARGE_FLEET
        return not registry.entities[entity_id].disabled

    return should_create
