"""Binary sensors of a computer: online, remote session, disk almost full, blocked, limited."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.const import MATCH_ALL, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import GetscreenAccount
from .account.attention import is_almost_full
from .account.hardware_record import HardwareRecord
from .api import Agent, Disk
from .const import ATTR_AGENT_ID
from .entities import LARGE_FLEET, NEVER, SMALL_FLEET, AgentEntity, AgentEntityDescription, HardwareEntity, async_add_agent_entities
from .entry import GetscreenConfigEntry
from .options import CONF_DISK_THRESHOLD, option

# The coordinator notifies the entities; none sends a request.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class AgentBinarySensorDescription(AgentEntityDescription, BinarySensorEntityDescription):
    """A binary sensor; `value_fn` returns its state and `attributes_fn` its attributes for an agent.

    Templates in the docs and blueprints recognize *online* and *session* by an attribute, because a user can change the device class.
    """

    value_fn: Callable[[Agent], bool | None]
    attributes_fn: Callable[[Agent], dict[str, Any]] | None = None
    with_hardware: bool = False


def _last_seen_offline(agent: Agent) -> str | None:
    """Return when an offline computer was last seen (ISO 8601); None while it is online, when the time would change with every poll."""
    return agent.last_seen.isoformat() if agent.online is False and agent.last_seen else None


DESCRIPTIONS = (
    AgentBinarySensorDescription(
        key="online",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        value_fn=lambda agent: agent.online,
        attributes_fn=lambda agent: {ATTR_AGENT_ID: agent.id, "last_seen": _last_seen_offline(agent)},
        with_hardware=True,
    ),
    AgentBinarySensorDescription(
        key="session",
        device_class=BinarySensorDeviceClass.RUNNING,
        max_agents=LARGE_FLEET,
        value_fn=lambda agent: agent.in_session,
        attributes_fn=lambda agent: {"start": agent.last_session.start.isoformat() if agent.last_session and agent.in_session else None},
    ),
    AgentBinarySensorDescription(
        key="blocked",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        max_agents=NEVER,
        value_fn=lambda agent: agent.blocked,
    ),
    AgentBinarySensorDescription(
        key="limited",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        max_agents=NEVER,
        value_fn=lambda agent: agent.limited,
    ),
)


@dataclass(frozen=True, kw_only=True)
class DiskBinarySensorDescription(AgentEntityDescription, BinarySensorEntityDescription):
    """A binary sensor of all disks of a computer together."""


DISK_DESCRIPTIONS = (
    DiskBinarySensorDescription(
        key="disk_almost_full",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        max_agents=SMALL_FLEET,
    ),
)


async def async_setup_entry(hass: HomeAssistant, entry: GetscreenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Set up the binary sensors of an account."""
    await async_add_agent_entities(hass, entry, async_add_entities, AgentBinarySensor, DESCRIPTIONS)
    await async_add_agent_entities(hass, entry, async_add_entities, DiskBinarySensor, DISK_DESCRIPTIONS)


class AgentBinarySensor(AgentEntity, BinarySensorEntity):
    """A binary sensor of a computer."""

    entity_description: AgentBinarySensorDescription
    # The recorder would store all attributes again with every change, for a history that is not needed.
    _unrecorded_attributes = frozenset({MATCH_ALL})

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value_fn(self.agent)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        description = self.entity_description
        if description.attributes_fn is None:
            return None
        summary = hardware_summary(self.account.hardware.records.get(self._agent_id)) if description.with_hardware else {}
        return description.attributes_fn(self.agent) | summary


class DiskBinarySensor(HardwareEntity, BinarySensorEntity):
    """On if a disk is fuller than the option `disk_threshold` (percent); unknown until the usage of a disk is known."""

    _unrecorded_attributes = frozenset({MATCH_ALL})

    def __init__(self, account: GetscreenAccount, agent_id: int, description: DiskBinarySensorDescription) -> None:
        super().__init__(account, agent_id, description)
        self._threshold = option(account.entry, CONF_DISK_THRESHOLD, int)

    @property
    @override
    def is_on(self) -> bool | None:
        usage = self.hardware.disk_usage if self.hardware else None
        return None if usage is None else is_almost_full(usage, self._threshold)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        disks = self.hardware.storage.values() if self.hardware else ()
        return {"disks": _summaries(disk for disk in disks if is_almost_full(disk.usage, self._threshold))}


def _summaries(disks: Iterable[Disk]) -> list[dict[str, Any]]:
    return [{"label": disk.label, "file_system": disk.file_system, "size": disk.size, "free": disk.free} for disk in disks]


def hardware_summary(record: HardwareRecord | None) -> dict[str, Any]:
    """Return a summary of a computer's hardware as attributes, with sizes in MiB; empty if the hardware is unknown."""
    if record is None or (hardware := record.hardware) is None or record.updated is None:
        return {}
    return {
        "computer_name": hardware.computer_name,
        "computer_model": hardware.computer_model,
        "os_name": hardware.os_name,
        "os_version": hardware.os_version,
        "cpu": hardware.cpu,
        "cpu_cores": hardware.cpu_cores,
        "memory_total": hardware.memory_total,
        "memory_free": hardware.memory_free,
        "disks": _summaries(disk for disk in hardware.disks if disk.is_storage and disk.size),
        "monitors": [asdict(monitor) for monitor in hardware.monitors],
        "video_cards": [card.name for card in hardware.video_cards if card.name],
        "network_adapters": [
            {"name": adapter.name, "mac_address": adapter.mac_address, "wake_on_lan": adapter.wake_on_lan}
            for adapter in hardware.network_adapters
        ],
        "ip_addresses": list(hardware.ip_addresses),
        "hardware_updated": record.updated.isoformat(),
    }
