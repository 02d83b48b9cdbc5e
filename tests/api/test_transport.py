"""What becomes of an answer: which error, with what to say, and nothing secret in it."""

import asyncio
from collections.abc import Callable
import contextlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import errno
import gzip
from pathlib import Path
import socket
import ssl
import time
from traceback import format_exception
import tracemalloc
from typing import Any, override
import zlib

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
import orjson
import pytest

from custom_components.getscreen.api import (
    AccessBlockedError,
    AccessDeniedError,
    CommandFailedError,
    ConnectionCause,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
    RequestRefusedError,
)
from custom_components.getscreen.api.decoding import MOST_BYTES, MOST_VALUES
from custom_components.getscreen.api.transport import Answer
from simulator import Account, Fault, Simulator
from simulator.methods import Api
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
    """What is accepted or created is not yet the answer to a question, and an account must not seem to be empty."""
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
async def test_only_json_refuses_access(
    canned: Canned, canned_client: GetscreenClient, *, code: int, body: bytes, content_type: bytes, blocked: bool
) -> None:
    """Anything else is a proxy's, a firewall's or a captive portal's, and says nothing about the key."""
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
        (["x"], "x"),
        ([], None),
        ([5, "x"], None),
        ({"errors": [{"message": "first"}, "second"]}, "first"),
        ({"error": "two\n\t lines\r\n"}, "two lines"),
        (None, None),
        ({"error": "x" * 1000}, "x" * 300),
        ({"error": " " * 9997 + "a-key"}, "***"),
        ({"error": "the key a-key is not for this"}, "the key *** is not for this"),
    ],
)
async def test_the_reason_of_a_refusal(canned: Canned, canned_client: GetscreenClient, payload: object, reason: str | None) -> None:
    canned.reply_json(payload, status="400 Bad Request")
    with pytest.raises(RequestRefusedError, match=r"^agents/wake: HTTP 400$") as caught:
        await canned_client.wake(1)
    assert caught.value.reason == reason
    assert "key" not in repr(caught.value)


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"Bad Request", b"text/html", None),
        (b"Bad Request", b"application/octet-stream", None),
        (b"unknown\nagent", b"text/plain; charset=utf-8", "unknown agent"),
        (b"key a-key", b"text/plain", "key ***"),
        (b"\xff", b"text/plain", "\ufffd"),
        (b"<html>", b"text/plain", None),
        (b"x" * 1000, b"text/plain", "x" * 300),
        (b"x" * 1001, b"text/plain", None),
    ],
)
async def test_a_refusal_without_json(
    canned: Canned, canned_client: GetscreenClient, body: bytes, content_type: bytes, reason: str | None
) -> None:
    canned.reply(body, b"Content-Type: " + content_type, status="400 Bad Request")
    with pytest.raises(RequestRefusedError) as caught:
        await canned_client.wake(1)
    assert caught.value.reason == reason


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
        b'[{"id":1,"name":"\xff]',
        b"\xff[]",
        b"\xef\xbb\xbf\xef\xbb\xbf[]",
        b"\xef\xbb[]",
        '[{"id":1}]'.encode("utf-16"),
        '[{"id":1}]'.encode("utf-32"),
    ],
)
async def test_no_json(canned: Canned, canned_client: GetscreenClient, body: bytes) -> None:
    canned.reply(body, b"Content-Type: application/json")
    for method in ("agents/list", "agents/wake", "support/close"):
        with pytest.raises(InvalidResponseError, match=f"^{method}: HTTP 200, no JSON$"):
            await METHODS[method](canned_client)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"id":1,"name":"PC"}', "PC"),
        ('{"id":1,"name":"Zo\u00eb"}'.encode(), "Zo\u00eb"),
        ('{"id":1,"name":"Zo\u00eb"}'.encode("latin-1"), "Zo\ufffd"),
        (b'{"id":1,"name":"a\xffb\\ud83d"}', "a\ufffdb\ufffd"),
        (b'{"id":1,"name":"\\\\ud83d\xff"}', "\\ud83d\ufffd"),
        (b'{"id":1,"name":"\\\\\\ud83d"}', "\\\ufffd"),
        (b'{"id":1,"name":"\xed\xa0\xbd"}', "\ufffd\ufffd\ufffd"),
        (b'{"id":1,"name":"\xf0\x9f\x94"}', "\ufffd"),
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
async def test_a_broken_character_or_a_byte_order_mark_costs_nothing_else(
    canned: Canned, canned_client: GetscreenClient, mark: bytes, body: bytes, name: str
) -> None:
    canned.reply(mark + b"[" + body + b',{"id":2,"name":"Zo\xc3\xab"}]')
    agents = (await canned_client.list_agents()).agents
    assert [agent.name for agent in agents.values()] == [name, "Zo\u00eb"]
    canned.reply(mark + b'{"status":7,"x":"\xff"}')
    with pytest.raises(CommandFailedError):
        await canned_client.wake(1)


