"""Every kind of field, well-formed and malformed, and the notes on malformed ones."""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
import pytest
from yarl import URL

from custom_components.getscreen.api import Agent, HistoryRecord, Invitation
from custom_components.getscreen.api.reader import Notes, Reader

from .checks import assert_impersonal
from .helpers import NO_IDS
from .strategies import FEW, MORE, TEXTS

_NOTHING = object()


class Letter(StrEnum):
    """A choice of texts."""

    A = "a"


class Number(IntEnum):
    """A choice of numbers."""

    ZERO = 0
    ONE = 1


def _read(kind: str, value: object, *arguments: Any) -> tuple[Any, set[str]]:
    """Return the value that a kind of field reads, and the notes about it."""
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
        ("id", None, [_NOTHING, None, ""]),
        *(("id", number, [number]) for number in (0, 5, 2**63 - 1)),
        ("link", f"https://{'a' * 60}.{'b' * 60}:8080/c", [f"https://{'a' * 60}.{'b' * 60}:8080/c"]),
        ("link", "https://b\u00fcro.example/?\u00e4#\u00f6", ["https://b\u00fcro.example/?\u00e4#\u00f6"]),
        ("link", "https://user@[::1]:80?c", ["https://user@[::1]:80?c"]),
        ("link", f"https://a/{'b' * 2038}", [f"https://a/{'b' * 2038}"]),
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
def test_valid_values(kind: str, expected: object, values: list[object]) -> None:
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
        ("integer", 5, ["5", "05", 5.0, 5.9, "5.0", "5.9"]),
        ("integer", -5, ["-5", -5.9, "-5.9"]),
        ("integer", 2**63 - 1, [str(2**63 - 1)]),
        ("integer", None, [True, False, "x", "5x", "1e3", "nan", "inf", "1.5.5", ".", ".5", "5.", [], [5], {}, {"a": 5}]),
        ("integer", None, ["+5", " 5 ", "5\n", "1_001", "\u0665", "\u00b2", "5.\u0665", "--5", "-", "5" * 20, str(2**63)]),
        ("id", 5, ["5", "005", 5.0]),
        ("id", 2**53 - 1, [float(2**53 - 1)]),
        ("id", 2**63 - 1, [str(2**63 - 1)]),
        ("id", 0, ["0", 0.0, -0.0]),
        ("id", None, [value for value in NO_IDS if value not in (None, "")]),
        (
            "link",
            None,
            ["https://?a", "https://#a", "https://[", "https://a:99999/b", f"https://{'a' * 301}/b", f"https://{'\u00e4' * 81}/b"],
        ),
        ("link", None, [f"https://a/{'b' * 2039}", "https://" + "\u00e4" * 16_000_000 + "/"]),
        ("integer", None, [1e300, -1e300, 1e19, "9" * 30, "-" + "9" * 30, "9" * 5000, "9" * 400 + ".0", float("inf"), float("nan")]),
        ("flag", True, [1, "1", "true", "True", "TRUE"]),
        ("flag", False, [0, "0", "false", "False"]),
        ("flag", None, [2, -1, 1.0, 0.0, "", "falsey", "true" * 10**6, "yes", "on", [], [True], {}, {"a": True}]),
        ("moment", datetime(2025, 12, 6, 5, 46, 40, tzinfo=UTC), ["1765000000", 1_765_000_000.9]),
        ("moment", None, ["1_765_000_000", " 1765000000", "\u0661765000000"]),
        ("moment", None, [1_765_000_000_000, 10**18, 2**64 - 1, 1e300, True, "yesterday", "2025-12-06T05:46:40Z", [], {}]),
        ("texts", ("a",), ["a"]),
        ("texts", (), [5, True, {}, {"a": "b"}]),
    ],
)
def test_values_of_unexpected_types(kind: str, expected: object, values: list[object]) -> None:
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


def test_notes_have_paths_and_types_but_no_values() -> None:
    notes = Notes()
    reader = Reader({"geo": {"lat": 53.3, "ip": 7}, "list": [{"extra": "s3cret"}], "new": None, "other": {"a": {"b": "s3cret"}}}, notes)
    geo, (item,) = reader.record("geo"), reader.records("list")
    geo.text("ip")
    for part in (geo, item, reader):
        part.close()
    assert notes.unknown == {"geo.lat: float", "list[].extra: str", "new: NoneType", "other: dict"}
    assert notes.unexpected == {"geo.ip: int"}
    assert "s3cret" not in repr(notes)


