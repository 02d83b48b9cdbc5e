"""The tables of entities, from their descriptions."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from homeassistant.helpers.entity import EntityDescription

from custom_components.getscreen import binary_sensor, button, calendar, event, image, sensor, switch
from custom_components.getscreen.entities import account_sensors
from custom_components.getscreen.entities.base import NEVER, AgentEntityDescription
from reference.markdown import TEXTS, code, table
from reference.meanings import MEANINGS

DESCRIPTIONS: dict[str, tuple[EntityDescription, ...]] = {
    "binary_sensor": (*binary_sensor.DESCRIPTIONS, *binary_sensor.DISK_DESCRIPTIONS),
    "button": button.DESCRIPTIONS,
    "sensor": (
        *sensor.AGENT_SENSORS,
        *sensor.HARDWARE_SENSORS,
        *sensor.DISK_SENSORS,
        *account_sensors.ACCOUNT_SENSORS,
        *account_sensors.INVITATION_SENSORS,
        account_sensors.ATTENTION_SENSOR,
        account_sensors.REQUESTS_SENSOR,
        account_sensors.INTERVAL_SENSOR,
    ),
    "image": image.DESCRIPTIONS,
    "switch": switch.DESCRIPTIONS,
    "event": event.DESCRIPTIONS,
    "calendar": calendar.DESCRIPTIONS,
}
"""The descriptions of all entities, by platform."""


class _Entity(NamedTuple):
    platform: str
    description: EntityDescription

    @property
    def max_agents(self) -> int:
        """Return the largest number of computers with which the entity is enabled by default; 1,000,000 for no limit."""
        size = self.description.max_agents if isinstance(self.description, AgentEntityDescription) else None
        return 10**6 if size is None else size

    @property
    def name(self) -> str:
        """Return the platform and the English name."""
        name = TEXTS["entity"][self.platform][self.description.key]["name"].format(disk="*disk*")
        return f"{self.platform.replace('_', ' ')} **{name}**"

    @property
    def default(self) -> str:
        """Return in which accounts the entity is enabled by default, for the table."""
        if self.max_agents == NEVER or not self.description.entity_registry_enabled_default:
            return "off"
        return "always" if self.max_agents == 10**6 else f"up to {self.max_agents:,}"

    @property
    def kind(self) -> str:
        """Return the category, device class, unit and values of the entity, without those that it does not have."""
        description = self.description
        parts = [
            description.entity_category,
            description.device_class,
            getattr(description, "suggested_unit_of_measurement", None) or getattr(description, "native_unit_of_measurement", None),
            ", ".join(getattr(description, "options", None) or getattr(description, "event_types", None) or []),
        ]
        return ", ".join(str(part) for part in parts if part)


def agent_entities() -> str:
    """Return the table of the entities that every computer has."""
    rows = [[e.name, code(e.description.key), e.default, e.kind, MEANINGS[e.description.key]] for e in _entities(of_agents=True)]
    return table(["Entity", "`translation_key`", "Default", "Category, class, unit or values", "What it shows or does"], rows)


def account_entities() -> str:
    """Return the table of the entities that every account has."""
    rows = [[e.name, code(e.description.key), e.default, e.kind, MEANINGS[e.description.key]] for e in _entities(of_agents=False)]
    return table(["Entity", "`translation_key`", "Default", "Category, class, unit or values", "What it shows"], rows)


def main_entities() -> str:
    """Return the table of the entities of a computer, without those that are never enabled by default."""
    shown = [e for e in _entities(of_agents=True) if e.max_agents != NEVER]
    return table(["Entity", "Default", "What it shows or does"], [[e.name, e.default, MEANINGS[e.description.key]] for e in shown])


def _entities(*, of_agents: bool) -> Iterable[_Entity]:
    """Return the entities of computers or of the account, those that are enabled in the largest accounts first."""
    return sorted(_all(of_agents=of_agents), key=lambda entity: -entity.max_agents)


def _all(*, of_agents: bool) -> Iterator[_Entity]:
    for platform, descriptions in DESCRIPTIONS.items():
        for description in descriptions:
            if isinstance(description, AgentEntityDescription) is of_agents:
                yield _Entity(platform, description)
