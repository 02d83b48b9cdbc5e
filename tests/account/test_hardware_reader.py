"""The times of hardware readings: soon, evenly spread, and only when necessary."""

import asyncio
from collections import Counter
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant import DOMAIN as HOMEASSISTANT
from homeassistant.components.homeassistant import SERVICE_UPDATE_ENTITY
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import orjson
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Account, Fault, Simulator

from ..answers import change_answer
from ..conftest import SetUp
from ..helpers import act, device_id_of, device_of, entity_id_of, pass_time, state_of, until

METHOD = "agents/info"


async def live(hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulator: Simulator, hours: float, step: timedelta) -> list[int]:
    """Let time pass step by step; return how many requests for hardware each took."""
    counts = []
    for _ in range(int(timedelta(hours=hours) / step)):
        before = simulator.count(METHOD)
        freezer.tick(step)
        await pass_time(hass, 1)
        counts.append(simulator.count(METHOD) - before)
    return counts


def read_agents(simulator: Simulator) -> Counter[str]:
    """Return how often the hardware of each agent was asked for."""
    return Counter(request.parameters["agent_id"] for request in simulator.requests if request.method == METHOD)


@pytest.mark.parametrize("account", [Account(devices=40)], ids=["40 devices"])
async def test_a_day_of_a_small_account(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """All computers are read at once, then each about once a day, at a time of its own."""
    for agent in simulator.account.agents.values():
        agent.online = True
    await set_up(invitations=False, scan_interval=3600)
    assert simulator.count(METHOD) == 40
    simulator.requests.clear()
    hourly = await live(hass, freezer, simulator, 12, timedelta(hours=1))
    assert sum(hourly) <= 2
    hourly = await live(hass, freezer, simulator, 13, timedelta(hours=1))
    assert set(read_agents(simulator).values()) == {1}
    assert len(read_agents(simulator)) == 40
    assert max(hourly) <= 5
    simulator.requests.clear()
    hourly = await live(hass, freezer, simulator, 24, timedelta(hours=1))
    assert sum(hourly) == pytest.approx(40, abs=4)


@pytest.mark.parametrize("account", [Account(devices=480)], ids=["480 devices"])
async def test_a_day_of_a_large_account(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """The first hundred computers are read at once, the others evenly over the day."""
    await set_up(invitations=False, scan_interval=3600, hardware_interval=24)
    assert simulator.count(METHOD) == 100
    counts = await live(hass, freezer, simulator, 3, timedelta(minutes=6))
    assert max(counts) == 2
    assert sum(counts) == pytest.approx(3 / 24 * 480, abs=2)


@pytest.mark.parametrize("account", [Account(devices=40)], ids=["40 devices"])
async def test_turns_follow_the_size_of_the_fleet(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """After several changes of the size, the number of requests matches the new size."""
    for agent in account.agents.values():
        agent.online = True
    entry = await set_up(invitations=False, scan_interval=3600, hardware_interval=1)
    for size in (30, 22, 16):
        for agent_id in list(account.agents)[size:]:
            account.remove_agent(agent_id)
        await entry.runtime_data.agents.async_refresh()
    # All are due by now. A batch comes at once and every seven and a half minutes, each for four computers.
    freezer.tick(timedelta(hours=2))
    counts = await live(hass, freezer, simulator, 0.25, timedelta(seconds=30))
    assert 8 <= sum(counts) <= 12


async def test_a_computer_that_appears_while_others_are_read(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.account.add_agent("One")
    agents = entry.runtime_data.agents
    with simulator.hold(METHOD):
        await agents.async_refresh()
        await until(lambda: simulator.count(METHOD) == 4)
        another = simulator.account.add_agent("Another")
        another.hardware = simulator.account.agents[1].hardware
        await agents.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, entry, another.id, "online").attributes["cpu"]


@pytest.mark.parametrize("account", [Account(devices=120)], ids=["120 devices"])
async def test_computers_that_keep_appearing(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """A few new computers are read soon, even if many others wait. The batches make room for further ones."""
    await set_up(invitations=False)
    assert simulator.count(METHOD) == 100
    simulator.requests.clear()
    new = [str(simulator.account.add_agent(f"New {number}").id) for number in range(4)]
    await pass_time(hass)
    assert sorted(read_agents(simulator)) == new
    await pass_time(hass, 15 * 60 + 1)
    late = str(simulator.account.add_agent("Late").id)
    simulator.requests.clear()
    await pass_time(hass)
    assert list(read_agents(simulator)) == [late]


async def test_only_computers_online_since_are_read_again(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    for agent in account.agents.values():
        agent.online = False
        agent.last_time -= 10_000
    await set_up()
    simulator.requests.clear()
    await live(hass, freezer, simulator, 48, timedelta(hours=12))
    assert simulator.count(METHOD) == 0
    account.agents[1].online = True
    account.agents[2].last_time = int(account.clock()) - 60
    await live(hass, freezer, simulator, 24, timedelta(hours=12))
    assert read_agents(simulator).keys() == {"1", "2"}


async def test_no_hardware_is_read_during_a_pause(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    await set_up(invitations=False)
    simulator.fail(Fault.PAYMENT_REQUIRED, retry_after=24 * 3600)
    await pass_time(hass)
    simulator.requests.clear()
    freezer.tick(timedelta(hours=25))
    for _ in range(5):
        await pass_time(hass, 901)
    assert simulator.count(METHOD) == 0


async def test_a_computer_that_always_fails_is_read_ever_less_often(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    simulator.refuse(2, 500)
    await set_up(invitations=False, scan_interval=3600)
    counts = await live(hass, freezer, simulator, 24, timedelta(minutes=15))
    assert read_agents(simulator)["2"] <= 8
    assert sum(counts[:4]) == 2


async def test_an_update_by_the_user_reads_the_hardware_at_once(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    assert await async_setup_component(hass, HOMEASSISTANT, {})
    entry = await set_up()
    hardware = account.agents[1].hardware
    assert hardware
    hardware["RAMPhysAvail"] = hardware["RAMPhys"]
    memory = {ATTR_ENTITY_ID: entity_id_of(hass, entry, 1, "memory_usage")}
    await hass.services.async_call(HOMEASSISTANT, SERVICE_UPDATE_ENTITY, memory, blocking=True)
    assert state_of(hass, entry, 1, "memory_usage").state == "0.0"
    assert simulator.count(METHOD) == 4


async def test_an_update_that_fails_says_why(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    assert await async_setup_component(hass, HOMEASSISTANT, {})
    entry = await set_up()
    before = state_of(hass, entry, 1, "memory_usage")
    simulator.fail(Fault.DROPPED, METHOD)
    await hass.services.async_call(HOMEASSISTANT, SERVICE_UPDATE_ENTITY, {ATTR_ENTITY_ID: before.entity_id}, blocking=True)
    assert state_of(hass, entry, 1, "memory_usage").state == before.state
    assert "Reception PC: the server could not be reached" in caplog.text
    assert "Traceback" not in caplog.text


async def test_hardware_of_a_new_computer(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.requests.clear()
    new = account.add_agent("New PC")
    await pass_time(hass)
    assert [request.parameters for request in simulator.requests if request.method == "agents/info"] == [{"agent_id": str(new.id)}]
    assert state_of(hass, entry, new.id, "online").attributes["cpu"] == (new.hardware or {})["CPU"]


async def test_hardware_that_is_due(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    simulator.account.agents[3].online = True
    entry = await set_up(hardware_interval=1)
    assert simulator.count("agents/info") == 3
    await pass_time(hass, 901)
    assert simulator.count("agents/info") == 3
    freezer.tick(timedelta(minutes=61))
    await pass_time(hass, 0)
    assert simulator.count("agents/info") == 6
    assert state_of(hass, entry, 1, "online").attributes["hardware_updated"] == dt_util.utcnow().isoformat()


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
        (Fault.TOO_MANY_REQUESTS, 1000, (901, 1001)),
        (Fault.PAYMENT_REQUIRED, None, (130, 901)),
    ],
)
async def test_hardware_waits_while_the_server_fails(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault, retry_after: int | None, pauses: tuple[int, ...]
) -> None:
    """The first few requests fail. The others are sent after the pause."""
    for number in range(20):
        simulator.account.add_agent(f"PC {number}")
    simulator.fail(fault, "agents/info", retry_after=retry_after)
    entry = await set_up()
    assert simulator.count("agents/info") <= 6
    simulator.heal()
    simulator.requests.clear()
    agent = simulator.account.agents[1]
    for _ in range(5):
        agent.online = not agent.online
        await pass_time(hass)
    for pause in pauses:
        assert simulator.count("agents/info") == 0
        await pass_time(hass, pause)
    # The server's pause may end after the last quarter of an hour has begun; then the next one brings the hardware.
    await pass_time(hass, 901)
    assert all("cpu" in state_of(hass, entry, agent_id, "online").attributes for agent_id in (1, 10, 20))


async def test_one_failing_computer_does_not_delay_the_others(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    for number in range(20):
        simulator.account.add_agent(f"PC {number}")
    simulator.refuse(1, 500)
    entry = await set_up()
    assert all("cpu" in state_of(hass, entry, agent_id, "online").attributes for agent_id in (2, 10, 20))
    simulator.heal()
    await pass_time(hass, 901)
    assert "cpu" in state_of(hass, entry, 1, "online").attributes


async def test_hardware_is_known_after_a_reload(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """After a reload, only hardware that is due or new is read."""
    entry = await set_up()
    before = state_of(hass, entry, 1, "online").attributes
    simulator.requests.clear()
    simulator.account.add_agent("New PC")
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, entry, 1, "online").attributes == before
    assert [request.parameters for request in simulator.requests if request.method == "agents/info"] == [{"agent_id": "4"}]


async def test_a_computer_that_returns_is_new(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    agent = account.agents[1]
    account.remove_agent(1)
    await pass_time(hass)
    account.agents[1] = agent
    await pass_time(hass)
    assert "cpu" in state_of(hass, entry, 1, "online").attributes


async def test_known_hardware_is_not_discarded(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Hardware stays after a fault, and after an answer without hardware."""
    entry = await set_up()
    before = state_of(hass, entry, 1, "online").attributes
    account.agents[1].hardware = None
    await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1))
    simulator.fail(Fault.HTML, "agents/info")
    with pytest.raises(HomeAssistantError):
        await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1))
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
async def test_one_computer_without_hardware(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault) -> None:
    """Only that computer has no hardware. The batches do not include it again, and the user is not asked for a key."""
    simulator.fail(fault, "agents/info", times=1)
    entry = await set_up()
    assert sorted("cpu" in state_of(hass, entry, agent_id, "online").attributes for agent_id in (1, 2, 3)) == [False, True, True]
    assert not hass.config_entries.flow.async_progress()
    simulator.requests.clear()
    await pass_time(hass, 901)
    assert simulator.count("agents/info") == 0


async def test_a_computer_that_leaves_while_its_hardware_is_read(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its device does not come back with the hardware."""

    def without_first(answer: bytes) -> bytes:
        payload = orjson.loads(answer)
        payload["data"] = [record for record in payload["data"] if record["id"] != 1]
        return orjson.dumps(payload)

    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    simulator.requests.clear()
    with simulator.hold(METHOD):
        call = asyncio.create_task(act(hass, "refresh_hardware", device_id=device_id))
        await until(lambda: simulator.count(METHOD))
        change_answer(monkeypatch, "agents/list", without_first)
        await entry.runtime_data.agents.async_refresh()
        assert device_of(hass, entry, 1) is None
    await call
    assert device_of(hass, entry, 1) is None
    assert entry.runtime_data.hardware.records.keys() == {2, 3}


async def test_set_up_does_not_wait_for_hardware(hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator) -> None:
    simulator.fail(Fault.HANG, METHOD)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert state_of(hass, entry, 1, "online").state in ("on", "off")
    assert await hass.config_entries.async_unload(entry.entry_id)
