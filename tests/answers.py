"""Changes to the simulator's answers, for oddities that no simulated account has."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from simulator.methods import METHODS


def change_answer(monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[bytes], bytes]) -> None:
    """Let `change` change each answer of a method before it is sent."""
    method = METHODS[name]
    monkeypatch.setitem(METHODS, name, replace(method, answer=lambda *arguments: change(method.answer(*arguments))))


def change_history(monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], object]) -> None:
    """Let `change` change what history/list answers, in place."""

    def changed(answer: bytes) -> bytes:
        payload = orjson.loads(answer)
        change(payload)
        return orjson.dumps(payload)

    change_answer(monkeypatch, "history/list", changed)
