"""Whether a computer is online and somebody connected, and its hardware beside that."""

from datetime import timedelta

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_component import async_update_entity
from homeassistant.util import dt as dt_util
import pytest

from simulator import Account, Fault, Simulator

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


async def test_hardware_of_a_new_computer(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.requests.clear()
    new = account.add_agent("New PC")
    await pass_time(hass)
    assert [request.parameters for request in simulator.requests if request.method == "agents/info"] == [{"agent_id": str(new.id)}]
    assert state_of(hass, entry, new.id, "online").attributes["cpu"] == (new.hardware or {})["CPU"]


async def test_hardware_that_is_due(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = await set_up(hardware_interval=1)
    assert simulator.count("agents/info") == 3
    await pass_time(hass, 901)
    assert simulator.count("agents/info") == 3
    later = dt_util.utcnow() + timedelta(minutes=61)
    monkeypatch.setattr(dt_util, "utcnow", lambda: later)
    await pass_time(hass, 1802)
    assert simulator.count("agents/info") == 6
    assert state_of(hass, entry, 1, "online").attributes["hardware_updated"] == later.isoformat()


async def test_hardware_only_on_request(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up(hardware_interval=0)
    await pass_time(hass, 24 * 3600)
    assert simulator.count("agents/info") == 0
    assert "cpu" not in state_of(hass, entry, 1, "online").attributes


@pytest.mark.parametrize("fault", [Fault.PAYMENT_REQUIRED, Fault.SERVER_ERROR])
async def test_hardware_waits_while_the_server_is_in_trouble(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault
) -> None:
    """The first few requests show that it is; the rest is asked for later."""
    for number in range(20):
        simulator.account.add_agent(f"PC {number}")
    simulator.fail(fault, "agents/info")
    entry = await set_up()
    assert simulator.count("agents/info") <= 3
    simulator.heal()
    await pass_time(hass, 901)
    assert all("cpu" in state_of(hass, entry, agent_id, "online").attributes for agent_id in (1, 10, 20))


async def test_hardware_waits_during_an_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    simulator.fail(Fault.SERVER_ERROR, "agents/info")
    await set_up()
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    simulator.requests.clear()
    await pass_time(hass, 901)
    assert simulator.count("agents/info") == 0


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN, Fault.NOT_FOUND, Fault.CUT_JSON])
async def test_hardware_that_one_computer_does_not_give(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault) -> None:
    """It concerns that one alone, is not asked for again and again, and asks nobody for a key."""
    simulator.fail(fault, "agents/info", times=1)
    entry = await set_up()
    assert sorted("cpu" in state_of(hass, entry, agent_id, "online").attributes for agent_id in (1, 2, 3)) == [False, True, True]
    assert not hass.config_entries.flow.async_progress()
    simulator.requests.clear()
    await pass_time(hass, 901)
    assert simulator.count("agents/info") == 0


async def test_a_computer_that_leaves_while_its_hardware_is_read(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    agents, hardware = entry.runtime_data.agents, entry.runtime_data.hardware
    del agents.data[1]
    await hardware.async_read(1)
    assert 1 not in agents.data
    assert agents.hardware.keys() == {1, 2, 3}
