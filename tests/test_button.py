"""The buttons: each sends the command of its action, and fails with the same errors."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
import pytest

from simulator import Simulator

from .conftest import SetUp
from .helpers import act, commanded, device_id_of, device_of, entity_id_of, state_of


@pytest.mark.parametrize("key", ["wake", "reboot"])
async def test_buttons(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, key: str) -> None:
    """A button sends the command of its action, and fails with the same error."""
    entry = await set_up()
    button = {"entity_id": entity_id_of(hass, entry, 1, key)}
    await hass.services.async_call("button", "press", button, blocking=True)
    assert commanded(simulator, key) == [1]
    simulator.command_status[1] = 7
    with pytest.raises(HomeAssistantError) as error:
        await hass.services.async_call("button", "press", button, blocking=True)
    assert error.value.translation_key == "command_failed"
    assert str(error.value).startswith("Reception PC: ")


async def test_pressing_the_buttons_of_an_area_or_a_device(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Pressing the buttons of an area or a device wakes its computers, and does not reboot them."""
    entry = await set_up()
    area = ar.async_get(hass).async_create("Office")
    for agent_id in (1, 2, 3):
        dr.async_get(hass).async_update_device(device_id_of(hass, entry, agent_id), area_id=area.id)
    simulator.requests.clear()
    await hass.services.async_call("button", "press", {"area_id": area.id}, blocking=True)
    assert commanded(simulator, "wake") == [1, 2, 3]
    await hass.services.async_call("button", "press", {"device_id": device_id_of(hass, entry, 1)}, blocking=True)
    assert commanded(simulator, "wake") == [1, 1, 2, 3]
    assert commanded(simulator, "reboot") == []
    await act(hass, "reboot", area_id=area.id)
    assert commanded(simulator, "reboot") == [1, 2, 3]


@pytest.mark.parametrize(("key", "parameters"), [("reboot_safe_mode", {"id": "1", "safe": "true"}), ("logout", {"id": "1"})])
async def test_buttons_that_are_disabled_by_default(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, all_entities: None, key: str, parameters: dict[str, str]
) -> None:
    entry = await set_up()
    await hass.services.async_call("button", "press", {"entity_id": state_of(hass, entry, 1, key).entity_id}, blocking=True)
    assert parameters in [request.parameters for request in simulator.requests]
    assert (device_of(hass, entry, 1) is None) is (key == "logout")
    with pytest.raises(AssertionError):
        state_of(hass, entry, 2, "reboot_safe_mode")  # a Mac
