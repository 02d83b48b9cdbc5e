"""What polls bring about: devices come, change and leave, faults pass, and no more is done than has to be."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import orjson
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.getscreen.account import agents, invitations
from custom_components.getscreen.api import AgentList
from custom_components.getscreen.api import client as api_client
from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..answers import change_answer
from ..conftest import SetUp
from ..helpers import account_device, account_state, device_id_of, device_of, pass_time, state_of


async def test_a_poll_is_one_request(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Hardware is read once after set-up, then nothing but the list is asked for, and the state follows it."""
    entry = await set_up(invitations=False)
    assert simulator.count("agents/info") == 3
    simulator.requests.clear()
    agent = simulator.account.agents[1]
    for online in (False, True):
        agent.online = online
        await pass_time(hass)
        assert state_of(hass, entry, 1, "online").state == ("on" if online else "off")
    assert [(request.method, request.verb, request.parameters) for request in simulator.requests] == [("agents/list", "GET", {})] * 2


async def test_only_entities_of_changed_agents_are_told(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """What moves all the time does not count as a change, and a change of one agent concerns its entities alone."""
    first = simulator.account.agents[1]
    first.last_time -= (first.last_time + first.id) % 900  # where a quarter of an hour begins
    entry = await set_up()
    agents = entry.runtime_data.agents
    told: list[int | None] = []
    for agent_id in (None, 1, 2, 3):
        entry.async_on_unload(agents.async_add_listener(lambda agent_id=agent_id: told.append(agent_id), agent_id))
    seen = agents.data[1].last_seen
    simulator.account.agents[1].last_time += 60
    await pass_time(hass)
    assert told == []
    assert agents.data[1].last_seen != seen
    before = dict(agents.data)
    simulator.account.agents[2].name = "Renamed"
    await pass_time(hass)
    assert told == [None, 2]
    assert agents.data[1] is before[1]
    assert agents.data[2] is not before[2]
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert told == [None, 2, None, 1, 2, 3]


async def test_devices_come_change_and_leave(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    new = account.add_agent("New PC")
    await pass_time(hass)
    device = device_of(hass, entry, new.id)
    assert device is not None
    assert device.name == "New PC"
    assert state_of(hass, entry, new.id, "online").state == "on"

    new.name, new.version = "Renamed PC", "9.9.9"
    await pass_time(hass)
    changed = device_of(hass, entry, new.id)
    assert changed is not None
    assert (changed.id, changed.name, changed.sw_version) == (device.id, "Renamed PC", "9.9.9")
    assert hass.states.get("binary_sensor.new_pc_online") is not None

    account.remove_agent(new.id)
    await pass_time(hass)
    assert device_of(hass, entry, new.id) is None
    assert hass.states.get("binary_sensor.new_pc_online") is None

    account.add_agent("Back PC", id=new.id)
    await pass_time(hass)
    assert state_of(hass, entry, new.id, "online").state == "on"


async def test_a_device_that_left_while_home_assistant_was_off(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    await hass.config_entries.async_unload(entry.entry_id)
    account.remove_agent(1)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert device_of(hass, entry, 1) is None
    assert device_of(hass, entry, 2) is not None


async def test_a_users_name_stays(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    dr.async_get(hass).async_update_device(device.id, name_by_user="Mine")
    account.agents[1].name = "Theirs"
    await pass_time(hass)
    device = device_of(hass, entry, 1)
    assert device is not None
    assert (device.name, device.name_by_user) == ("Theirs", "Mine")


async def test_a_nameless_agent(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.agents[1].name = ""
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.name == "Getscreen.me 1"


async def test_an_account_that_is_suddenly_empty(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """One empty answer proves nothing; a second one does."""
    entry = await set_up()
    agents = dict(account.agents)
    online = state_of(hass, entry, 1, "online").state
    account.agents.clear()
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state == online
    account.agents.update(agents)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state == online
    account.agents.clear()
    await pass_time(hass)
    await pass_time(hass)
    assert device_of(hass, entry, 1) is None
    account.agents.update(agents)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state == online


async def test_an_empty_answer_at_start(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Nor does one after a start let devices leave that were there before."""
    entry = await set_up()
    await hass.config_entries.async_unload(entry.entry_id)
    agents = dict(account.agents)
    account.agents.clear()
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert device_of(hass, entry, 1) is not None
    account.agents.update(agents)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state in ("on", "off")
    assert entry.state is ConfigEntryState.LOADED
    account.agents.clear()
    await pass_time(hass)
    await pass_time(hass)
    assert device_of(hass, entry, 1) is None


async def test_unreadable_records(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Whoever is missing from an answer with unreadable records may be among those: it stays, and is unknown."""
    entry = await set_up()
    simulator.fail(Fault.WRONG_ITEMS, "agents/list")
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state == STATE_UNKNOWN
    simulator.account.remove_agent(2)
    simulator.heal()
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state in ("on", "off")
    assert device_of(hass, entry, 2) is None


async def test_a_record_that_can_never_be_read(
    hass: HomeAssistant, account: Account, set_up: SetUp, hass_ws_client: WebSocketGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may stand for a computer that left, whose device stays until the user removes it; a computer that was named cannot be removed."""

    def add_record(answer: bytes) -> bytes:
        payload = orjson.loads(answer)
        payload["data"].append({"name": "No id"})
        return orjson.dumps(payload)

    change_answer(monkeypatch, "agents/list", add_record)
    assert await async_setup_component(hass, "config", {})
    entry = await set_up()
    client = await hass_ws_client(hass)
    devices = {number: device_id_of(hass, entry, number) for number in (1, 2)}
    agent = account.agents[2]
    account.remove_agent(2)
    await pass_time(hass)
    assert state_of(hass, entry, 2, "online").state == STATE_UNKNOWN
    for number, removed in ((1, False), (2, True)):
        command = "config/device_registry/remove_config_entry"
        await client.send_json_auto_id({"type": command, "config_entry_id": entry.entry_id, "device_id": devices[number]})
        assert (await client.receive_json())["success"] is removed
    for _ in range(2):
        await pass_time(hass)
        assert device_of(hass, entry, 1) is not None
        assert device_of(hass, entry, 2) is None
    # It was there all the time.
    account.agents[2] = agent
    await pass_time(hass)
    assert state_of(hass, entry, 2, "online").state == ("on" if agent.online else "off")


async def test_an_unreadable_answer_is_no_empty_one(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """So the empty one that follows is the first, and proves nothing."""
    entry = await set_up()
    simulator.fail(Fault.WRONG_ITEMS, "agents/list")
    await pass_time(hass)
    simulator.heal()
    simulator.account.agents.clear()
    await pass_time(hass)
    assert device_of(hass, entry, 1) is not None
    await pass_time(hass)
    assert device_of(hass, entry, 1) is None


async def test_logging_out_while_the_rest_is_in_doubt(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Only that one leaves."""
    entry = await set_up()
    await hass.config_entries.async_unload(entry.entry_id)
    simulator.fail(Fault.WRONG_ITEMS, "agents/list")
    await hass.config_entries.async_setup(entry.entry_id)
    await entry.runtime_data.agents.async_logout(1)
    assert [device_of(hass, entry, agent_id) is None for agent_id in (1, 2, 3)] == [True, False, False]


async def test_logging_out_one_whose_device_is_gone(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    dr.async_get(hass).async_remove_device(device.id)
    await entry.runtime_data.agents.async_logout(1)
    assert account.agents.keys() == {2, 3}


async def test_logging_out_while_a_poll_is_under_way(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Its answer is older than the command, and does not bring the device back."""
    entry = await set_up()
    agents = entry.runtime_data.agents
    answer: AgentList = await agents.client.list_agents()
    account.agents[2].name = "Renamed"

    async def slow(**_: object) -> AgentList:
        await agents.async_logout(1)
        return answer

    with patch.object(agents.client, "list_agents", side_effect=slow):
        await pass_time(hass)
    assert device_of(hass, entry, 1) is None
    assert 1 not in agents.data
    assert hass.states.get("binary_sensor.reception_pc_online") is None


async def test_retry_after(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    simulator.requests.clear()
    simulator.fail(Fault.UNAVAILABLE, retry_after=300)
    await pass_time(hass)
    assert simulator.count() == 1
    await pass_time(hass, 250)
    assert simulator.count() == 1
    await pass_time(hass, 302)
    assert simulator.count() == 2


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.PAYMENT_REQUIRED])
async def test_retry_after_nothing(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault) -> None:
    """A server that says "now" is asked no more often than one that works."""
    await set_up()
    simulator.fail(fault, retry_after=0)
    await pass_time(hass)
    simulator.requests.clear()
    await pass_time(hass, 50)
    assert simulator.count() == 0
    await pass_time(hass, 62)
    assert simulator.count() == 1


def limit_issues(hass: HomeAssistant) -> list[ir.IssueEntry]:
    """Return the repairs that tell of the limit."""
    return [issue for issue in ir.async_get(hass).issues.values() if issue.domain == DOMAIN and issue.translation_key == "request_limit"]


async def test_the_request_limit(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The pauses double up to an hour, one repair tells of it, and it goes away by itself."""
    entry = await set_up()
    simulator.limit = 0
    await pass_time(hass)
    (issue,) = limit_issues(hass)
    assert issue.translation_placeholders == {"account": entry.title}
    assert state_of(hass, entry, 1, "online").state == STATE_UNAVAILABLE
    for pause in (120, 240, 480, 960, 1920, 3600, 3600):
        simulator.requests.clear()
        await pass_time(hass, pause - 5)
        assert simulator.count() == 0
        await pass_time(hass, pause + 2)
        assert simulator.count() == 1
    assert len(limit_issues(hass)) == 1
    simulator.limit = None
    await pass_time(hass, 3602)
    assert not limit_issues(hass)
    assert state_of(hass, entry, 1, "online").state in ("on", "off")
    simulator.fail(Fault.PAYMENT_REQUIRED, retry_after=900)
    await pass_time(hass)
    simulator.requests.clear()
    await pass_time(hass, 890)
    assert simulator.count() == 0
    await pass_time(hass, 902)
    assert simulator.count() == 1


async def test_the_request_limit_at_set_up(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Home Assistant's own attempts are quicker than the pause and cost nothing; a reload by hand tries at once."""
    simulator.limit = 0
    entry = await set_up()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert len(limit_issues(hass)) == 1
    assert simulator.count() == 1
    for _ in range(3):
        await pass_time(hass, 81)
        assert entry.state is ConfigEntryState.SETUP_RETRY
    assert simulator.count() == 1
    await pass_time(hass, 130)
    await pass_time(hass, 130)
    assert simulator.count() == 2
    simulator.limit = None
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert not limit_issues(hass)


async def test_a_reload_forgets_what_met_the_limit(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The next repair goes as soon as that works again which has met the limit since."""
    entry = await set_up()
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/list")
    await pass_time(hass)
    assert len(limit_issues(hass)) == 1
    hass.config_entries.async_update_entry(entry, options={"invitations": False})
    simulator.heal()
    assert await hass.config_entries.async_reload(entry.entry_id)
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/list", times=1)
    await pass_time(hass)
    assert len(limit_issues(hass)) == 1
    await pass_time(hass, 122)
    assert not limit_issues(hass)


async def test_removing_an_account_that_never_was_set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    entry.add_to_hass(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.config_entries.async_entries(DOMAIN)


async def test_removing_an_account_takes_its_repair_away(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    simulator.limit = 0
    entry = await set_up()
    assert len(limit_issues(hass)) == 1
    await hass.config_entries.async_remove(entry.entry_id)
    assert not limit_issues(hass)


async def test_disabling_an_account_takes_its_repair_away(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.limit = 0
    await pass_time(hass)
    assert len(limit_issues(hass)) == 1
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    assert not limit_issues(hass)


async def test_a_limit_that_is_met_after_the_account_was_unloaded(hass: HomeAssistant, set_up: SetUp) -> None:
    """There is nothing to pause, and nothing to repair."""
    entry = await set_up()
    agents = entry.runtime_data.agents
    await hass.config_entries.async_unload(entry.entry_id)
    assert agents.limit.meet("agents", None) == 60
    assert not agents.limit.paused
    assert not limit_issues(hass)


async def test_a_longer_pause_that_the_server_asks_for(hass: HomeAssistant, set_up: SetUp) -> None:
    """It counts even if other requests began the pause."""
    entry = await set_up()
    limit = entry.runtime_data.store.limit
    with patch.object(hass.loop, "time", return_value=hass.loop.time()):
        assert limit.meet("hardware", None) == pytest.approx(120)
        assert limit.meet("agents", 30) == pytest.approx(120)
        assert limit.meet("agents", 7200) == pytest.approx(7200)
    assert limit.held("agents")
    assert not limit.held("invitations")


async def test_those_who_look_at_once_share_it(simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    agents = entry.runtime_data.agents
    agents._polled_at -= 10
    simulator.requests.clear()
    await asyncio.gather(*(agents.async_refresh_if_stale() for _ in range(5)))
    assert simulator.count("agents/list") == 1


async def test_during_a_pause_nobody_looks(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """A command goes out, and what is known has to do."""
    entry = await set_up()
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/list")
    await pass_time(hass)
    simulator.requests.clear()
    await entry.runtime_data.agents.async_refresh_if_stale()
    assert simulator.count() == 0


async def test_two_accounts_with_the_same_computers(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Each has devices and entities of its own, and leaves the other's alone."""
    entry = await set_up()
    other = MockConfigEntry(domain=DOMAIN, title="Other", unique_id="account_2", data=entry.data, options={"search": "e"})
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    first, second = device_of(hass, entry, 1), device_of(hass, other, 1)
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert account.agents.keys() == set(entry.runtime_data.agents.data)
    await hass.config_entries.async_remove(other.entry_id)
    assert device_of(hass, entry, 1) is not None
    assert simulator.count("agents/list") == 2


async def test_set_up_does_not_wait_for_hardware(hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator) -> None:
    simulator.fail(Fault.HANG, "agents/info")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert state_of(hass, entry, 1, "online").state in ("on", "off")
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_unloading_leaves_nothing_behind(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    for _ in range(3):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    agents = entry.runtime_data.agents
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not agents._listeners
    simulator.requests.clear()
    await pass_time(hass, 4000)
    assert simulator.count() == 0


async def test_restarting_does_not_touch_the_registries(hass: HomeAssistant, set_up: SetUp) -> None:
    """What an earlier start knew of a computer stays until it is known better."""
    entry = await set_up()
    devices: list[Event[dr.EventDeviceRegistryUpdatedData]] = async_capture_events(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED)
    entities = async_capture_events(hass, er.EVENT_ENTITY_REGISTRY_UPDATED)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert devices == []
    assert entities == []


async def test_a_server_that_says_how_long_it_is_out_of_order(hass: HomeAssistant, set_up: SetUp) -> None:
    """It is left alone for so long, and no longer than that."""
    entry = await set_up(hardware_interval=0)
    limit = entry.runtime_data.store.limit
    with patch.object(hass.loop, "time", return_value=hass.loop.time()):
        assert limit.defer("agents", 30) == 60
        assert limit.defer("invitations", 600) == 600
        assert limit.defer("agents", 300) == 300
        assert limit._pause.remaining == pytest.approx(600)
    assert limit.held("agents")
    assert ir.async_get(hass).issues == {}
    await pass_time(hass, 601)
    assert not limit.held("agents")
    await hass.config_entries.async_unload(entry.entry_id)
    assert limit.defer("agents", 600) == 600
    assert not limit.held("agents")


@pytest.mark.usefixtures("all_entities")
async def test_a_change_while_a_poll_is_under_way(hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer of the poll may be older than what the command told; a device that was logged out does not come back with it either."""
    entry = await set_up()
    agents = entry.runtime_data.agents
    list_agents, answered, go = agents.client.list_agents, asyncio.Event(), asyncio.Event()

    async def late(*args: Any, **kwargs: Any) -> AgentList:
        answer: AgentList = await list_agents(*args, **kwargs)
        # It does not match the filter any longer.
        del answer.agents[1]
        answered.set()
        await go.wait()
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(agents.client, "list_agents", late)
        poll = asyncio.create_task(agents.async_refresh())
        await answered.wait()
        for agent_id in (1, 2):
            await agents.async_update_device(agent_id, name="New name")
        await agents.async_logout(3)
        go.set()
        await poll
    await hass.async_block_till_done()
    device = device_of(hass, entry, 2)
    assert device is not None
    assert device.name == agents.data[2].name == "New name"
    assert agents.data.keys() == {2}
    assert device_of(hass, entry, 1) is device_of(hass, entry, 3) is None


async def test_a_title_is_the_name_of_the_accounts_device(hass: HomeAssistant, set_up: SetUp) -> None:
    """It follows at once, without a reload."""
    entry = await set_up()
    hass.config_entries.async_update_entry(entry, title="Office")
    await hass.async_block_till_done()
    assert account_device(hass, entry).name == "Office"


async def test_a_list_that_is_too_long(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Computers that are known stay, new ones find no room, and one warning says so, however often the list changes."""
    for module in (agents, api_client):
        monkeypatch.setattr(module, "MOST_AGENTS", 3)
    entry = await set_up(hardware_interval=0)
    for round_number in range(1, 4):
        account.agents.clear()
        for number in range(4):
            account.add_agent(f"New {number}", id=100 * round_number + number)
        await pass_time(hass)
        devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        assert len(devices) == 1 + 3
        assert [state_of(hass, entry, agent_id, "online").state for agent_id in (1, 2, 3)] == [STATE_UNKNOWN] * 3
    warnings = [record.getMessage() for record in caplog.records if record.name == "custom_components.getscreen" and record.levelno > 20]
    assert [message for message in warnings if "computers" in message] == [
        "owner@example.com has 4 computers, of which only 3 are in Home Assistant. Share them out over several entries, each with a filter"
    ]


async def test_a_list_of_invitations_that_is_too_long(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest are followed, the oldest is not, also where an answer is garbled."""
    monkeypatch.setattr(invitations, "MOST_INVITATIONS", 2)
    entry = await set_up()
    assert account_state(hass, entry, "open_invitations").state == "2"
    account.invite("Nora")
    await pass_time(hass)
    assert account_state(hass, entry, "open_invitations").state == "2"
    assert account_state(hass, entry, "invitation", "event").attributes["client_name"] == "Nora"
