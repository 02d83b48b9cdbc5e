"""Rejections that mean that the key is no longer valid."""

import pytest

from custom_components.getscreen.account.key_doubts import KeyDoubts
from custom_components.getscreen.account.pauses import Kind
from tests.without_home_assistant import _custom_integrations, _time_zone, enable_event_loop_debug

from .waiting import Waiting

__all__ = ["_custom_integrations", "_time_zone", "enable_event_loop_debug"]


@pytest.fixture
def waiting() -> Waiting:
    """Return the pauses of an account."""
    return Waiting()


@pytest.fixture
def doubts(waiting: Waiting) -> KeyDoubts:
    """Return the doubts about its key."""
    return KeyDoubts(waiting.pauses)


def refuse(waiting: Waiting, times: int) -> None:
    """Reject the list this many times."""
    for _ in range(times):
        waiting.pauses.count_refusal(Kind.AGENTS)


def test_two_rejections(waiting: Waiting, doubts: KeyDoubts) -> None:
    """One rejection is not enough, a second one in a row is. Other polls say nothing about the key."""
    waiting.pauses.count_refusal(Kind.INVITATIONS)
    assert not doubts.needs_new_key
    refuse(waiting, 1)
    assert not doubts.needs_new_key
    refuse(waiting, 1)
    assert doubts.needs_new_key


def test_another_key(waiting: Waiting, doubts: KeyDoubts) -> None:
    """The rejections of the old key do not count."""
    refuse(waiting, 5)
    doubts.reset()
    assert not doubts.needs_new_key
    assert not waiting.has_to_wait()
    refuse(waiting, 1)
    assert not doubts.needs_new_key


def test_a_key_that_works_elsewhere(waiting: Waiting, doubts: KeyDoubts) -> None:
    """The first accepted request of another kind starts a poll at once. After that, four rejections are needed."""
    refuse(waiting, 3)
    assert waiting.has_to_wait()
    assert doubts.accepted_elsewhere()
    assert not doubts.needs_new_key
    assert not waiting.has_to_wait()
    refuse(waiting, 3)
    assert not doubts.needs_new_key
    refuse(waiting, 1)
    assert doubts.needs_new_key


def test_a_key_without_permission_to_list(waiting: Waiting, doubts: KeyDoubts) -> None:
    """Later accepted requests neither speed up polls nor end their pause. Each postpones the key form by four rejections."""
    assert doubts.accepted_elsewhere()
    for refused in (3, 2, 3):
        refuse(waiting, refused)
        assert not doubts.accepted_elsewhere()
        assert not doubts.needs_new_key
    assert waiting.has_to_wait()
    refuse(waiting, 4)
    assert doubts.needs_new_key


def test_a_success_of_the_list(waiting: Waiting, doubts: KeyDoubts) -> None:
    """The count restarts: two rejections are enough, and the first accepted request starts a poll at once."""
    assert doubts.accepted_elsewhere()
    doubts.reset()
    refuse(waiting, 2)
    assert doubts.needs_new_key
    assert doubts.accepted_elsewhere()
