"""Changes what the simulator answers, where a test wants an oddity that no account has by itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest

from simulator.methods import METHODS


def change_history(monkeypatch: pytest.MonkeyPatch, change: Callable[[dict[str, Any]], object]) -> None:
    """Let `change` change each answer of history/list in place before it is sent."""
    method = METHODS["history/list"]

    def answer(*arguments: Any) -> bytes:
        payload = orjson.loads(method.answer(*arguments))
        change(payload)
        return orjson.dumps(payload)

    monkeypatch.setitem(METHODS, "history/list", replace(method, answer=answer))
