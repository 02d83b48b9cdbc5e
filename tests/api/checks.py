"""Checks that hold for every decoded value: declared types, times in UTC, no secrets in its repr, impersonal notes."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
import re
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import orjson

from custom_components.getscreen.api import Agent, HistoryRecord
from custom_components.getscreen.api.models import Session
from custom_components.getscreen.api.reader import Notes

from .strategies import HIDDEN

QUARTER = timedelta(minutes=15)


def decoded(record: dict[str, Any]) -> dict[str, Any]:
    """Return an equal record that consists of new objects, as the decoder creates them."""
    decoded: dict[str, Any] = orjson.loads(orjson.dumps(record))
    return decoded


_hints = cache(get_type_hints)


def assert_sound(value: Any, declared: Any, path: str) -> None:
    """Check that a value and all its parts have exactly the declared types, no empty text, and times in UTC."""
    origin, arguments = get_origin(declared), get_args(declared)
    if origin is UnionType:
        of_type = [choice for choice in arguments if type(value) is (get_origin(choice) or choice)]
        assert len(of_type) == 1, f"{path} is {value!r}"
        assert_sound(value, of_type[0], path)
    elif origin is tuple:
        assert type(value) is tuple, f"{path} is {value!r}"
        for number, item in enumerate(value):
            assert_sound(item, arguments[0], f"{path}[{number}]")
    elif origin is dict:
        assert type(value) is dict, f"{path} is {value!r}"
        for key, item in value.items() if arguments[1] is not Any else ():
            assert_sound(key, arguments[0], f"a key of {path}")
            assert_sound(item, arguments[1], f"{path}[{key!r}]")
    else:
        assert type(value) is (declared or NoneType), f"{path} is {value!r}"
        assert not isinstance(value, str) or value, f"{path} is empty"
        assert not isinstance(value, datetime) or value.tzinfo is UTC, f"{path} is {value!r}"
        for field in fields(value) if is_dataclass(value) else ():
            assert_sound(getattr(value, field.name), _hints(declared)[field.name], f"{path}.{field.name}")
    if isinstance(value, Session | HistoryRecord):
        assert value.start is None or value.end is None or value.end >= value.start
        assert value.duration is None or value.duration >= 0
    if isinstance(value, Agent):
        assert_seen_about(value)


def assert_seen_about(agent: Agent) -> None:
    """Check that `last_seen_rounded` is at most 15 minutes before `last_seen`, and equal to it while the agent is offline."""
    if agent.last_seen is None or agent.online is False:
        assert agent.last_seen_rounded == agent.last_seen
    else:
        assert agent.last_seen_rounded is not None
        assert timedelta(0) <= agent.last_seen - agent.last_seen_rounded < QUARTER


def assert_is_a_model(read: object, again: object, declared: type) -> None:
    """Check a model that was read, and an equal one that was read again."""
    assert_sound(read, declared, declared.__name__)
    assert read == again
    assert hash(read) == hash(again)
    assert len({read, again}) == 1
    assert repr(read) == repr(again)
    assert HIDDEN not in repr(read)


_NOTE = re.compile(r"(?:[A-Za-z_]\w*(?:\[\])?\.)*(?:[A-Za-z_]\w{0,39}|\(not a name\)): (?:NoneType|bool|int|float|str|list|dict)", re.ASCII)


def assert_impersonal(notes: Notes) -> None:
    """Check that notes are few, and that each one is a name and a type."""
    for kind in (notes.unknown, notes.unexpected):
        assert len(kind) <= 100
        assert all(_NOTE.fullmatch(note) for note in kind), kind
