"""A pause between requests, which a timer ends."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.getscreen.account.pause import Pause

from ..helpers import pass_time


async def test_a_pause_ends_by_itself(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """The end comes a little early, so that a poll that is due at the same time is sent."""
    pause = Pause(hass)
    assert not pause.active
    pause.begin(60)
    freezer.tick(50)
    await pass_time(hass, 0)
    assert pause.active
    assert pause.remaining == pytest.approx(10)
    freezer.tick(9)
    await pass_time(hass, 0)
    assert not pause.active


@pytest.mark.parametrize("seconds", [10, 600])
async def test_a_second_pause_replaces_the_first(hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: int) -> None:
    """Whether the second pause is shorter or longer: the timer of the first one does not end it."""
    pause = Pause(hass)
    pause.begin(60)
    pause.begin(seconds)
    for until_end, active in ((5, True), (0, False)):
        freezer.tick(max(0.0, pause.remaining - until_end))
        await pass_time(hass, 0)
        assert pause.active is active


async def test_a_pause_that_was_ended(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """The timer of a pause that was ended does not end a later one."""
    pause = Pause(hass)
    pause.begin(60)
    pause.end()
    assert not pause.active
    freezer.tick(30)
    pause.begin(60)
    freezer.tick(31)
    await pass_time(hass, 0)
    assert pause.active
    pause.end()
    pause.end()
    assert not pause.active
