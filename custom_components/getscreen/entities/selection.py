"""Selects the entities of computers among those that a trigger or a condition targets."""

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.automation import DomainSpec

from ..const import DOMAIN

DOMAIN_SPECS = {BINARY_SENSOR_DOMAIN: DomainSpec()}


@callback
def async_select(hass: HomeAssistant, entity_ids: set[str], key: str) -> set[str]:
    """Return the integration's entities with the translation key `key`, which a user cannot change, unlike the device class."""
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entity_ids
        if (entity := registry.async_get(entity_id)) and entity.platform == DOMAIN and entity.translation_key == key
    }
