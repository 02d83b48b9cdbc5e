"""What entities have in common: those of an agent, and those of the account."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import batched
from typing import Any, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback, async_get_current_platform
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .agents import AgentsCoordinator
from .api import Agent, Hardware, OperatingSystem
from .const import DOMAIN, LOGGER
from .coordinator import GetscreenConfigEntry, GetscreenCoordinator
from .devices import account_device_info, account_key, agent_identifier

# The largest fleets in which an entity is on by default, by how much it is worth there.
SMALL_FLEET = 100
LARGE_FLEET = 2000
NEVER = 0

# Agents whose entities are added in one go.
AGENTS_AT_ONCE = 20


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
def switched_off(hass: HomeAssistant) -> Callable[[str], bool]:
    """Return what tells by its unique id whether an entity of the platform that is being set up is registered, and off.

    Most entities of a large fleet are, and adding them just to be refused would take most of the time of a start. When one is switched
    on, Home Assistant sets the account up anew.
    """
    registry, domain = er.async_get(hass), async_get_current_platform().domain

    def is_off(unique_id: str) -> bool:
        entity_id = registry.async_get_entity_id(domain, DOMAIN, unique_id)
        return entity_id is not None and registry.entities[entity_id].disabled

    return is_off


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
    is_off = switched_off(hass)

    async def add(agents: list[_Find]) -> None:
        # Thousands in one go would hold up everything else for seconds.
        for some in batched(agents, AGENTS_AT_ONCE, strict=False):
            async_add_entities(
                [
                    make(coordinator, agent_id, description)
                    for agent_id, systems in some
                    if agent_id in coordinator.data
                    for description in descriptions
                    if description.only in systems and not is_off(agent_unique_id(entry, agent_id, description.key))
                ]
            )
            await asyncio.sleep(0)

    @callback
    def add_new() -> None:
        if agents := found.among(coordinator.changed):
            entry.async_create_task(hass, add(agents), f"{entry.title} new entities")

    entry.async_on_unload(coordinator.async_add_listener(add_new))
    await add(found.among(coordinator.data))


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
