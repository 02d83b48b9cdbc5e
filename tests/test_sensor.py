"""The sensors of computers, of their disks, and of the account."""

from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.store import async_remove_store
from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .helpers import account_state, device_id_of, pass_time, state_of

pytestmark = pytest.mark.usefixtures("all_entities")


def disks(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int) -> dict[str, str]:
    """Return the states of a computer's disk sensors by unique id, without what all have in common."""
    found = {}
    for entity in er.async_entries_for_device(er.async_get(hass), device_id_of(hass, entry, agent_id)):
        key = entity.unique_id.removeprefix(f"{entry.unique_id}_{agent_id}_")
        if key.startswith("disk_") and (state := hass.states.get(entity.entity_id)):
            found[key] = state.state
    return found


def with_disks(account: Account, *found: dict[str, object]) -> None:
    """Give the first computer other disks."""
    account.agents[1].hardware = {**(account.agents[1].hardware or {}), "LogicalDisks": list(found)}


async def refresh(entry: MockConfigEntry, hass: HomeAssistant) -> None:
    """Read the first computer's hardware."""
    await entry.runtime_data.hardware.async_read(1)
    await hass.async_block_till_done()


async def test_last_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    session = account.start_session(1)
    entry = await set_up()
    state = state_of(hass, entry, 1, "last_session")
    assert state.state == datetime.fromtimestamp(session.start, UTC).isoformat()
    assert (state.attributes["end"], state.attributes["duration"]) == (None, None)
    assert state.attributes["country"] == session.client.geo.country
    account.end_session(1)
    session.stop = session.start + 90
    await pass_time(hass)
    state = state_of(hass, entry, 1, "last_session")
    assert state.attributes["end"] == datetime.fromtimestamp(session.start + 90, UTC).isoformat()
    assert state.attributes["duration"] == 90