async def test_a_character_may_lie_across_the_slices_in_which_text_is_mended(canned: Canned, canned_client: GetscreenClient) -> None:
    for padding in (65_500, 65_520):
        for shift in range(16):
            name = "\U0001f5a5" * 8
            canned.reply(b'[{"id":1,"x":"\xff%b","name":"%b"}]' % (b"x" * (padding + shift), name.encode()))
            assert (await canned_client.list_agents()).agents[1].name == name


@pytest.mark.parametrize(("pairs", "half"), [(1000, "\ufffd"), (2999, "\ufffd"), (100_000, "\ufffd")])
async def test_an_escape_after_many_backslashes(canned: Canned, canned_client: GetscreenClient, pairs: int, half: str) -> None:
    """A pair of them is one in the text, so what follows an even number is an escape, and what follows an odd one is not."""
    canned.reply(b'[{"id":1,"name":"%b\\ud83d"},{"id":2,"name":"\\\\ud83d","group":"\xff"}]' % (b"\\\\" * pairs))
    answer = (await canned_client.list_agents()).agents
    assert answer[1].source["name"] == "\\" * pairs + half
    assert (answer[2].name, answer[2].group) == ("\\ud83d", "\ufffd")


async def test_too_many_halves_of_characters_are_no_json(canned: Canned, canned_client: GetscreenClient) -> None:
    for halves, error in ((200_000, None), (200_002, InvalidResponseError)):
        canned.reply(b'[{"id":1,"name":"%b"}]' % (b"\\ud83d" * halves))
        with pytest.raises(error, match="no JSON") if error else contextlib.nullcontext():
            assert (await canned_client.list_agents()).agents.keys() == {1}


