"""What becomes of an answer: which error, with what to say, and nothing secret in it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import gzip
from traceback import format_exception
import tracemalloc
import zlib

import aiohttp
import orjson
import pytest

from custom_components.getscreen.api import (
    AccessDeniedError,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
    RequestRefusedError,
)
from custom_components.getscreen.api.transport import MOST_BYTES, Answer
from simulator import Account, Fault, Simulator
from tests.helpers import end_timers, until

from .helpers import COMMANDS, LISTS, METHODS, READS, Canned

# What each fault is to every method, but for those below.
_ERRORS: dict[Fault, type[GetscreenError]] = {
    Fault.BAD_REQUEST: RequestRefusedError,
    Fault.PAYMENT_REQUIRED: RequestLimitError,
    Fault.FORBIDDEN: AccessDeniedError,
    Fault.NOT_FOUND: InvalidResponseError,
    Fault.METHOD_NOT_ALLOWED: InvalidResponseError,
    Fault.TOO_MANY_REQUESTS: GetscreenConnectionError,
    Fault.SERVER_ERROR: GetscreenConnectionError,
    Fault.BAD_GATEWAY: GetscreenConnectionError,
    Fault.UNAVAILABLE: GetscreenConnectionError,
    Fault.HTML: InvalidResponseError,
    Fault.HTML_BAD_GATEWAY: GetscreenConnectionError,
    Fault.CUT_JSON: InvalidResponseError,
    Fault.CUT_CONNECTION: GetscreenConnectionError,
    Fault.EMPTY: InvalidResponseError,
    Fault.WRONG_TYPES: InvalidResponseError,
    Fault.WRONG_ITEMS: InvalidResponseError,
    Fault.NULL: InvalidResponseError,
    Fault.HUGE: InvalidResponseError,
    Fault.HANG: GetscreenConnectionError,
    Fault.DROPPED: GetscreenConnectionError,
    Fault.LOST_ANSWER: GetscreenConnectionError,
    Fault.REDIRECT: InvalidResponseError,
}
# Where the HTTP code alone tells of success, an answer that says nothing is one.
_SILENT = {"agents/reboot", "agents/wake", "agents/logout", "devices/update", "support/close"}
_FINE = {
    Fault.EMPTY: _SILENT,
    Fault.NULL: _SILENT,
    Fault.WRONG_ITEMS: _SILENT | set(LISTS),  # lists without a single record that is any use
    Fault.WRONG_TYPES: {"support/close"},
}


@pytest.mark.parametrize("fault", Fault)
async def test_faults(session: aiohttp.ClientSession, simulator: Simulator, fault: Fault) -> None:
    client = GetscreenClient(session, simulator.key, simulator.url, timeout=0.1 if fault is Fault.HANG else 30)
    simulator.fail(fault, retry_after=90)
    methods = ["agents/list", "agents/connect"] if fault is Fault.HUGE else METHODS  # the same for all, and slow
    for method in methods:
        if method in _FINE.get(fault, ()):
            await METHODS[method](client)
            continue
        with pytest.raises(GetscreenError) as caught:
            await METHODS[method](client)
        error = caught.value
        assert type(error) is _ERRORS[fault], method
        assert simulator.key not in f"{error} {error!r}"
        assert simulator.key not in "".join(format_exception(error))
        assert error.__cause__ is None  # aiohttp's own errors know the key
        if isinstance(error, RequestLimitError | GetscreenConnectionError):
            codes = fault.isdecimal() or fault is Fault.HTML_BAD_GATEWAY
            assert error.retry_after == (90 if codes else None)
        if isinstance(error, RequestRefusedError):
            assert error.reason == "told to answer 400"
    assert (simulator.key_leaks, simulator.redirects_followed) == (0, 0)


async def test_no_agents_in_a_list_of_other_things(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.fail(Fault.WRONG_ITEMS)
    answer = await client.list_agents()
    assert (answer.agents, answer.skipped) == ({}, 5)


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
        (InvalidResponseError, (300, 301, 304, 307, 404, 405, 410, 418, 451)),
    ]
    for error, code in ((error, code) for error, several in codes for code in several):
        canned.reply(b"" if code == 304 else b"[]", b"Location: http://[", status=f"{code} No")
        with pytest.raises(error, match=f"^agents/list: HTTP {code}$"):
            await canned_client.list_agents()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"120", 120),
        (b" 120 ", 120),
        (b"0", 0),
        (b"-5", 0),
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
        assert caught.value.retry_after == seconds


async def test_retry_after_a_date(canned: Canned, canned_client: GetscreenClient) -> None:
    date = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=300)
    canned.reply(b"", b"Retry-After: " + format_datetime(date, usegmt=True).encode(), status="503 Down")
    with pytest.raises(GetscreenConnectionError) as caught:
        await canned_client.list_agents()
    assert caught.value.retry_after is not None
    assert (date - datetime.now(UTC)).total_seconds() <= caught.value.retry_after <= 300


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"error": " unknown connection "}, "unknown connection"),
        ({"message": "m"}, "m"),
        ({"text": "t"}, "t"),
        ({"data": "d"}, "d"),
        ({"error": {"code": 5, "message": "inner"}}, "inner"),
        ({"data": {"error": {"message": "deep"}}}, "deep"),
        ({"error": True, "message": "beside"}, "beside"),
        ({"error": 5, "data": {"text": "beside"}}, "beside"),
        ({"error": "", "message": "beside"}, "beside"),
        ({"error": "  "}, None),
        ({"error": []}, None),
        ({"code": 7}, None),
        ("plain", "plain"),
        (["x"], None),
        (None, None),
        ({"error": "x" * 1000}, "x" * 300),
        ({"error": "the key a-key is not for this"}, "the key *** is not for this"),
    ],
)
async def test_the_reason_of_a_refusal(canned: Canned, canned_client: GetscreenClient, payload: object, reason: str | None) -> None:
    canned.reply_json(payload, status="400 Bad Request")
    with pytest.raises(RequestRefusedError, match=r"^agents/wake: HTTP 400$") as caught:
        await canned_client.wake(1)
    assert caught.value.reason == reason
    assert "key" not in repr(caught.value)


async def test_a_refusal_without_json(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(b"Bad Request", status="400 Bad Request")
    with pytest.raises(RequestRefusedError) as caught:
        await canned_client.wake(1)
    assert caught.value.reason is None


async def test_a_reason_that_goes_on_and_on(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(b'{"error":' * 1000 + b"1" + b"}" * 1000, status="400 Bad Request")
    with pytest.raises(RequestRefusedError) as caught:
        await canned_client.wake(1)
    assert caught.value.reason is None


async def test_an_empty_key_hides_nothing_of_the_reason(session: aiohttp.ClientSession, canned: Canned) -> None:
    canned.reply_json({"error": "no key"}, status="400 Bad Request")
    with pytest.raises(RequestRefusedError) as caught:
        await GetscreenClient(session, "", canned.url).list_agents()
    assert caught.value.reason == "no key"


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html>",
        b"OK",
        b" ",
        b"[1, 2",
        b"[NaN]",
        b"[Infinity]",
        b"[" * 200_000 + b"]" * 200_000,
        b'[{"id":1' + b"0" * 100_000 + b"}]",
        b'[{"id":1,"name":"\xff"}]',
        b'\xef\xbb\xbf[{"id":1}]',
        '[{"id":1}]'.encode("utf-16"),
        '[{"id":1,"name":"é"}]'.encode("latin-1"),
    ],
)
async def test_no_json(canned: Canned, canned_client: GetscreenClient, body: bytes) -> None:
    canned.reply(body, b"Content-Type: application/json")
    for method in ("agents/list", "agents/wake", "support/close"):
        with pytest.raises(InvalidResponseError, match=f"^{method}: HTTP 200, no JSON$"):
            await METHODS[method](canned_client)


@pytest.mark.parametrize("content_type", [b"text/html", b"application/json; charset=latin-1", b"application/json; charset=none", b"x", b""])
async def test_json_is_json_whatever_it_is_called(canned: Canned, canned_client: GetscreenClient, content_type: bytes) -> None:
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
async def test_what_is_hardly_http(canned: Canned, canned_client: GetscreenClient, answer: bytes) -> None:
    canned.reply_raw(answer)
    for method, call in (("agents/list", lambda: canned_client.list_agents("secret")), ("agents/wake", lambda: canned_client.wake(1))):
        with pytest.raises(GetscreenConnectionError, match=r"^no whole answer \(\w+\)$") as caught:
            await call()
        assert "secret" not in f"{caught.value} {caught.value!r}"
        assert canned_client.reports[method].last_code is None


def test_an_answer_does_not_print_what_it_holds() -> None:
    assert "s3cret" not in repr(Answer(code=200, payload={"onetime_url": "s3cret"}, is_json=True, retry_after=None))


# Size and time


async def test_a_huge_answer_is_not_read_to_its_end(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.fail(Fault.HUGE)
    tracemalloc.start()
    try:
        with pytest.raises(InvalidResponseError, match=str(MOST_BYTES)):
            await client.list_agents()
        assert tracemalloc.get_traced_memory()[1] < 45_000_000
    finally:
        tracemalloc.stop()


async def test_a_small_answer_that_unpacks_to_a_huge_one(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(gzip.compress(b" " * 200_000_000, compresslevel=1), b"Content-Encoding: gzip")
    tracemalloc.start()
    try:
        with pytest.raises(InvalidResponseError, match=str(MOST_BYTES)):
            await canned_client.list_agents()
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


async def test_ten_thousand_computers_are_not_too_many(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply_json([{"id": number, "name": "x" * 850} for number in range(10_000)])
    assert len((await canned_client.list_agents()).agents) == 10_000


@pytest.mark.parametrize("method", ["agents/list", "agents/wake"])
async def test_timeouts(client: GetscreenClient, simulator: Simulator, method: str) -> None:
    simulator.fail(Fault.HANG)
    task = asyncio.ensure_future(METHODS[method](client))
    await until(simulator.count)
    assert not task.done()
    end_timers(31)  # aiohttp rounds up to whole seconds
    with pytest.raises(GetscreenConnectionError, match=r"^no answer within 30 seconds$"):
        await task
    assert simulator.count() == 1


async def test_a_body_that_never_ends_times_out(session: aiohttp.ClientSession) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[")
        await reader.read()  # until the client has had enough
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


# What cannot be sent at all


async def test_nobody_listens(session: aiohttp.ClientSession, canned: Canned) -> None:
    url = canned.url
    await canned.__aexit__()
    client = GetscreenClient(session, "a-key", url)
    for call in METHODS.values():
        with pytest.raises(GetscreenConnectionError, match=r"^Cannot connect to host 127\.0\.0\.1"):
            await call(client)


async def test_a_closed_session(client: GetscreenClient, session: aiohttp.ClientSession) -> None:
    await session.close()
    for call in METHODS.values():
        with pytest.raises(GetscreenConnectionError, match="session is closed"):
            await call(client)


@pytest.mark.parametrize("url", ["", "nothing", "ftp://127.0.0.1/v1", "http://", "http://[", "http://127.0.0.1:99999", "http://\ud800/"])
async def test_what_is_no_url(session: aiohttp.ClientSession, url: str) -> None:
    for method in ("agents/list", "agents/wake"):
        with pytest.raises(InvalidResponseError, match="not the URL of a server"):
            await METHODS[method](GetscreenClient(session, "a-key", url))


@pytest.mark.parametrize("key", ["a-\nkey", "a-\rkey", "a-\x00key"])
async def test_a_key_that_no_header_can_hold(session: aiohttp.ClientSession, canned: Canned, key: str) -> None:
    for call in (READS["agents/list"], COMMANDS["agents/wake"]):
        with pytest.raises(RequestRefusedError, match=r"^cannot be sent \(ValueError\)$") as caught:
            await call(GetscreenClient(session, key, canned.url))
        assert caught.value.reason is None
    assert canned.received == []


async def test_a_text_that_json_cannot_hold(canned: Canned) -> None:
    """Home Assistant's sessions write JSON with orjson, which knows no half characters."""
    async with aiohttp.ClientSession(json_serialize=lambda value: orjson.dumps(value).decode()) as session:
        with pytest.raises(RequestRefusedError, match=r"^cannot be sent \(TypeError\)$"):
            await GetscreenClient(session, "a-key", canned.url).update_device(1, name="\ud800")
    assert canned.received == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r"\ud83d", "\ufffd"),
        (r"a\uDDA5b", "a\ufffdb"),
        (r"\ud83d\udda5", "\U0001f5a5"),
        (r"\udda5\ud83d", "\ufffd\ufffd"),
        (r"\\ud83d\ud83d", "\\ud83d\ufffd"),
    ],
)
async def test_half_a_surrogate_pair(canned: Canned, canned_client: GetscreenClient, text: str, read: str) -> None:
    """It stands for one character that is lost, and takes nothing else along."""
    canned.reply(f'[{{"id":1,"name":"{text}","group":"\\ud83d"}}]'.encode())
    agents = (await canned_client.list_agents()).agents
    assert (agents[1].name, agents[1].group) == (read, "\ufffd")
