"""One HTTP request and what came of it: here every answer becomes a value or an error."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
import re
from typing import Any

import aiohttp
import orjson

from .errors import AccessDeniedError, GetscreenConnectionError, InvalidResponseError, RequestLimitError, RequestRefusedError
from .reader import Notes, Reader

# Ten thousand agents make 9 MB; an answer beyond this is no answer of this API, or not one to keep in memory.
MOST_BYTES = 32 * 1024 * 1024
# Above this, an answer is parsed in another thread. The parser does not let others run meanwhile: 6 ms for each MB.
_LARGE = 256 * 1024
_LONGEST_REASON = 300
_LONGEST_WAIT = 24 * 60 * 60
# Escapes in JSON, where half a pair stands out.
_SURROGATES = re.compile(rb"\\\\|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?P<half>\\u[dD][89a-fA-F][\da-fA-F]{2})")
_TRY_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: HTTP code, the JSON it holds (None where there is none), whether it was JSON at all, seconds the server asks to wait."""

    code: int
    payload: Any = field(repr=False)
    is_json: bool
    retry_after: float | None

    def raise_for_code(self, method: str, key: str) -> None:
        """Raise the error that the HTTP code stands for. A server that repeats the key in its text is not quoted with it."""
        what = f"{method}: HTTP {self.code}"
        if self.code == HTTPStatus.PAYMENT_REQUIRED:
            raise RequestLimitError(what, self.retry_after)
        if self.code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise AccessDeniedError(what)
        if self.code in _TRY_LATER or self.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise GetscreenConnectionError(what, self.retry_after)
        if self.code == HTTPStatus.BAD_REQUEST:
            reason = _text(self.payload)
            raise RequestRefusedError(what, reason and (reason.replace(key, "***") if key else reason)[:_LONGEST_REASON])
        if self.code >= HTTPStatus.MULTIPLE_CHOICES or not self.is_json:
            raise InvalidResponseError(what if self.is_json else f"{what}, no JSON")

    def records(self) -> list[Any]:
        """Return the list of the answer, bare or under `data`; null is an empty one."""
        payload = self.payload
        data = payload["data"] if isinstance(payload, dict) and "data" in payload else payload
        if data is None and data is not payload:
            return []
        if not isinstance(data, list):
            raise InvalidResponseError(f"a list was expected, not {type(data).__name__}")
        return data

    def record(self) -> dict[str, Any]:
        """Return the object of the answer, bare or under `data`."""
        if not (record := self.optional_record()):
            raise InvalidResponseError("an object was expected")
        return record

    def optional_record(self) -> dict[str, Any]:
        """Return the object under `data`, or the answer itself where it has none; an empty one where there is no object."""
        data = self.payload.get("data", self.payload) if isinstance(self.payload, dict) else None
        return data if isinstance(data, dict) else {}

    def status(self, notes: Notes) -> int:
        """Return a command's status; 0 where the answer has none."""
        beside = self.beside(notes)
        if (status := beside.integer("status")) is None and beside.has("status"):
            raise InvalidResponseError("a number was expected as the status")
        return status or 0

    def beside(self, notes: Notes) -> Reader:
        """Return what stands beside `data`."""
        return Reader(self.payload if isinstance(self.payload, dict) else {}, notes)


async def send(
    session: aiohttp.ClientSession,
    verb: str,
    url: str,
    *,
    query: Mapping[str, str],
    body: dict[str, Any] | None,
    headers: Mapping[str, str],
    client_timeout: aiohttp.ClientTimeout,
    retry: bool,
) -> Answer:
    """Send a request and read the whole answer. `retry`: aiohttp may repeat a GET or PUT whose connection is lost.

    Redirects are not followed: aiohttp would take the key along to wherever they lead.
    Raises GetscreenConnectionError where no whole answer came, InvalidResponseError where it is too large or the URL is none,
    RequestRefusedError for what HTTP cannot carry. aiohttp's own errors are not handed on: they know the key and the parameters.
    """
    if session.closed:
        raise GetscreenConnectionError("the session is closed")
    try:
        async with session.request(
            verb,
            url,
            params=query,
            json=body,
            headers=headers,
            timeout=client_timeout,
            allow_redirects=False,
            middlewares=None if retry else (_without_retry,),
        ) as response:
            content = await _read(response)
    except TimeoutError:
        raise GetscreenConnectionError(f"no answer within {client_timeout.total:g} seconds") from None
    except aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError:
        raise InvalidResponseError("not the URL of a server") from None
    except (aiohttp.ClientError, OSError) as error:
        raise _connection_error(error) from None
    except (TypeError, ValueError) as error:
        # A control character in the key, half a surrogate pair in a text.
        raise RequestRefusedError(f"cannot be sent ({type(error).__name__})", None) from None
    payload, is_json = None, True
    try:
        if content:
            payload = await asyncio.to_thread(_parse, content) if len(content) > _LARGE else _parse(content)
    except orjson.JSONDecodeError:
        is_json = False
    return Answer(response.status, payload, is_json, _seconds(response.headers.get("Retry-After")))


async def _without_retry(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Hide from aiohttp that the connection was lost, or it would repeat a command that may have been carried out."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _connection_error(error) from None


def _connection_error(error: Exception) -> GetscreenConnectionError:
    """Return the error to raise. Only those of the operating system are quoted: others hold headers, parameters, parts of the answer."""
    if isinstance(error, OSError):
        return GetscreenConnectionError(str(error))
    return GetscreenConnectionError(f"no whole answer ({type(error).__name__})")


async def _read(response: aiohttp.ClientResponse) -> bytearray:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MOST_BYTES:
            response.close()
            content.clear()  # the error is kept for long, and everything with it
            raise InvalidResponseError(f"more than {MOST_BYTES} bytes")
    return content


def _parse(content: bytearray) -> Any:
    """Return JSON. Half a surrogate pair in one computer's name is no reason to lose them all."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return orjson.loads(_SURROGATES.sub(lambda match: b"\\ufffd" if match["half"] else match[0], content))


def _seconds(retry_after: str | None) -> float | None:
    """Return a Retry-After header's seconds, at most a day; it may be a number or a date."""
    if not retry_after:
        return None
    try:
        seconds: float = int(retry_after)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
        except ValueError, TypeError, OverflowError:
            return None
    return float(min(max(0, seconds), _LONGEST_WAIT))


def _text(found: object, depth: int = 3) -> str | None:
    """Return the server's own text, wherever in an answer it keeps it."""
    if isinstance(found, str):
        return found.strip() or None
    if isinstance(found, dict) and depth:
        texts = (_text(found.get(key), depth - 1) for key in ("error", "message", "text", "data"))
        return next(filter(None, texts), None)
    return None
