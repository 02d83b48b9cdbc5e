"""A living account, its previews, and one account being like another of the same seed."""

from collections.abc import Callable
from io import BytesIO
import subprocess
import sys
from unittest.mock import Mock

import aiohttp
from freezegun.api import FrozenDateTimeFactory
from PIL import Image
import pytest

from simulator import Account, Fault, Simulator, answers
from simulator.answers import AgentListing

from .conftest import Call, Clock


def _state(account: Account) -> tuple[object, ...]:
    agents = [(agent.id, agent.online, agent.in_session, agent.preview_time) for agent in account.agents.values()]
    return *agents, *((invitation.id, invitation.status) for invitation in account.invitations.values())


def test_something_happens_every_ten_seconds(clock: Clock) -> None:
    account = Account(25, living=True, clock=clock)
    states, before = [], _state(account)
    for _ in range(360):
        clock.now += 10
        account.advance()
        states.append(_state(account))
    changes = sum(new != old for new, old in zip(states, [before, *states], strict=False))
    assert changes > 250
    assert sum(agent.online for agent in account.agents.values()) > 12
    assert {invitation.status for invitation in account.invitations.values()} == {0, 1, 3}
    assert any(session.support_id for session in account.history[200:])
    assert any(session.video_size for session in account.history[200:])


def test_an_account_without_life_does_not_change(clock: Clock) -> None:
    account = Account(25, clock=clock)
    before = _state(account)
    clock.now += 86400
    account.advance()
    assert _state(account) == before


def test_the_same_seed_and_clock_make_the_same_account(clock: Clock) -> None:
    one, two, other = (Account(30, seed, living=True, clock=clock) for seed in (1, 1, 2))
    for step in range(60):
        clock.now += 10
        one.advance()
        if step % 7 == 0:
            two.advance()
    two.advance()
    encoded = [AgentListing("http://127.0.0.1").encode(account.agents.values()) for account in (one, two, other)]
    assert encoded[0] == encoded[1] != encoded[2]


def test_frozen_time_freezes_the_account(freezer: FrozenDateTimeFactory) -> None:
    freezer.move_to("2026-03-01T12:00:00Z")
    account = Account(wake_seconds=10)
    account.wake(account.agents[3])
    freezer.tick(9)
    account.advance()
    assert not account.agents[3].online
    freezer.tick(1)
    account.advance()
    assert account.agents[3].online


def test_a_weekend_is_simulated_quickly(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the millions of events that so large an account would have had, only those of the last quarter of an hour happened."""
    account = Account(2000, living=True, clock=clock)
    later, happened = account.later, 0

    def count(seconds: float, act: Callable[[], None]) -> None:
        nonlocal happened
        happened += 1
        assert happened < 20_000
        later(seconds, act)

    monkeypatch.setattr(account, "later", count)
    clock.now += 3 * 86400
    account.advance()
    assert happened > 10_000


def test_an_unchanged_large_fleet_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Again only who has changed."""
    account, listing = Account(2000), AgentListing("http://127.0.0.1:8099")
    encode = Mock(wraps=answers.agent_answer)
    monkeypatch.setattr(answers, "agent_answer", encode)
    encoded = listing.encode(account.agents.values())
    assert 1_500_000 < len(encoded) < 1_900_000
    assert encode.call_count == 2000
    assert listing.encode(account.agents.values()) == encoded
    assert encode.call_count == 2000
    account.agents[7].name = "Renamed"
    assert listing.encode(account.agents.values()) != encoded
    assert encode.call_count == 2001


async def test_previews_are_pictures_that_change(
    call: Call, account: Account, browser: aiohttp.ClientSession, simulator: Simulator
) -> None:
    pictures = []
    for _ in range(2):
        url = (await call("agents/list"))[1]["data"][0]["preview_url"]
        async with browser.get(url) as response:
            assert response.content_type == "image/png"
            pictures.append(await response.read())
        account.start_session(1)
    assert pictures[0] != pictures[1]
    assert Image.open(BytesIO(pictures[0])).size == (640, 360)
    assert len(pictures[0]) < 60_000
    assert (await browser.get(f"{simulator.root}/preview/99/1.png")).status == 404
    simulator.fail(Fault.SERVER_ERROR)
    assert (await browser.get(url)).status == 200
    simulator.fail(Fault.NOT_FOUND, "preview")
    assert (await browser.get(url)).status == 404
    assert len(simulator.downloads) == 5


async def test_a_preview_request_with_the_key_is_counted(call: Call, session: aiohttp.ClientSession, simulator: Simulator) -> None:
    url = (await call("agents/list"))[1]["data"][0]["preview_url"]
    assert (await session.get(url)).status == 200
    assert simulator.key_leaks == 1


def test_runs_by_hand() -> None:
    command = [sys.executable, "-m", "simulator", "--devices", "3", "--port", "0", "--key", "mine", "--still"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        assert process.stdout is not None
        assert process.stdout.readline().startswith("URL  http://127.0.0.1:")
        assert process.stdout.readline() == "Key  mine\n"
        process.terminate()
        assert process.wait() == 0
