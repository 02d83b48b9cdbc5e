"""Strange servers: the same computers twice, a new key under load, and slow answers."""

import asyncio
from datetime import timedelta
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.getscreen.api import GetscreenClient
from custom_components.getscreen.const import DOMAIN
from simulator import Account

from ..helpers import act, commanded, device_id_of, device_of, pass_time, state_of, until
from .steps import WatchedSimulator, registrations


@pytest.mark.parametrize("servers", [1, 2])
async def test_two_accounts_with_the_same_ids(hass: HomeAssistant, account: Account, entry: MockConfigEntry, servers: int) -> None:
    """Each command goes to one of the accounts once, and removing one account does not affect the other."""
    other_account = account if servers == 1 else Account(devices=3, seed=2)
    other_account.agents[3].online = account.agents[3].online = False
    async with WatchedSimulator(account, "first-key", "second-key") as one, WatchedSimulator(other_account, "second-key") as two:
        second = one if servers == 1 else two
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, data={CONF_API_KEY: "first-key", CONF_URL: one.url})
        other = MockConfigEntry(
            domain=DOMAIN, title="Other", unique_id="account_2", data={CONF_API_KEY: "second-key", CONF_URL: second.url}
        )
        other.add_to_hass(hass)
        for each in (entry, other):
            if each.state is ConfigEntryState.NOT_LOADED:
                assert await hass.config_entries.async_setup(each.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert [each.state for each in (entry, other)] == [ConfigEntryState.LOADED] * 2
        assert not registrations(hass, entry).keys() & registrations(hass, other).keys()
        devices = [device_id_of(hass, each, 3) for each in (entry, other)]
        assert len(set(devices)) == 2
        for simulator in (one, two):
            simulator.requests.clear()
            simulator.keys.clear()
        await act(hass, "wake", device_id=devices[1])
        assert [request.method for request in second.requests] == ["agents/wake"]
        assert second.keys == ["second-key"]
        assert servers == 1 or one.count() == 0
        await act(hass, "wake", device_id=devices)
        assert [request.method for request in one.requests + two.requests].count("agents/wake") == 3
        assert sorted(one.keys + two.keys) == ["first-key", "second-key", "second-key"]
        await act(hass, "logout", device_id=device_id_of(hass, other, 2), confirm=True)
        assert device_of(hass, other, 2) is None
        assert device_of(hass, entry, 2) is not None
        await hass.config_entries.async_remove(other.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await pass_time(hass)
        assert device_of(hass, entry, 3) is not None
        assert state_of(hass, entry, 3, "online").state == STATE_ON
        assert account.agents.keys() == ({1, 3} if servers == 1 else {1, 2, 3})
        assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
@pytest.mark.parametrize("refused", [True, False], ids=["the old key is refused", "both keys are good"])
async def test_a_new_key_under_load(hass: HomeAssistant, account: Account, entry: MockConfigEntry, flow: str, refused: bool) -> None:
    """Commands in flight end with a result or an error, no command is sent twice, and the old key is not used any more."""
    for number in range(12):
        account.add_agent(f"PC {number}", online=False)
    account.agents[15].hardware = None  # the computer never wakes up
    async with WatchedSimulator(account, "old-key", "new-key") as simulator:
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, data={CONF_API_KEY: "old-key", CONF_URL: simulator.url})
        # A long timeout, because passing time would end the requests in flight.
        with patch.dict(GetscreenClient.__init__.__kwdefaults__, timeout=100_000):
            assert await hass.config_entries.async_setup(entry.entry_id)
            simulator.gate.clear()
            devices = {agent_id: device_id_of(hass, entry, agent_id) for agent_id in range(4, 16)}
            result = await (entry.start_reauth_flow(hass) if flow == "reauth" else entry.start_reconfigure_flow(hass))
            calls = [act(hass, "wake", device_id=devices[agent_id]) for agent_id in range(4, 15)]
            calls.append(act(hass, "wake", device_id=devices[15], wait={"minutes": 10}))
            commands = dict(zip(devices, map(asyncio.ensure_future, calls), strict=True))
            await simulator.holds_up("agents/wake", "agents/info")
            async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
            await simulator.holds_up("agents/list")
            assert not any(command.done() for command in commands.values())
            if refused:
                simulator.accepted = {"new-key"}
            given = {CONF_API_KEY: "new-key"} if flow == "reauth" else {CONF_API_KEY: "new-key", CONF_URL: simulator.url}
            configuring = asyncio.ensure_future(hass.config_entries.flow.async_configure(result["flow_id"], given))
            # The new key is tried while requests with the old one are in flight.
            await until(lambda: simulator.under_way["agents/list"] == 2)
            simulator.gate.set()
            result = await configuring
            assert result["reason"] == f"{flow}_successful"
            await hass.async_block_till_done(wait_background_tasks=True)
            ends = dict(zip(commands, await asyncio.gather(*commands.values(), return_exceptions=True), strict=True))
        assert isinstance(ends[15], HomeAssistantError)
        for agent_id, end in ends.items():
            assert end is None or isinstance(end, HomeAssistantError), agent_id
            if end is None:
                assert account.agents[agent_id].online == account.agents[agent_id].wakeable, agent_id
        sent = commanded(simulator, "wake")
        assert len(set(sent)) == len(sent)
        assert set(sent) >= {agent_id for agent_id, end in ends.items() if end is None}
        assert entry.state is ConfigEntryState.LOADED
        assert not [each for each in hass.config_entries.flow.async_progress() if each["context"].get("source") != "reauth"]
        simulator.keys.clear()
        await act(hass, "wake", device_id=devices[4])
        for _ in range(2):
            await pass_time(hass, 1000)
        assert set(simulator.keys) == {"new-key"}
        assert entry.data[CONF_API_KEY] == "new-key"
        assert state_of(hass, entry, 1, "online").state == STATE_ON
        assert "cpu" in state_of(hass, entry, 1, "online").attributes
        assert not hass.config_entries.flow.async_progress()
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_answers_slower_than_the_interval(hass: HomeAssistant, account: Account, entry: MockConfigEntry) -> None:
    """The next poll begins when the one before has ended, and missed polls are not made up for."""
    async with WatchedSimulator(account, "a-key") as simulator:
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, data={CONF_API_KEY: "a-key", CONF_URL: simulator.url}, options={"scan_interval": 30})
        with patch.dict(GetscreenClient.__init__.__kwdefaults__, timeout=100_000):
            assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        for agent in account.agents.values():
            agent.online = False
        for _ in range(3):
            simulator.requests.clear()
            simulator.gate.clear()
            async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=31))
            await simulator.holds_up("agents/list")
            for seconds in range(31, 400, 31):
                # Many intervals pass during one request.
                async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
                await asyncio.sleep(0)
            assert simulator.count() == 1
            simulator.gate.set()
            await hass.async_block_till_done(wait_background_tasks=True)
            assert [request.method for request in simulator.requests] == ["agents/list", "support/list"]
        assert simulator.most_under_way["agents/list"] == simulator.most_under_way["support/list"] == 1
        assert state_of(hass, entry, 1, "online").state == STATE_OFF
        assert await hass.config_entries.async_unload(entry.entry_id)
