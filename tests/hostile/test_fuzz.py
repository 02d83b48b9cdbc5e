"""Answers that hypothesis makes up, or makes of real ones, sent to an account that is set up.

None of them causes a traceback or more than one warning, or blocks the event loop for long. Computers, entities and memory stay within
bounds, and everything is as before after the next good answers. A longer hunt, with other answers at each run:

    scripts/test tests/hostile/test_fuzz.py --hypothesis-profile hunt
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from copy import deepcopy
from datetime import timedelta
from functools import partial
import gc
import sys
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import orjson
import pytest

from simulator import Account
from simulator.methods import Api
from tests.helpers import act, device_id_of

from . import polite
from .conftest import LONG, Bench
from .server import HostileServer, Reply

HUNT = settings.get_current_profile_name() == "hunt"
MANY = settings(
    max_examples=2_000 if HUNT else 40,
    derandomize=not HUNT,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.large_base_example,
        HealthCheck.data_too_large,
    ],
)
ROOT = "https://getscreen.example"
# The most that one answer may add.
MOST_DEVICES, MOST_ENTITIES = 1_000, 3_000


def _real() -> dict[str, list[Any]]:
    """Return answers of well-behaved servers."""
    account = Account(devices=3, seed=1)
    account.start_session(1)
    api = Api(account, ROOT)
    return {
        "agents/list": [orjson.loads(api.agents_list({})), polite.agents(ROOT)],
        "support/list": [orjson.loads(api.support_list({})), polite.invitations(ROOT)],
        "agents/info": [orjson.loads(api.agents_info({"agent_id": 1})), polite.info(ROOT)],
        "history/list": [orjson.loads(api.history_list({"limit": 5})), polite.history(ROOT)],
    }


REAL = _real()

_HUGE = [10**18, -(10**18), 2**63, 1e300, "x" * 100_000, "9" * 5_000, "https://" + "\u00e4" * 10_000, [[]] * 1_000, [{"id": 1}] * 1_000]
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(_HUGE),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.sampled_from(["id", "data", "error"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Return each place in an answer: its object or list, and its key or index there."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _drop(draw: st.DrawFn, holder: Any, key: Any) -> None:
    del holder[key]


def _replace(draw: st.DrawFn, holder: Any, key: Any) -> None:
    # The next change may be one inside it, which must not reach the list of values.
    holder[key] = deepcopy(draw(_VALUES))


def _repeat(draw: st.DrawFn, holder: Any, key: Any) -> None:
    holder[key] = [deepcopy(holder[key]) for _ in range(draw(st.sampled_from([1, 2, 300])))]


def _multiply(draw: st.DrawFn, holder: Any, key: Any) -> None:
    """Add many elements to a list; objects get ids of their own."""
    if isinstance(holder[key], list) and holder[key]:
        first = holder[key][0]
        count = draw(st.sampled_from([2, 50]))
        holder[key] += [{**first, "id": 10_000 + number} if isinstance(first, dict) else first for number in range(count)]


def _rename(draw: st.DrawFn, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[draw(st.text(max_size=300))] = holder.pop(key)


def _as_text(draw: st.DrawFn, holder: Any, key: Any) -> None:
    holder[key] = str(holder[key])


_CHANGES = [_drop, _replace, _replace, _repeat, _multiply, _rename, _as_text]


@st.composite
def answers(draw: st.DrawFn, method: str) -> bytes:
    """Return the body of an answer: a real one with a few changes, any JSON, or any bytes."""
    match draw(st.integers(0, 9)):
        case 0:
            return draw(st.binary(max_size=200))
        case 1:
            return orjson.dumps(draw(_VALUES | st.fixed_dictionaries({"data": _VALUES})))
    answer = {"": deepcopy(draw(st.sampled_from(REAL[method])))}
    for _ in range(draw(st.integers(1, 4))):
        if places := list(_places(answer)):
            change: Callable[[st.DrawFn, Any, Any], None] = draw(st.sampled_from(_CHANGES))
            change(draw, *draw(st.sampled_from(places)))
    body = orjson.dumps(answer.get(""))
    if draw(st.integers(0, 4)):
        return body
    place = draw(st.integers(0, len(body)))
    return body[:place] + draw(st.binary(max_size=3)) + draw(st.sampled_from([b"", body[place:], body[place + 1 :]]))


class Growth:
    """The growth of memory since the first example of a test, in Python's memory blocks."""

    def __init__(self) -> None:
        self.first = 0

    def check(self) -> None:
        """Fail if memory has grown too much."""
        gc.collect()
        blocks = sys.getallocatedblocks()
        self.first = self.first or blocks
        # Home Assistant remembers removed entities, and hypothesis its examples.
        assert blocks - self.first < (20_000_000 if HUNT else 1_000_000)


