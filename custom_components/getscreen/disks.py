"""Entities of logical disks, which appear and leave with their disk."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import batched

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .agents import AgentsCoordinator
from .api import Disk, Hardware
from .coordinator import GetscreenConfigEntry
from .devices import account_key, async_agent_device
from .entity import AGENTS_AT_ONCE, agent_unique_id, switched_off


def disks_of(hardware: Hardware | None) -> dict[str, Disk]:
    """Return the logical disks that hold anything, by label; a drive without a medium has a size of 0."""
    return {disk.label: disk for disk in hardware.disks if disk.label and disk.size} if hardware else {}


def disk_key(key: str, label: str) -> str:
    """Return the end of a unique id."""
    return f"{key}_{label}"


async def async_add_disk_entities(
    hass: HomeAssistant,
    entry: GetscreenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    keys: list[str],
    make: Callable[[AgentsCoordinator, int, str, str], Entity],
) -> None:
    """Add the entity that `make` makes of each of `keys` for each disk whenever it appears, and remove them when it has left."""
    coordinator = entry.runtime_data.agents
    loaded: dict[int, set[str]] = {}
    is_off = switched_off(hass)

    @callback
    def find(agent_id: int) -> list[Entity]:
        if agent_id not in coordinator.data or (record := coordinator.hardware.get(agent_id)) is None:
            loaded.pop(agent_id, None)
            return []
        # A computer without any disk is one that did not tell.
        if not (labels := set(disks_of(record.hardware))):
            return []
        _async_remove_all_but(hass, entry, agent_id, {disk_key(key, label) for key in keys for label in labels}, keys)
        new = sorted(labels - loaded.get(agent_id, set()))
        loaded[agent_id] = labels
        wanted = ((key, label) for label in new for key in keys)
        return [
            make(coordinator, agent_id, key, label)
            for key, label in wanted
            if not is_off(agent_unique_id(entry, agent_id, disk_key(key, label)))
        ]

    @callback
    def add(agent_ids: Iterable[int]) -> None:
        if entities := [entity for agent_id in agent_ids for entity in find(agent_id)]:
            async_add_entities(entities)

    @callback
    def update(agent_id: int) -> None:
        add([agent_id])

    entry.async_on_unload(async_dispatcher_connect(hass, coordinator.hardware_signal, update))
    for some in batched(tuple(coordinator.hardware), AGENTS_AT_ONCE, strict=False):
        add(some)
        await asyncio.sleep(0)


@callback
def _async_remove_all_but(hass: HomeAssistant, entry: GetscreenConfigEntry, agent_id: int, wanted: set[str], keys: list[str]) -> None:
    """Remove the entities of disks that are not there any more, also of those that left while Home Assistant was off."""
    device = async_agent_device(hass, entry, agent_id)
    registry = er.async_get(hass)
    start = f"{account_key(entry)}_{agent_id}_"
    for entity in er.async_entries_for_device(registry, device.id, include_disabled_entities=True) if device else ():
        own = entity.unique_id.removeprefix(start)
        if own not in wanted and own.startswith(tuple(disk_key(key, "") for key in keys)):
            registry.async_remove(entity.entity_id)
