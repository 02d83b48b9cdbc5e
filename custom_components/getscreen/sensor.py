"""Sensors of a computer and its hardware, and of the account."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import ATTR_STATE_CLASS, SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfInformation
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .account import GetscreenAccount
from .account.identifiers import agent_unique_id
from .api import Agent, Disk, Hardware, OperatingSystem
from .entities import NEVER, SMALL_FLEET, AgentEntity, AgentEntityDescription, HardwareEntity, async_add_agent_entities, session_attributes
from .entities.account_sensors import account_sensors
from .entities.disks import async_add_disk_entities, disk_key, disks_of
from .entry import GetscreenConfigEntry
from .texts import place_text, short

# The coordinator notifies the entities; none sends a request of its own.
PARALLEL_UPDATES = 0

_SYSTEMS = [system.value for system in OperatingSystem]


@dataclass(frozen=True, kw_only=True)
class _SensorDescription(AgentEntityDescription, SensorEntityDescription):
    """The defaults of most sensors: diagnostic, and disabled by default."""

    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC
    max_agents: int | None = NEVER


@dataclass(frozen=True, kw_only=True)
class AgentSensorDescription(_SensorDescription):
    """A sensor of every computer; `value_fn` returns its value for an agent."""

    value_fn: Callable[[Agent], StateType | datetime]
    attributes_fn: Callable[[Agent], dict[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class HardwareSensorDescription(_SensorDescription):
    """A sensor of every computer; `value_fn` returns its value for the hardware. It is unknown until the hardware is read."""

    value_fn: Callable[[Hardware], StateType]


@dataclass(frozen=True, kw_only=True)
class DiskSensorDescription(_SensorDescription):
    """A sensor of every logical disk; `value_fn` returns its value for the disk."""

    value_fn: Callable[[Disk], StateType]


def _state[T: StateType | datetime](value: T) -> T | str:
    """Return a value, shortened if it is a text that is too long for a state."""
    return short(value) if isinstance(value, str) else value


def _last_session_attributes(agent: Agent) -> dict[str, Any]:
    session = agent.last_session
    return {**session_attributes(session), "duration": session.duration} if session else {}


AGENT_SENSORS = (
    AgentSensorDescription(
        key="last_session",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=None,
        max_agents=SMALL_FLEET,
        value_fn=lambda agent: agent.last_session.start if agent.last_session else None,
        attributes_fn=_last_session_attributes,
    ),
    AgentSensorDescription(
        key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        max_agents=SMALL_FLEET,
        value_fn=lambda agent: agent.last_seen_rounded,
        # Activity skips sensors that have this attribute. Otherwise it would get a line for each computer every 15 minutes.
        attributes_fn=lambda _agent: {ATTR_STATE_CLASS: None},
    ),
    AgentSensorDescription(
        key="operating_system",
        device_class=SensorDeviceClass.ENUM,
        options=_SYSTEMS,
        max_agents=SMALL_FLEET,
        value_fn=lambda agent: agent.operating_system,
    ),
    AgentSensorDescription(
        key="agent_version",
        max_agents=SMALL_FLEET,
        value_fn=lambda agent: agent.version,
    ),
    AgentSensorDescription(
        key="group",
        max_agents=SMALL_FLEET,
        value_fn=lambda agent: agent.group,
    ),
    AgentSensorDescription(
        key="session_count",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda agent: agent.session_count,
    ),
    AgentSensorDescription(
        key="location",
        value_fn=lambda agent: place_text(agent.geo) or None,
    ),
    AgentSensorDescription(
        key="ip_address",
        value_fn=lambda agent: agent.geo.ip,
    ),
    AgentSensorDescription(
        key="owner",
        value_fn=lambda agent: agent.owner,
    ),
    AgentSensorDescription(
        key="user",
        value_fn=lambda agent: agent.user,
    ),
    AgentSensorDescription(
        key="linked_at",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda agent: agent.linked_at,
    ),
)

# No state class: values that are read once a day would add a row to the statistics every five minutes.
HARDWARE_SENSORS = (
    HardwareSensorDescription(
        key="memory_usage",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        max_agents=SMALL_FLEET,
        value_fn=lambda hardware: hardware.memory_usage,
    ),
    HardwareSensorDescription(
        key="memory_free",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.MEBIBYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        suggested_display_precision=1,
        value_fn=lambda hardware: hardware.memory_free,
    ),
    HardwareSensorDescription(
        key="memory",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.MEBIBYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        suggested_display_precision=1,
        value_fn=lambda hardware: hardware.memory_total,
    ),
    HardwareSensorDescription(
        key="cpu",
        value_fn=lambda hardware: hardware.cpu,
    ),
    HardwareSensorDescription(
        key="computer_model",
        value_fn=lambda hardware: hardware.computer_model,
    ),
)

DISK_SENSORS = (
    DiskSensorDescription(
        key="disk_usage",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        max_agents=SMALL_FLEET,
        value_fn=lambda disk: disk.usage,
    ),
    DiskSensorDescription(
        key="disk_free",
        device_class=SensorDeviceClass.DATA_SIZE,
        native_unit_of_measurement=UnitOfInformation.MEBIBYTES,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        suggested_display_precision=1,
        value_fn=lambda disk: disk.free,
    ),
)


async def async_setup_entry(hass: HomeAssistant, entry: GetscreenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Set up the sensors of an account."""
    # The account's sensors first: the sensors of thousands of computers may exceed the limit of Home Assistant.
    async_add_entities(account_sensors(entry.runtime_data))
    await async_add_agent_entities(hass, entry, async_add_entities, AgentSensor, AGENT_SENSORS)
    await async_add_agent_entities(hass, entry, async_add_entities, HardwareSensor, HARDWARE_SENSORS)
    await async_add_disk_entities(hass, entry, async_add_entities, DiskSensor, DISK_SENSORS)


class AgentSensor(AgentEntity, SensorEntity):
    """A sensor of a computer."""

    entity_description: AgentSensorDescription

    @property
    @override
    def native_value(self) -> StateType | datetime:
        return _state(self.entity_description.value_fn(self.agent))

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.agent) if attributes_fn else None


class HardwareSensor(HardwareEntity, SensorEntity):
    """A sensor of a computer's hardware."""

    entity_description: HardwareSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        return _state(self.entity_description.value_fn(self.hardware)) if self.hardware else None


class DiskSensor(HardwareEntity, SensorEntity):
    """A sensor of a logical disk."""

    entity_description: DiskSensorDescription

    def __init__(self, account: GetscreenAccount, agent_id: int, description: DiskSensorDescription, label: str) -> None:
        super().__init__(account, agent_id, description)
        self._label = label
        self._attr_unique_id = agent_unique_id(account.entry, agent_id, disk_key(description.key, label))
        self._attr_translation_placeholders = {"disk": label}

    @property
    @override
    def native_value(self) -> StateType:
        disk = disks_of(self.hardware).get(self._label)
        return self.entity_description.value_fn(disk) if disk else None
