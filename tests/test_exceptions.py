"""The texts of errors: what happened, to which computer, and what the user can do."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator import Simulator

from .conftest import SetUp
from .helpers import act, device_id_of


async def test_a_status_other_than_0(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.command_status[1] = 7
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert error.value.translation_key == "command_failed"
    assert "status 7" in str(error.value)


async def test_the_servers_own_text(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.refuse(1, 400)
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert error.value.translation_key == "refused"
    assert error.value.translation_placeholders is not None
    assert "HTTP" not in error.value.translation_placeholders["reason"]
