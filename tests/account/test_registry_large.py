"""The devices of a large account."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import pass_time


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
