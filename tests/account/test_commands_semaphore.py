"""The semaphore of commands: how many an account sends at the same time."""

import asyncio

from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import act, commanded, device_id_of, entity_id_of, until


class Crowd:
    """Counts the commands that the simulator is answering at the same time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.most = 0
        failure = Simulator.failure

        async def counted(simulator: Simulator, method: str, request: web.Request) -> web.StreamResponse | None:
            if method == "agents/list":
                return await failure(simulator, method, request)
            self.now += 1
            self.most = max(self.most, self.now)
            try:
                return await failure(simulator, method, request)
            finally:
                self.now -= 1

        monkeypatch.setattr(Simulator, "failure", counted)


async def test_commands_are_sent_concurrently(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Of more than thirty slow commands, ten are sent at once."""
    for number in range(30):
        simulator.account.add_agent(f"PC {number}", disabled=False)
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in simulator.account.agents]
    with simulator.hold("agents/wake"):
        call = asyncio.create_task(act(hass, "wake", device_id=devices))
        await until(lambda: simulator.count("agents/wake") >= 10)
        # An eleventh command would have arrived before this poll is answered.
        await entry.runtime_data.agents.async_refresh()
        assert simulator.count("agents/wake") == 10
    await call
    assert commanded(simulator, "wake") == sorted(simulator.account.agents)


async def test_ten_commands_at_a_time(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, all_entities: None
) -> None:
    """Buttons, switches, `update_entity` and actions together; the poll does not wait for them."""
    for number in range(27):
        account.add_agent(f"PC {number}", disabled=False)
    account.remain = 100
    for agent in account.agents.values():
        agent.disabled, agent.online = False, True
    entry = await set_up(invitations=False)
    agent_ids = list(account.agents)
    entities = {key: [entity_id_of(hass, entry, agent_id, key) for agent_id in agent_ids] for key in ("wake", "permanent_link", "cpu")}
    assert await async_setup_component(hass, "homeassistant", {})
    crowd = Crowd(monkeypatch)
    simulator.requests.clear()
    held = ("agents/wake", "agents/reboot", "agents/info", "devices/update", "support/create", "agents/connect")
    with simulator.hold(*held):
        calls = asyncio.gather(
            hass.services.async_call("button", "press", {"entity_id": entities["wake"]}, blocking=True),
            hass.services.async_call("switch", "turn_on", {"entity_id": entities["permanent_link"]}, blocking=True),
            hass.services.async_call("homeassistant", "update_entity", {"entity_id": entities["cpu"]}, blocking=True),
            act(hass, "reboot", device_id=[device_id_of(hass, entry, agent_id) for agent_id in agent_ids]),
            act(hass, "refresh_hardware", device_id=[device_id_of(hass, entry, agent_id) for agent_id in agent_ids]),
            *(act(hass, "create_invitation") for _ in range(30)),
            *(act(hass, "get_connection_link", response=True, device_id=device_id_of(hass, entry, 1)) for _ in range(30)),
        )
        await until(lambda: simulator.count() == 10)
        await entry.runtime_data.agents.async_refresh()
        assert simulator.count("agents/list") == 1
        assert simulator.count() == 11
    await calls
    assert crowd.most == 10
    assert commanded(simulator, "wake") == commanded(simulator, "reboot") == agent_ids
    assert [simulator.count(method) for method in ("devices/update", "support/create", "agents/connect")] == [30, 30, 30]


async def test_each_account_has_its_own_limit(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    for number in range(27):
        account.add_agent(f"PC {number}", disabled=False)
    entry = await set_up()
    other_account = Account(devices=3, seed=2)
    for number in range(27):
        other_account.add_agent(f"PC {number}", disabled=False)
    async with Simulator(other_account, key="b-key") as other_simulator:
        other = MockConfigEntry(domain=DOMAIN, title="b", unique_id="b", data={"api_key": "b-key", "url": other_simulator.url})
        other.add_to_hass(hass)
        assert await hass.config_entries.async_setup(other.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        devices = [device_id_of(hass, each, agent_id) for each, of in ((entry, account), (other, other_account)) for agent_id in of.agents]
        with simulator.hold("agents/wake"), other_simulator.hold("agents/wake"):
            call = asyncio.create_task(act(hass, "wake", device_id=devices))
            await until(lambda: simulator.count("agents/wake") == other_simulator.count("agents/wake") == 10)
        await call
        assert await hass.config_entries.async_unload(other.entry_id)


async def test_cancelling_queued_commands(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """A cancelled command is not sent, and another one takes its place."""
    for number in range(27):
        account.add_agent(f"PC {number}", disabled=False)
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in account.agents]
    with simulator.hold("agents/wake"):
        call = asyncio.create_task(act(hass, "wake", device_id=devices))
        await until(lambda: simulator.count("agents/wake") == 10)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    await act(hass, "reboot", device_id=devices[0])
    assert simulator.count("agents/wake") == 10
    assert commanded(simulator, "reboot") == [1]
