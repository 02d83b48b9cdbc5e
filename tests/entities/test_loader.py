"""Accounts of hundreds and thousands: what they cost, and what they look like."""

import asyncio
import logging
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import DATA_DISPATCHER
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import device_id_of, device_of, entity_id_of, pass_time, registered, state_of

# What so many cost on a machine that has other things to do, too.
pytestmark = pytest.mark.timeout(300)


def keys(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int, *, on: bool) -> set[str]:
    """Return the translation keys of an agent's entities that are switched on, or off."""
    found = er.async_entries_for_device(er.async_get(hass), device_id_of(hass, entry, agent_id), include_disabled_entities=True)
    return {str(entity.translation_key) for entity in found if (entity.disabled_by is None) is on}


@pytest.mark.parametrize("account", [Account(devices=300)], ids=["300 devices"])
async def test_hundreds_of_entities_follow_an_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """They are told in portions, and in the end all of them are."""
    entry = await set_up(hardware_interval=0)
    online = [entity.entity_id for entity in registered(hass, entry) if entity.translation_key == "online"]
    assert len(online) == 300
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert {state.state for entity_id in online if (state := hass.states.get(entity_id))} == {STATE_UNAVAILABLE}
    simulator.heal()
    for agent in simulator.account.agents.values():
        agent.online = not agent.online
    await pass_time(hass)
    for agent in simulator.account.agents.values():
        assert state_of(hass, entry, agent.id, "online").state == ("on" if agent.online else "off")


