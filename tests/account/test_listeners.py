"""Listeners are notified of the changes of their own agent, a portion at a time."""

from functools import partial

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.listeners import AgentListeners
from simulator import Fault, Simulator

from ..conftest import SetUp
from ..helpers import pass_time


async def test_only_entities_of_changed_agents_are_notified(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """A new `last_seen` within a quarter of an hour is no change, and a change of one agent concerns its entities alone."""
    first = simulator.account.agents[1]
    first.last_time -= (first.last_time + first.id) % 900  # where a quarter of an hour begins
    entry = await set_up()
    agents = entry.runtime_data.agents
    notified: list[int | None] = []
    for agent_id in (None, 1, 2, 3):
        entry.async_on_unload(agents.async_add_listener(lambda agent_id=agent_id: notified.append(agent_id), agent_id))
    seen = agents.data[1].last_seen
    simulator.account.agents[1].last_time += 60
    await pass_time(hass)
    assert notified == []
    assert agents.data[1].last_seen != seen
    before = dict(agents.data)
    simulator.account.agents[2].name = "Renamed"
    await pass_time(hass)
    assert notified == [None, 2]
    assert agents.data[1] is before[1]
    assert agents.data[2] is not before[2]
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert notified == [None, 2, None, 1, 2, 3]


async def test_notified_again_while_others_wait(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """No listener is notified twice, and a second change joins the notification that is under way."""
    listeners = AgentListeners(hass, entry)
    notified: list[int] = []
    for agent_id in range(1000):
        listeners.async_add(agent_id, partial(notified.append, agent_id))
    listeners.async_notify_agents(range(600))
    assert notified == list(range(250))
    listeners.async_notify_agents(range(400, 1000))
    # Those wait for their portion.
    assert notified == list(range(250))
    await hass.async_block_till_done()
    assert sorted(notified) == list(range(1000))


async def test_one_that_leaves_before_its_turn_is_not_notified(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    listeners = AgentListeners(hass, entry)
    notified: list[int] = []
    leave = [listeners.async_add(agent_id, partial(notified.append, agent_id)) for agent_id in range(300)]
    listeners.async_notify_agents(range(300))
    leave[299]()
    await hass.async_block_till_done()
    assert notified == list(range(299))
