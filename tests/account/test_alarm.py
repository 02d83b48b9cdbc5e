"""Timers that end pauses, and the clocks of Home Assistant."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.getscreen.account.alarm import Alarm, system_clock
from custom_components.getscreen.account.pauses import Kind, Pauses
from custom_components.getscreen.api import RequestLimitError

from ..helpers import pass_time


@pytest.fixture
def pauses(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Pauses:
    """Return pauses that an alarm ends, of an account with an update interval of 30 seconds."""
    alarm = Alarm(hass)
    waiting = Pauses(system_clock(hass), lambda: 30.0, lambda: alarm.async_set(waiting))
    return waiting


def pause(pauses: Pauses, seconds: float) -> None:
    """Start a pause as a server requests it."""
    pauses.begin(Kind.AGENTS, RequestLimitError("later", seconds), by_user=False)


async def live(hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float) -> None:
    """Let time pass on all clocks."""
    freezer.tick(seconds)
    await pass_time(hass, 0)


async def test_a_pause_ends_by_itself(hass: HomeAssistant, pauses: Pauses, freezer: FrozenDateTimeFactory) -> None:
    """The end comes a little early, so that a poll that is due at the same time is sent."""
    pause(pauses, 60)
    await live(hass, freezer, 50)
    assert pauses.is_active
    assert pauses.next_end is not None
    assert pauses.seconds_left(Kind.AGENTS) == pytest.approx(10)
    await live(hass, freezer, 9)
    assert not pauses.is_active
    assert pauses.next_end is None


@pytest.mark.parametrize("seconds", [90, 600])
async def test_a_longer_pause_replaces_the_first(
    hass: HomeAssistant, pauses: Pauses, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """The timer of the first pause does not end the second one."""
    pause(pauses, 60)
    pause(pauses, seconds)
    await live(hass, freezer, seconds - 5)
    assert pauses.is_active
    assert pauses.next_end is not None
    await live(hass, freezer, 5)
    assert pauses.next_end is None


async def test_a_pause_that_was_ended(hass: HomeAssistant, pauses: Pauses, freezer: FrozenDateTimeFactory) -> None:
    """The timer of a pause that was ended does not end a later one."""
    pause(pauses, 60)
    pauses.end_shared()
    assert not pauses.is_active
    await live(hass, freezer, 30)
    pause(pauses, 60)
    await live(hass, freezer, 31)
    assert pauses.is_active
    pauses.end_shared()
    pauses.end_shared()
    assert not pauses.is_active


async def test_several_pauses(hass: HomeAssistant, pauses: Pauses, freezer: FrozenDateTimeFactory) -> None:
    """Each ends at its time, whichever began first."""
    pauses.count_refusal(Kind.INVITATIONS)
    pause(pauses, 300)
    assert pauses.seconds_left(Kind.INVITATIONS) == pytest.approx(60)
    await live(hass, freezer, 60)
    assert pauses.seconds_left(Kind.INVITATIONS) is None
    assert pauses.seconds_left(Kind.AGENTS) == pytest.approx(240)
    await live(hass, freezer, 240)
    assert pauses.next_end is None


async def test_a_pause_that_was_over_before_its_timer_was_set(hass: HomeAssistant, pauses: Pauses, freezer: FrozenDateTimeFactory) -> None:
    """Such a pause ends at once."""
    pauses.restore({"met": ["agents"], "limited": True, "seconds": 0.0, "until": dt_util.utcnow().timestamp() + 2})
    assert pauses.is_active
    await live(hass, freezer, 1)
    assert pauses.next_end is None


async def test_the_clocks(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """One is Unix time, the other that of the event loop."""
    clock = system_clock(hass)
    before = clock.time(), clock.elapsed()
    assert before[0] == dt_util.utcnow().timestamp()
    freezer.tick(60)
    assert clock.time() - before[0] == pytest.approx(60)
    assert clock.elapsed() - before[1] == pytest.approx(60, abs=1)
