"""Everything an account brings into Home Assistant, in one picture."""

from datetime import UTC, datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.json import json_dumps
from homeassistant.util.json import json_loads
import pytest
from syrupy.assertion import SnapshotAssertion

from simulator import Account, Simulator

from .conftest import SetUp

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)


@pytest.fixture
def account() -> Account:
    """Return an account with frozen time."""
    return Account(devices=3, seed=1, clock=NOW.timestamp)


async def test_every_device_and_entity(
    hass: HomeAssistant,
    simulator: Simulator,
    set_up: SetUp,
    snapshot: SnapshotAssertion,
    freezer: FrozenDateTimeFactory,
    all_entities: None,
) -> None:
    """Devices and entities with their states, only fields that are the same in every version of Home Assistant."""
    freezer.move_to(NOW)
    entry = await set_up()
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    # The server has another port in each run.
    shown = json_dumps([_device(hass, device) for device in devices]).replace(simulator.root, "https://getscreen.example")
    assert json_loads(shown) == snapshot


def _device(hass: HomeAssistant, device: dr.DeviceEntry) -> dict[str, Any]:
    fields = ("name", "manufacturer", "model", "model_id", "sw_version", "hw_version", "serial_number", "entry_type", "configuration_url")
    entities = er.async_entries_for_device(er.async_get(hass), device.id, include_disabled_entities=True)
    return {
        "identifiers": sorted(device.identifiers),
        "connections": sorted(device.connections),
        **{field: getattr(device, field) for field in fields},
        "hangs_on": (via := dr.async_get(hass).async_get(device.via_device_id or "")) and via.name,
        "entities": [_entity(hass, entity) for entity in sorted(entities, key=lambda entity: entity.entity_id)],
    }


def _entity(hass: HomeAssistant, entity: er.RegistryEntry) -> dict[str, Any]:
    fields = ("entity_id", "unique_id", "translation_key", "original_name", "original_device_class", "entity_category", "disabled_by")
    state = hass.states.get(entity.entity_id)
    return {
        **{field: getattr(entity, field) for field in fields},
        "state": state and state.state,
        "attributes": state and _still(state),
    }


def _still(state: State) -> dict[str, Any]:
    """Return the attributes that do not differ from run to run."""
    return {key: value for key, value in state.attributes.items() if key not in ("access_token", "entity_picture")}
