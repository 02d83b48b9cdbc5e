"""The headers of recordings: those that the browser's request sends to the server, and those of the server's answer to the browser.

Headers are parsed strictly and written again, so no text of the server reaches the browser.
"""

from dataclasses import dataclass
from http import HTTPStatus
import re
from typing import Self

from aiohttp import ClientResponse, hdrs
from multidict import CIMultiDictProxy

from .ids import VIDEO_TYPES, video_type

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")
_NO_SUCH_RANGE = re.compile(r"bytes \*/[0-9]{1,18}")
# An entity tag or a date.
_IF_RANGE = re.compile(r'(W/)?"[!#-~]{0,256}"|[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT')
_CONTENT_TYPE = re.compile(r'([\w.+-]+/[\w.+-]+)(?: *; *[\w-]+=(?:[\w.+-]+|"[^"]*"))*', re.ASCII)
_OTHER_NAMES = {"application/mp4": "video/mp4", "video/x-m4v": "video/mp4"}
# Types that file stores use for files of an unknown type.
_ANYTHING = "application/octet-stream"
_UNKNOWN_TYPES = (_ANYTHING, "binary/octet-stream")


class UnplayableError(Exception):
    """The server's answer is not a recording that a browser can play. The message does not quote the answer."""


@dataclass(frozen=True, slots=True)
class RequestedRange:
    """The requested bytes, from `first` to `last`; to the end if `last` is None. If `first` is None, the last `last` bytes."""

    first: int | None
    last: int | None

    @classmethod
    def read(cls, headers: CIMultiDictProxy[str]) -> Self | None:
        """Return the range of a request; None if there is none, several, or an invalid one, which HTTP allows a server to ignore."""
        if (match := _RANGE.fullmatch(_only(headers, hdrs.RANGE) or "")) is None:
            return None
        first, last = (int(number) if number else None for number in match.groups())
        if (first is None and not last) or (first is not None and last is not None and last < first):
            return None
        return cls(first, last)

    def is_answered_by(self, first: int, last: int, size: int | None) -> bool:
        """Return whether the bytes `first` to `last` of a file with `size` bytes are the requested ones or their beginning."""
        if self.first is None:
            return size is not None and last == size - 1 and first == max(0, size - (self.last or 0))
        return first == self.first and (self.last is None or last <= self.last)

    def __str__(self) -> str:
        """Return the range as the value of a Range header."""
        return f"bytes={'' if self.first is None else self.first}-{'' if self.last is None else self.last}"


def headers_for_server(headers: CIMultiDictProxy[str], requested: RequestedRange | None) -> dict[str, str]:
    """Return the headers of the request to the server for a browser's request with `headers`."""
    # Content-Length and ranges of a compressed answer would not refer to the recording itself.
    sent: dict[str, str] = {hdrs.ACCEPT_ENCODING: "identity"}
    if requested:
        sent[hdrs.RANGE] = str(requested)
        if (condition := _only(headers, hdrs.IF_RANGE)) and _IF_RANGE.fullmatch(condition):
            sent[hdrs.IF_RANGE] = condition
    return sent


def answer_for_browser(answer: ClientResponse, requested: RequestedRange | None, url: str) -> tuple[HTTPStatus, dict[str, str]]:
    """Return the status and headers for the browser from a server's answer; raises UnplayableError if it cannot be played.

    `url`: the recording's address in the history.
    """
    if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and requested:
        value = _only(answer.headers, hdrs.CONTENT_RANGE) or ""
        return HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {hdrs.CONTENT_RANGE: value} if _NO_SUCH_RANGE.fullmatch(value) else {}
    if answer.status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        raise UnplayableError(f"HTTP {answer.status}")
    if (_only(answer.headers, hdrs.CONTENT_ENCODING) or "identity").lower() != "identity":
        raise UnplayableError("the answer is compressed")
    headers: dict[str, str] = {hdrs.CONTENT_TYPE: _content_type(answer.headers, url)}
    if (units := answer.headers.get(hdrs.ACCEPT_RANGES)) in ("bytes", "none"):
        headers[hdrs.ACCEPT_RANGES] = units
    length = answer.content_length
    if answer.status == HTTPStatus.PARTIAL_CONTENT:
        first, last, size = _part(answer.headers, requested or RequestedRange(0, None))
        if length not in (None, last - first + 1):
            raise UnplayableError("the length of the part does not match its range")
        length = last - first + 1
        if requested:
            headers[hdrs.CONTENT_RANGE] = f"bytes {first}-{last}/{'*' if size is None else size}"
        elif length != size:
            raise UnplayableError("a part was returned instead of the whole recording")
    if length is not None:
        headers[hdrs.CONTENT_LENGTH] = str(length)
    return HTTPStatus.PARTIAL_CONTENT if hdrs.CONTENT_RANGE in headers else HTTPStatus.OK, headers


def _part(headers: CIMultiDictProxy[str], requested: RequestedRange) -> tuple[int, int, int | None]:
    """Return the first byte, the last byte and the file's size (None if unknown) of a part; raises UnplayableError."""
    match = _CONTENT_RANGE.fullmatch(_only(headers, hdrs.CONTENT_RANGE) or "")
    if match is None:
        raise UnplayableError("the range of the part is missing or invalid")
    first, last, size = int(match[1]), int(match[2]), None if match[3] == "*" else int(match[3])
    if last < first or (size is not None and last >= size) or not requested.is_answered_by(first, last, size):
        raise UnplayableError("a different part was requested")
    return first, last, size


def _content_type(headers: CIMultiDictProxy[str], url: str) -> str:
    """Return a type in which a browser runs no script, guessed by the file extension if it is unknown; raises UnplayableError."""
    found = _CONTENT_TYPE.fullmatch(_only(headers, hdrs.CONTENT_TYPE) or _ANYTHING)
    if found is None:
        raise UnplayableError("the content type is invalid")
    kind = found[1].lower()
    if (kind := _OTHER_NAMES.get(kind, kind)) in VIDEO_TYPES:
        return kind
    if kind.startswith("video/") or kind in _UNKNOWN_TYPES:
        return video_type(url) or _ANYTHING
    raise UnplayableError("the content type is not a video")


def _only(headers: CIMultiDictProxy[str], name: str) -> str | None:
    """Return the value of a header; an invalid value if it is repeated, None if it is missing."""
    return ", ".join(headers.getall(name, ())) or None
