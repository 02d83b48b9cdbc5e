"""Sends one HTTP request, and turns the server's answer into a value or an error."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
import errno
from http import HTTPStatus
import re
import ssl
from typing import Any, Self

import aiohttp

from .decoding import MAX_BYTES, decode
from .errors import (
    AccessBlockedError,
    AccessDeniedError,
    ConnectionCause,
    GetscreenConnectionError,
    InvalidResponseError,
    RequestLimitError,
    RequestRefusedError,
    ResponseFault,
)
from .reader import Notes, Reader
from .refusals import error_in, is_success, reason, text_in

# Larger answers (200 agents) are decoded, and their records read, in another thread.
_LARGE = 160 * 1024
_LONGEST_PLAIN_TEXT = 1000
_LONGEST_WAIT = 60 * 60
_LONGEST_WAIT_FOR_THE_PLAN = 24 * 60 * 60
_TRY_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
# The HTTP codes that mean success, for reads and for commands. All other codes are errors: 206, for example, is only a part of an answer.
_READ_SUCCESS = (HTTPStatus.OK,)
_COMMAND_SUCCESS = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT)
# The meaning of these codes does not depend on how the values were sent.
_MEANINGFUL_CODES = (HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN, *_TRY_LATER)
_ERRNO = re.compile(r"\[Errno (\d+)\]")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the server.

    `payload`: the JSON; if the answer is not JSON, a short plain text or None. `retry_after`: seconds that the server asks to wait, at
    most a day; None if it does not say. `is_large`: reading the records may take long, so it has to be done in another thread.
    """

    code: int
    payload: Any = field(repr=False)
    is_json: bool
    retry_after: float | None
    is_large: bool = False

    def raise_for_error(self, method: str, key: str, *, command: bool) -> None:
        """Raise the GetscreenError of the HTTP code, or of an error in the answer; return if there is none.

        `command`: the method changes something, so more codes and an empty answer are success. `key` is removed from the server's text.
        """
        what = f"{method}: HTTP {self.code}"
        wait = None if self.retry_after is None else min(self.retry_after, _LONGEST_WAIT)
        if self.code == HTTPStatus.PAYMENT_REQUIRED:
            raise RequestLimitError(what, self.retry_after)
        if self.code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise AccessDeniedError(what) if self.is_json and self.payload is not None else AccessBlockedError(what, wait)
        if self.code in _TRY_LATER or self.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise GetscreenConnectionError(what, wait, ConnectionCause.SERVER)
        if self.code == HTTPStatus.BAD_REQUEST:
            raise RequestRefusedError(what, reason(text_in(self.payload), key))
        if self.code not in (_COMMAND_SUCCESS if command else _READ_SUCCESS):
            raise InvalidResponseError(what, ResponseFault.CODE)
        if (error := error_in(self.payload, command=command)) is not None:
            raise RequestRefusedError(f"{what} with an error", reason(error, key))
        if not self.is_json and not (command and isinstance(self.payload, str)):
            raise InvalidResponseError(f"{what}, no JSON", ResponseFault.JSON)

    def says_less_than(self, other: Self) -> bool:
        """Return whether this refusal of a request explains less than the refusal of an earlier attempt; False if it is not a refusal."""
        if self.code == HTTPStatus.BAD_REQUEST:
            return text_in(other.payload) is not None
        return 400 <= self.code < 500 and self.code not in _MEANINGFUL_CODES

    def records(self) -> list[Any]:
        """Return the list, bare or under `data`; null under `data` is an empty list. Raises InvalidResponseError if there is none."""
        payload = self.payload
        data = payload["data"] if isinstance(payload, dict) and "data" in payload else payload
        if data is None and data is not payload:
            return []
        if not isinstance(data, list):
            raise InvalidResponseError(f"a list was expected, not {type(data).__name__}")
        return data

    def record(self) -> dict[str, Any]:
        """Return the object of the answer, bare or under `data`. Raises InvalidResponseError if there is none, or an empty one."""
        if not (record := self.optional_record()):
            raise InvalidResponseError("an object with fields was expected")
        return record

    def optional_record(self) -> dict[str, Any]:
        """Return the object of the answer, bare or under `data`; an empty one if there is none."""
        data = self.payload.get("data", self.payload) if isinstance(self.payload, dict) else None
        return data if isinstance(data, dict) else {}

    def status(self, notes: Notes) -> int:
        """Return the status of a command; 0 if it is missing or a text of success. Raises InvalidResponseError if it is another text."""
        envelope = self.envelope(notes)
        if (status := envelope.integer("status")) is None and envelope.has("status") and not is_success(self.payload["status"]):
            raise InvalidResponseError("the status is not a number")
        return status or 0

    def envelope(self, notes: Notes) -> Reader:
        """Return the fields beside `data`."""
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
    """Send a request and read the whole answer. `retry`: aiohttp may repeat a GET or PUT after a lost connection.

    Redirects are not followed: aiohttp would send the key to their target.
    Raises GetscreenConnectionError if no complete answer arrives, InvalidResponseError if the answer is too large or the URL is invalid,
    RequestRefusedError for values that HTTP cannot carry. aiohttp's own errors are replaced, because they contain the key.
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
            is_plain = response.content_type == "text/plain"
    except TimeoutError:
        raise GetscreenConnectionError(f"no answer within {client_timeout.total:g} seconds", cause=ConnectionCause.TIMEOUT) from None
    except aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError:
        raise InvalidResponseError("the URL is invalid") from None
    except (aiohttp.ClientError, OSError) as error:
        raise _connection_error(error) from None
    except (TypeError, ValueError) as error:
        # The key contains a control character, or a value contains a lone surrogate.
        raise RequestRefusedError(f"the request cannot be sent ({type(error).__name__})", None) from None
    is_json, is_large = True, len(content) > _LARGE
    try:
        payload = await asyncio.to_thread(decode, content) if is_large else decode(content)
    except ValueError:
        payload, is_json = _plain_text(content) if is_plain else None, False
    finally:
        content.clear()  # an exception's traceback would keep the content in memory
    return Answer(response.status, payload, is_json, _seconds(response.headers.get("Retry-After")), is_large)


async def _without_retry(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Hide a lost connection from aiohttp, which would repeat a command that the server may have carried out."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _connection_error(error) from None


def _connection_error(error: Exception) -> GetscreenConnectionError:
    """Return the error to raise. It quotes only errors of the operating system: others contain headers, parameters or parts of answers."""
    text = str(error) if isinstance(error, OSError) else f"no whole answer ({type(error).__name__})"
    return GetscreenConnectionError(text, cause=_cause(error))


def _cause(error: Exception) -> ConnectionCause:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return ConnectionCause.NAME
    if isinstance(error, ssl.SSLCertVerificationError | aiohttp.ServerFingerprintMismatch):
        return ConnectionCause.CERTIFICATE
    if isinstance(error, OSError):
        # A host with several addresses causes one error for each. If their error numbers differ, only the text contains them.
        numbers = {error.errno, *map(int, _ERRNO.findall(str(getattr(error, "os_error", error))))}
        if errno.ECONNREFUSED in numbers:
            return ConnectionCause.REFUSED
        if errno.ETIMEDOUT in numbers:
            return ConnectionCause.TIMEOUT
    return ConnectionCause.OTHER


async def _read(response: aiohttp.ClientResponse) -> bytearray:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MAX_BYTES:
            response.close()
            content.clear()  # an exception's traceback would keep the content in memory
            raise InvalidResponseError(f"the answer has more than {MAX_BYTES} bytes", ResponseFault.SIZE)
    return content


def _plain_text(content: bytearray) -> str | None:
    """Return a body that is not JSON as a text; None if it is long or a web page."""
    if len(content) > _LONGEST_PLAIN_TEXT or b"<" in content:
        return None
    return content.decode(errors="replace")


def _seconds(retry_after: str | None) -> float | None:
    """Return the seconds of a Retry-After header (a number or a date), at most a day; None if it is neither."""
    if not retry_after:
        return None
    try:
        seconds: float = int(retry_after)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
        except ValueError, TypeError, OverflowError:
            return None
    return float(min(max(0, seconds), _LONGEST_WAIT_FOR_THE_PLAN))
