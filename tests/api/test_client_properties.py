"""Every method over HTTP, for answers that hypothesis makes up: each one gives a sound value, or an error without secrets."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import is_dataclass
from functools import cache
import re
from traceback import format_exception
from typing import Any

import aiohttp
from hypothesis import given
from hypothesis import strategies as st
import orjson
import pytest

from custom_components.getscreen.api import (
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    RequestLimitError,
    RequestRefusedError,
)
from simulator import Account
from simulator.methods import METHODS as SIMULATED
from simulator.methods import Api

from .checks import assert_impersonal, assert_sound
from .helpers import METHODS, READS, Canned
from .strategies import AGENTS, HEADERS, HIDDEN, HTTP, INVITATIONS, JSON, KEY, ROWS

_HOUR = 60 * 60
_DAY = 24 * _HOUR


@cache
def _good(method: str) -> Any:
    """Return a good answer of the simulator."""
    account = Account(devices=3, clock=lambda: 1_765_000_000.0)
    account.start_session(1)
    values = {"id": 1} if method in ("devices/update", "agents/reboot", "agents/wake", "agents/logout") else {"agent_id": 1}
    values = {"connection_id": 7001} if method.startswith("support") else {} if method in ("agents/list", "history/list") else values
    return orjson.loads(SIMULATED[method].answer(Api(account, "https://go.getscreen.me"), values) or b"null")


type _Path = tuple[str | int, ...]


_GONE = object()


def _paths(value: Any, path: _Path = ()) -> Iterator[_Path]:
    """Return the path of each value in JSON, the innermost first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from _paths(item, (*path, key))
    yield path


@st.composite
def _spoiled(draw: st.DrawFn, good: Any) -> Any:
    """Return a good answer in which some values are replaced or removed."""
    paths = [*_paths(good)]
    answer = {"": deepcopy(good)}
    for number in sorted(draw(st.sets(st.sampled_from(range(len(paths))), min_size=1, max_size=6))):
        *way, last = ("", *paths[number])
        place: Any = answer
        for key in way:
            place = place[key]
        value = draw(JSON | st.just(_GONE))
        # Removing an element of a list would change the paths of the others.
        if value is not _GONE:
            place[last] = value
        elif isinstance(place, list) or last == "":
            place[last] = None
        else:
            del place[last]
    return answer[""]


def _assert_discreet(error: GetscreenError) -> None:
    """Check that an error does not contain the key, and that its quotation of the server is within bounds."""
    reason = error.reason if isinstance(error, RequestRefusedError) else None
    assert KEY not in f"{error} {error!r} {reason}"
    assert KEY not in "".join(format_exception(error))
    assert reason is None or 0 < len(reason) <= 300
    if isinstance(error, GetscreenConnectionError | RequestLimitError):
        longest = _DAY if isinstance(error, RequestLimitError) else _HOUR
        assert error.retry_after is None or 0 <= error.retry_after <= longest


async def _assert_value_or_error(client: GetscreenClient, method: str) -> GetscreenError | None:
    """Call a method, and check its result or its error; return the error."""
    failure = value = None
    try:
        value = await METHODS[method](client)
    except GetscreenError as error:
        failure = error
    if failure:
        _assert_discreet(failure)
    else:
        assert value is None or isinstance(value, str) or is_dataclass(value)
        assert_sound(value, type(value), method)
        assert repr(value)
    assert_impersonal(client.reports[method].notes)
    assert HIDDEN not in repr(client.reports)
    return failure


@pytest.mark.parametrize("method", METHODS)
@HTTP
@given(payload=JSON | st.fixed_dictionaries({"data": JSON | st.lists(AGENTS | INVITATIONS | ROWS, max_size=3) | AGENTS | ROWS}))
async def test_any_json_gives_a_value_or_an_error(session: aiohttp.ClientSession, canned: Canned, method: str, payload: object) -> None:
    client = GetscreenClient(session, KEY, canned.url)
    canned.reply_json(payload)
    await _assert_value_or_error(client, method)
    canned.reply_json(payload, status="400 Bad Request")
    assert type(await _assert_value_or_error(client, method)) is RequestRefusedError


@pytest.mark.parametrize("method", METHODS)
@HTTP
@given(data=st.data())
async def test_a_corrupted_answer_gives_a_value_or_an_error(
    session: aiohttp.ClientSession, canned: Canned, method: str, data: st.DataObject
) -> None:
    client = GetscreenClient(session, KEY, canned.url)
    canned.reply_json(data.draw(_spoiled(_good(method)), label="the answer"))
    await _assert_value_or_error(client, method)


