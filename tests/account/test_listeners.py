"""Telling thousands of listeners, a portion at a time."""

from functools import partial

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.listeners import AgentListeners


async def test_told_again_while_others_wait_for_their_turn(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Nobody who waits is told twice, and a second change joins the telling that is under way."""
    listeners = AgentListeners(hass, entry)
    told: list[int] = []
    for agent_id in range(1000):
        listeners.async_add(agent_id, partial(told.append, agent_id))
    listeners.async_notify_agents(range(600))
    assert told == list(range(250))
    listeners.async_notify_agents(range(400, 1000))
    # It is not yet the turn of those.
    assert told == list(range(250))
    await hass.async_block_till_done()
    assert sorted(told) == list(range(1000))


async def test_one_that_leaves_before_its_turn_is_not_told(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    listeners = AgentListeners(hass, entry)
    told: list[int] = []
    leave = [listeners.async_add(agent_id, partial(told.append, agent_id)) for agent_id in range(300)]
    listeners.async_notify_agents(range(300))
    leave[299]()
    await hass.async_block_till_done()
    assert told == list(range(299))