@contextmanager
def _failing_well() -> Iterator[None]:
    """Allow an action to fail with a translated error."""
    try:
        yield
    except HomeAssistantError as error:
        if error.translation_key is None:
            raise


@pytest.fixture
def growth() -> Growth:
    """Return the growth of memory over the examples of a test."""
    return Growth()


@asynccontextmanager
async def _harmless(bench: Bench, growth: Growth, recover: Callable[[], Awaitable[object]] | None = None) -> AsyncIterator[None]:
    """Check that the block stays within bounds, and that everything is as before once the server is polite and `recover` has run."""
    before, known = _lasting(bench.states()), bench.registrations()
    async with bench.watch() as seen:
        yield
    await _assert_bounds(bench, known, seen.held)
    bench.server.heal()
    if recover:
        await recover()
    await _assert_recovered(bench, before, known)
    growth.check()


async def _assert_bounds(bench: Bench, known: tuple[set[str], set[str]], held: float) -> None:
    assert not bench.tracebacks()
    assert len(bench.lines()) <= 1
    assert not bench.leaks()
    entities, devices = bench.registrations()
    assert len(devices - known[1]) <= MOST_DEVICES
    assert len(entities - known[0]) <= MOST_ENTITIES
    assert held < 200
    json_dumps([state.as_dict() for state in bench.hass.states.async_all()])


async def _assert_recovered(bench: Bench, before: dict[str, str], known: tuple[set[str], set[str]]) -> None:
    for _ in range(3):
        await bench.poll(LONG)
        if _lasting(bench.states()) == before:
            break
    assert _lasting(bench.states()) == before
    assert bench.registrations()[1] == known[1]
    assert not bench.asked_for_a_key()
    deleted = er.async_get(bench.hass).deleted_entities
    assert len(deleted) <= 50_000
    bench.caplog.clear()


def _lasting(states: dict[str, str]) -> dict[str, str]:
    """Return the states without those of events, which do not change back."""
    return {entity_id: state for entity_id, state in states.items() if not entity_id.startswith("event.")}


@pytest.mark.timeout(36_000 if HUNT else 300)
@pytest.mark.parametrize("method", ["agents/list", "support/list"])
@MANY
@given(data=st.data())
async def test_polls(bench: Bench, server: HostileServer, growth: Growth, method: str, data: st.DataObject) -> None:
    server.answers[method] = Reply(data.draw(answers(method)))
    async with _harmless(bench, growth):
        await bench.poll()
        await bench.poll()


@pytest.mark.timeout(36_000 if HUNT else 300)
@MANY
@given(data=st.data())
async def test_hardware(bench: Bench, server: HostileServer, growth: Growth, data: st.DataObject) -> None:
    """Reading hardware on request fails with a translated error, or succeeds. The hardware stays until the next reading."""
    server.answers["agents/info"] = Reply(data.draw(answers("agents/info")))
    refresh = partial(act, bench.hass, "refresh_hardware", device_id=device_id_of(bench.hass, bench.entry, 1))
    async with _harmless(bench, growth, recover=refresh):
        with _failing_well():
            await refresh()
        await bench.hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.timeout(36_000 if HUNT else 300)
@MANY
@given(data=st.data())
async def test_history(bench: Bench, server: HostileServer, growth: Growth, data: st.DataObject) -> None:
    """The action for the history fails with a translated error, or returns at most as many sessions as requested."""
    server.answers["history/list"] = Reply(data.draw(answers("history/list")))
    # Equal queries within a minute share an answer.
    start = dt_util.utcnow() - timedelta(days=2, seconds=len(server.requests))
    async with _harmless(bench, growth):
        with _failing_well():
            response = await act(bench.hass, "get_history", response=True, limit=7, start=start)
            assert len(response["sessions"]) <= 7
            text = json_dumps(response)
            assert len(text) < 1_000_000
            assert server.key not in text
