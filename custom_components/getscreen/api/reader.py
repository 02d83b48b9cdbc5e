"""Reads JSON objects tolerantly and within bounds. Differences from the API reference are noted by name and type, never by value."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from functools import lru_cache
import re
from typing import Any, Self

from yarl import URL

from .words import is_field_name

# Longer texts, names and lists are cut. Longer links are ignored, because a URL is expensive to parse.
LONGEST_TEXT = 10_000
LONGEST_NAME = 255
LONGEST_LINK = 2_048
_LONGEST_HOST = 300
_LONGEST_FOREIGN_HOST = 80
MAX_TEXTS = 100
MAX_PARTS = 64
MAX_FIELDS = 1_000

# An answer may have thousands of records, and each could add notes.
_MAX_NOTES = 100
# Characters that no link contains.
_SPACE = re.compile(r"[\s\ud800-\udfff]")
_LINK = re.compile(r"(?:https?://)*(https?://(?!https?://)([^\s/?#\ud800-\udfff]+)[^\s\ud800-\udfff]*)", re.IGNORECASE)
_MAX_INTEGER = 2**63 - 1  # larger numbers do not survive every JSON parser
_MAX_EXACT_FLOAT = 2**53
# Numbers written as text. Python's int() would accept more: spaces, underscores, a plus sign, digits of other scripts.
_ID = re.compile(r"[0-9]{1,19}")
_NUMBER = re.compile(r"(-?[0-9]{1,19})(?:\.[0-9]{1,19})?")
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC).timestamp()  # leaves room to add days and time zones
_FLAGS = {0: False, 1: True, "0": False, "1": True, "false": False, "true": True}


@dataclass(slots=True)
class Notes:
    """What was unexpected in the answers of a method.

    `unknown`: fields that the reference does not have, such as "geo.postcode: str". `unexpected`: known fields of another type, in the
    same form. `cut`: fields that were too long, in the same form. `skipped`: number of records that could not be used.
    """

    unknown: set[str] = field(default_factory=set)
    unexpected: set[str] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)
    skipped: int = 0

    def add(self, kind: set[str], path: str, value: object) -> None:
        """Add the name and type of a field, unless there are many notes of the kind already."""
        if len(kind) < _MAX_NOTES:
            kind.add(f"{path}: {type(value).__name__}")


def without_query(link: str | None) -> str | None:
    """Return a link without its query and fragment, because some servers sign the query anew in each answer."""
    return link and link.partition("#")[0].partition("?")[0]


def differs_in_query(old: object, new: object) -> bool:
    """Return whether a new link is valid, and differs from a valid old one in its query or fragment only."""
    if old == new or not isinstance(old, str) or not isinstance(new, str) or len(new) > LONGEST_LINK:
        return False
    return without_query(old) == without_query(new) and not _SPACE.search(new)


def _is_host(host: str) -> bool:
    """Return whether a host is valid, with or without a port. One outside ASCII must be short, because it takes milliseconds to encode."""
    return len(host) <= (_LONGEST_HOST if host.isascii() else _LONGEST_FOREIGN_HOST) and _has_host(host)


@lru_cache(maxsize=256)
def _has_host(host: str) -> bool:
    """Return whether yarl accepts a host. A small cache is enough, because links have few hosts; yarl would cache each whole link."""
    try:
        return URL(f"http://{host}").host is not None
    except ValueError:
        return False


class Reader:
    """Reads the fields of one JSON object. A missing or unusable field is returned as None (or empty); no method raises an error."""

    __slots__ = ("_notes", "_path", "_read", "_record")

    def __init__(self, record: dict[str, Any], notes: Notes, path: str = "") -> None:
        """Read `record`, and add what is unexpected to `notes`. `path`: the prefix of its fields there, such as "geo."."""
        self._record = record
        self._notes = notes
        self._path = path
        self._read: set[str] = set()

    def __bool__(self) -> bool:
        """Whether the object has any field."""
        return bool(self._record)

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str | None:
        """Return a text, cut to `longest` characters; None if it is empty."""
        value = self._take(key)
        if isinstance(value, str):
            if len(value) > longest:
                self._notes.add(self._notes.cut, f"{self._path}{key}", value)
                value = value[:longest]
            # Databases reject NUL.
            return value.replace("\0", "") or None
        if value is None:
            return None
        self._unexpected(key, value)
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def name(self, key: str) -> str | None:
        """Return a short text, such as the name of a part, a place or a person, cut to 255 characters."""
        return self.text(key, LONGEST_NAME)

    def link(self, key: str) -> str | None:
        """Return an http or https URL. The doubled scheme that some servers send is repaired."""
        value = self._take(key)
        if value in (None, ""):
            return None
        if isinstance(value, str) and len(value) <= LONGEST_LINK and (match := _LINK.fullmatch(value)) and _is_host(match[2]):
            return match[1]
        self._unexpected(key, value)
        return None

    def id(self, key: str) -> int | None:
        """Return an id, also one written as text. An ambiguous value is None, because a command could act on the wrong computer."""
        value = self._take(key)
        if type(value) is int and 0 <= value <= _MAX_INTEGER:
            return value
        if value in (None, ""):
            return None
        self._unexpected(key, value)
        if isinstance(value, float):
            # JSON does not distinguish 5 from 5.0. From 2**53 on, one float stands for several ids.
            return int(value) if value.is_integer() and 0 <= value < _MAX_EXACT_FLOAT else None
        number = int(value) if isinstance(value, str) and _ID.fullmatch(value) else None
        return number if number is not None and number <= _MAX_INTEGER else None

    def integer(self, key: str) -> int | None:
        """Return a whole number, also one written as text. Decimal places are cut."""
        value = self._take(key)
        if type(value) is int:
            return value
        if value in (None, ""):
            return None
        self._unexpected(key, value)
        if isinstance(value, str):
            match = _NUMBER.fullmatch(value)
            number = int(match[1]) if match else None
        else:
            number = int(value) if isinstance(value, float) and abs(value) <= _MAX_INTEGER else None
        return number if number is not None and abs(number) <= _MAX_INTEGER else None

    def choice[T: StrEnum | IntEnum](self, key: str, choices: type[T]) -> T | None:
        """Return a member of an enumeration; None if the value is none of its members."""
        value: Any = self.integer(key) if issubclass(choices, IntEnum) else self.text(key)
        if value is None:
            return None
        try:
            return choices(value)
        except ValueError:
            self._unexpected(key, value)
            return None

    def flag(self, key: str) -> bool | None:
        """Return true or false, also written as a number or text."""
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return value
        self._unexpected(key, value)
        return _FLAGS.get(value[:6].lower() if isinstance(value, str) else value) if isinstance(value, str | int) else None

    def moment(self, key: str) -> datetime | None:
        """Return a time (UTC) that is given in Unix seconds; None for 0, negative numbers and times from the year 9999 on."""
        seconds = self.integer(key)
        if not seconds or seconds < 0:
            return None
        if seconds >= END_OF_TIME:
            self._unexpected(key, seconds)
            return None
        return datetime.fromtimestamp(seconds, UTC)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list of at most 100 elements. A single text counts as a list."""
        values = self._take(key)
        if values in (None, ""):
            return ()
        if not isinstance(values, list):
            self._unexpected(key, values)
            values = [values]
        values = self._bounded(key, values, MAX_TEXTS)
        return tuple(text for value in values if isinstance(value, str) and (text := value[:LONGEST_NAME].replace("\0", "")))

    def record(self, key: str) -> Self:
        """Return the object in a field; an empty one if there is none."""
        value = self._take(key)
        if not isinstance(value, dict):
            # Some servers write an empty object as an empty list.
            if value not in (None, "", []):
                self._unexpected(key, value)
            value = {}
        return type(self)(value, self._notes, f"{self._path}{key}.")

    def records(self, key: str) -> list[Self]:
        """Return the objects of a list of at most 64 elements. A single object counts as a list."""
        values = self._take(key)
        if isinstance(values, dict):
            values = [values] if values else []
        elif not isinstance(values, list):
            if values not in (None, ""):
                self._unexpected(key, values)
            values = []
        path = f"{self._path}{key}[]."
        return [type(self)(value, self._notes, path) for value in self._bounded(key, values, MAX_PARTS) if isinstance(value, dict)]

    def has(self, key: str) -> bool:
        """Return whether a field has a value other than null and the empty text."""
        return self._take(key) not in (None, "")

    def ignore(self, *keys: str) -> None:
        """Mark fields as known without reading them."""
        self._read.update(keys)

    def close(self) -> None:
        """Note the fields that are unknown: neither read nor ignored. Objects with more than 1,000 fields are noted as cut instead."""
        if len(self._record) > MAX_FIELDS:
            self._notes.add(self._notes.cut, self._path or ".", self._record)
            return
        for key in self._record.keys() - self._read:
            self._notes.add(self._notes.unknown, f"{self._path}{key if is_field_name(key) else '(not a name)'}", self._record[key])

    def _take(self, key: str) -> Any:
        self._read.add(key)
        return self._record.get(key)

    def _bounded(self, key: str, values: list[Any], max_count: int) -> list[Any]:
        if len(values) > max_count:
            self._notes.add(self._notes.cut, f"{self._path}{key}", values)
        return values[:max_count]

    def _unexpected(self, key: str, value: object) -> None:
        self._notes.add(self._notes.unexpected, f"{self._path}{key}", value)
