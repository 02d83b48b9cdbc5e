"""Polls of the list of agents: conclusions from answers, and polls that share a request."""

import asyncio

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import orjson
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.getscreen.account import agents
from custom_components.getscreen.api import client as api_client
from simulator import Account, Fault, Simulator

from ..answers import change_answer
from ..conftest import SetUp
from ..helpers import act, commanded, device_id_of, device_of, pass_time, state_of, until


async def test_a_poll_is_one_request(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Hardware is read once after set-up. After that, only the list is polled, and the state follows it."""
    entry = await set_up(invitations=False)
    assert simulator.count("agents/info") == 3
    simulator.requests.clear()
    agent = simulator.account.agents[1]
    for online in (False, True):
        agent.online = online
        await pass_time(hass)
        assert state_of(hass, entry, 1, "online").state == ("on" if online else "off")
    assert [(request.method, request.verb, request.parameters) for request in simulator.requests] == [("agents/list", "GET", {})] * 2


async def test_an_account_that_is_suddenly_empty(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """One empty answer proves nothing; a second one in a row does."""
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
    """An empty answer after a start removes no device that was there before, either."""
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
    """A computer that is missing from an answer with unreadable records may be one of them: its device stays, and its state is unknown."""
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
    """The user can remove the device of a computer that may be the unreadable record, but not that of a computer in the answer."""

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
    # The computer was in the account all the time.
    account.agents[2] = agent
    await pass_time(hass)
    assert state_of(hass, entry, 2, "online").state == ("on" if agent.online else "off")


async def test_an_unreadable_answer_is_not_taken_as_empty(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """An empty answer after an unreadable one counts as the first empty one."""
    entry = await set_up()
    simulator.fail(Fault.WRONG_ITEMS, "agents/list")
    await pass_time(hass)
    simulator.heal()
    simulator.account.agents.clear()
    await pass_time(hass)
    assert device_of(hass, entry, 1) is not None
    await pass_time(hass)
    assert device_of(hass, entry, 1) is None


async def test_a_list_that_is_too_long(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Known computers stay and new ones are ignored. One warning is logged, however often the list changes."""
    for module in (agents, api_client):
        monkeypatch.setattr(module, "MAX_AGENTS", 3)
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
        (
            "owner@example.com has 4 computers, but an entry can have only 3. "
            "Distribute them over several config entries, each with its own filter"
        )
    ]


async def test_a_poll_that_is_answered_after_the_account_was_reloaded(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    """The answer may belong to another filter, so no device is removed."""
    entry = await set_up(hardware_interval=0)
    agents = entry.runtime_data.agents
    with simulator.hold("agents/list"):
        poll = asyncio.create_task(agents.async_refresh())
        await until(lambda: simulator.count("agents/list") == 2)
        await hass.config_entries.async_unload(entry.entry_id)
        account.remove_agent(1)
    await poll
    assert device_of(hass, entry, 1) is not None


WAIT = {"minutes": 5}


async def test_a_fresh_poll_is_not_repeated(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """An action that waits for a computer that is online polls only if the last poll is more than five seconds old."""
    entry = await set_up()
    for seconds, methods in ((4, ["agents/wake"]), (2, ["agents/wake", "agents/list", "support/list"]), (1, ["agents/wake"])):
        freezer.tick(seconds)
        simulator.requests.clear()
        response = await act(hass, "wake", response=True, device_id=device_id_of(hass, entry, 1), wait=WAIT)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert response["devices"][0]["online"] is True
        assert [request.method for request in simulator.requests] == methods


async def test_actions_share_a_poll(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    entry = await set_up(invitations=False)
    device_id = device_id_of(hass, entry, 1)
    freezer.tick(10)
    simulator.requests.clear()
    with simulator.hold("agents/list"):
        calls = asyncio.gather(*(act(hass, "wake", device_id=device_id, wait=WAIT) for _ in range(5)))
        await until(lambda: simulator.count() == 6)
    await calls
    assert commanded(simulator, "wake") == [1] * 5
    assert simulator.count("agents/list") == 1


async def test_cancelling_an_action_does_not_cancel_its_poll(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """An automation may be restarted while its action polls; other actions may wait for the same poll."""
    entry = await set_up(invitations=False)
    device_id = device_id_of(hass, entry, 1)
    freezer.tick(10)
    simulator.requests.clear()
    with simulator.hold("agents/list"):
        calls = [asyncio.create_task(act(hass, "wake", device_id=device_id, wait=WAIT)) for _ in range(2)]
        await until(lambda: simulator.count() == 3)
        calls[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await calls[0]
    await calls[1]
    assert simulator.count("agents/list") == 1
    assert state_of(hass, entry, 1, "online").state == "on"
