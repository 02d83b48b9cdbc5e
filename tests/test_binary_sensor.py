"""Whether a computer is online and somebody connected, and its hardware beside that."""

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_component import async_update_entity

from simulator import Account

from .conftest import SetUp
from .helpers import device_of, entity_id_of, pass_time, state_of


async def test_a_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    assert state_of(hass, entry, 1, "session").state == "off"
    account.start_session(1)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "session").state == "on"
    account.end_session(1)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "session").state == "off"


async def test_a_computer_that_is_off_is_not_unavailable(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    for agent in account.agents.values():
        agent.online = False
    entry = await set_up()
    for key, state in (("online", "off"), ("session", "off"), ("wake", STATE_UNKNOWN), ("reboot", STATE_UNKNOWN)):
        assert state_of(hass, entry, 1, key).state == state


async def test_an_update_by_hand(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    account.agents[1].online = not account.agents[1].online
    await async_update_entity(hass, entity_id_of(hass, entry, 1, "online"))
    await hass.async_block_till_done()
    assert state_of(hass, entry, 1, "online").state == ("on" if account.agents[1].online else "off")


async def test_a_computer_without_hardware(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """It is asked for once, has no attributes of it, and its system is all that is known of its model."""
    account.agents[1].hardware = None
    entry = await set_up()
    attributes = state_of(hass, entry, 1, "online").attributes
    assert attributes["agent_id"] == 1
    assert "cpu" not in attributes
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.model == "Windows"