async def test_broken_bytes_that_would_be_too_large_once_they_are_replaced(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(b'[{"id":1,"name":"%b"}]' % (b"\xff" * (MOST_BYTES // 2)))
    with pytest.raises(InvalidResponseError, match=str(MOST_BYTES)):
        await canned_client.list_agents()


async def test_nothing_but_a_byte_order_mark_is_no_answer_to_a_question(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(b"\xef\xbb\xbf")
    with pytest.raises(InvalidResponseError):
        await canned_client.list_agents()
    await canned_client.wake(1)


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


# Errors in answers with code 200

_ERRORS_IN_AN_ANSWER: list[tuple[object, str | None]] = [
    ({"error": "agent is offline"}, "agent is offline"),
    ({"error": "agent is offline", "data": None}, "agent is offline"),
    ({"error": "agent is offline", "data": [{"id": 1}]}, "agent is offline"),
    ({"error": "agent is offline", "status": 0}, "agent is offline"),
    ({"error": {"code": 5, "message": "agent is offline"}}, "agent is offline"),
    ({"error": {"code": 5}}, None),
    ({"error": True, "message": "agent is offline"}, "agent is offline"),
    ({"error": 5}, None),
    ({"error": ["agent is offline"]}, "agent is offline"),
    ({"errors": [{"message": "agent is offline"}]}, "agent is offline"),
    ({"success": False}, None),
    ({"success": False, "message": "agent is offline"}, "agent is offline"),
    ({"success": 0, "data": "agent is offline"}, "agent is offline"),
    ({"success": "false"}, None),
    ({"ok": False, "message": "agent is offline"}, "agent is offline"),
    ({"status": "error", "message": "agent is offline"}, "agent is offline"),
    ({"status": "Failed"}, None),
    ({"data": {"error": "agent is offline"}}, "agent is offline"),
    ({"data": {"success": False, "message": "agent is offline"}}, "agent is offline"),
    ({"status": 0, "data": {"error": "agent is offline"}}, "agent is offline"),
    ({"error": "the key a-key is refused"}, "the key *** is refused"),
    ({"error": "x" * 1000}, "x" * 300),
]
_ERRORS_TO_A_COMMAND: list[tuple[object, str | None]] = [
    (False, None),
    ("agent is offline", "agent is offline"),
    ({"data": False}, None),
    ({"data": "agent is offline"}, "agent is offline"),
]
_ACTS = ("agents/wake", "agents/reboot", "agents/logout", "devices/update", "support/close")


@pytest.mark.parametrize(("payload", "reason"), _ERRORS_IN_AN_ANSWER)
async def test_errors_in_an_answer(canned: Canned, canned_client: GetscreenClient, payload: object, reason: str | None) -> None:
    """Of any method, though its HTTP code is 200."""
    canned.reply_json(payload)
    for method, call in METHODS.items():
        with pytest.raises(RequestRefusedError, match=f"^{method}: HTTP 200 with an error$") as caught:
            await call(canned_client)
        assert caught.value.reason == reason
        assert "a-key" not in repr(caught.value)
    assert len(canned.received) == len(METHODS)  # none is tried in another way


@pytest.mark.parametrize(("payload", "reason"), _ERRORS_TO_A_COMMAND)
async def test_errors_that_a_command_is_answered_with(
    canned: Canned, canned_client: GetscreenClient, payload: object, reason: str | None
) -> None:
    canned.reply_json(payload)
    for method, call in COMMANDS.items():
        with pytest.raises(RequestRefusedError, match=f"^{method}: HTTP 200 with an error$") as caught:
            await call(canned_client)
        assert caught.value.reason == reason
    for method, call in READS.items():
        with pytest.raises(InvalidResponseError):
            await call(canned_client)
        assert canned_client.reports[method].last_code == 200


async def test_a_command_that_is_answered_with_plain_text(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(b"agent is offline", b"Content-Type: text/plain")
    with pytest.raises(RequestRefusedError) as caught:
        await canned_client.wake(1)
    assert caught.value.reason == "agent is offline"
    with pytest.raises(InvalidResponseError, match="no JSON"):
        await canned_client.list_agents()
    canned.reply(b"OK\n", b"Content-Type: text/plain")
    await canned_client.wake(1)
    with pytest.raises(InvalidResponseError):
        await canned_client.connect(1)


_NO_ERRORS: dict[str, list[object]] = {
    "error": [None, "", " ", 0, 0.0, False, [], {}, "0", "false", "None", "null", "OK", "no", {"code": 0, "message": "ok"}],
    "errors": [None, [], {}, 0, "", [None], {"name": ""}],
    "success": [True, 1, "true", "1", None, []],
    "status": [0, "0", 0.0, None, "", "ok", "OK", "success"],
    "data": [None, True, 5, [], {}, "ok"],
}


@pytest.mark.parametrize(
    "payload",
    [
        *({name: value} for name, values in _NO_ERRORS.items() for value in values),
        {"success": True, "data": "queued"},
        {"success": True, "data": False},
        {"status": 0, "data": "queued"},
        {"status": 0, "data": False},
        {"status": 0, "message": "ok"},
        {"message": "queued"},
        {"data": {"error": None, "message": "queued"}},
        {"data": {"id": 1, "name": "PC", "error": "blue screen", "success": False}},
        {"id": 1, "online": True, "error": "blue screen"},
        *(None, True, 1, [], {}, "ok", "Success", "done", ""),
    ],
)
async def test_what_is_no_error(canned: Canned, canned_client: GetscreenClient, payload: object) -> None:
    canned.reply_json(payload)
    for method in _ACTS:
        await METHODS[method](canned_client)


async def test_a_computer_may_have_a_field_called_error(canned: Canned, canned_client: GetscreenClient) -> None:
    record = {"id": 1, "name": "PC", "error": "blue screen", "success": False, "ok": False, "status": "failed"}
    for payload in (record, {"data": record}):
        canned.reply_json(payload)
        assert (await canned_client.get_agent(1)).agent.name == "PC"
    canned.reply_json([record])
    assert (await canned_client.list_agents()).agents[1].name == "PC"


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
    """With room for fields that nobody knows, and for links that are signed at length."""
    listed = orjson.loads(Api(Account(devices=10_000), "https://img.getscreen.me").agents_list({}))["data"]
    for record in listed:
        record["preview_url"] = f"https://img.getscreen.me/{record['id']}.png?signature={'0' * 500}"
        record["features"] = dict.fromkeys(("sound", "clipboard", "files", "terminal", "print"), True)
    canned.reply_json({"data": listed})
    answer = await canned_client.list_agents()
    assert (len(answer.agents), answer.skipped, answer.cut) == (10_000, 0, 0)


async def test_a_large_answer_is_decoded_and_read_in_another_thread(
    canned: Canned, canned_client: GetscreenClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    to_thread = asyncio.to_thread

    async def spy(work: Callable[[], object], *arguments: object) -> object:
        threads.append(1)
        return await to_thread(work, *arguments)

    monkeypatch.setattr(asyncio, "to_thread", spy)
    wide = b'[{"id":1,"name":"%b"}]'
    bodies = [(wide % (b"x" * (length - len(wide) + 2)), threads) for length, threads in ((160 * 1024, 0), (160 * 1024 + 1, 2))]
    many = [(b"[%b]" % b",".join([b'{"id":1}'] * count), threads) for count, threads in ((200, 0), (201, 1))]
    for body, expected in bodies + many:
        canned.reply(body)
        for method in LISTS:
            threads.clear()
            await METHODS[method](canned_client)
            assert len(threads) == expected


@pytest.mark.parametrize("bracket", [b",", b"[", b"{"])
async def test_too_many_values(canned: Canned, canned_client: GetscreenClient, bracket: bytes) -> None:
    record = {b",": b"0", b"[": b"[]", b"{": b"{}"}[bracket]
    each = 1 if bracket == b"," else 2
    fits = b"[%b]" % b",".join([record] * (MOST_VALUES // each))
    assert sum(map(fits.count, b",[{")) == MOST_VALUES
    canned.reply(fits)
    assert (await canned_client.list_agents()).cut > 200_000
    for beyond in (fits[:-1] + b",0]", fits[:-1] + b',"\xff"]'):
        canned.reply(beyond)
        for method in ("agents/list", "agents/wake"):
            with pytest.raises(InvalidResponseError, match=f"^more than {MOST_VALUES} values$"):
                await METHODS[method](canned_client)


# The worst that is accepted, by what takes long.
_M = 1024 * 1024
_WORST: dict[str, Callable[[], bytes]] = {
    "records without anything": lambda: b"[%b]" % b",".join(b'{"id":%d}' % number for number in range(MOST_VALUES // 2)),
    "one object": lambda: b"{%b}" % b",".join(b'"k%d":0' % number for number in range(MOST_VALUES)),
    "one record": lambda: b'[{"id":1,%b}]' % b",".join(b'"k%d":[]' % number for number in range(MOST_VALUES // 2 - 2)),
    "nesting": lambda: b"[%b]" % b",".join([b'{"a":' * 900 + b"1" + b"}" * 900] * (MOST_VALUES // 901)),
    "a long link": lambda: b'[{"id":1,"preview_url":"http://%b/"}]' % (b"\xc3\xa4" * 15 * _M),
    "a long text": lambda: b'[{"id":1,"name":"%b"}]' % (b"x" * 31 * _M),
    "escapes": lambda: b'[{"id":1,"name":"%b"}]' % (b"\\n" * 15 * _M),
    "backslashes and a broken byte": lambda: b'[{"id":1,"name":"%b\xff"}]' % (b"\\\\" * 15 * _M),
    "halves of characters": lambda: b'[{"id":1,"name":"%b"}]' % (b"\\ud83d" * 190_000),
    "broken bytes": lambda: b'[{"id":1,"name":"%b"}]' % (b"\xff" * 10 * _M),
    "fields that are no names": lambda: b'[{"id":1,"geo":{"%b":1}}]' % (b"y" * 31 * _M),
    "disks": lambda: b'{"id":1,"name":"PC","hardware":{"LogicalDisks":[%b]}}' % b",".join([b'{"Disk":"C:"}'] * (MOST_VALUES // 2 - 5)),
    "addresses": lambda: b'{"id":1,"name":"PC","hardware":{"ComputerIP":[%b]}}' % b",".join([b'"a"'] * (MOST_VALUES - 10)),
    "an error": lambda: b'{"error":"%b"}' % (b"a " * 15 * _M),
    "errors": lambda: b'{"errors":[%b]}' % b",".join([b'{"a":0}'] * (MOST_VALUES // 2 - 5)),
}


@pytest.mark.parametrize("worst", _WORST)
async def test_the_worst_answers_take_little_time_and_leave_little_behind(
    canned: Canned, canned_client: GetscreenClient, worst: str
) -> None:
    """Of the processor, beside what parsing an honest account of 10,000 computers takes: a slow machine is no fault."""
    start = time.process_time()
    orjson.loads(b"[%b]" % b",".join([orjson.dumps({f"field{field}": "x" * 10 for field in range(40)})] * 10_000))
    least = time.process_time() - start
    canned.reply(_WORST[worst]())
    for method in ("agents/list", "agents/info", "history/list", "support/list"):
        answer, start = None, time.process_time()
        with contextlib.suppress(GetscreenError):
            answer = await METHODS[method](canned_client)
        assert time.process_time() - start < 60 * least
        assert len(repr(answer)) < 500 * 10_000
        assert len(repr(canned_client.reports[method].notes)) < 20_000


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


_KEY = "k-0123456789"


class _Resolver(AbstractResolver):
    """Knows one name, and two addresses of it."""

    @override
    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        if host != "known.example":
            raise OSError("Name or service not known")
        families = {"127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0) for address, family in families.items()
        ]

    @override
    async def close(self) -> None:
        pass


async def _cause(url: str, *errors: OSError) -> ConnectionCause:
    """Return why a server is not reached; `errors`: what becomes of each connection."""
    left = list(errors)

    def connect(address: Any) -> socket.socket:
        raise left.pop(0)

    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=_Resolver(), socket_factory=connect if errors else None)
    ) as session:
        for method in ("agents/list", "agents/wake"):
            left = list(errors)
            with pytest.raises(GetscreenConnectionError) as caught:
                await METHODS[method](GetscreenClient(session, _KEY, url))
            assert _KEY not in "".join(format_exception(caught.value))
    return caught.value.cause


_UNREACHABLE = OSError(errno.ENETUNREACH, "Network is unreachable")
_REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed")


@pytest.mark.parametrize(
    ("cause", "host", "errors"),
    [
        (ConnectionCause.NAME, "unknown.example", []),
        (ConnectionCause.REFUSED, "known.example", [_REFUSED, _REFUSED]),
        (ConnectionCause.REFUSED, "known.example", [_UNREACHABLE, _REFUSED]),
        (ConnectionCause.TIMEOUT, "known.example", [TimeoutError(errno.ETIMEDOUT, "Connect call failed")] * 2),
        (ConnectionCause.OTHER, "known.example", [_UNREACHABLE, _UNREACHABLE]),
        (ConnectionCause.OTHER, "known.example", [OSError("no number"), OSError("another")]),
    ],
)
async def test_why_no_connection_comes_about(cause: ConnectionCause, host: str, errors: list[OSError]) -> None:
    """Each cause is another thing to do for the user."""
    assert await _cause(f"https://{host}/v1", *errors) is cause


async def test_a_certificate_that_nobody_trusts(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    certificate = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    pem = tmp_path / "own.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    async with await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=context) as server:
        assert await _cause(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1") is ConnectionCause.CERTIFICATE


async def test_a_server_that_does_not_speak_tls() -> None:
    def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-server\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        assert await _cause(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1") is ConnectionCause.OTHER


async def test_nobody_listens_any_more(canned: Canned) -> None:
    await canned.__aexit__()
    assert await _cause(canned.url) is ConnectionCause.REFUSED


async def test_connections_that_are_lost(canned: Canned) -> None:
    canned.reply_raw(b"")
    assert await _cause(canned.url) is ConnectionCause.OTHER


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
