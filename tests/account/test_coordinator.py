"""Common behavior of all polls: intervals, pauses and the end."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest

from simulator import Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_state, act, device_id_of, entity_id_of, pass_time

LIST = "agents/list"


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
async def test_retry_after_zero(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault) -> None:
    """A server that says "now" is polled no more often than one that works."""
    await set_up()
    simulator.fail(fault, retry_after=0)
    await pass_time(hass)
    simulator.requests.clear()
    await pass_time(hass, 50)
    assert simulator.count() == 0
    await pass_time(hass, 62)
    assert simulator.count() == 1


async def test_nothing_polls_after_unloading(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    for _ in range(3):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    agents = entry.runtime_data.agents
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not [*agents.async_contexts()]
    simulator.requests.clear()
    await pass_time(hass, 4000)
    assert simulator.count() == 0


async def test_nothing_polls_during_a_pause(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """No poll follows a rejected command, a wait for an online computer, a changed computer or an updated entity."""
    entry = await set_up()
    await async_setup_component(hass, "homeassistant", {})
    simulator.fail(Fault.PAYMENT_REQUIRED, LIST, retry_after=3600)
    await pass_time(hass)
    assert simulator.count(LIST) == 2
    # The last poll is not fresh any more.
    freezer.tick(10)
    simulator.refuse(1)
    with pytest.raises(HomeAssistantError):
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert await act(hass, "wake", response=True, device_id=device_id_of(hass, entry, 2), wait={"minutes": 5})
    await act(hass, "update_device", device_id=device_id_of(hass, entry, 2), name="Renamed")
    for entity_id in (entity_id_of(hass, entry, 3, "online"), account_state(hass, entry, "devices").entity_id):
        await hass.services.async_call("homeassistant", "update_entity", {"entity_id": entity_id}, blocking=True)
    await pass_time(hass, 20)
    assert simulator.count(LIST) == 2


async def test_an_unchanged_answer_calls_no_listener(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Otherwise each poll would cost as much as the entities that listen."""
    simulator.account.invite("Nora")
    invitations = (await set_up()).runtime_data.invitations
    assert invitations
    await invitations.async_refresh()
    calls: list[int] = []
    invitations.async_add_listener(lambda: calls.append(1))
    await invitations.async_refresh()
    assert calls == []
    simulator.account.invite("Henrik")
    await invitations.async_refresh()
    assert calls == [1]
