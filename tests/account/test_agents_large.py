"""Polls of hundreds of computers."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest

from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import device_of


@pytest.mark.parametrize("account", [Account(devices=400)], ids=["400 devices"])
async def test_large_answers_are_read_in_another_thread(set_up: SetUp) -> None:
    """And come out the same."""
    entry = await set_up(hardware_interval=0)
    agents = entry.runtime_data.agents
    threads = []
    to_thread = asyncio.to_thread

    async def noted(function: Any, *args: Any) -> Any:
        threads.append(function)
        return await to_thread(function, *args)

    with patch("asyncio.to_thread", noted):
        before = agents.data
        await agents.async_refresh()
    assert len(threads) == 2  # JSON, then the agents in it
    assert list(agents.data) == list(range(1, 401))
    assert all(agents.data[agent_id] is agent for agent_id, agent in before.items())


@pytest.mark.parametrize("account", [Account(devices=120)], ids=["120 devices"])
async def test_a_logout_while_an_answer_is_processed(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up(hardware_interval=0)
    agents = entry.runtime_data.agents
    for agent in simulator.account.agents.values():
        agent.name += "!"
    refresh = asyncio.create_task(agents.async_refresh())
    while (device := device_of(hass, entry, 1)) is None or device.name != simulator.account.agents[1].name:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await entry.runtime_data.commands.async_logout(120)
    await refresh
    await hass.async_block_till_done()
    assert 120 not in agents.data
    assert device_of(hass, entry, 120) is None
