"""Decodes the JSON of an answer. Its size is limited, because the parser blocks all other threads."""

import codecs
import re
from typing import Any

import orjson

from .errors import InvalidResponseError, ResponseFault

# For comparison: the list of an account with 10,000 agents has 8 MiB and 435,000 values.
MOST_BYTES = 32 * 1024 * 1024
MOST_VALUES = 600_000
# Invalid bytes are repaired slice by slice, and only a limited number of escapes, because a hostile answer may consist of nothing else.
_SLICE = 64 * 1024
_MOST_ESCAPES = 200_000
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
    if sum(map(content.count, b",[{")) > MOST_VALUES:
        raise InvalidResponseError(f"the answer has more than {MOST_VALUES} values", ResponseFault.SIZE)
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return orjson.loads(_mended(content))


def _mended(content: bytearray) -> bytearray:
    """Return JSON with invalid UTF-8 and lone surrogates in escapes replaced. Raises InvalidResponseError if that exceeds the bound."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    mended = bytearray()
    for start in range(0, len(content), _SLICE):
        mended += decoder.decode(content[start : start + _SLICE]).encode()
        if len(mended) > MOST_BYTES:
            raise InvalidResponseError(f"the answer has more than {MOST_BYTES} bytes", ResponseFault.SIZE)
    mended += decoder.decode(b"", final=True).encode()
    for count, escape in enumerate(_ESCAPES.finditer(mended)):
        if count > _MOST_ESCAPES:
            break
        if escape["half"]:
            mended[slice(*escape.span())] = _REPLACEMENT  # has the same length
    return mended
