"""What the entities of all agents have in common."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .api import Agent
from .coordinator import AgentsCoordinator, GetscreenConfigEntry
from .devices import account_key

# The largest fleets in which an entity is on by default, by how much it is worth there.
SMALL_FLEET = 100
LARGE_FLEET = 2000


@dataclass(frozen=True, kw_only=True)
class AgentEntityDescription(EntityDescription):
    """An entity that every agent has; `most_agents`: on by default in fleets up to that size, None for all."""

    most_agents: int | None = None


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
    @override
    def available(self) -> bool:
        return super().available and self._agent_id in self.coordinator.data


@callback
def async_add_agent_entities(
    entry: GetscreenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[AgentsCoordinator, int], Iterable[Entity]],
) -> None:
    """Add the entities that `make` makes for each agent, now and whenever an agent appears."""
    coordinator = entry.runtime_data.agents
    known: set[int] = set()

    @callback
    def add_new() -> None:
        known.intersection_update(coordinator.data)
        if new := [agent_id for agent_id in coordinator.data if agent_id not in known]:
            known.update(new)
            async_add_entities(entity for agent_id in new for entity in make(coordinator, agent_id))

    add_new()
    entry.async_on_unload(coordinator.async_add_listener(add_new))
