"""Every kind of field, well written and badly; and what is noted of the bad ones."""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from custom_components.getscreen.api.reader import Notes, Reader

_NOTHING = object()


class Letter(StrEnum):
    """A choice of texts."""

    A = "a"


class Number(IntEnum):
    """A choice of numbers."""

    ZERO = 0
    ONE = 1


def _read(kind: str, value: object, *arguments: Any) -> tuple[Any, set[str]]:
    """Return what a kind of field reads from a value, and what was noted."""
    notes = Notes()
    reader = Reader({} if value is _NOTHING else {"field": value}, notes)
    found = getattr(reader, kind)("field", *arguments)
    reader.close()
    assert notes.unknown == set()
    return found, notes.unexpected


@pytest.mark.parametrize(
    ("kind", "expected", "values"),
    [
        ("text", None, [_NOTHING, None, ""]),
        ("text", "Zoë ", ["Zoë "]),
        ("link", None, [_NOTHING, None, ""]),
        ("link", "https://go.getscreen.me/a", ["https://go.getscreen.me/a", "https://https://go.getscreen.me/a"]),
        ("link", "https://go.getscreen.me/a", ["http://https://https://go.getscreen.me/a", "HTTPS://https://go.getscreen.me/a"]),
        ("link", "http://127.0.0.1/a?b=https://c", ["http://127.0.0.1/a?b=https://c"]),
        ("integer", None, [_NOTHING, None, ""]),
        *(("integer", number, [number]) for number in (0, 5, -5, 2**63, 2**64 - 1)),
        ("flag", None, [_NOTHING, None]),
        ("flag", True, [True]),
        ("flag", False, [False]),
        ("moment", None, [_NOTHING, None, "", 0, -1, -(10**12)]),
        ("moment", datetime(2025, 12, 6, 5, 46, 40, tzinfo=UTC), [1_765_000_000]),
        ("moment", datetime(3000, 1, 1, tzinfo=UTC), [32_503_680_000]),
        ("texts", (), [_NOTHING, None, "", []]),
        ("texts", ("a", "b"), [["a", "", "b"]]),
        ("has", False, [_NOTHING, None, ""]),
        ("has", True, [0, False, [], {}, "x"]),
    ],
)
def test_what_is_as_it_should_be(kind: str, expected: object, values: list[object]) -> None:
    for value in values:
        assert _read(kind, value) == (expected, set()), value


@pytest.mark.parametrize(
    ("kind", "expected", "values"),
    [
        ("text", "5", [5]),
        ("text", "5.5", [5.5]),
        ("text", None, [True, False, [], ["a"], {}, {"a": 1}]),
        ("link", None, [5, True, ["https://a"], {}, "soon", "go.getscreen.me/a", "ftp://a", "javascript:alert(1)", "//a"]),
        ("link", None, ["https://", "https://https://", "https:///a", "https://a b", "https://a\nb", " https://a", "https://a\n"]),
        ("integer", 5, ["5", "+5", " 5 ", 5.0, 5.9, "5.0", "5.9"]),
        ("integer", 2**63 - 1, [str(2**63 - 1)]),
        ("integer", None, [True, False, "x", "5x", "1e3", "nan", "inf", "1.5.5", ".", [], [5], {}, {"a": 5}]),
        ("integer", None, [1e300, -1e300, 1e19, "9" * 30, "-" + "9" * 30, "9" * 5000, "9" * 400 + ".0", float("inf"), float("nan")]),
        ("flag", True, [1, "1", "true", "True", "TRUE"]),
        ("flag", False, [0, "0", "false", "False"]),
        ("flag", None, [2, -1, 1.0, 0.0, "", "yes", "on", [], [True], {}, {"a": True}]),
        ("moment", datetime(2025, 12, 6, 5, 46, 40, tzinfo=UTC), ["1765000000", 1_765_000_000.9]),
        ("moment", None, [1_765_000_000_000, 10**18, 2**64 - 1, 1e300, True, "yesterday", "2025-12-06T05:46:40Z", [], {}]),
        ("texts", ("a",), ["a"]),
        ("texts", (), [5, True, {}, {"a": "b"}]),
    ],
)
def test_what_is_not(kind: str, expected: object, values: list[object]) -> None:
    for value in values:
        found, unexpected = _read(kind, value)
        assert found == expected, value
        assert type(found) is type(expected), value
        assert unexpected == {f"field: {type(value).__name__}"}, value


