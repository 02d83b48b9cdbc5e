"""Strict parsing of a request's parameters: anything that is not exactly right is refused with HTTP 400 and a text."""

from collections.abc import Mapping
from enum import StrEnum
import re
from typing import Any

_INTEGER = re.compile(r"[0-9]{1,12}")
_PASSWORD = re.compile(r"[A-Za-z0-9]{8,}")

type Values = dict[str, Any]
"""Parameters by name, each with the type of its Kind."""


class Refusal(Exception):  # noqa: N818 - an answer, not a failure of the simulator
    """A request is refused with an HTTP code and a text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class Kind(StrEnum):
    """The type of a parameter; its value is used in error texts."""

    TEXT = "text"
    INTEGER = "an integer"
    FLAG = "true or false"


_TYPES = {Kind.TEXT: str, Kind.INTEGER: int, Kind.FLAG: bool}


def read_query(query: Mapping[str, str], allowed: Mapping[str, Kind], required: frozenset[str]) -> Values:
    """Return the values of the parameters in a query; raise Refusal for any that is unknown, missing, repeated or malformed."""
    values: Values = {}
    for name, text in query.items():
        if name not in allowed:
            raise Refusal(400, f"unknown parameter {name}")
        if name in values:
            raise Refusal(400, f"parameter {name} given twice")
        values[name] = _value(name, text, allowed[name])
    for name in sorted(required - values.keys()):
        raise Refusal(400, f"parameter {name} is required")
    return values


def _value(name: str, text: str, kind: Kind) -> str | int | bool:
    if kind is Kind.TEXT:
        return text
    if kind is Kind.INTEGER and _INTEGER.fullmatch(text):
        return int(text)
    if kind is Kind.FLAG and text in ("true", "false"):
        return text == "true"
    raise Refusal(400, f"parameter {name} must be {kind}")


def read_body(body: object, allowed: Mapping[str, Kind], required: frozenset[str]) -> Values:
    """Return the values of the parameters in a JSON body; raise Refusal for any that is unknown, missing or of a wrong type."""
    if not isinstance(body, dict):
        raise Refusal(400, "a JSON object is required")
    values = _typed(body, {name: _TYPES[kind] for name, kind in allowed.items()})
    for name in sorted(required - values.keys()):
        raise Refusal(400, f"parameter {name} is required")
    return values


def read_update(body: object) -> Values:
    """Return the fields in the body of devices/update, with those of `permanent_url` among them; raise Refusal for an invalid body."""
    if not isinstance(body, dict):
        raise Refusal(400, "a JSON object is required")
    fields = _typed(body, {"id": int, "name": str, "permanent_url": dict})
    if "id" not in fields:
        raise Refusal(400, "parameter id is required")
    if fields.get("name") == "":
        raise Refusal(400, "parameter name must not be empty")
    link = _typed(fields.pop("permanent_url", {}), {"enable": bool, "url": str, "password": str})
    if "password" in link and not _PASSWORD.fullmatch(link["password"]):
        raise Refusal(400, "password must be at least 8 letters and digits")
    return fields | link


def _typed(given: Values, types: Mapping[str, type]) -> Values:
    for name, value in given.items():
        if name not in types:
            raise Refusal(400, f"unknown parameter {name}")
        if type(value) is not types[name]:  # exactly, because a bool is an int in Python
            raise Refusal(400, f"parameter {name} has the wrong type")
    return dict(given)
