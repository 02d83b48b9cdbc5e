"""Quick polls and waiting, after a command that brings computers online."""

import asyncio

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import act, commanded, device_id_of, pass_time, state_of, until

WAIT = {"minutes": 5}


async def test_stopping_ends_all_waiting(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Home Assistant stops at once, whether an action waits already or begins to."""
    account.wake_seconds = 3600
    entry = await set_up()
    device_id = device_id_of(hass, entry, 3)
    call = asyncio.create_task(act(hass, "wake", device_id=device_id, wait=3600))
    await until(lambda: entry.runtime_data.agents.is_boosted)
    errors: list[str | None] = []

    async def wait_late(_event: Event) -> None:
        for waiting in (call, act(hass, "wake", device_id=device_id, wait=3600)):
            with pytest.raises(HomeAssistantError) as error:
                await waiting
            errors.append(error.value.translation_key)

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, wait_late)
    await hass.async_stop(force=True)
    assert errors == ["wait_interrupted"] * 2


@pytest.mark.parametrize(("reached", "key"), [([1, 2, 3], "several_failed"), ([3], "wait_timeout")], ids=["several", "one"])
async def test_waiting_times_out(
    hass: HomeAssistant,
    account: Account,
    simulator: Simulator,
    set_up: SetUp,
    freezer: FrozenDateTimeFactory,
    reached: list[int],
    key: str,
) -> None:
    """The error names all computers that stay offline, and not the one that is online."""
    account.agents[2].online = False
    account.wake_seconds = 3600
    entry = await set_up(invitations=False)
    devices = [device_id_of(hass, entry, agent_id) for agent_id in reached]
    call = asyncio.create_task(act(hass, "wake", device_id=devices, wait=200))
    await until(lambda: commanded(simulator, "wake") == reached)
    for _ in range(200 // 12 + 5):
        freezer.tick(12)
        await pass_time(hass, 0)
    with pytest.raises(HomeAssistantError) as error:
        await call
    assert error.value.translation_key == key
    for agent_id in {*reached} - {1}:
        assert f"{account.agents[agent_id].name} did not come online within 200 seconds" in str(error.value)
    assert "Reception PC" not in str(error.value)
    assert commanded(simulator, "wake") == reached


async def test_another_command_does_not_delay_the_poll(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """A more frequent poll that is already scheduled is not postponed."""
    entry = await set_up(invitations=False)
    account.wake_seconds = 3600
    device_id = device_id_of(hass, entry, 3)
    await act(hass, "wake", device_id=device_id)
    before = simulator.count("agents/list")
    freezer.tick(6)
    await act(hass, "wake", device_id=device_id)
    assert simulator.count("agents/list") == before
    freezer.tick(6)
    await pass_time(hass, 0)
    assert simulator.count("agents/list") == before + 1


async def test_quick_polls_go_on_until_the_last_computer_is_online(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    account.agents[2].online = False
    account.wake_seconds = 3600
    entry = await set_up(invitations=False)
    await act(hass, "wake", device_id=[device_id_of(hass, entry, agent_id) for agent_id in (2, 3)])
    for agent_id, polls in ((None, 2), (2, 2), (3, 1)):
        if agent_id:
            account.come(account.agents[agent_id])
        simulator.requests.clear()
        for _ in range(2):
            await pass_time(hass, 12)
        assert simulator.count("agents/list") == polls


@pytest.mark.parametrize("first_offline", [True, False], ids=["seen offline", "never seen offline"])
async def test_a_reboot_is_over_only_after_the_computer_was_offline(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, first_offline: bool
) -> None:
    """Quick polls continue while a computer that is rebooting is still online."""
    account.reboot_seconds = (3600, 3600)
    entry = await set_up(invitations=False)
    await act(hass, "reboot", device_id=device_id_of(hass, entry, 1))
    if first_offline:
        account.go(account.agents[1])
        await pass_time(hass, 12)
        account.come(account.agents[1])
    simulator.requests.clear()
    for _ in range(4):
        await pass_time(hass, 12)
    assert simulator.count("agents/list") == (1 if first_offline else 4)


async def polls_in(hass: HomeAssistant, simulator: Simulator, seconds: int) -> int:
    """Return how many polls there are while time passes in steps of 12 seconds."""
    simulator.requests.clear()
    for _ in range(seconds // 12):
        await pass_time(hass, 12)
    return simulator.count("agents/list")


async def test_polls_are_quick_until_the_state_changes(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    assert await polls_in(hass, simulator, 120) == 0
    account.wake_seconds = 3600
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert await polls_in(hass, simulator, 24) == 2
    account.come(account.agents[3])
    assert await polls_in(hass, simulator, 120) == 1
    assert state_of(hass, entry, 3, "online").state == "on"


async def test_polls_are_quick_for_at_most_three_minutes(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert await polls_in(hass, simulator, 600) == 18


async def test_no_quick_polls_for_an_awake_computer(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert await polls_in(hass, simulator, 120) == 0


async def test_no_quick_polls_at_the_limit(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/list")
    await pass_time(hass)
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert await polls_in(hass, simulator, 600) == 0


async def test_quick_polls_end_during_an_outage(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    simulator.fail(Fault.SERVER_ERROR, "agents/list")
    assert await polls_in(hass, simulator, 600) == 18