@pytest.mark.parametrize(
    ("choices", "value", "expected", "noted"),
    [
        (Letter, "a", Letter.A, False),
        (Letter, "", None, False),
        (Letter, None, None, False),
        (Letter, "b", None, True),
        (Letter, "A", None, True),
        (Letter, 5, None, True),
        (Letter, ["a"], None, True),
        (Number, 0, Number.ZERO, False),
        (Number, 1, Number.ONE, False),
        (Number, "1", Number.ONE, True),
        (Number, 7, None, True),
        (Number, "a", None, True),
        (Number, True, None, True),
        (Number, None, None, False),
    ],
)
def test_choices(*, choices: type[Letter | Number], value: object, expected: object, noted: bool) -> None:
    found, unexpected = _read("choice", value, choices)
    assert found is expected
    assert bool(unexpected) is noted


@pytest.mark.parametrize(
    ("value", "found", "noted"),
    [
        (_NOTHING, False, False),
        (None, False, False),
        ("", False, False),
        ([], False, False),
        ({}, False, False),
        ({"a": 1}, True, False),
        ([{"a": 1}], False, True),
        ("x", False, True),
        (7, False, True),
        (False, False, True),
    ],
)
def test_objects(*, value: object, found: bool, noted: bool) -> None:
    inner, unexpected = _read("record", value)
    assert bool(inner) is found
    assert inner.integer("a") == (1 if found else None)
    assert bool(unexpected) is noted


@pytest.mark.parametrize(
    ("value", "count", "noted"),
    [
        (_NOTHING, 0, False),
        (None, 0, False),
        ("", 0, False),
        ([], 0, False),
        ({}, 0, False),
        ([{"a": 1}, None, 7, "x", [], {"a": 1}], 2, False),
        ({"a": 1}, 1, False),
        ("x", 0, True),
        (7, 0, True),
    ],
)
def test_lists_of_objects(*, value: object, count: int, noted: bool) -> None:
    found, unexpected = _read("records", value)
    assert [inner.integer("a") for inner in found] == [1] * count
    assert bool(unexpected) is noted


def test_notes_tell_paths_and_types_and_no_values() -> None:
    notes = Notes()
    reader = Reader({"geo": {"lat": 53.3, "ip": 7}, "list": [{"secret": "s3cret"}], "new": None, "other": {"a": {"b": "s3cret"}}}, notes)
    geo, (item,) = reader.record("geo"), reader.records("list")
    geo.text("ip")
    for part in (geo, item, reader):
        part.close()
    assert notes.unknown == {"geo.lat: float", "list[].secret: str", "new: NoneType", "other: dict"}
    assert notes.unexpected == {"geo.ip: int"}
    assert "s3cret" not in repr(notes)


@pytest.mark.parametrize("name", ["192.0.2.1", "owner@example.com", "Zoë", "two words", "x" * 41, "", "1", "a\nb"])
def test_what_is_no_name_may_be_personal(name: str) -> None:
    notes = Notes()
    Reader({name: 1}, notes).close()
    assert notes.unknown == {"(not a name): int"}


def test_notes_are_bounded() -> None:
    notes = Notes()
    Reader({f"field{number}": number for number in range(10_000)}, notes).close()
    for number in range(1000):
        Reader({f"f{number}": []}, notes).text(f"f{number}")
    assert (len(notes.unknown), len(notes.unexpected)) == (100, 100)
