"""Entities of logical disks, which appear and leave with their disk."""

from collections.abc import Callable, Iterable

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .agents import AgentsCoordinator
from .api import Disk, Hardware
from .coordinator import GetscreenConfigEntry
from .devices import async_agent_device
from .entity import AgentEntityDescription, agent_unique_id, async_in_portions, worth_adding


def disks_of(hardware: Hardware | None) -> dict[str, Disk]:
    """Return the logical disks that hold anything, by label; a drive without a medium has a size of 0."""
    return {disk.label: disk for disk in hardware.disks if disk.label and disk.size} if hardware else {}


def disk_key(key: str, label: str) -> str:
    """Return the key of the entity of a disk, which its unique id ends with."""
    return f"{key}_{label}"


async def async_add_disk_entities[DescriptionT: AgentEntityDescription](
    hass: HomeAssistant,
    entry: GetscreenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[AgentsCoordinator, int, DescriptionT, str], Entity],
    descriptions: tuple[DescriptionT, ...],
) -> None:
    """Add an entity of each description to each disk whenever it appears, and remove them when it has left."""
    coordinator = entry.runtime_data.agents
    loaded: dict[int, set[str]] = {}
    is_worth_adding = worth_adding(hass, entry)

    @callback
    def find(agent_id: int) -> list[Entity]:
        if agent_id not in coordinator.data or (record := coordinator.hardware.get(agent_id)) is None:
            loaded.pop(agent_id, None)
            return []
        # A computer without any disk is one that did not tell.
        if not (labels := set(disks_of(record.hardware))):
            return []
        _async_remove_all_but(hass, entry, agent_id, descriptions, labels)
        new = sorted(labels - loaded.get(agent_id, set()))
        loaded[agent_id] = labels
        return [
            make(coordinator, agent_id, description, label)
            for label in new
            for description in descriptions
            if is_worth_adding(agent_unique_id(entry, agent_id, disk_key(description.key, label)), description)
        ]

    @callback
    def add(agent_ids: tuple[int, ...]) -> None:
        if entities := [entity for agent_id in agent_ids for entity in find(agent_id)]:
            async_add_entities(entities)

    @callback
    def update(agent_id: int) -> None:
        add((agent_id,))

    @callback
    def add_new() -> None:
        """Add the disks of agents that appear with hardware that is known from an earlier run."""
        if agent_ids := tuple((coordinator.changed & coordinator.hardware.keys()) - loaded.keys()):
            entry.async_create_task(hass, async_in_portions(hass, entry, agent_ids, add), f"{entry.title} new disks")

    entry.async_on_unload(coordinator.async_add_listener(add_new))
    entry.async_on_unload(async_dispatcher_connect(hass, coordinator.hardware_signal, update))
    await async_in_portions(hass, entry, tuple(coordinator.hardware), add)


@callback
def _async_remove_all_but(
    hass: HomeAssistant, entry: GetscreenConfigEntry, agent_id: int, descriptions: Iterable[AgentEntityDescription], labels: set[str]
) -> None:
    """Remove the entities of disks that are not there any more, also of those that left while Home Assistant was off."""
    device = async_agent_device(hass, entry, agent_id)
    registry = er.async_get(hass)
    starts = tuple(agent_unique_id(entry, agent_id, disk_key(description.key, "")) for description in descriptions)
    wanted = {f"{start}{label}" for start in starts for label in labels}
    for entity in er.async_entries_for_device(registry, device.id, include_disabled_entities=True) if device else ():
        if entity.unique_id.startswith(starts) and entity.unique_id not in wanted:
            registry.async_remove(entity.entity_id)
