"""Pauses after a restart, and damaged files."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from custom_components.getscreen.account.pauses import Kind
from custom_components.getscreen.api import (
    RequestLimitError,
)
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .clock import DAY, HOUR
from .strategies import JSON, ODD_NUMBERS
from .waiting import Waiting

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]


def test_a_pause_is_restored_after_a_restart() -> None:
    """The pause ends at the same time for the same requests, and the next one is longer."""
    waiting = Waiting()
    waiting.meet()
    waiting.wait()
    waiting.meet()
    waiting.meet(Kind.HISTORY, by_user=True)
    saved = json.loads(json.dumps(waiting.pauses.saved()))
    assert saved == {"met": ["agents", "history asked"], "limited": True, "seconds": 240.0, "until": waiting.clock.now + 240}
    waiting.clock.restart(100)
    again = Waiting(clock=waiting.clock)
    again.pauses.restore(saved)
    assert again.remaining == 140
    assert again.changes == 1
    assert isinstance(again.pauses.wait_reason(Kind.AGENTS), RequestLimitError)
    assert again.has_to_wait(Kind.HISTORY, by_user=True)
    assert not again.has_to_wait(Kind.HISTORY)
    again.wait()
    assert again.meet() == 480


def test_a_pause_that_ended_while_home_assistant_was_off() -> None:
    """The limit is still the reason of the next pause, which is longer."""
    waiting = Waiting()
    waiting.pauses.restore({"met": ["agents"], "limited": True, "seconds": 120.0, "until": waiting.clock.now - 5})
    assert waiting.pauses.is_limited
    assert not waiting.pauses.is_active
    assert not waiting.has_to_wait()
    assert waiting.pauses.next_end is None
    assert waiting.meet() == 240


def test_nothing_to_restore() -> None:
    """Without a pause, the file contains none."""
    waiting = Waiting()
    saved = waiting.pauses.saved()
    assert saved == {"met": [], "limited": False, "seconds": 0.0, "until": 0.0}
    again = Waiting()
    again.pauses.restore(saved)
    assert again.changes == 0
    assert again.pauses.saved() == saved


@pytest.mark.parametrize(("limited", "longest"), [(True, DAY), (False, HOUR)])
def test_a_clock_that_was_put_back(limited: bool, longest: float) -> None:
    """A stored pause is no longer than the longest that a server may request."""
    waiting = Waiting()
    waiting.pauses.restore({"met": ["agents"], "limited": limited, "seconds": 0.0, "until": waiting.clock.now + 400 * DAY})
    assert waiting.remaining == longest


def test_a_clock_that_is_set_does_not_move_a_pause() -> None:
    """Pauses live by the clock that never jumps."""
    waiting = Waiting()
    for jump in (DAY, -DAY):
        waiting.meet(error=RequestLimitError("", 600))
        waiting.clock.now += jump
        assert waiting.remaining == 600
        assert waiting.pauses.saved()["until"] == waiting.clock.now + 600
        waiting.wait()


def test_unknown_requests_in_a_file() -> None:
    """Unknown requests are skipped. If none is left, there is no pause, because nothing would ever end it."""
    waiting = Waiting()
    until = waiting.clock.now + 600
    waiting.pauses.restore({"met": ["nonsense", 7, None], "limited": True, "seconds": 120.0, "until": until})
    assert not waiting.pauses.is_limited
    waiting.pauses.restore({"met": ["nonsense", 7, "agents"], "limited": True, "seconds": 120.0, "until": until})
    assert waiting.pauses.saved()["met"] == ["agents"]


@settings(max_examples=150, deadline=None)
@given(
    saved=JSON
    | st.fixed_dictionaries(
        {
            "met": st.lists(st.sampled_from(["agents", "commands asked", "nonsense", 7]) | JSON, max_size=4) | JSON,
            "limited": st.booleans() | JSON,
            "seconds": st.floats() | ODD_NUMBERS,
            "until": st.floats() | ODD_NUMBERS,
        }
    )
)
def test_invalid_stored_pauses(saved: Any) -> None:
    """With any file content, pauses are bounded, and successful polls end the limit."""
    waiting = Waiting()
    waiting.pauses.restore(saved)
    assert waiting.remaining <= DAY
    if waiting.pauses.next_end:
        waiting.wait()
    assert 60 <= waiting.meet() <= 8 * HOUR
    for kind in Kind:
        waiting.pauses.release(kind, by_user=False)
        waiting.pauses.release(kind, by_user=True)
    assert not waiting.pauses.is_limited
    json.dumps(waiting.pauses.saved())
