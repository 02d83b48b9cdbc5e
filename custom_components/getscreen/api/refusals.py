"""Finds errors in answers that have an HTTP code of success, and the server's own text about an error."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

from yarl import URL

LONGEST_REASON = 300
_MAX_TEXT = 10_000
# Texts of an error field that mean "no error", and texts that mean success if they are the whole answer to a command.
_NO_ERROR = ("", "0", "false", "no", "none", "null", "ok", "success")
_SUCCESS = ("", "0", "done", "ok", "success", "true")
_FAILURE = ("error", "fail", "failed", "failure")
_FALSE_VALUES = (False, "false", "0")
_TRUE_VALUES = (True, "true", "1")
# An object with one of these fields is an agent or an invitation, so its field `error` is not an error of the request.
_OBJECT_FIELDS = frozenset({"name", "online", "hardware", "invite_code"})


def error_in(payload: Any, *, command: bool) -> str | None:
    """Return the text of the error in an answer, empty if the error has no text; None if the answer is not an error.

    An answer to a command is also an error if it is `false` or a bare text.
    """
    if isinstance(payload, dict):
        if (error := _declared(payload)) is not None or "data" not in payload:
            return error
        data = payload["data"]
        # If the answer also has a status or says that it is a success, a text is a message and not an error.
        bare = command and "status" not in payload and payload.get("success") not in _TRUE_VALUES
    else:
        data, bare = payload, command
    if isinstance(data, dict):
        return _declared(data)
    if bare and isinstance(data, str):
        return None if is_success(data) else data
    return "" if bare and data is False else None


def reason(text: str | None, key: str) -> str | None:
    """Return a text of the server as one line of at most 300 characters, with the key replaced by asterisks; None if it is empty."""
    text = text or ""
    for secret in {key, quote(key, safe=""), quote_plus(key), URL.build(query={"k": key}).raw_query_string.removeprefix("k=")} - {""}:
        text = text.replace(secret, "***")
    return " ".join(text[:_MAX_TEXT].split())[:LONGEST_REASON].strip() or None


def text_in(found: object, depth: int = 3) -> str | None:
    """Return the server's own text from the fields of an answer that may have it, at most `depth` levels down; None if there is none."""
    if isinstance(found, str):
        return found.strip() or None
    inner: Iterable[object] = ()
    if isinstance(found, dict):
        inner = (found.get(key) for key in ("error", "errors", "message", "text", "data"))
    elif isinstance(found, list):
        inner = found[:1]
    return next(filter(None, (text_in(one, depth - 1) for one in inner)), None) if depth else None


def _declared(record: dict[str, Any]) -> str | None:
    """Return the text of the error that an object declares, in the form of `error_in`."""
    failed = (
        _is_error(record.get("error"))
        or _is_error(record.get("errors"))
        or any(record.get(name) in _FALSE_VALUES for name in ("success", "ok"))
        or _is_one_of(record.get("status"), _FAILURE)
    )
    return text_in(record) or "" if failed and record.keys().isdisjoint(_OBJECT_FIELDS) else None


def _is_error(found: object) -> bool:
    if isinstance(found, dict | list):
        values = found.values() if isinstance(found, dict) else found
        return any(value and not _is_one_of(value, _NO_ERROR) for value in values)
    return bool(found) and not _is_one_of(found, _NO_ERROR)


def is_success(found: object) -> bool:
    """Return whether a text means success."""
    return _is_one_of(found, _SUCCESS)


def _is_one_of(found: object, texts: tuple[str, ...]) -> bool:
    return isinstance(found, str) and found.strip().lower() in texts
