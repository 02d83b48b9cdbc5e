"""Listeners of hundreds of computers are notified in portions, and all of them are."""

import asyncio

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
import pytest

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import pass_time, registered, state_of


@pytest.mark.parametrize("account", [Account(devices=300)], ids=["300 devices"])
async def test_hundreds_of_entities_follow_an_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The entities are notified in batches until all are."""
    entry = await set_up(hardware_interval=0)
    online = [entity.entity_id for entity in registered(hass, entry) if entity.translation_key == "online"]
    assert len(online) == 300
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert {state.state for entity_id in online if (state := hass.states.get(entity_id))} == {STATE_UNAVAILABLE}
    simulator.heal()
    for agent in simulator.account.agents.values():
        agent.online = not agent.online
    await pass_time(hass)
    for agent in simulator.account.agents.values():
        assert state_of(hass, entry, agent.id, "online").state == ("on" if agent.online else "off")


@pytest.mark.parametrize("account", [Account(devices=300)], ids=["300 devices"])
async def test_an_outage_that_ends_while_entities_are_notified(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up(hardware_interval=0)
    agents = entry.runtime_data.agents
    simulator.fail(Fault.SERVER_ERROR)
    refresh = asyncio.create_task(agents.async_refresh())
    while agents.last_update_success:  # noqa: ASYNC110 - no event says that it has just failed
        await asyncio.sleep(0)
    simulator.heal()
    simulator.account.agents[300].online = not simulator.account.agents[300].online
    await refresh
    await agents.async_refresh()
    await hass.async_block_till_done()
    states = [state_of(hass, entry, agent.id, "online").state for agent in simulator.account.agents.values()]
    assert states == ["on" if agent.online else "off" for agent in simulator.account.agents.values()]


async def test_a_failing_listener_does_not_affect_others(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await set_up()
    notified: list[int] = []

    def fail() -> None:
        remove_another()
        raise RuntimeError("broken")

    entry.runtime_data.agents.async_add_listener(fail, 1)
    remove_another = entry.runtime_data.agents.async_add_listener(lambda: notified.append(1), 1)
    entry.runtime_data.agents.async_add_listener(lambda: notified.append(2), 1)
    simulator.account.agents[1].name = "Renamed"
    await pass_time(hass)
    assert notified == [2]
    assert "RuntimeError: broken" in caplog.text
