"""The switch for the permanent link."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import json_dumps
import pytest

from simulator import Account, Simulator

from .conftest import SetUp
from .helpers import state_of


async def test_the_permanent_link(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, all_entities: None) -> None:
    """The switch turns the link on and off. The link itself is in no state."""
    account.agents[1].permanent_url = "https://go.example.com/reception"
    entry = await set_up()
    state = state_of(hass, entry, 1, "permanent_link")
    assert state.state == "on"
    switch = {"entity_id": state.entity_id}
    await hass.services.async_call("switch", "turn_off", switch, blocking=True)
    assert state_of(hass, entry, 1, "permanent_link").state == "off"
    await hass.services.async_call("switch", "turn_on", switch, blocking=True)
    assert state_of(hass, entry, 1, "permanent_link").state == "on"
    assert [request.body for request in simulator.requests if request.method == "devices/update"] == [
        {"id": 1, "permanent_url": {"enable": False}},
        {"id": 1, "permanent_url": {"enable": True}},
    ]
    assert "go.example.com" not in json_dumps([state.as_dict() for state in hass.states.async_all()])
    simulator.refuse(1)
    with pytest.raises(HomeAssistantError) as error:
        await hass.services.async_call("switch", "turn_off", switch, blocking=True)
    assert error.value.translation_key == "access_denied"
