"""One HTTP request and what came of it: here every answer becomes a value or an error."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp
import orjson

from .errors import AccessDeniedError, GetscreenConnectionError, InvalidResponseError, RequestLimitError, RequestRefusedError
from .reader import Notes, Reader

# Ten thousand agents make 9 MB; an answer beyond this is no answer of this API, or not one to keep in memory.
MOST_BYTES = 32 * 1024 * 1024
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: HTTP code, the JSON it holds (None where there is none), whether it was JSON at all, seconds the server asks to wait."""

    code: int
    payload: Any
    is_json: bool
    retry_after: float | None

    def raise_for_code(self, method: str) -> None:
        """Raise the error that the HTTP code stands for."""
        what = f"{method}: HTTP {self.code}"
        if self.code == HTTPStatus.PAYMENT_REQUIRED:
            raise RequestLimitError(what, self.retry_after)
        if self.code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise AccessDeniedError(what)
        if self.code == HTTPStatus.TOO_MANY_REQUESTS or self.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise GetscreenConnectionError(what, self.retry_after)
        if self.code == HTTPStatus.BAD_REQUEST:
            raise RequestRefusedError(what, self._reason())
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

    def optional_record(self) -> dict[str, Any] | None:
        """Return the object under `data`, or the answer itself where it has none; None where there is no object."""
        data = self.payload.get("data", self.payload) if isinstance(self.payload, dict) else None
        return data if isinstance(data, dict) else None

    def status(self) -> int:
        """Return a command's status; 0 where the answer has none."""
        return self.beside(Notes()).integer("status") or 0

    def beside(self, notes: Notes) -> Reader:
        """Return what stands beside `data`."""
        return Reader(self.payload if isinstance(self.payload, dict) else {}, notes)

    def _reason(self) -> str | None:
        """Return the server's own text, wherever it keeps it."""
        found: object = self.payload
        for key in ("error", "message", "text", "data", "message"):
            if isinstance(found, dict) and found.get(key):
                found = found[key]
        return found.strip()[:_LONGEST_REASON] or None if isinstance(found, str) else None


async def send(
    session: aiohttp.ClientSession,
    verb: str,
    url: str,
    *,
    query: Mapping[str, str],
    body: dict[str, Any] | None,
    headers: Mapping[str, str],
    limits: aiohttp.ClientTimeout,
) -> Answer:
    """Send a request and read the whole answer.

    Redirects are not followed: aiohttp would take the key along to wherever they lead.
    Raises GetscreenConnectionError where no whole answer came, InvalidResponseError where it is too large.
    """
    try:
        async with session.request(verb, url, params=query, json=body, headers=headers, timeout=limits, allow_redirects=False) as response:
            content = await _read(response)
    except TimeoutError as error:
        raise GetscreenConnectionError(f"no answer within {limits.total:g} seconds") from error
    except aiohttp.ClientError as error:
        raise GetscreenConnectionError(f"{type(error).__name__}: {error}") from error
    payload, is_json = None, True
    try:
        payload = orjson.loads(content) if content else None
    except orjson.JSONDecodeError:
        is_json = False
    return Answer(response.status, payload, is_json, _seconds(response.headers.get("Retry-After")))


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MOST_BYTES:
            response.close()
            raise InvalidResponseError(f"more than {MOST_BYTES} bytes")
    return bytes(content)


def _seconds(retry_after: str | None) -> float | None:
    """Return a Retry-After header's seconds; it may be a number or a date."""
    if not retry_after:
        return None
    try:
        return max(0.0, float(int(retry_after)))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except ValueError, TypeError, OverflowError:
        return None
