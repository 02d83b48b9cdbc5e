"""Ways to look at Home Assistant as a user does, and to let time pass."""

from datetime import timedelta

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.getscreen.const import DOMAIN


async def pass_time(hass: HomeAssistant, seconds: float = 61) -> None:
    """Let Home Assistant's timers of the next `seconds` fire, and wait for what they do."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done(wait_background_tasks=True)


def device_of(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int) -> dr.DeviceEntry | None:
    """Return the device of an agent."""
    return dr.async_get(hass).async_get_device_by_identifier((DOMAIN, f"{entry.unique_id}_{agent_id}"), entry.entry_id)


def entity_id_of(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int, key: str, *, off: bool = False) -> str:
    """Return an entity, found by its device and translation key as dashboards do; also one that is switched off, if `off`."""
    device = device_of(hass, entry, agent_id)
    assert device is not None
    entities = er.async_entries_for_device(er.async_get(hass), device.id, include_disabled_entities=off)
    found = [entity.entity_id for entity in entities if entity.translation_key == key]
    assert len(found) == 1, found
    return found[0]


def state_of(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int, key: str) -> State:
    """Return the state of an entity of an agent."""
    state = hass.states.get(entity_id_of(hass, entry, agent_id, key))
    assert state is not None
    return state
