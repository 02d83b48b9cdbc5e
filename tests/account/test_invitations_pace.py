"""How often the open invitations are polled."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.getscreen.account.windows import Limit, Window
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_state, act, pass_time


async def polls_in(hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulator: Simulator, minutes: int) -> int:
    """Return how many polls of the invitations there are while time passes in steps of half a minute."""
    simulator.requests.clear()
    for _ in range(2 * minutes):
        freezer.tick(timedelta(seconds=30.5))
        await pass_time(hass, 0)
    return simulator.count("support/list")


@pytest.fixture
def _no_invitations(account: Account) -> None:
    account.invitations.clear()


async def test_quick_polls_skip_the_invitations(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    await entry.runtime_data.commands.async_wake(3)
    simulator.requests.clear()
    for _ in range(10):
        await pass_time(hass, 12)
    assert (simulator.count("agents/list"), simulator.count("support/list")) == (10, 0)


async def test_invitations_keep_their_interval_during_quick_polls(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """A client who joins while a computer wakes is seen as soon as otherwise."""
    entry = await set_up()
    account.wake_seconds = 3600
    await entry.runtime_data.commands.async_wake(3)
    simulator.requests.clear()
    for _ in range(12):
        freezer.tick(timedelta(seconds=10.5))
        await pass_time(hass, 0)
    assert simulator.count("agents/list") >= 10
    assert simulator.count("support/list") == 2


async def test_open_invitations_are_polled_with_the_list(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    await set_up()
    assert await polls_in(hass, freezer, simulator, 20) == simulator.count("agents/list") == 20


@pytest.mark.usefixtures("_no_invitations")
async def test_without_invitations_they_are_polled_every_five_minutes(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """One that was created elsewhere is found by such a poll, and then followed."""
    entry = await set_up()
    assert await polls_in(hass, freezer, simulator, 30) == 6
    account.invite("Nora")
    await polls_in(hass, freezer, simulator, 6)
    assert account_state(hass, entry, "open_invitations").state == "1"
    assert await polls_in(hass, freezer, simulator, 10) == 10


@pytest.mark.usefixtures("_no_invitations")
async def test_a_closed_invitation_is_polled_for_ten_minutes(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    await set_up()
    created = await act(hass, "create_invitation", response=True, client_name="Nora")
    await act(hass, "close_invitation", invitation_id=created["id"])
    assert await polls_in(hass, freezer, simulator, 9) >= 9
    await polls_in(hass, freezer, simulator, 6)
    assert await polls_in(hass, freezer, simulator, 30) == 6


@pytest.mark.usefixtures("_no_invitations")
async def test_watched_invitations_are_polled_with_the_list(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """While the quick-support card is visible, both are polled every 15 seconds. A computers card does not affect invitations."""
    entry = await set_up()
    agents = entry.runtime_data.agents
    end = agents.async_watch()
    assert await polls_in(hass, freezer, simulator, 10) == 2
    assert simulator.count("agents/list") >= 19
    end()
    end = agents.async_watch(invitations=True)
    assert await polls_in(hass, freezer, simulator, 10) >= 19
    end()
    await polls_in(hass, freezer, simulator, 6)
    assert await polls_in(hass, freezer, simulator, 30) == 6


@pytest.mark.usefixtures("_no_invitations")
async def test_only_the_list_is_polled_during_an_outage(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    """The invitations are unavailable with the computers, without a request or a line in the log, and recover."""
    entry = await set_up()
    simulator.fail(Fault.SERVER_ERROR)
    assert await polls_in(hass, freezer, simulator, 20) == 0
    assert account_state(hass, entry, "open_invitations").state == STATE_UNAVAILABLE
    assert sum(record.levelname == "ERROR" for record in caplog.records) == 1
    simulator.heal()
    assert 1 <= await polls_in(hass, freezer, simulator, 6) <= 2
    assert account_state(hass, entry, "open_invitations").state == "0"


@pytest.mark.usefixtures("_no_invitations")
async def test_the_end_of_a_window_is_reserved_for_the_list(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """No request is sent for the invitations at that time, and the known ones stay."""
    freezer.move_to((dt_util.utcnow() + timedelta(days=1)).replace(hour=23, minute=58, second=0))
    entry = await set_up()
    invitations, plan = entry.runtime_data.invitations, entry.runtime_data.schedule.plan
    plan.learned = Limit(simulator.count() + 3, Window.DAY, 0)
    assert plan.is_at_end
    before = simulator.count("support/list")
    await invitations.async_refresh()
    assert simulator.count("support/list") == before
    assert account_state(hass, entry, "open_invitations").state == "0"