async def test_last_seen_moves_every_quarter_of_an_hour(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    agent = account.agents[1]
    agent.last_time -= (agent.last_time + agent.id) % 900
    began = agent.last_time
    entry = await set_up()
    seen = []
    for seconds in (0, 60, 840, 901, 1000, 1799, 1800):
        agent.last_time = began + seconds
        await pass_time(hass)
        seen.append(dt_util.parse_datetime(state_of(hass, entry, 1, "last_seen").state))
    start = datetime.fromtimestamp(began, UTC)
    quarter = timedelta(minutes=15)
    assert seen == [start, start, start, start + quarter, start + quarter, start + quarter, start + 2 * quarter]
    agent.online = False
    agent.last_time = began + 1805
    await pass_time(hass)
    assert state_of(hass, entry, 1, "last_seen").state == datetime.fromtimestamp(began + 1805, UTC).isoformat()


@pytest.mark.parametrize("hardware", [None, {}, {"RAMPhys": None, "LogicalDisks": None, "CPU": ""}, {"RAMPhys": 0, "RAMPhysAvail": 5}])
async def test_hardware_that_is_not_known(hass: HomeAssistant, account: Account, set_up: SetUp, hardware: dict[str, object] | None) -> None:
    account.agents[1].hardware = hardware
    entry = await set_up()
    for key in ("memory_usage", "cpu", "computer_model"):
        assert state_of(hass, entry, 1, key).state == STATE_UNKNOWN
    assert disks(hass, entry, 1) == {}


async def test_disks_appear_and_leave(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Each by its label; one without a medium is none, and one that says nonsense is unknown."""
    with_disks(
        account,
        {"Disk": "C:", "Size": 1000, "FreeSpace": 250},
        {"Disk": "D:", "Size": 0, "FreeSpace": 0},
        {"Disk": "E:", "Size": 100, "FreeSpace": 200},
        {"Disk": "", "Size": 100, "FreeSpace": 50},
        {"Disk": "F:", "Size": None},
    )
    entry = await set_up()
    assert disks(hass, entry, 1) == {
        "disk_usage_C:": "75.0",
        "disk_free_C:": "0.244140625",
        "disk_usage_E:": STATE_UNKNOWN,
        "disk_free_E:": "0.1953125",
    }
    state = next(state for state in hass.states.async_all("sensor") if state.name == "Reception PC Usage of C:")
    assert state.attributes["unit_of_measurement"] == "%"
    with_disks(account, {"Disk": "C:", "Size": 1000, "FreeSpace": 500}, {"Disk": "G:", "Size": 10, "FreeSpace": 10})
    await refresh(entry, hass)
    assert disks(hass, entry, 1).keys() == {"disk_usage_C:", "disk_free_C:", "disk_usage_G:", "disk_free_G:"}
    assert disks(hass, entry, 1)["disk_usage_C:"] == "50.0"
    with_disks(account)
    await refresh(entry, hass)
    assert disks(hass, entry, 1)["disk_usage_C:"] == STATE_UNKNOWN


async def test_a_disk_that_left_while_home_assistant_was_off(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    with_disks(account, {"Disk": "C:", "Size": 1000, "FreeSpace": 500}, {"Disk": "G:", "Size": 10, "FreeSpace": 10})
    entry = await set_up()
    await hass.config_entries.async_unload(entry.entry_id)
    await async_remove_store(hass, entry)
    with_disks(account, {"Disk": "C:", "Size": 1000, "FreeSpace": 500})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert disks(hass, entry, 1).keys() == {"disk_usage_C:", "disk_free_C:"}


async def test_disks_of_a_computer_that_left_and_returns(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    before = disks(hass, entry, 1)
    assert before
    agent = account.agents[1]
    account.remove_agent(1)
    await pass_time(hass)
    account.agents[1] = agent
    await pass_time(hass)
    assert disks(hass, entry, 1) == before


async def test_last_seen_does_not_go_back(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A computer that comes online was not seen earlier than it had been."""
    agent = account.agents[1]
    agent.online = False
    agent.last_time -= (agent.last_time + agent.id) % 900
    agent.last_time += 800
    entry = await set_up()
    off = state_of(hass, entry, 1, "last_seen").state
    agent.online = True
    agent.last_time += 50
    await pass_time(hass)
    assert state_of(hass, entry, 1, "last_seen").state == off
    agent.last_time += 100
    await pass_time(hass)
    assert state_of(hass, entry, 1, "last_seen").state > off


async def test_the_account(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    for key, value in (("devices", "3"), ("devices_online", "2"), ("open_invitations", "2"), ("invitations_remaining", "20")):
        assert account_state(hass, entry, key).state == value
    account.agents[3].online = True
    account.invite("Somebody")
    await pass_time(hass)
    assert account_state(hass, entry, "devices_online").state == "3"
    assert account_state(hass, entry, "open_invitations").state == "3"
    assert account_state(hass, entry, "invitations_remaining").state == "19"
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert account_state(hass, entry, "devices").state == STATE_UNAVAILABLE
    assert account_state(hass, entry, "open_invitations").state == STATE_UNAVAILABLE
    assert account_state(hass, entry, "requests_today").state.isdecimal()


async def test_requests_today(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """Every request counts, by method, also over a reload; the number moves every few minutes, and starts again at midnight."""
    freezer.move_to(dt_util.now().replace(hour=23, minute=30))
    entry = await set_up()

    def shown() -> dict[str, int]:
        state = account_state(hass, entry, "requests_today")
        counted = {method: count for method, count in state.attributes.items() if "/" in method}
        assert int(state.state) == sum(counted.values())
        return counted

    async def minutes(count: int) -> None:
        for _ in range(count):
            freezer.tick(60)
            await pass_time(hass, 1)

    await minutes(6)
    counted = shown()
    # The polls of the minute in which the number moved, and of the next, may be missing.
    assert 0 <= simulator.count() - sum(counted.values()) <= 4
    assert counted["agents/info"] == 3
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sum(shown().values()) == simulator.count()
    freezer.move_to(dt_util.start_of_local_day() + timedelta(days=1))
    await minutes(5)
    assert 0 <= sum(shown().values()) <= 10


async def test_requests_while_the_clock_jumps(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """The clock of a computer without a battery is another day's until it is set: the true day's count is still there then."""
    noon = dt_util.now().replace(hour=12)
    freezer.move_to(noon)
    entry = await set_up(hardware_interval=0)
    for days in (-1, 1, 0, 2, 3):
        freezer.move_to(noon + timedelta(days=days))
        before = simulator.count()
        await entry.runtime_data.agents.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
        requests = simulator.count() - before
        assert requests > 0
        assert sum(entry.runtime_data.store.requests.today.values()) == (requests if days else 2 + requests)


async def test_without_invitations(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """They cost a request per poll, which can be saved."""
    entry = await set_up(invitations=False)
    await pass_time(hass)
    assert simulator.count("support/list") == 0
    for platform, key in (("sensor", "open_invitations"), ("event", "invitation")):
        assert er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{entry.unique_id}_{key}") is None


async def test_quick_polls_leave_the_invitations_alone(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    await entry.runtime_data.agents.async_wake(3)
    simulator.requests.clear()
    for _ in range(10):
        await pass_time(hass, 12)
    assert (simulator.count("agents/list"), simulator.count("support/list")) == (10, 0)
