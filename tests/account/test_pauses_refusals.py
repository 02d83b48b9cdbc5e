"""Pauses after rejected polls: they get longer and pause nothing else."""

from custom_components.getscreen.account.pauses import Kind
from custom_components.getscreen.api import (
    AccessDeniedError,
    RequestLimitError,
)
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR
from .waiting import Waiting

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]


def refusals(kind: Kind, count: int, interval: float = 60.0) -> list[float]:
    """Return the pause after each of this many consecutive rejections."""
    waiting = Waiting(interval)
    found = []
    for _ in range(count):
        waiting.pauses.count_refusal(kind)
        found.append(waiting.remaining)
        waiting.clock.pass_time(waiting.remaining)
        waiting.pauses.end_for(kind)
    return found


def test_rejections_of_the_list() -> None:
    """The first two rejections cause no pause, because they may be accidental. Then the pauses double, up to an hour."""
    assert refusals(Kind.AGENTS, 10) == [0, 0, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert refusals(Kind.AGENTS, 4, interval=7200) == [0, 0, 7200, 7200]


def test_rejections_of_invitations() -> None:
    """Pauses double at once, up to a day: a key without this permission is not accidental."""
    found = refusals(Kind.INVITATIONS, 14)
    assert found[:3] == [120, 240, 480]
    assert found[-2:] == [DAY, DAY]


def test_thousands_of_rejections() -> None:
    """No number of refusals is too large."""
    assert refusals(Kind.AGENTS, 2000)[-1] == HOUR


def test_rejections_pause_only_polls_of_their_kind() -> None:
    """Users may ask all the same, since they want to see what is wrong."""
    waiting = Waiting()
    waiting.pauses.count_refusal(Kind.INVITATIONS)
    assert isinstance(waiting.pauses.wait_reason(Kind.INVITATIONS), AccessDeniedError)
    assert not waiting.has_to_wait(Kind.INVITATIONS, by_user=True)
    assert not waiting.has_to_wait(Kind.AGENTS)
    assert not waiting.pauses.is_active
    assert waiting.pauses.seconds_left(Kind.INVITATIONS) == 120
    waiting.wait()
    assert not waiting.has_to_wait(Kind.INVITATIONS)
    assert waiting.pauses.next_end is None


def test_rejections_of_several_polls() -> None:
    """Each pause ends at its own time, and the end of one leaves the other as it is."""
    waiting = Waiting()
    waiting.pauses.count_refusal(Kind.INVITATIONS)
    for _ in range(4):
        waiting.pauses.count_refusal(Kind.AGENTS)
    waiting.wait()
    assert not waiting.has_to_wait(Kind.INVITATIONS)
    assert waiting.has_to_wait(Kind.AGENTS)
    assert waiting.remaining == 120


def test_an_accepted_poll_ends_the_pause() -> None:
    """They are counted anew."""
    waiting = Waiting()
    for _ in range(5):
        waiting.pauses.count_refusal(Kind.AGENTS)
    assert waiting.pauses.refusals(Kind.AGENTS) == 5
    waiting.pauses.reset_refusals(Kind.AGENTS)
    assert waiting.pauses.refusals(Kind.AGENTS) == 0
    assert not waiting.has_to_wait()


def test_a_limit_and_rejections() -> None:
    """A poll waits for the longer of both, and timers for the earlier end."""
    waiting = Waiting()
    waiting.pauses.count_refusal(Kind.INVITATIONS)
    waiting.meet(Kind.INVITATIONS, RequestLimitError("", 900))
    assert waiting.pauses.seconds_left(Kind.INVITATIONS) == 900
    assert waiting.remaining == 120
    waiting.wait()
    assert waiting.remaining == 780
    assert waiting.has_to_wait(Kind.INVITATIONS)
