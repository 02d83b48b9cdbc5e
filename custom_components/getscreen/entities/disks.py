"""The entities of logical disks, which are added and removed together with their disk."""

from collections import defaultdict
from collections.abc import Callable, Iterable
import re

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..account import GetscreenAccount
from ..account.identifiers import account_key, agent_unique_id, hardware_signal
from ..account.registry import async_agent_device, async_device_name
from ..api import Disk, Hardware
from ..const import LOGGER
from ..entry import GetscreenConfigEntry
from .base import AgentEntityDescription
from .loader import async_in_batches, creation_predicate

# The most disks of one computer in the entity registry, which stores former entities permanently. Without a limit, a computer whose disks
# have new labels at every reading would fill it. Windows has 26 letters; Linux may have a label for every stick that was ever mounted.
_MAX_LABELS = 128


def disks_of(hardware: Hardware | None) -> dict[str, Disk]:
    """Return the logical disks with a size by label; empty until the hardware is read."""
    return hardware.storage if hardware else {}


def disk_key(key: str, label: str) -> str:
    """Return the end of the unique id of a disk's entity."""
    return f"{key}_{label}"


async def async_add_disk_entities[DescriptionT: AgentEntityDescription](
    hass: HomeAssistant,
    entry: GetscreenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[GetscreenAccount, int, DescriptionT, str], Entity],
    descriptions: tuple[DescriptionT, ...],
) -> None:
    """Add the entities of all disks, now and whenever a disk appears, and remove them when their disk is gone."""
    account, agents, records = entry.runtime_data, entry.runtime_data.agents, entry.runtime_data.hardware.records
    loaded: dict[int, set[str]] = {}
    should_create = creation_predicate(hass, entry)
    registered = _registered_labels(hass, entry, descriptions)
    too_many: set[int] = set()

    @callback
    def find(agent_id: int) -> list[Entity]:
        if agent_id not in agents.data or (record := records.get(agent_id)) is None:
            loaded.pop(agent_id, None)
            return []
        # An empty list means that the server does not know the disks, so nothing is removed.
        if record.hardware is None or not record.hardware.disks:
            return []
        disks = disks_of(record.hardware)
        labels = _bounded(disks, registered[agent_id])
        if len(labels) < len(disks) and not too_many:
            too_many.add(agent_id)
            name = async_device_name(hass, entry, agent_id)
            LOGGER.warning("%s has had more than %s disks. The remaining disks have no entities", name, _MAX_LABELS)
        _async_remove_all_but(hass, entry, agent_id, descriptions, labels)
        new = sorted(labels - loaded.get(agent_id, set()))
        loaded[agent_id] = labels
        return [
            make(account, agent_id, description, label)
            for label in new
            for description in descriptions
            if should_create(agent_unique_id(entry, agent_id, disk_key(description.key, label)), description)
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
        """Add the disks of new computers whose hardware is already stored."""
        if agent_ids := tuple((agents.changed & records.keys()) - loaded.keys()):
            entry.async_create_task(hass, async_in_batches(hass, entry, agent_ids, add), f"{entry.title} new disks")

    entry.async_on_unload(agents.async_add_listener(add_new))
    entry.async_on_unload(async_dispatcher_connect(hass, hardware_signal(entry), update))
    await async_in_batches(hass, entry, tuple(records), add)


@callback
def _async_remove_all_but(
    hass: HomeAssistant, entry: GetscreenConfigEntry, agent_id: int, descriptions: Iterable[AgentEntityDescription], labels: set[str]
) -> None:
    """Remove the entities of all other disks of a computer, also if the disk was removed while Home Assistant was off."""
    device = async_agent_device(hass, entry, agent_id)
    registry = er.async_get(hass)
    starts = tuple(agent_unique_id(entry, agent_id, disk_key(description.key, "")) for description in descriptions)
    wanted = {f"{start}{label}" for start in starts for label in labels}
    for entity in er.async_entries_for_device(registry, device.id, include_disabled_entities=True) if device else ():
        if entity.unique_id.startswith(starts) and entity.unique_id not in wanted:
            registry.async_remove(entity.entity_id)


def _registered_labels(
    hass: HomeAssistant, entry: GetscreenConfigEntry, descriptions: Iterable[AgentEntityDescription]
) -> defaultdict[int, set[str]]:
    """Return the labels of all disks in the entity registry by agent id, removed disks included."""
    registry = er.async_get(hass)
    keys = "|".join(re.escape(disk_key(description.key, "")) for description in descriptions)
    unique_id = re.compile(f"{re.escape(account_key(entry))}_([0-9]+)_(?:{keys})(.*)", re.DOTALL)
    labels: defaultdict[int, set[str]] = defaultdict(set)
    entities: list[er.RegistryEntry | er.DeletedRegistryEntry] = [*er.async_entries_for_config_entry(registry, entry.entry_id)]
    for entity in entities + list(registry.deleted_entities.values()):
        if entity.config_entry_id == entry.entry_id and (match := unique_id.fullmatch(entity.unique_id)):
            labels[int(match[1])].add(match[2])
    return labels


def _bounded(labels: Iterable[str], registered: set[str]) -> set[str]:
    """Return the labels of a computer that may have entities, and add new ones to `registered`, up to its limit."""
    for label in labels:
        if len(registered) < _MAX_LABELS:
            registered.add(label)
    return registered.intersection(labels)
