"""The stored hardware of a computer."""

from datetime import timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import orjson
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.hardware_record import HardwareRecord
from simulator import Simulator

from ..helpers import device_of, state_of
from .restarts import Storage, run
from .strategies import JSON, ODD_NUMBERS

# Home Assistant does not cancel its timers when it stops, but ends.
pytestmark = pytest.mark.parametrize("expected_lingering_timers", [True])

ODD_RECORD = st.fixed_dictionaries(
    {}, optional={"asked": ODD_NUMBERS | JSON, "share": ODD_NUMBERS | JSON, "updated": ODD_NUMBERS | JSON, "hardware": JSON}
)
GOOD_RECORD = {"asked": 1_790_000_000.25, "share": 0.75, "updated": 1_790_000_000.25, "hardware": {"CPU": "Xeon"}}


@settings(max_examples=300, deadline=None)
@given(odd=st.dictionaries(st.text(max_size=6).filter(lambda text: text != "7"), ODD_RECORD | JSON, max_size=4))
def test_one_bad_record_does_not_affect_others(odd: dict[str, Any]) -> None:
    records = HardwareRecord.read_all({**odd, "7": GOOD_RECORD})
    assert records[7].hardware is not None
    assert records[7].hardware.cpu == "Xeon"
    local = timezone(timedelta(hours=14))
    for record in records.values():
        assert 0.5 <= record.share <= 1
        for moment in (record.requested, record.updated or record.requested):
            assert moment.astimezone(local) - timedelta(hours=720) < moment
        orjson.dumps(record.saved())


async def test_a_restart_sends_no_hardware_request(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    async with run(entry) as hass:
        attributes = state_of(hass, entry, 1, "online").attributes
        device = device_of(hass, entry, 1)
    assert simulator.count("agents/info") == 3
    assert attributes["cpu"]
    async with run(entry) as hass:
        assert state_of(hass, entry, 1, "online").attributes == attributes
        again = device_of(hass, entry, 1)
        assert (again and again.model) == (device and device.model)
        assert state_of(hass, entry, 1, "memory_usage").state not in ("unknown", "unavailable")
    assert simulator.count("agents/info") == 3
