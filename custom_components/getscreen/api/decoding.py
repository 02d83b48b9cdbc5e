"""Decodes the JSON of an answer, within bounds, because the parser blocks all other threads."""

import codecs
import re
from typing import Any

import orjson

from .errors import InvalidResponseError

# 10,000 computers make 8 MiB and 435,000 values; larger answers are refused.
MOST_BYTES = 32 * 1024 * 1024
MOST_VALUES = 600_000
# Bytes that are repaired at a time, and escapes that are examined at most: a hostile answer may consist of nothing else.
_SLICE = 64 * 1024
_MOST_ESCAPES = 200_000
# Escapes in JSON, where half a surrogate pair stands out.
_ESCAPES = re.compile(
    rb"\\(?:\\(?:\\\\){0,999}+|u[dD](?:[89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?P<half>[89a-fA-F][\da-fA-F]{2})))"
)
_REPLACEMENT = rb"\ufffd"


def decode(content: bytearray) -> Any:
    """Return the JSON of an answer, None for an empty one. Broken characters are replaced, so one name cannot spoil the answer.

    Raises ValueError if it is no JSON, InvalidResponseError if it is beyond the bounds.
    """
    if content.startswith(codecs.BOM_UTF8):
        del content[: len(codecs.BOM_UTF8)]
    if not content:
        return None
    # Each value but the first follows one of these, and commas in texts are few.
    if sum(map(content.count, b",[{")) > MOST_VALUES:
        raise InvalidResponseError(f"more than {MOST_VALUES} values")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return orjson.loads(_mended(content))


def _mended(content: bytearray) -> bytearray:
    """Return JSON in which what is no UTF-8, and each escaped half of a surrogate pair, is replaced."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    mended = bytearray()
    for start in range(0, len(content), _SLICE):
        mended += decoder.decode(content[start : start + _SLICE]).encode()
        if len(mended) > MOST_BYTES:
            raise InvalidResponseError(f"more than {MOST_BYTES} bytes")
    mended += decoder.decode(b"", final=True).encode()
    for count, escape in enumerate(_ESCAPES.finditer(mended)):
        if count > _MOST_ESCAPES:
            break
        if escape["half"]:
            mended[slice(*escape.span())] = _REPLACEMENT  # of the same length
    return mended