@pytest.mark.parametrize("method", METHODS)
async def test_the_answers_are_valid_before_they_are_corrupted(canned: Canned, canned_client: GetscreenClient, method: str) -> None:
    canned.reply_json(_good(method))
    assert await _assert_value_or_error(canned_client, method) is None
    assert len([*_paths(_good(method))]) > (0 if method == "support/close" else 1)


# Bodies that are broken JSON, or none.
_BODIES = (
    st.binary(max_size=100)
    | st.builds(lambda value, cut: orjson.dumps(value)[:cut], JSON, st.integers(0, 60))
    | st.builds(
        b"[{%b}]".__mod__,
        st.lists(
            st.sampled_from(
                [
                    *(b'"id":', b"1", b'"name":', b'"\\ud800"', b'"\\ud83d\\udd11"'),
                    *(b'"\xff"', b'"\xed\xa0\x80"', b'"\\u0000"', b"1e999", b"-0"),
                    *(b"NaN", b"9" * 400, b"18446744073709551616", b",", b",", b"{", b"}", b"[", b"]", b"null", b"\x00", b" "),
                    *(b"[" * 1000 + b"]" * 1000, b"[" * 2000, b'"id":1,"id":2'),
                ]
            ),
            max_size=8,
        ).map(b"".join),
    )
)
_HEADER_LINES = st.lists(
    st.sampled_from(
        [
            *(b"Content-Type: application/json; charset=none", b"Content-Type: \xff", b"Content-Encoding: gzip", b"Content-Encoding: br"),
            *(b"Content-Encoding: zstd", b"Content-Encoding: deflate", b"Retry-After: \xff", b"Retry-After: 9", b"Location: http://["),
            *(b"Set-Cookie: a=\xff; Expires=never; Max-Age=x", b"Connection: close", b"X: " + b"x" * 9000, b"X : x", b"no header", b": x"),
        ]
    )
    | HEADERS.map(lambda text: b"Retry-After: " + re.sub(rb"[\r\n]", b"", text.encode()[:200])),
    max_size=2,
)
_CODES = st.sampled_from([200, 200, 200, 201, 204, 206, 299, 304, 308, 400, 401, 402, 403, 404, 405, 408, 429, 451, 500, 503, 599, 999])


@pytest.mark.parametrize("method", ["agents/list", "agents/info", "agents/wake", "support/create"])
@HTTP
@given(code=_CODES, headers=_HEADER_LINES, body=_BODIES)
async def test_any_body_gives_a_value_or_an_error(
    session: aiohttp.ClientSession, canned: Canned, method: str, code: int, headers: list[bytes], body: bytes
) -> None:
    canned.reply(body, *headers, status=f"{code} Whatever")
    client = GetscreenClient(session, KEY, canned.url)
    error = await _assert_value_or_error(client, method)
    assert error or code in ((200,) if method in READS else (200, 201, 204))
    assert client.reports[method].last_code in (code, None)


_PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        *(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 101 Switch\r\n", b"HTTP/1.0 200\r\n", b"HTTP/9.9 200 OK\r\n", b"\r\n"),
        *(b"HTTP/1.1 -1 OK\r\n", b"HTTP/1.1 000 OK\r\n", b"HTTP/2 200\r\n", b"\r\n\r\n"),
        *(b"[]", b'[{"id":1}]', b"2\r\n[]\r\n", b"0\r\n\r\n", b"\n"),
        b"Transfer-Encoding: chunked\r\n",
        *(b"Content-Length: 2\r\n", b"Content-Length: 9999\r\n", b"Content-Length: x\r\n", b"\x00", b"\xff"),
        b"Content-Encoding: gzip\r\n",
        *(b"Upgrade: websocket\r\nConnection: Upgrade\r\n", b"Retry-After: 1\r\n", b" folded\r\n", b"ffffffff\r\n"),
    ]
)
_RAW = (
    st.binary(max_size=100)
    | st.lists(_PIECES, max_size=8).map(b"".join)
    | st.lists(_PIECES, max_size=8).map(lambda pieces: b"HTTP/1.1 200 OK\r\n" + b"".join(pieces))
)


@pytest.mark.parametrize("method", ["agents/list", "agents/wake"])
@HTTP
@given(answer=_RAW)
async def test_any_bytes_give_a_value_or_an_error(session: aiohttp.ClientSession, canned: Canned, method: str, answer: bytes) -> None:
    canned.reply_raw(answer)
    await _assert_value_or_error(GetscreenClient(session, KEY, canned.url), method)
