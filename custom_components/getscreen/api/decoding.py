"""Decodes the JSON of an answer. Its size is limited, because the parser blocks all other threads."""

import codecs
import re
from typing import Any

import orjson

from .errors import InvalidResponseError, ResponseFault

# For comparison: the list of an account with 10,000 agents has 8 MiB and 435,000 values.
MAX_BYTES = 32 * 1024 * 1024
MAX_VALUES = 600_000
# Invalid bytes are repaired slice by slice, and only a limited number of escapes, because a hostile answer may consist of nothing else.
_SLICE = 64 * 1024
_MAX_ESCAPES = 200_000
# Matches escapes; the group `half` is a lone UTF-16 surrogate.
_ESCAPES = re.compile(
    rb"\\(?:\\(?:\\\\){0,999}+|u[dD](?:[89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?P<half>[89a-fA-F][\da-fA-F]{2})))"
)
_REPLACEMENT = rb"\ufffd"


def decode(content: bytearray) -> Any:
    """Return the JSON of an answer; None if it is empty. Invalid characters are replaced, so that one bad name does not spoil all records.

    Removes a byte order mark from `content`. Raises ValueError if it is not JSON, InvalidResponseError if it exceeds the bounds.
    """
    if content.startswith(codecs.BOM_UTF8):
        del content[: len(codecs.BOM_UTF8)]
    if not content:
        return None
    # Each value but the first follows one of these characters. Texts contain few of them, so this count is close enough.
    if sum(map(content.count, b",[{")) > MAX_VALUES:
        raise InvalidResponseError(f"the answer has more than {MAX_VALUES} values", ResponseFault.SIZE)
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return orjson.loads(_repaired(content))


def _repaired(content: bytearray) -> bytearray:
    """Return JSON with invalid UTF-8 and lone surrogates in escapes replaced. Raises InvalidResponseError if that exceeds the bound."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    repaired = bytearray()
    for start in range(0, len(content), _SLICE):
        repaired += decoder.decode(content[start : start + _SLICE]).encode()
        if len(repaired) > MAX_BYTES:
            raise InvalidResponseError(f"the answer has more than {MAX_BYTES} bytes", ResponseFault.SIZE)
    repaired += decoder.decode(b"", final=True).encode()
    for count, escape in enumerate(_ESCAPES.finditer(repaired)):
        if count > _MAX_ESCAPES:
            break
        if escape["half"]:
            repaired[slice(*escape.span())] = _REPLACEMENT  # has the same length
    return repaired
