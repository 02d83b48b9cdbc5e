"""What entities have in common: those of an agent, and those of the account."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .agents import AgentsCoordinator
from .api import Agent, Hardware, OperatingSystem
from .coordinator import GetscreenConfigEntry, GetscreenCoordinator
from .devices import account_device_info, account_key

# The largest fleets in which an entity is on by default, by how much it is worth there.
SMALL_FLEET = 100
LARGE_FLEET = 2000
NEVER = 0

# Agents whose entities are added in one go.
_AT_ONCE = 20


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
        self._attr_unique_id = f"{account_key(coordinator.config_entry)}_{agent_id}_{description.key}"
        self._attr_device_info = coordinator.device_info(coordinator.data[agent_id])
        self._attr_entity_registry_enabled_default = description.most_agents is None or len(coordinator.data) <= description.most_agents

    @property
    def agent(self) -> Agent:
        """The agent as the last poll found it."""
        return self.coordinator.data[self._agent_id]

    @property
    def hardware(self) -> Hardware | None:
        """What the agent's computer is made of; None as long as that is not known."""
        record = self.coordinator.hardware.get(self._agent_id)
        return record.hardware if record else None

    @property
    @override
    def available(self) -> bool:
        return super().available and self._agent_id in self.coordinator.data


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


async def async_add_agent_entities[DescriptionT: AgentEntityDescription](
    hass: HomeAssistant,
    entry: GetscreenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[AgentsCoordinator, int, DescriptionT], Entity],
    descriptions: tuple[DescriptionT, ...],
) -> None:
    """Add an entity of each description to each agent, now and whenever an agent appears."""
    coordinator = entry.runtime_data.agents
    known: dict[int, OperatingSystem | None] = {}

    def entities_of(agent_id: int, system: OperatingSystem | None, *, new: bool) -> Iterator[Entity]:
        wanted = (None, system) if new else (system,)
        return (make(coordinator, agent_id, description) for description in descriptions if description.only in wanted)

    async def add(found: list[tuple[int, OperatingSystem | None, bool]]) -> None:
        # Thousands in one go would hold up everything else for seconds.
        for some in batched(found, _AT_ONCE, strict=False):
            async_add_entities(
                [
                    entity
                    for agent_id, system, new in some
                    if agent_id in coordinator.data
                    for entity in entities_of(agent_id, system, new=new)
                ]
            )
            await asyncio.sleep(0)

    @callback
    def find() -> list[tuple[int, OperatingSystem | None, bool]]:
        """Return the agents that are new, and those whose operating system has only now become known."""
        before = dict(known)
        known.clear()
        known.update((agent_id, before.get(agent_id) or agent.operating_system) for agent_id, agent in coordinator.data.items())
        return [
            (agent_id, system, agent_id not in before)
            for agent_id, system in known.items()
            if agent_id not in before or before[agent_id] is not system
        ]

    @callback
    def add_found() -> None:
        if found := find():
            entry.async_create_task(hass, add(found), f"{entry.title} new entities")

    entry.async_on_unload(coordinator.async_add_listener(add_found))
    await add(find())