@pytest.mark.parametrize("account", [Account(devices=300)], ids=["300 devices"])
async def test_an_outage_that_ends_while_it_is_being_told(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up(hardware_interval=0)
    agents = entry.runtime_data.agents
    simulator.fail(Fault.SERVER_ERROR)
    refresh = asyncio.create_task(agents.async_refresh())
    while agents.last_update_success:  # noqa: ASYNC110 - nobody tells when it has just failed
        await asyncio.sleep(0)
    simulator.heal()
    simulator.account.agents[300].online = not simulator.account.agents[300].online
    await refresh
    await agents.async_refresh()
    await hass.async_block_till_done()
    states = [state_of(hass, entry, agent.id, "online").state for agent in simulator.account.agents.values()]
    assert states == ["on" if agent.online else "off" for agent in simulator.account.agents.values()]


async def test_a_listener_that_fails_does_not_keep_it_from_others(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await set_up()
    told: list[int] = []

    def fail() -> None:
        remove_another()
        raise RuntimeError("broken")

    entry.runtime_data.agents.async_add_listener(fail, 1)
    remove_another = entry.runtime_data.agents.async_add_listener(lambda: told.append(1), 1)
    entry.runtime_data.agents.async_add_listener(lambda: told.append(2), 1)
    simulator.account.agents[1].name = "Renamed"
    await pass_time(hass)
    assert told == [2]
    assert "RuntimeError: broken" in caplog.text


ALWAYS = {"online"}
SOMETIMES = {"session", "wake", "reboot"}
IN_SMALL = {"last_session", "last_seen", "operating_system", "agent_version", "group", "memory_usage", "preview"}


@pytest.mark.parametrize(
    ("account", "on", "off"),
    [
        (Account(devices=100), ALWAYS | SOMETIMES | IN_SMALL, {"cpu", "location", "logout"}),
        (Account(devices=101), ALWAYS | SOMETIMES, IN_SMALL | {"cpu", "location", "logout"}),
        (Account(devices=2000), ALWAYS | SOMETIMES, IN_SMALL | {"cpu", "location", "logout"}),
        (Account(devices=2001), ALWAYS, SOMETIMES | IN_SMALL),
    ],
    ids=["100 devices", "101 devices", "2,000 devices", "2,001 devices"],
)
async def test_what_is_on_by_the_size_of_the_fleet(
    hass: HomeAssistant, account: Account, set_up: SetUp, on: set[str], off: set[str]
) -> None:
    """In the largest, what is off in any fleet is not even registered: it would be tens of thousands of entities."""
    entry = await set_up(hardware_interval=0)
    count = len(account.agents)
    for agent_id in (1, count):
        assert keys(hass, entry, agent_id, on=True) == on
        assert off <= keys(hass, entry, agent_id, on=False)
        assert ("location" in keys(hass, entry, agent_id, on=False)) is (count <= 2000)
        assert state_of(hass, entry, agent_id, "online").state in (STATE_ON, STATE_OFF)
    of_account = 8
    assert sum(entity.disabled_by is None for entity in registered(hass, entry)) == of_account + count * len(on)


async def test_an_entity_that_is_switched_on_later_appears(hass: HomeAssistant, set_up: SetUp) -> None:
    """And stays as the user has it, over reloads."""
    entry = await set_up()
    registry = er.async_get(hass)
    entity_id = entity_id_of(hass, entry, 1, "location", off=True)
    assert hass.states.get(entity_id) is None
    registry.async_update_entity(entity_id, disabled_by=None)
    await pass_time(hass, 31)
    state = hass.states.get(entity_id)
    assert state
    assert state.state == "Dublin, Leinster, Ireland"
    registry.async_update_entity(entity_id_of(hass, entry, 1, "wake"), disabled_by=er.RegistryEntryDisabler.USER)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "wake" in keys(hass, entry, 1, on=False)
    assert hass.states.get(entity_id)


async def test_an_account_that_comes_and_goes_leaves_nothing_behind(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Listeners, timers and tasks are as many as before, however often it is set up."""
    entry = await set_up()

    def count() -> tuple[Any, ...]:
        timers = [handle for handle in hass.loop._scheduled if not handle.cancelled()]  # type: ignore[attr-defined]
        signals = sum(len(targets) for targets in hass.data[DATA_DISPATCHER].values())
        return len(timers), len(asyncio.all_tasks()), sum(hass.bus.async_listeners().values()), signals

    for _ in range(2):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    before = count()
    for _ in range(10):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert all(now <= then for now, then in zip(count(), before, strict=True))
    assert simulator.count("agents/info") == 3


@pytest.mark.parametrize("account", [Account(devices=400)], ids=["400 devices"])
async def test_an_account_that_is_unloaded_while_its_entities_are_added(
    hass: HomeAssistant, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert len(hass.states.async_all("binary_sensor")) < 800
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert {state.state for state in hass.states.async_all("binary_sensor")} <= {STATE_UNAVAILABLE}
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(hass.states.async_all("binary_sensor")) == 800
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING and record.name.startswith("custom_components")]


@pytest.mark.parametrize("account", [Account(devices=400)], ids=["400 devices"])
async def test_large_answers_are_read_in_another_thread(set_up: SetUp) -> None:
    """And come out the same."""
    entry = await set_up(hardware_interval=0)
    agents = entry.runtime_data.agents
    threads = []
    to_thread = asyncio.to_thread

    async def noted(function: Any, *args: Any) -> Any:
        threads.append(function)
        return await to_thread(function, *args)

    with patch("asyncio.to_thread", noted):
        before = agents.data
        await agents.async_refresh()
    assert len(threads) == 2  # JSON, then the agents in it
    assert list(agents.data) == list(range(1, 401))
    assert all(agents.data[agent_id] is agent for agent_id, agent in before.items())


@pytest.mark.parametrize("account", [Account(devices=120)], ids=["120 devices"])
async def test_renaming_all_changes_all_devices(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up(hardware_interval=0)
    events = async_capture_events(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED)
    for agent in simulator.account.agents.values():
        agent.name = f"New {agent.id}"
    await pass_time(hass)
    assert {device.name for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)} == {
        entry.title,
        *(f"New {number}" for number in range(1, 121)),
    }
    assert len(events) == 120


@pytest.mark.parametrize("account", [Account(devices=300)], ids=["300 devices"])
async def test_computers_that_leave_while_their_entities_are_added(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator
) -> None:
    """Nothing brings them back."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    for agent_id in range(61, 301):
        simulator.account.remove_agent(agent_id)
    await entry.runtime_data.agents.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert len(devices) == 61
    assert {entity.device_id for entity in registered(hass, entry)} == {device.id for device in devices}


@pytest.mark.parametrize("account", [Account(devices=120)], ids=["120 devices"])
async def test_a_logout_while_an_answer_is_taken_in(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up(hardware_interval=0)
    agents = entry.runtime_data.agents
    for agent in simulator.account.agents.values():
        agent.name += "!"
    refresh = asyncio.create_task(agents.async_refresh())
    while (device := device_of(hass, entry, 1)) is None or device.name != simulator.account.agents[1].name:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await agents.async_logout(120)
    await refresh
    await hass.async_block_till_done()
    assert 120 not in agents.data
    assert device_of(hass, entry, 120) is None
