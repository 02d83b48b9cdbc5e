"""State that is restored after a restart of Home Assistant, and invalid files."""

from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from simulator import Fault, Simulator

from ..conftest import SetUp
from ..helpers import pass_time, state_of
from .restarts import Storage, run, start

# Home Assistant does not cancel its timers when it stops, but ends.
pytestmark = pytest.mark.parametrize("expected_lingering_timers", [True])


async def test_failing_hardware_is_not_read_at_each_start(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    simulator.refuse(2)
    async with run(entry):
        pass
    assert simulator.count("agents/info") == 3
    async with run(entry) as hass:
        assert "cpu" not in state_of(hass, entry, 2, "online").attributes
    assert simulator.count("agents/info") == 3


async def test_a_computer_that_left_while_home_assistant_was_off(
    simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage
) -> None:
    async with run(entry):
        pass
    assert hass_storage[f"{DOMAIN}.{entry.entry_id}.hardware"]["data"].keys() == {"1", "2", "3"}
    del simulator.account.agents[2]
    async with run(entry):
        pass
    assert hass_storage[f"{DOMAIN}.{entry.entry_id}.hardware"]["data"].keys() == {"1", "3"}


async def test_stored_hardware_of_computers_that_appear_later(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    """The first answer after a start may be empty; the disks come with their computer all the same."""
    async with run(entry):
        pass
    agents = dict(simulator.account.agents)
    simulator.account.agents.clear()
    async with run(entry) as hass:
        simulator.account.agents.update(agents)
        await pass_time(hass)
        assert state_of(hass, entry, 1, "disk_usage").state not in ("unknown", "unavailable")
    assert simulator.count("agents/info") == 3


async def test_another_key_for_a_disabled_account(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    """The account is set up later in the same run, with its hardware from storage."""
    async with run(entry):
        pass
    async with start() as hass:
        again = MockConfigEntry(
            domain=DOMAIN,
            unique_id=entry.unique_id,
            entry_id=entry.entry_id,
            data=entry.data,
            disabled_by=ConfigEntryDisabler.USER,
        )
        again.add_to_hass(hass)
        flow = await again.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_URL: entry.data[CONF_URL]})
        assert result["reason"] == "reconfigure_successful"
        await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert state_of(hass, entry, 1, "online").attributes["cpu"]
        await hass.async_stop(force=True)
    assert simulator.count("agents/info") == 3


@pytest.mark.parametrize(
    "stored",
    [
        {"version": 2, "minor_version": 1, "data": {"limit": {}, "requests": {}}},
        {"version": 1, "minor_version": 7, "data": {}},
        {"version": "?", "minor_version": 1, "data": {}},
        {"version": 1, "minor_version": 1, "data": []},
        {"version": 1, "minor_version": 1, "data": {"limit": [1], "requests": {"day": 7, "counts": None}, "1": None, "2": {"asked": "x"}}},
        {"version": 1, "minor_version": 1, "data": {"x": {}, "1": {"asked": 1e300, "share": 1, "updated": None, "hardware": None}}},
        {
            "version": 1,
            "minor_version": 1,
            "data": {"limit": {"met": ["agents"], "limited": True, "seconds": "1", "until": 0}, "requests": {"counts": {"a": -1}}},
        },
    ],
)
async def test_an_invalid_file(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage, stored: Storage) -> None:
    """The data of files of a newer version, or that were edited, is fetched again."""
    for end in ("", ".hardware"):
        hass_storage[f"{DOMAIN}.{entry.entry_id}{end}"] = {"key": f"{DOMAIN}.{entry.entry_id}{end}", **stored}
    async with run(entry) as hass:
        assert hass.config_entries.async_entries(DOMAIN)[0].state is ConfigEntryState.LOADED
        assert state_of(hass, entry, 1, "online").attributes["cpu"]
    assert simulator.count("agents/info") == 3
    assert hass_storage[f"{DOMAIN}.{entry.entry_id}"]["version"] == 1


async def test_files_are_deleted_with_their_entry(hass: HomeAssistant, set_up: SetUp, hass_storage: Storage) -> None:
    """Also those of an entry that was not set up in this run."""
    entry = await set_up()
    await pass_time(hass, 3601)
    keys = {key for key in hass_storage if key.startswith(f"{DOMAIN}.{entry.entry_id}")}
    assert len(keys) == 2
    assert "a-key" not in str([hass_storage[key] for key in keys])
    await hass.config_entries.async_remove(entry.entry_id)
    assert not keys & hass_storage.keys()
    other = MockConfigEntry(domain=DOMAIN, data=entry.data)
    other.add_to_hass(hass)
    hass_storage[f"{DOMAIN}.{other.entry_id}"] = {}
    await hass.config_entries.async_remove(other.entry_id)
    assert f"{DOMAIN}.{other.entry_id}" not in hass_storage


async def test_writes_are_few(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, hass_storage: Storage) -> None:
    """The count of requests is written every five minutes, when the sensor shows it, and a pause soon after it begins."""
    entry = await set_up()
    key = f"{DOMAIN}.{entry.entry_id}"
    at_start = hass_storage[key]["data"]["requests"]["counts"]
    for _ in range(3):
        await pass_time(hass)
    assert hass_storage[key]["data"]["requests"]["counts"] == at_start
    await pass_time(hass, 301)
    assert hass_storage[key]["data"]["requests"]["counts"]["agents/list"] >= 4
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/list")
    await pass_time(hass)
    await pass_time(hass, 2)
    assert hass_storage[key]["data"]["limit"]["met"] == ["agents"]


@pytest.mark.parametrize(
    "odd",
    [
        {"asked": 1e18, "updated": -1e18},
        {"asked": -1e18},
        {"asked": 253402300799.0, "updated": 253402300799.0},
        {"share": "x"},
        {"hardware": [[]]},
        {"updated": True},
        "x",
        None,
    ],
)
async def test_an_account_starts_with_invalid_files(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage, odd: Any) -> None:
    """Records that cannot be used are fetched again; the other records are not."""
    async with run(entry):
        pass
    records = hass_storage[f"{DOMAIN}.{entry.entry_id}.hardware"]["data"]
    records["1"] = {**records["1"], **odd} if isinstance(odd, dict) else odd
    account = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]
    account |= {"session_ends": {"1": odd}, "requests": {"day": odd, "counts": odd}, "limit": {"met": odd, "until": odd}}
    async with run(entry) as hass:
        assert hass.config_entries.async_entries(DOMAIN)[0].state is ConfigEntryState.LOADED
        assert state_of(hass, entry, 1, "online").attributes["cpu"]
    assert simulator.count("agents/info") == 4


async def test_removing_an_account_whose_files_cannot_be_deleted(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything else is removed, the log names the files that are left, and nothing is sent any more."""
    entry = await set_up()
    await pass_time(hass, 3601)
    with patch("homeassistant.helpers.storage.Store.async_remove", side_effect=PermissionError):
        await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.config_entries.async_entries(DOMAIN)
    left = [record.getMessage() for record in caplog.records if "could not be deleted" in record.getMessage()]
    assert [message.split()[2] for message in left] == [f"{DOMAIN}.{entry.entry_id}", f"{DOMAIN}.{entry.entry_id}.hardware"]
    simulator.requests.clear()
    await pass_time(hass, 4000)
    assert simulator.count() == 0
