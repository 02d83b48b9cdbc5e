"""Which entities belong to computers."""

from homeassistant.core import HomeAssistant

from custom_components.getscreen.entities.selection import async_select

from ..conftest import SetUp
from ..helpers import device_id_of, entity_id_of
from ..targets import sensors_of_another


async def test_by_key(hass: HomeAssistant, set_up: SetUp) -> None:
    """Among all entities that there are; another integration may use our keys, and a state may have no entity."""
    entry = await set_up()
    online = {entity_id_of(hass, entry, agent_id, "online") for agent_id in (1, 2, 3)}
    sensors_of_another(hass, device_id_of(hass, entry, 1), "on")
    hass.states.async_set("binary_sensor.online", "on", {"device_class": "connectivity"})
    everything = set(hass.states.async_entity_ids())
    assert async_select(hass, everything, "online") == online
    assert async_select(hass, everything - online, "online") == set()
