"""What entities have in common, those of an agent and those of the account, and how those of many agents are added."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback, async_get_current_platform
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..account.agents import AgentsCoordinator
from ..account.coordinator import GetscreenConfigEntry, GetscreenCoordinator
from ..account.registry import account_device_info, account_key, agent_identifier
from ..api import Agent, Hardware, OperatingSystem
from ..const import DOMAIN, LOGGER

# The largest fleets in which an entity is on by default, by how much it is worth there.
SMALL_FLEET = 100
LARGE_FLEET = 2000
NEVER = 0

# Agents whose entities are added in one go: for each, there may be a dozen of a platform.
_AGENTS_AT_ONCE = 5


@dataclass(frozen=True, kw_only=True)
class AgentEntityDescription(EntityDescription):
    """An entity that every agent has, or every one with the operating system `only`.

    `most_agents`: it is on by default in fleets up to that size; None for all, 0 for none.
    """

    most_agents: int | None = None
    only: OperatingSystem | None = None


class AgentEntity(CoordinatorEntity[AgentsCoordinator]):
    """An entity of one agent, told only of that agent's changes."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: AgentsCoordinator, agent_id: int, description: AgentEntityDescription) -> None:
        """Stand for one property of one agent."""
        super().__init__(coordinator, context=agent_id)
        self.entity_description = description
        self._agent_id = agent_id
        self._attr_translation_key = description.key
        self._attr_unique_id = agent_unique_id(coordinator.config_entry, agent_id, description.key)
        # The coordinator has written the device.
        self._attr_device_info = DeviceInfo(identifiers={agent_identifier(coordinator.config_entry, agent_id)})
        self._attr_entity_registry_enabled_default = description.most_agents is None or len(coordinator.data) <= description.most_agents

    @property
    def agent(self) -> Agent:
        """The agent as the last poll found it."""
        return self.coordinator.data[self._agent_id]

    @property
    @override
    def available(self) -> bool:
        return super().available and self._agent_id in self.coordinator.data


class HardwareEntity(AgentEntity):
    """An entity of one agent that shows its hardware."""

    @property
    def hardware(self) -> Hardware | None:
        """What the agent's computer is made of; None as long as that is not known."""
        record = self.coordinator.hardware.get(self._agent_id)
        return record.hardware if record else None

    @override
    async def async_update(self) -> None:
        """Read the hardware now, since somebody asks for it."""
        try:
            await self.coordinator.config_entry.runtime_data.hardware.async_read(self._agent_id)
        except HomeAssistantError as error:
            LOGGER.warning("%s", error)


class AccountEntity[CoordinatorT: GetscreenCoordinator[Any]](CoordinatorEntity[CoordinatorT]):
    """An entity of the account as a whole, on its own device."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: CoordinatorT, description: EntityDescription) -> None:
        """Stand for one property of the account."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{account_key(coordinator.config_entry)}_{description.key}"
        self._attr_device_info = account_device_info(coordinator.config_entry)


def agent_unique_id(entry: GetscreenConfigEntry, agent_id: int, key: str) -> str:
    """Return the unique id of an entity of an agent."""
    return f"{account_key(entry)}_{agent_id}_{key}"


@callback
def worth_adding(hass: HomeAssistant, entry: GetscreenConfigEntry) -> Callable[[str, AgentEntityDescription], bool]:
    """Return what tells by its unique id and description whether an entity of the platform that is being set up is to be added.

    One that is registered and off is not: most entities of a large fleet are, and adding them just to be refused would take most of the
    time of a start. When one is switched on, Home Assistant sets the account up anew. Neither is one, in the largest fleets, that would
    be off in any: Home Assistant writes its whole registry whenever something in it changes.
    """
    registry, domain = er.async_get(hass), async_get_current_platform().domain
    agents = entry.runtime_data.agents

    def is_worth_adding(unique_id: str, description: AgentEntityDescription) -> bool:
        entity_id = registry.async_get_entity_id(domain, DOMAIN, unique_id)
        if entity_id is None:
            return description.most_agents != NEVER or len(agents.data) <= LARGE_FLEET
        return not registry.entities[entity_id].disabled

    return is_worth_adding


async def async_in_portions[T](
    hass: HomeAssistant, entry: GetscreenConfigEntry, things: Sequence[T], add: Callable[[tuple[T, ...]], None]
) -> None:
    """Add the entities of some agents or the like, a few at a time: return when a small fleet's are there, the others come by and by.

    Thousands in one go would hold up everything else for seconds, and a platform whose set-up takes longer than a minute is given up.
    """

    async def add_some(some: Sequence[T]) -> None:
        for few in batched(some, _AGENTS_AT_ONCE, strict=False):
            if entry.state is not ConfigEntryState.UNLOAD_IN_PROGRESS:
                add(few)
                await asyncio.sleep(0)

    await add_some(things[:SMALL_FLEET])
    if others := things[SMALL_FLEET:]:
        entry.async_create_task(hass, add_some(others), f"{entry.title} more entities")


async def async_add_agent_entities[DescriptionT: AgentEntityDescription](
    hass: HomeAssistant,
    entry: GetscreenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[AgentsCoordinator, int, DescriptionT], Entity],
    descriptions: tuple[DescriptionT, ...],
) -> None:
    """Add an entity of each description to each agent, now and whenever an agent appears."""
    coordinator = entry.runtime_data.agents
    found = _Found(coordinator)
    is_worth_adding = worth_adding(hass, entry)

    @callback
    def add(agents: tuple[_Find, ...]) -> None:
        entities = [
            make(coordinator, agent_id, description)
            for agent_id, systems in agents
            if agent_id in coordinator.data
            for description in descriptions
            if description.only in systems and is_worth_adding(agent_unique_id(entry, agent_id, description.key), description)
        ]
        if entities:
            async_add_entities(entities)

    @callback
    def add_new() -> None:
        if agents := found.among(coordinator.changed):
            entry.async_create_task(hass, async_in_portions(hass, entry, agents, add), f"{entry.title} new entities")

    entry.async_on_unload(coordinator.async_add_listener(add_new))
    await async_in_portions(hass, entry, found.among(coordinator.data), add)


# An agent, and the operating systems whose entities it has not got yet, None for those of all.
type _Find = tuple[int, tuple[OperatingSystem | None, ...]]


class _Found:
    """The agents that have their entities, with their operating system as far as it is known."""

    def __init__(self, coordinator: AgentsCoordinator) -> None:
        self._coordinator = coordinator
        self._systems: dict[int, OperatingSystem | None] = {}

    def among(self, agent_ids: Iterable[int]) -> list[_Find]:
        """Return those of some agents that are new, or whose operating system has only now become known; forget who has left."""
        finds: list[_Find] = []
        for agent_id in agent_ids:
            agent, known = self._coordinator.data.get(agent_id), agent_id in self._systems
            if agent is None:
                self._systems.pop(agent_id, None)
            elif not known or (self._systems[agent_id] is None and agent.operating_system):
                self._systems[agent_id] = agent.operating_system
                finds.append((agent_id, (agent.operating_system,) if known else (None, agent.operating_system)))
        return finds
