"""Formats the tables of the benchmark."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .fleet import KINDS

type Measured = dict[str, Any]
"""A result of measurement.py, with the domain and the number of devices."""

_OURS = "getscreen"
_POLLS = (*KINDS, "outage", "recovery")
_TITLES = {"seen": "last seen", "some": "1 %", "setup": "set-up"}


def tables(measured: list[Measured]) -> Iterator[str]:
    """Yield the tables."""
    yield _table(
        "Setup. Memory: growth of the resident set. Registered: including disabled entities",
        ("set-up s", "processor s", "kB/device", "entities", "registered"),
        (_row(one, *_set_up(one)) for one in measured),
    )
    yield _table(
        "A poll: ms of processor time, event loop / all threads. Last seen: only this time changes, for every online device",
        _titles(_POLLS),
        _polls(measured),
    )
    yield _table("The same, µs per device on the event loop", _titles(_POLLS), (_row(one, *_per_device(one)) for one in measured))
    yield _table(
        "Processor time (all threads) of the peers and of the minimum, as a multiple of ours",
        _titles(_POLLS),
        _ratios(measured),
    )
    yield _table(
        "Blocks of the event loop, ms: longest callback / longest garbage collection (processor time) / largest delay",
        _titles(("setup", *_POLLS)),
        (_row(one, *(_figures(one, kind, "block", "collection", "late") for kind in ("setup", *_POLLS))) for one in measured),
    )
    yield _table(
        "Notifying all entities of a poll that changed nothing, without the poll: ms on the event loop",
        ("ours", "stock", "stock/ours", "entities"),
        (_row(one, *_notifying(one)) for one in measured if one["domain"] == _OURS),
    )


def _titles(kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(_TITLES.get(kind, kind) for kind in kinds)


def _row(one: Measured, *cells: str, name: str | None = None) -> tuple[str, ...]:
    return (str(one["devices"]), name or one["domain"], *cells)


def _set_up(one: Measured) -> Iterator[str]:
    yield f"{one['setup_seconds']:.1f}"
    yield f"{one['costs']['setup']['process'] / 1000:.1f}"
    yield f"{one['bytes_per_device'] / 1000:.0f}"
    yield str(one["entities"])
    yield str(one["registered"])


def _polls(measured: list[Measured]) -> Iterator[tuple[str, ...]]:
    for one in measured:
        yield _row(one, *(_figures(one, kind, "loop", "process") for kind in _POLLS))
        if one["domain"] == _OURS:
            yield _row(one, *(_figures(one, f"least {kind}", "loop", "process") for kind in _POLLS), name="parse + compare")
            yield _row(one, *(_figures(one, "read", "loop", "process") for _ in KINDS), name="read the answer")


def _per_device(one: Measured) -> list[str]:
    return [_cell(one, kind, lambda cost: f"{cost['loop'] * 1000 / one['devices']:.1f}") for kind in _POLLS]


def _ratios(measured: list[Measured]) -> Iterator[tuple[str, ...]]:
    ours = {one["devices"]: one for one in measured if one["domain"] == _OURS}
    for one in measured:
        mine = ours[one["devices"]]
        prefix, name = ("least ", "parse + compare") if one is mine else ("", one["domain"])
        yield _row(one, *(_ratio(one, f"{prefix}{kind}", mine, kind) for kind in _POLLS), name=name)


def _ratio(one: Measured, kind: str, mine: Measured, mine_kind: str) -> str:
    return _cell(one, kind, lambda cost: f"{cost['process'] / mine['costs'][mine_kind]['process']:.2f}")


def _notifying(one: Measured) -> Iterator[str]:
    ours, stock = one["costs"]["notify"]["loop"], one["costs"]["notify stock"]["loop"]
    yield f"{ours:.2f}"
    yield f"{stock:.2f}"
    yield f"{stock / ours:.1f}"
    yield str(one["entities"])


def _figures(one: Measured, kind: str, *names: str) -> str:
    return _cell(one, kind, lambda cost: "/".join(f"{cost[name]:.1f}" for name in names))


def _cell(one: Measured, kind: str, show: Callable[[dict[str, float]], str]) -> str:
    cost = one["costs"].get(kind)
    return "-" if cost is None else show(cost)


def _table(title: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [("devices", "", *columns), *(row + ("-",) * (len(columns) + 2 - len(row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    texts = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    return "\n".join([title, *texts])
