"""Whether a computer is online and somebody connected, and its hardware beside that."""

from datetime import timedelta

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
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


@pytest.mark.parametrize(
    ("fault", "retry_after", "pauses"),
    [
        (Fault.SERVER_ERROR, None, (901,)),
        (Fault.HTML, None, (901,)),
        (Fault.TOO_MANY_REQUESTS, 1000, (901, 901)),
        (Fault.PAYMENT_REQUIRED, None, (130, 901)),
    ],
)
async def test_hardware_waits_while_the_server_is_in_trouble(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault, retry_after: int | None, pauses: tuple[int, ...]
) -> None:
    """The first few requests show that it is; the rest is asked for later, and not before the server wants it."""
    for number in range(20):
        simulator.account.add_agent(f"PC {number}")
    simulator.fail(fault, "agents/info", retry_after=retry_after)
    entry = await set_up()
    assert simulator.count("agents/info") <= 5
    simulator.heal()
    simulator.requests.clear()
    agent = simulator.account.agents[1]
    for _ in range(5):
        agent.online = not agent.online
        await pass_time(hass)
    for pause in pauses:
        assert simulator.count("agents/info") == 0
        await pass_time(hass, pause)
    assert all("cpu" in state_of(hass, entry, agent_id, "online").attributes for agent_id in (1, 10, 20))


async def test_the_limit_met_by_hardware_is_told(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """One repair tells of it, and goes away once hardware can be read again."""
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/info")
    await set_up()
    issues = ir.async_get(hass).issues
    assert [issue.translation_key for issue in issues.values()] == ["request_limit"]
    await pass_time(hass)
    assert len(issues) == 1
    simulator.heal()
    await pass_time(hass, 130)
    await pass_time(hass, 901)
    assert not issues


async def test_one_computer_whose_hardware_fails_does_not_hold_up_the_others(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp
) -> None:
    for number in range(20):
        simulator.account.add_agent(f"PC {number}")
    simulator.refuse(1, 500)
    entry = await set_up()
    assert all("cpu" in state_of(hass, entry, agent_id, "online").attributes for agent_id in (2, 10, 20))
    simulator.heal()
    await pass_time(hass, 901)
    assert "cpu" in state_of(hass, entry, 1, "online").attributes


async def test_hardware_outlives_a_reload(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """It has cost requests; only what is due or new is asked for."""
    entry = await set_up()
    before = state_of(hass, entry, 1, "online").attributes
    simulator.requests.clear()
    simulator.account.add_agent("New PC")
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, entry, 1, "online").attributes == before
    assert [request.parameters for request in simulator.requests if request.method == "agents/info"] == [{"agent_id": "4"}]


async def test_a_computer_that_returns_is_new(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    agent = account.agents[1]
    account.remove_agent(1)
    await pass_time(hass)
    account.agents[1] = agent
    await pass_time(hass)
    assert "cpu" in state_of(hass, entry, 1, "online").attributes


async def test_known_hardware_is_kept(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Neither a fault nor an answer without it makes it forgotten."""
    entry = await set_up()
    before = state_of(hass, entry, 1, "online").attributes
    account.agents[1].hardware = None
    await entry.runtime_data.hardware.async_read(1)
    simulator.fail(Fault.HTML, "agents/info")
    with pytest.raises(HomeAssistantError):
        await entry.runtime_data.hardware.async_read(1)
    assert state_of(hass, entry, 1, "online").attributes == before


async def test_hardware_waits_during_an_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    simulator.fail(Fault.SERVER_ERROR, "agents/info")
    await set_up()
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    simulator.requests.clear()
    await pass_time(hass, 901)
    assert simulator.count("agents/info") == 0


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN, Fault.BAD_REQUEST])
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
