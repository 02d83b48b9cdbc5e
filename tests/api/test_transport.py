"""HTTP codes, Retry-After, encodings and timeouts."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import gzip
import re
import zlib

import aiohttp
from hypothesis import given, settings
from hypothesis import strategies as st
import pytest

from custom_components.getscreen.api import (
    AccessBlockedError,
    AccessDeniedError,
    ConnectionCause,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
)
from custom_components.getscreen.api.transport import Answer
from simulator import Account, Fault, Simulator
from tests.helpers import end_timers, until

from .helpers import METHODS, READS, Canned
from .strategies import HEADERS, HTTP


async def test_a_command_whose_answer_is_lost_was_carried_out_once(client: GetscreenClient, account: Account, simulator: Simulator) -> None:
    simulator.fail(Fault.LOST_ANSWER)
    with pytest.raises(GetscreenConnectionError):
        await client.wake(3)
    assert account.agents[3].online
    assert simulator.count() == 1


async def test_a_limit_of_the_plan(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.limit = 1
    await client.list_agents()
    with pytest.raises(RequestLimitError, match=r"^agents/list: HTTP 402$") as caught:
        await client.list_agents()
    assert caught.value.retry_after is None


async def test_codes(canned: Canned, canned_client: GetscreenClient) -> None:
    codes: list[tuple[type[GetscreenError], tuple[int, ...]]] = [
        (AccessDeniedError, (401, 403)),
        (GetscreenConnectionError, (408, 429, 500, 504, 520, 999)),
        (InvalidResponseError, (203, 205, 206, 207, 226, 299, 300, 301, 304, 307, 404, 405, 410, 418, 451)),
    ]
    for error, code in ((error, code) for error, several in codes for code in several):
        canned.reply(b"" if code in (205, 304) else b"[]", b"Location: http://[", status=f"{code} No")
        for method in ("agents/list", "agents/connect"):
            with pytest.raises(error, match=f"^{method}: HTTP {code}$") as caught:
                await METHODS[method](canned_client)
            if isinstance(caught.value, GetscreenConnectionError):
                assert caught.value.cause is ConnectionCause.SERVER


@pytest.mark.parametrize("code", [201, 202, 204])
async def test_codes_of_success_that_no_read_has(canned: Canned, canned_client: GetscreenClient, code: int) -> None:
    """201, 202 and 204 are no answer to a read: the account must not seem to be empty."""
    canned.reply(b"" if code == 204 else b"[]", status=f"{code} Fine")
    await canned_client.wake(1)
    for method in READS:
        with pytest.raises(InvalidResponseError, match=f"^{method}: HTTP {code}$"):
            await METHODS[method](canned_client)


@pytest.mark.parametrize("code", [401, 403])
@pytest.mark.parametrize(
    ("body", "content_type", "blocked"),
    [
        (b"<html><title>Just a moment...</title></html>", b"text/html", True),
        (b"<html><title>Just a moment...</title></html>", b"application/json", True),
        (b"Forbidden", b"text/plain", True),
        (b"", b"application/json", True),
        (b" ", b"application/json", True),
        (b"null", b"application/json", True),
        (b'{"error": "cut', b"application/json", True),
        (b'{"error": "no access to data"}', b"application/json", False),
        (b'{"error": "no access to data"}', b"text/html", False),
        (b'\xef\xbb\xbf{"error": "no access to data"}', b"application/json", False),
        (b'{"error": "\xff"}', b"application/json", False),
        (b'"no access to data"', b"application/json", False),
        (b"{}", b"application/json", False),
        (b"[]", b"application/json", False),
        (b"false", b"application/json", False),
    ],
)
async def test_only_json_rejects_access(
    canned: Canned, canned_client: GetscreenClient, *, code: int, body: bytes, content_type: bytes, blocked: bool
) -> None:
    """An answer without JSON is from a proxy, a firewall or a captive portal, and says nothing about the key."""
    canned.reply(body, b"Content-Type: " + content_type, b"Retry-After: 90", status=f"{code} Forbidden")
    for method, call in METHODS.items():
        with pytest.raises(AccessBlockedError if blocked else AccessDeniedError, match=f"^{method}: HTTP {code}$") as caught:
            await call(canned_client)
        if isinstance(caught.value, GetscreenConnectionError):
            assert (caught.value.cause, caught.value.retry_after) == (ConnectionCause.BLOCKED, 90)
    assert issubclass(AccessBlockedError, GetscreenConnectionError)
    assert not issubclass(AccessBlockedError, AccessDeniedError)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"120", 120),
        (b" 120 ", 120),
        (b"0", 0),
        (b"-5", 0),
        (b"3601", 3601),
        (b"86401", 86_400),
        (b"9" * 400, 86_400),
        (b"9" * 5000, None),
        (b"", None),
        (b"soon", None),
        (b"1.5", None),
        (b"\xff", None),
        (b",", None),
        (b"Mon, 99 Foo 99999 99:99:99 GMT", None),
        (b"Fri, 31 Dec 1999 23:59:59 GMT", 0),
        (b"Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        (b"Fri, 31 Dec 9999 23:59:59 -0000", None),
    ],
)
async def test_retry_after(canned: Canned, canned_client: GetscreenClient, header: bytes, seconds: float | None) -> None:
    for status, error in (("402 Pay", RequestLimitError), ("429 Slow", GetscreenConnectionError), ("503 Down", GetscreenConnectionError)):
        canned.reply(b"{}", b"Retry-After: " + header, status=status)
        with pytest.raises(error) as caught:
            await canned_client.list_agents()
        assert isinstance(caught.value, RequestLimitError | GetscreenConnectionError)
        longest = 86_400 if error is RequestLimitError else 3600
        assert caught.value.retry_after == (None if seconds is None else min(seconds, longest))


async def test_retry_after_a_date(canned: Canned, canned_client: GetscreenClient) -> None:
    date = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=300)
    canned.reply(b"", b"Retry-After: " + format_datetime(date, usegmt=True).encode(), status="503 Down")
    with pytest.raises(GetscreenConnectionError) as caught:
        await canned_client.list_agents()
    assert caught.value.retry_after is not None
    assert (date - datetime.now(UTC)).total_seconds() <= caught.value.retry_after <= 300


_DAY = 24 * 60 * 60


async def _retry_after(session: aiohttp.ClientSession, canned: Canned, header: bytes) -> float | None:
    """Return the seconds of a Retry-After header, as the error of an answer has them."""
    canned.reply_json({}, b"Retry-After: " + header, status="402 Payment Required")
    with pytest.raises(RequestLimitError) as caught:
        await GetscreenClient(session, "a-key", canned.url).list_agents()
    return caught.value.retry_after


@settings(HTTP, max_examples=200)
@given(HEADERS)
async def test_any_retry_after_is_at_most_a_day_or_none(session: aiohttp.ClientSession, canned: Canned, header: str) -> None:
    seconds = await _retry_after(session, canned, re.sub(rb"[\x00-\x1f\x7f]", b"", header.encode()))
    assert seconds is None or (type(seconds) is float and 0 <= seconds <= _DAY)


@HTTP
@given(st.integers(), st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2025, 1, 1)))  # noqa: DTZ001 - hypothesis adds the zone
async def test_a_valid_retry_after_is_understood(session: aiohttp.ClientSession, canned: Canned, seconds: int, past: datetime) -> None:
    assert await _retry_after(session, canned, str(seconds).encode()) == min(max(seconds, 0), _DAY)
    assert await _retry_after(session, canned, format_datetime(past.replace(tzinfo=UTC), usegmt=True).encode()) == 0
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds % _DAY)
    understood = await _retry_after(session, canned, format_datetime(later, usegmt=True).encode())
    assert understood is not None
    assert max(0, (later - datetime.now(UTC)).total_seconds()) <= understood <= seconds % _DAY


@pytest.mark.parametrize("content_type", [b"text/html", b"application/json; charset=latin-1", b"application/json; charset=none", b"x", b""])
async def test_json_is_read_with_any_content_type(canned: Canned, canned_client: GetscreenClient, content_type: bytes) -> None:
    canned.reply('[{"id":1,"name":"Zoë"}]'.encode(), b"Content-Type: " + content_type)
    assert (await canned_client.list_agents()).agents[1].name == "Zoë"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [(b"gzip", gzip.compress), (b"deflate", zlib.compress), (b"identity", bytes)],
)
async def test_compressed_answers(canned: Canned, canned_client: GetscreenClient, encoding: bytes, pack: Callable[[bytes], bytes]) -> None:
    canned.reply(pack(b'[{"id":1}]'), b"Content-Encoding: " + encoding)
    assert (await canned_client.list_agents()).agents.keys() == {1}


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"zstd", b"br"])
async def test_answers_that_cannot_be_unpacked(canned: Canned, canned_client: GetscreenClient, encoding: bytes) -> None:
    canned.reply(b"\xff\xffsecret-of-the-answer", b"Content-Encoding: " + encoding)
    with pytest.raises(GetscreenConnectionError, match=r"^no whole answer") as caught:
        await canned_client.list_agents("secret-of-the-caller")
    assert "secret" not in repr(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-secret\r\n",
        b"HTTP/1.1 secret\r\n\r\n",
        b"HTTP/1.1 1000 secret\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: secret",
        b"HTTP/1.1 200 OK\r\nSet-Cookie: secret\x00\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nX: " + b"secret" * 10_000 + b"\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\nX: secret\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n[",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsecret\r\n[]",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[]",
    ],
)
async def test_malformed_http(canned: Canned, canned_client: GetscreenClient, answer: bytes) -> None:
    canned.reply_raw(answer)
    for method, call in (("agents/list", lambda: canned_client.list_agents("secret")), ("agents/wake", lambda: canned_client.wake(1))):
        with pytest.raises(GetscreenConnectionError, match=r"^no whole answer \(\w+\)$") as caught:
            await call()
        assert "secret" not in f"{caught.value} {caught.value!r}"
        assert canned_client.reports[method].last_code is None


def test_an_answer_does_not_print_what_it_holds() -> None:
    assert "s3cret" not in repr(Answer(code=200, payload={"onetime_url": "s3cret"}, is_json=True, retry_after=None))


@pytest.mark.parametrize("method", ["agents/list", "agents/wake"])
async def test_timeouts(client: GetscreenClient, simulator: Simulator, method: str) -> None:
    simulator.fail(Fault.HANG)
    task = asyncio.ensure_future(METHODS[method](client))
    await until(simulator.count)
    assert not task.done()
    end_timers(31)  # aiohttp rounds up to whole seconds
    with pytest.raises(GetscreenConnectionError, match=r"^no answer within 30 seconds$") as caught:
        await task
    assert caught.value.cause is ConnectionCause.TIMEOUT
    assert simulator.count() == 1


async def test_a_body_that_never_ends_times_out(session: aiohttp.ClientSession) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[")
        await reader.read()  # until the client closes the connection
        writer.close()

    async with await asyncio.start_server(trickle, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        with pytest.raises(GetscreenConnectionError, match="no answer within"):
            await GetscreenClient(session, "a-key", url, timeout=0.1).list_agents()


@pytest.mark.parametrize("method", ["agents/list", "agents/wake"])
async def test_a_cancelled_request_is_cancelled(client: GetscreenClient, simulator: Simulator, method: str) -> None:
    simulator.fail(Fault.HANG)
    task = asyncio.ensure_future(METHODS[method](client))
    await until(simulator.count)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    simulator.heal()
    await METHODS[method](client)


async def test_the_callers_own_timeout_is_the_callers(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.fail(Fault.HANG)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.list_agents()
