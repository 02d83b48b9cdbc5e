"""What outlives a restart of Home Assistant, and what becomes of files that cannot be used."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import timedelta, timezone
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
from hypothesis import example, given, settings
from hypothesis import strategies as st
import orjson
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from custom_components.getscreen.account.hardware_record import HardwareRecord
from custom_components.getscreen.account.request_counter import RequestCounter
from custom_components.getscreen.account.session_ends import SessionEnds
from custom_components.getscreen.const import DOMAIN
from simulator import Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_state, device_of, pass_time, state_of

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


@pytest.mark.parametrize(("limited", "hours"), [(False, 1), (True, 24)])
async def test_a_clock_that_was_put_back_does_not_prolong_a_pause(
    simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage, limited: bool, hours: int
) -> None:
    key = f"{DOMAIN}.{entry.entry_id}"
    limit = {"met": ["agents"], "limited": limited, "seconds": 0.0, "until": time.time() + 400 * 24 * 3600}
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": {"limit": limit, "requests": {}}}
    before = time.time()
    async with run(entry):
        pass
    assert before <= hass_storage[key]["data"]["limit"]["until"] - hours * 3600 <= time.time()
    assert simulator.count() == 0


async def test_a_pause_of_requests_that_nobody_makes(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    """A damaged file, or that of another version, leaves no repair for ever."""
    key = f"{DOMAIN}.{entry.entry_id}"
    limit = {"met": ["nonsense", 7, "agents"], "limited": True, "seconds": 120.0, "until": time.time()}
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": {"limit": limit, "requests": {}}}
    async with run(entry) as hass:
        assert hass.config_entries.async_entries(DOMAIN)[0].state is ConfigEntryState.LOADED
        assert not [issue for issue in ir.async_get(hass).issues.values() if issue.domain == DOMAIN and issue.active]


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
    """Every poll counts, and it is written when the number is shown: every five minutes."""
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


async def test_requests_today_do_not_fall_after_a_power_cut(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    """What was shown is in the file, even if Home Assistant does not stop as it should."""
    async with run(entry) as hass:
        for seconds in (*[61] * 12, 301):
            await pass_time(hass, seconds)
        shown = int(account_state(hass, entry, "requests_today").state)
        file = deepcopy(hass_storage[f"{DOMAIN}.{entry.entry_id}"])
        await pass_time(hass)
    hass_storage[f"{DOMAIN}.{entry.entry_id}"] = file
    async with run(entry) as hass:
        assert int(account_state(hass, entry, "requests_today").state) >= shown > 20


async def test_a_session_that_was_over_stays_so_over_a_restart(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    """The server never wrote its end; the computer is back online, and nobody is connected. The next session is one again."""
    agent = simulator.account.agents[1]
    simulator.account.start_session(1)
    assert agent.session is not None
    # Or the next session might begin in the same second, on a fast machine.
    agent.session.start -= 60
    agent.online = False
    async with run(entry) as hass:
        assert state_of(hass, entry, 1, "session").state == "off"
        end = state_of(hass, entry, 1, "last_session").attributes["end"]
        await pass_time(hass, 2)
    agent.online = True
    for _ in range(2):
        async with run(entry) as hass:
            assert state_of(hass, entry, 1, "online").state == "on"
            assert state_of(hass, entry, 1, "session").state == "off"
            assert state_of(hass, entry, 1, "last_session").attributes["end"] == end
    simulator.account.start_session(1)
    async with run(entry) as hass:
        assert state_of(hass, entry, 1, "session").state == "on"
    assert hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["session_ends"] == {}


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(max_size=8), values, max_size=4),
    max_leaves=8,
)
ODD_NUMBERS: st.SearchStrategy[Any] = st.sampled_from(
    [1e18, -1e18, 1e300, float("nan"), float("inf"), -1, 0, 2**63, 253402300800, True, None, "1", [], {}]
)
ODD_RECORD = st.fixed_dictionaries(
    {}, optional={"asked": ODD_NUMBERS | JSON, "share": ODD_NUMBERS | JSON, "updated": ODD_NUMBERS | JSON, "hardware": JSON}
)
GOOD_RECORD = {"asked": 1_790_000_000.25, "share": 0.75, "updated": 1_790_000_000.25, "hardware": {"CPU": "Xeon"}}


@settings(max_examples=300, deadline=None)
@given(odd=st.dictionaries(st.text(max_size=6).filter(lambda text: text != "7"), ODD_RECORD | JSON, max_size=4))
def test_one_bad_record_of_hardware_costs_only_itself(odd: dict[str, Any]) -> None:
    records = HardwareRecord.read_all({**odd, "7": GOOD_RECORD})
    assert records[7].hardware is not None
    assert records[7].hardware.cpu == "Xeon"
    local = timezone(timedelta(hours=14))
    for record in records.values():
        assert 0.5 <= record.share <= 1
        for moment in (record.asked, record.updated or record.asked):
            assert moment.astimezone(local) - timedelta(hours=720) < moment
        orjson.dumps(record.saved())


@settings(max_examples=300, deadline=None)
@given(ends=JSON | st.dictionaries(st.text(max_size=6), st.lists(ODD_NUMBERS | JSON, max_size=3)), requests=JSON, counts=JSON)
@example(ends={}, requests="no day", counts={"agents/list": 1})
def test_anything_in_the_account_file(ends: Any, requests: Any, counts: Any) -> None:
    """What is no count and no end of a session is ignored; what is one, is not."""
    session_ends = SessionEnds()
    session_ends.restore(ends)
    session_ends.restore({"7": [1_790_000_000, 1_790_000_060.5]})
    assert session_ends.saved()["7"] == [1_790_000_000, 1_790_000_060.5]
    counter = RequestCounter()
    day = dt_util.now().date().isoformat()
    for saved in (requests, {"day": requests, "counts": counts}, {"day": day, "counts": counts}):
        counter.restore(saved)
    before = counter.today.get("agents/list", 0)
    counter.restore({"day": day, "counts": {"agents/list": 2}})
    assert counter.today["agents/list"] == before + 2
    assert all(type(count) is int and count > 0 for count in counter.today.values())


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
async def test_an_account_starts_whatever_its_files_hold(
    simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage, odd: Any
) -> None:
    """What cannot be used is had again; the other records are not."""
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
