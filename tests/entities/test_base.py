"""Common behavior of all entities: availability and manual updates."""

import logging

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_component import async_update_entity
import pytest

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_state, entity_id_of, pass_time, state_of, states


@pytest.mark.usefixtures("all_entities")
async def test_an_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Every entity except the number of requests is unavailable during the outage, and as before afterwards."""
    entry = await set_up()
    before = states(hass)
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert set(states(hass).values()) == {STATE_UNAVAILABLE}
    assert account_state(hass, entry, "requests_today").state.isdecimal()
    simulator.heal()
    await pass_time(hass)
    assert states(hass) == before


async def test_an_update_by_hand(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    account.agents[1].online = not account.agents[1].online
    await async_update_entity(hass, entity_id_of(hass, entry, 1, "online"))
    await hass.async_block_till_done()
    assert state_of(hass, entry, 1, "online").state == ("on" if account.agents[1].online else "off")


async def test_an_update_by_hand_of_hardware(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """The hardware of that computer is read, and of no other."""
    entry = await set_up()
    account.agents[1].hardware = {**(account.agents[1].hardware or {}), "RAMPhys": 1000, "RAMPhysAvail": 250}
    simulator.requests.clear()
    await async_update_entity(hass, entity_id_of(hass, entry, 1, "memory_usage"))
    await hass.async_block_till_done()
    assert [request.parameters for request in simulator.requests if request.method == "agents/info"] == [{"agent_id": "1"}]
    assert state_of(hass, entry, 1, "memory_usage").state == "75.0"


async def test_an_update_of_hardware_that_fails(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says why, and the entity shows the hardware that is known."""
    entry = await set_up()
    before = state_of(hass, entry, 1, "memory_usage").state
    account.agents[1].hardware = {**(account.agents[1].hardware or {}), "RAMPhys": 1000, "RAMPhysAvail": 250}
    simulator.refuse(1)
    await async_update_entity(hass, entity_id_of(hass, entry, 1, "memory_usage"))
    await hass.async_block_till_done()
    assert state_of(hass, entry, 1, "memory_usage").state == before
    (warning,) = [text for name, level, text in caplog.record_tuples if level == logging.WARNING and name.startswith("custom_components.")]
    assert warning.startswith("Reception PC: ")


async def test_where_a_session_comes_from(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The sensor of the last session and the event of the account show the same end and place."""
    entry = await set_up()
    session = account.start_session(1)
    for end in (None, session.start + 90):
        if end:
            account.end_session(1)
            session.stop = end
        await pass_time(hass)
        sensor, event = state_of(hass, entry, 1, "last_session"), account_state(hass, entry, "remote_session", "event")
        shown = [{key: state.attributes[key] for key in ("end", "country", "city")} for state in (sensor, event)]
        assert shown[0] == shown[1]
        assert (shown[0]["country"], shown[0]["city"]) == (session.client.geo.country, session.client.geo.city)
        assert (shown[0]["end"] is None) is (end is None)