def test_notes_are_bounded() -> None:
    notes = Notes()
    names = [f"{first}{second}" for first in "abcdefghij" for second in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
    Reader(dict.fromkeys(names), notes).close()
    for number in range(1000):
        Reader({f"f{number}": []}, notes).text(f"f{number}")
        Reader({f"f{number}": "x" * 10_001}, notes).text(f"f{number}")
    assert (len(notes.unknown), len(notes.unexpected), len(notes.cut)) == (100, 100, 100)


def test_an_object_with_too_many_fields_is_noted_as_one() -> None:
    for count, expected in ((1000, set()), (1001, {"geo.: dict"})):
        notes = Notes()
        Reader({"geo": dict.fromkeys(map(str, range(count)))}, notes).record("geo").close()
        assert notes.cut == expected


def test_long_values_are_cut_and_noted() -> None:
    notes = Notes()
    record = {"text": "t" * 10_001, "name": "n" * 256, "texts": ["t" * 256] * 101, "parts": [{"name": "p" * 256}] * 65}
    reader = Reader(record, notes, "hardware.")
    assert (reader.text("text"), reader.name("name")) == ("t" * 10_000, "n" * 255)
    assert reader.texts("texts") == ("t" * 255,) * 100
    assert [part.name("name") for part in reader.records("parts")] == ["p" * 255] * 64
    assert notes.cut == {
        "hardware.text: str",
        "hardware.name: str",
        "hardware.texts: list",
        "hardware.parts: list",
        "hardware.parts[].name: str",
    }
    assert notes.unexpected == set()
    exact = Notes()
    reader = Reader({"text": "t" * 10_000, "name": "n" * 255, "texts": ["t"] * 100, "parts": [{}] * 64}, exact)
    for read in (reader.text("text"), reader.name("name"), reader.texts("texts"), reader.records("parts")):
        assert len(read or ()) in (10_000, 255, 100, 64)
    assert exact.cut == set()


@FEW
@given(
    st.lists(st.text(max_size=3), max_size=5),
    st.lists(st.sampled_from([None, True, 1, 0.5, "x", [], {}, [1], {"": 1}]), min_size=1, max_size=5),
)
def test_notes_of_many_records_are_bounded(names: list[str], values: list[object]) -> None:
    notes = Notes()
    for number in range(60):
        value = values[number % len(values)]
        field = f"{'abcdefgh'[number // 8]}{'ABCDEFGH'[number % 8]}"  # single letters are noted
        record = {f"{name}_{field}": value for name in names} | {
            field: value,
            "clients": [{field: value}],
            "geo": {field: 1},
        }
        for read in (Agent.from_dict, Invitation.from_dict, HistoryRecord.from_dict):
            assert read({**record, "id": number}, notes)
    assert len(notes.unknown) == 100
    assert_impersonal(notes)


# Links, whatever their text


_MADE_LINKS = (
    st.text()
    | TEXTS
    | st.lists(
        st.sampled_from(
            [
                *("http://", "https://", "HTTPS://", "https:/", "://", "//", "ftp://"),
                *("javascript:", "go.getscreen.me", "192.0.2.1", "[::1]"),
                *("/", "/a", "?b=", "#", ":", ":80", ":99999", "@", "[", "]", "%", "%0a", " ", "\n", "\x00", "é", "\ud800", "xn--"),
            ]
        ),
        max_size=8,
    ).map("".join)
)


def _link(text: str) -> str | None:
    return Reader({"url": text}, Notes()).link("url")


@MORE
@given(_MADE_LINKS)
def test_any_text_is_a_link_with_a_single_scheme_or_none(text: str) -> None:
    link = _link(text)
    if link is not None:
        assert re.match(r"https?://(?!https?://)[^/]", link, re.IGNORECASE)
        assert text.endswith(link)
        assert re.fullmatch(r"(?:https?://)*", text.removesuffix(link), re.IGNORECASE)
        assert not re.search(r"\s", link)
        assert _link(link) == _link(f"https://{link}") == link


@MORE
@given(_MADE_LINKS)
def test_every_link_leads_to_a_host(text: str) -> None:
    """Home Assistant's device registry rejects a link without a host."""
    link = _link(text)
    assert link is None or URL(link).host
