"""Commands: their effect on devices, and the effect of rejections."""

import asyncio

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import orjson
import pytest

from simulator import Account, Fault, Simulator

from ..answers import change_answer
from ..conftest import SetUp
from ..helpers import act, commanded, device_id_of, device_of, entity_id_of, pass_time, state_of, until

LIST = "agents/list"


async def test_logging_out_during_an_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Only the device of the logged-out computer is removed."""
    entry = await set_up()
    await hass.config_entries.async_unload(entry.entry_id)
    simulator.fail(Fault.WRONG_ITEMS, LIST)
    await hass.config_entries.async_setup(entry.entry_id)
    await act(hass, "logout", device_id=device_id_of(hass, entry, 1), confirm=True)
    assert [device_of(hass, entry, agent_id) is None for agent_id in (1, 2, 3)] == [True, False, False]


async def test_logging_out_a_computer_without_a_device(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    dr.async_get(hass).async_remove_device(device.id)
    await entry.runtime_data.commands.async_logout(1)
    assert account.agents.keys() == {2, 3}


async def test_a_rejected_command_polls_the_list(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """A command of the user also detects a revoked key: the following poll shows whether the key is rejected."""
    entry = await set_up()
    simulator.key = "another"
    for count in (1, 2):
        with pytest.raises(HomeAssistantError):
            await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
        assert len(hass.config_entries.flow.async_progress()) == count - 1


async def test_a_successful_command_ends_the_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The server accepts the key, so the list is polled at once."""
    entry = await set_up()
    simulator.fail(Fault.FORBIDDEN, LIST, times=1)
    await pass_time(hass)
    await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert commanded(simulator, "wake") == [1]
    assert state_of(hass, entry, 1, "online").state != STATE_UNAVAILABLE


async def test_commands_during_a_poll(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The poll's answer is older than the commands: a new name stays, and a computer that was logged out does not come back."""
    answers: list[bytes] = []

    def stale(answer: bytes) -> bytes:
        answers.append(answer)
        payload = orjson.loads(answers[0])
        if len(answers) > 1:
            # Under its new name, this computer no longer matches the filter.
            payload["data"] = [record for record in payload["data"] if record["id"] != 1]
        return orjson.dumps(payload)

    change_answer(monkeypatch, LIST, stale)
    entry = await set_up(hardware_interval=0)
    devices = {agent_id: device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)}
    online = entity_id_of(hass, entry, 3, "online")
    with simulator.hold(LIST):
        poll = asyncio.create_task(entry.runtime_data.agents.async_refresh())
        await until(lambda: simulator.count(LIST) == 2)
        for agent_id in (1, 2):
            await act(hass, "update_device", device_id=devices[agent_id], name="New name")
        await act(hass, "logout", device_id=devices[3], confirm=True)
    await poll
    await hass.async_block_till_done(wait_background_tasks=True)
    assert simulator.count(LIST) == len(answers) == 2
    assert account.agents.keys() == {1, 2}
    device = device_of(hass, entry, 2)
    assert device is not None
    assert device.name == "New name"
    assert device_of(hass, entry, 1) is device_of(hass, entry, 3) is None
    assert hass.states.get(online) is None
