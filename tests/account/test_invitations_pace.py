"""How often the open invitations are polled."""

from homeassistant.core import HomeAssistant

from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import pass_time


async def test_quick_polls_leave_the_invitations_alone(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    await entry.runtime_data.commands.async_wake(3)
    simulator.requests.clear()
    for _ in range(10):
        await pass_time(hass, 12)
    assert (simulator.count("agents/list"), simulator.count("support/list")) == (10, 0)
