"""The entities of computers are added in batches, at set-up and later, and only the useful ones."""

import logging

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import device_id_of, device_of, entity_id_of, pass_time, registered, state_of


def keys(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int, *, on: bool) -> set[str]:
    """Return the translation keys of an agent's entities that are enabled, or disabled."""
    found = er.async_entries_for_device(er.async_get(hass), device_id_of(hass, entry, agent_id), include_disabled_entities=True)
    return {str(entity.translation_key) for entity in found if (entity.disabled_by is None) is on}


ALWAYS = {"online"}
SOMETIMES = {"session", "wake", "reboot"}
IN_SMALL = {"last_session", "last_seen", "operating_system", "agent_version", "group", "memory_usage", "preview", "disk_almost_full"}


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
async def test_entities_enabled_by_fleet_size(hass: HomeAssistant, account: Account, set_up: SetUp, on: set[str], off: set[str]) -> None:
    """In the largest fleets, entities that are never enabled by default are not registered, because there would be too many."""
    entry = await set_up(hardware_interval=0)
    count = len(account.agents)
    for agent_id in (1, count):
        assert keys(hass, entry, agent_id, on=True) == on
        assert off <= keys(hass, entry, agent_id, on=False)
        assert ("location" in keys(hass, entry, agent_id, on=False)) is (count <= 2000)
        assert state_of(hass, entry, agent_id, "online").state in (STATE_ON, STATE_OFF)
    of_account = 9
    assert sum(entity.disabled_by is None for entity in registered(hass, entry)) == of_account + count * len(on)


async def test_an_entity_that_is_enabled_later_appears(hass: HomeAssistant, set_up: SetUp) -> None:
    """The entity stays as the user has set it, after reloads too."""
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


@pytest.mark.usefixtures("all_entities")
@pytest.mark.parametrize("system", ["", "mac"])
async def test_a_computer_that_turns_out_to_run_windows(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, system: str
) -> None:
    """The computer gets the button for safe mode once, even if the system is uncertain, and the button works."""
    account.agents[2].os = system
    entry = await set_up()
    others = keys(hass, entry, 2, on=True)
    assert "reboot_safe_mode" not in others
    for changed in ("win", system, "win"):
        account.agents[2].os = changed
        await pass_time(hass)
        assert keys(hass, entry, 2, on=True) == others | {"reboot_safe_mode"}
    await hass.services.async_call("button", "press", {"entity_id": entity_id_of(hass, entry, 2, "reboot_safe_mode")}, blocking=True)
    assert {"id": "2", "safe": "true"} in [request.parameters for request in simulator.requests]


@pytest.mark.usefixtures("all_entities")
async def test_a_computer_that_leaves_and_returns(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The computer gets its entities again, and with another system the entities of that system."""
    entry = await set_up()
    agent = account.agents[2]
    before = keys(hass, entry, 2, on=True)
    online = state_of(hass, entry, 2, "online").state
    for system, more in (("mac", set[str]()), ("win", {"reboot_safe_mode"}), ("mac", set[str]())):
        account.remove_agent(2)
        await pass_time(hass)
        assert device_of(hass, entry, 2) is None
        agent.os = system
        account.agents[2] = agent
        await pass_time(hass)
        assert keys(hass, entry, 2, on=True) == before | more
        assert state_of(hass, entry, 2, "online").state == online
