"""The actions that wait: until a computer is online, or back after a reboot."""

import asyncio
from unittest.mock import Mock, patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import act, commanded, device_id_of, pass_time, state_of, until

WAIT = {"minutes": 5}


async def test_wait_until_awake(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    now = 1000.0
    with patch("custom_components.getscreen.actions.computers.time", Mock(monotonic=lambda: now)):
        call = asyncio.create_task(act(hass, "wake", response=True, device_id=device_id_of(hass, entry, 3), wait=WAIT))
        await until(lambda: entry.runtime_data.agents.is_boosted)
        await pass_time(hass, 12)
        assert not call.done()
        now = 1012.34
        account.come(account.agents[3])
        await pass_time(hass, 12)
        response = await call
    assert response["devices"] == [
        {
            "device_id": device_id_of(hass, entry, 3),
            "agent_id": 3,
            "name": account.agents[3].name,
            "online": True,
            "seconds": 12.3,
        }
    ]
    assert state_of(hass, entry, 3, "online").state == "on"


async def test_a_computer_that_is_online_is_not_waited_for(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    response = await act(hass, "wake", response=True, device_id=device_id_of(hass, entry, 1), wait={"seconds": 10})
    assert response["devices"][0]["online"] is True


async def test_wait_until_rebooted(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A computer has to go offline before it counts as being back."""
    entry = await set_up()
    account.reboot_seconds = (3600, 7200)
    call = asyncio.create_task(act(hass, "reboot", response=True, device_id=device_id_of(hass, entry, 1), wait=WAIT))
    await until(lambda: entry.runtime_data.agents.is_boosted)
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "on"
    assert not call.done()
    account.go(account.agents[1])
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "off"
    assert not call.done()
    account.come(account.agents[1])
    await pass_time(hass, 12)
    response = await call
    assert response["devices"][0]["online"] is True


async def test_waiting_for_some_does_not_delay_others(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    account.wake_seconds = 3600
    for number in range(30):
        account.add_agent(f"PC {number}", online=False)
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in account.agents]
    call = asyncio.create_task(act(hass, "wake", device_id=devices, wait=WAIT))
    await until(lambda: commanded(simulator, "wake") == sorted(account.agents))
    assert not call.done()
    call.cancel()


@pytest.mark.parametrize("end", ["reload", "unload", "log out"])
async def test_waiting_ends_with_the_awaited_state(hass: HomeAssistant, account: Account, set_up: SetUp, end: str) -> None:
    """The action fails at once when the account is unloaded or the computer leaves it, because no more polls follow."""
    entry = await set_up()
    account.wake_seconds = 3600
    call = asyncio.create_task(act(hass, "wake", device_id=device_id_of(hass, entry, 3), wait=WAIT))
    await until(lambda: entry.runtime_data.agents.is_boosted)
    if end == "reload":
        await hass.config_entries.async_reload(entry.entry_id)
    elif end == "unload":
        await hass.config_entries.async_unload(entry.entry_id)
    else:
        account.remove_agent(3)
        await pass_time(hass, 12)
    with pytest.raises(HomeAssistantError) as error:
        await call
    assert error.value.translation_key == "wait_interrupted"


async def test_an_unknown_state_is_neither_online_nor_offline(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    """An unreadable answer in mid-reboot does not count as having been offline."""
    entry = await set_up()
    account.reboot_seconds = (3600, 3600)
    call = asyncio.create_task(act(hass, "reboot", device_id=device_id_of(hass, entry, 1), wait=WAIT))
    await until(lambda: entry.runtime_data.agents.is_boosted)
    simulator.fail(Fault.WRONG_ITEMS, "agents/list", times=1)
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "unknown"
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "on"
    assert not call.done()
    call.cancel()
