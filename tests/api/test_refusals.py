"""Errors in answers, and the server's own text about them."""

from collections.abc import Callable
from functools import partial
from urllib.parse import quote, quote_plus

import aiohttp
from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.getscreen.api import GetscreenClient, InvalidResponseError, RequestRefusedError
from custom_components.getscreen.api.refusals import error_in, reason, text_in
from custom_components.getscreen.api.transport import Answer

from .helpers import COMMANDS, METHODS, READS, Canned
from .strategies import JSON, MANY

# The reason of a refusal


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
async def test_the_reason_of_a_rejection(canned: Canned, canned_client: GetscreenClient, payload: object, reason: str | None) -> None:
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
async def test_a_rejection_without_json(
    canned: Canned, canned_client: GetscreenClient, body: bytes, content_type: bytes, reason: str | None
) -> None:
    canned.reply(body, b"Content-Type: " + content_type, status="400 Bad Request")
    with pytest.raises(RequestRefusedError) as caught:
        await canned_client.wake(1)
    assert caught.value.reason == reason


async def test_a_deeply_nested_reason(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(b'{"error":' * 1000 + b"1" + b"}" * 1000, status="400 Bad Request")
    with pytest.raises(RequestRefusedError) as caught:
        await canned_client.wake(1)
    assert caught.value.reason is None


async def test_an_empty_key_hides_nothing_of_the_reason(session: aiohttp.ClientSession, canned: Canned) -> None:
    canned.reply_json({"error": "no key"}, status="400 Bad Request")
    with pytest.raises(RequestRefusedError) as caught:
        await GetscreenClient(session, "", canned.url).list_agents()
    assert caught.value.reason == "no key"


@MANY
@given(JSON)
def test_the_text_of_any_answer_is_a_text_or_none(payload: object) -> None:
    text = text_in(payload)
    assert text is None or (type(text) is str and text and text == text.strip())
    for command in (True, False):
        error = error_in(payload, command=command)
        assert error is None or type(error) is str
        assert command or error is None or isinstance(payload, dict)


_KEYS = st.text("abcXYZ0189-_", min_size=1, max_size=6)


@MANY
@given(_KEYS, st.sampled_from(["error", "message", "text", "data"]), st.lists(st.text("abcXYZ0189-_ ", max_size=6), max_size=60))
def test_a_reason_never_contains_the_key(key: str, field: str, texts: list[str]) -> None:
    for code in (400, 200):
        answer = Answer(code, {field: key.join(texts), "success": False}, is_json=True, retry_after=None)
        with pytest.raises(RequestRefusedError, match=rf"^method: HTTP {code}") as caught:
            answer.raise_for_error("method", key, command=True)
        assert caught.value.reason is None or (key not in caught.value.reason and 0 < len(caught.value.reason) <= 300)


@MANY
@given(st.text("ab+/= %ü", min_size=1, max_size=6), st.sampled_from([str, quote, quote_plus, partial(quote, safe="")]))
def test_a_reason_never_contains_the_key_as_a_url_encodes_it(key: str, written: Callable[[str], str]) -> None:
    text = reason(f"GET /v1?apikey={written(key)}", key)
    assert text is not None
    assert "***" in text or not key.strip() or "/" in key


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
    """For any method, although the HTTP code is 200."""
    canned.reply_json(payload)
    for method, call in METHODS.items():
        with pytest.raises(RequestRefusedError, match=f"^{method}: HTTP 200 with an error$") as caught:
            await call(canned_client)
        assert caught.value.reason == reason
        assert "a-key" not in repr(caught.value)
    assert len(canned.received) == len(METHODS)  # none is tried in another way


@pytest.mark.parametrize(("payload", "reason"), _ERRORS_TO_A_COMMAND)
async def test_errors_in_answers_to_a_command(canned: Canned, canned_client: GetscreenClient, payload: object, reason: str | None) -> None:
    canned.reply_json(payload)
    for method, call in COMMANDS.items():
        with pytest.raises(RequestRefusedError, match=f"^{method}: HTTP 200 with an error$") as caught:
            await call(canned_client)
        assert caught.value.reason == reason
    for method, call in READS.items():
        with pytest.raises(InvalidResponseError):
            await call(canned_client)
        assert canned_client.reports[method].last_code == 200


async def test_a_plain_text_answer_to_a_command(canned: Canned, canned_client: GetscreenClient) -> None:
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
async def test_answers_without_an_error(canned: Canned, canned_client: GetscreenClient, payload: object) -> None:
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
