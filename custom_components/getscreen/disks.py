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
from .devices import account_key, async_agent_device


def disks_of(hardware: Hardware | None) -> dict[str, Disk]:
    """Return the logical disks that hold anything, by label; a drive without a medium has a size of 0."""
    return {disk.label: disk for disk in hardware.disks if disk.label and disk.size} if hardware else {}


@callback
def async_add_disk_entities(
    hass: HomeAssistant,
    entry: GetscreenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    keys: list[str],
    make: Callable[[AgentsCoordinator, int, str], Iterable[Entity]],
) -> None:
    """Add the entities that `make` makes for each disk whenever it appears, and remove those of `keys` when it has left."""
    coordinator = entry.runtime_data.agents
    loaded: dict[int, set[str]] = {}

    @callback
    def update(agent_id: int) -> None:
        if agent_id not in coordinator.data or (record := coordinator.hardware.get(agent_id)) is None:
            loaded.pop(agent_id, None)
            return
        # A computer without any disk is one that did not tell.
        if labels := set(disks_of(record.hardware)):
            _async_remove_all_but(hass, entry, agent_id, {f"{key}_{label}" for key in keys for label in labels}, keys)
            new = sorted(labels - loaded.get(agent_id, set()))
            loaded[agent_id] = labels
            if new:
                async_add_entities(entity for label in new for entity in make(coordinator, agent_id, label))

    for agent_id in coordinator.hardware:
        update(agent_id)
    entry.async_on_unload(async_dispatcher_connect(hass, coordinator.hardware_signal, update))


@callback
def _async_remove_all_but(hass: HomeAssistant, entry: GetscreenConfigEntry, agent_id: int, wanted: set[str], keys: list[str]) -> None:
    """Remove the entities of disks that are not there any more, also of those that left while Home Assistant was off."""
    device = async_agent_device(hass, entry, agent_id)
    registry = er.async_get(hass)
    start = f"{account_key(entry)}_{agent_id}_"
    for entity in er.async_entries_for_device(registry, device.id, include_disabled_entities=True) if device else ():
        own = entity.unique_id.removeprefix(start)
        if own not in wanted and own.startswith(tuple(f"{key}_" for key in keys)):
            registry.async_remove(entity.entity_id)
