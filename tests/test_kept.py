"""What outlives a restart of Home Assistant, and what becomes of files that cannot be used."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
import time
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import frame
from homeassistant.helpers import issue_registry as ir
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from custom_components.getscreen.const import DOMAIN
from simulator import Fault, Simulator

from .conftest import SetUp
from .helpers import device_of, pass_time, state_of

# Home Assistant does not take its timers back when it stops, but ends.
pytestmark = pytest.mark.parametrize("expected_lingering_timers", [True])

type Storage = dict[str, Any]


@asynccontextmanager
async def start() -> AsyncIterator[HomeAssistant]:
    """Start a Home Assistant besides the one of the test kit, which knows the integration and is the one that frames are reported to."""
    async with async_test_home_assistant() as hass:
        frame.async_setup(hass)
        hass.data.pop(DATA_CUSTOM_COMPONENTS)
        yield hass


@asynccontextmanager
async def run(entry: MockConfigEntry) -> AsyncIterator[HomeAssistant]:
    """Start Home Assistant with an account, and stop it as it stops by itself; what it stores is there for the next run."""
    async with start() as hass:
        again = MockConfigEntry(domain=DOMAIN, title=entry.title, unique_id=entry.unique_id, entry_id=entry.entry_id, data=entry.data)
        again.add_to_hass(hass)
        await hass.config_entries.async_setup(again.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        yield hass
        await hass.async_stop(force=True)


async def test_a_restart_costs_no_hardware_request(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    async with run(entry) as hass:
        attributes = state_of(hass, entry, 1, "online").attributes
        device = device_of(hass, entry, 1)
    assert simulator.count("agents/info") == 3
    assert attributes["cpu"]
    async with run(entry) as hass:
        assert state_of(hass, entry, 1, "online").attributes == attributes
        again = device_of(hass, entry, 1)
        assert (again and (again.model, again.model_id, again.hw_version)) == (
            device and (device.model, device.model_id, device.hw_version)
        )
        assert state_of(hass, entry, 1, "memory_usage").state not in ("unknown", "unavailable")
    assert simulator.count("agents/info") == 3


async def test_hardware_that_cannot_be_had_is_not_asked_for_at_each_start(
    simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage
) -> None:
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


async def test_kept_hardware_of_computers_that_appear_later(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    """The first answer after a start may be empty or garbled; disks come with their computer all the same."""
    async with run(entry):
        pass
    agents = dict(simulator.account.agents)
    simulator.account.agents.clear()
    async with run(entry) as hass:
        simulator.account.agents.update(agents)
        await pass_time(hass)
        assert state_of(hass, entry, 1, "disk_usage").state not in ("unknown", "unavailable")
    assert simulator.count("agents/info") == 3


async def test_another_key_for_an_account_that_is_switched_off(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    """It is set up later in the same run, and has lost nothing."""
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


async def test_a_pause_of_the_invitations_outlives_restarts(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/list", retry_after=1800)
    for _ in range(2):
        async with run(entry):
            pass
    assert simulator.count("support/list") == 1
    assert simulator.count("agents/list") == 2


async def test_requests_are_counted_over_restarts_until_midnight(
    simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(dt_util.now().replace(hour=12))
    async with run(entry) as hass:
        await pass_time(hass)
        await pass_time(hass, 301)
    before = simulator.count()
    async with run(entry) as hass:
        states = [state for state in hass.states.async_all("sensor") if state.entity_id.endswith("requests_today")]
        assert [state.state for state in states] == [str(simulator.count())]
        assert states[0].attributes["agents/list"] == simulator.count("agents/list")
        assert simulator.count() == before + 2
    freezer.tick(timedelta(days=1))
    async with run(entry) as hass:
        assert [state.state for state in hass.states.async_all("sensor") if state.entity_id.endswith("requests_today")] == ["2"]


@pytest.mark.parametrize(
    ("fault", "reason", "repairs"), [(Fault.PAYMENT_REQUIRED, "limit", 1), (Fault.UNAVAILABLE, "could not be reached", 0)]
)
async def test_a_pause_outlives_restarts(
    simulator: Simulator,
    entry: MockConfigEntry,
    hass_storage: Storage,
    freezer: FrozenDateTimeFactory,
    fault: Fault,
    reason: str,
    repairs: int,
) -> None:
    """Whether the plan is used up or the server is out of order, it is asked again when it wants to be."""
    simulator.fail(fault, retry_after=1800)
    async with run(entry):
        pass
    assert simulator.count() == 1
    freezer.tick(900)
    async with run(entry) as hass:
        found = hass.config_entries.async_entries(DOMAIN)[0]
        assert found.state is ConfigEntryState.SETUP_RETRY
        assert reason in str(found.reason)
        assert len([issue for issue in ir.async_get(hass).issues.values() if issue.domain == DOMAIN and issue.active]) == repairs
        await pass_time(hass, 300)
    assert simulator.count() == 1
    simulator.heal()
    freezer.tick(901)
    async with run(entry) as hass:
        assert hass.config_entries.async_entries(DOMAIN)[0].state is ConfigEntryState.LOADED
        assert not [issue for issue in ir.async_get(hass).issues.values() if issue.domain == DOMAIN and issue.active]


async def test_the_next_pause_is_longer_over_a_restart_too(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    simulator.limit = 0
    until = []
    for seconds in (120, 240, 480):
        async with run(entry):
            pass
        pause = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["limit"]
        assert pause["seconds"] == seconds
        until.append(pause["until"])
        pause["until"] = time.time()
    assert simulator.count() == 3


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
async def test_a_file_that_cannot_be_used(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage, stored: Storage) -> None:
    """Files of a newer version, or that somebody has edited: what they held is gathered anew."""
    for end in ("", ".hardware"):
        hass_storage[f"{DOMAIN}.{entry.entry_id}{end}"] = {"key": f"{DOMAIN}.{entry.entry_id}{end}", **stored}
    async with run(entry) as hass:
        assert hass.config_entries.async_entries(DOMAIN)[0].state is ConfigEntryState.LOADED
        assert state_of(hass, entry, 1, "online").attributes["cpu"]
    assert simulator.count("agents/info") == 3
    assert hass_storage[f"{DOMAIN}.{entry.entry_id}"]["version"] == 1


async def test_a_clock_that_was_put_back_does_not_prolong_a_pause(
    simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage
) -> None:
    key = f"{DOMAIN}.{entry.entry_id}"
    limit = {"met": ["agents"], "limited": False, "seconds": 0.0, "until": time.time() + 400 * 24 * 3600}
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": {"limit": limit, "requests": {}}}
    before = time.time()
    async with run(entry):
        pass
    assert before <= hass_storage[key]["data"]["limit"]["until"] - 24 * 3600 <= time.time()
    assert simulator.count() == 0


async def test_files_leave_with_their_entry(hass: HomeAssistant, set_up: SetUp, hass_storage: Storage) -> None:
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
    """Every poll counts, and a quarter of an hour of them is one write."""
    entry = await set_up()
    key = f"{DOMAIN}.{entry.entry_id}"
    for _ in range(3):
        await pass_time(hass)
    assert key not in hass_storage
    await pass_time(hass, 901)
    assert hass_storage[key]["data"]["requests"]["counts"]["agents/list"] >= 4
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/list")
    await pass_time(hass)
    await pass_time(hass, 2)
    assert hass_storage[key]["data"]["limit"]["met"] == ["agents"]
