"""Prints the results of each policy under different service plans: python -m benchmarks.budget [WORD ...] [--trace]."""

import argparse
from collections.abc import Iterator
import textwrap
import time

from .before import Before
from .measures import Check, trace
from .now import Now
from .policy import Make
from .rows import ROWS, Row

POLICIES: dict[str, Make] = {"before": Before, "now": Now}
_WIDTHS = {"plan": 30, "goal": 32, **dict.fromkeys(POLICIES, 40)}


def _cell(checks: list[Check]) -> str:
    return "\n".join(f"{check.name} {check.figure}{'  MISSED' if check.met is False else ''}" for check in checks)


def _lines(*cells: str) -> Iterator[str]:
    """Yield the lines of a row, each cell wrapped to the width of its column."""
    widths = list(_WIDTHS.values())
    columns = [
        [line for part in cell.split("\n") for line in textwrap.wrap(part, width)] for cell, width in zip(cells, widths, strict=True)
    ]
    for number in range(max(map(len, columns))):
        parts = (column[number] if number < len(column) else "" for column in columns)
        yield " | ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()


def _print(row: Row, *, traced: bool) -> None:
    """Run a row with each policy, and print the results, with a trace of each run if requested."""
    results = {name: row.run(make) for name, make in POLICIES.items()}
    print("\n".join(_lines(row.name, row.goal, *(_cell(checks) for _, checks in results.values()))))
    print("-" * (sum(_WIDTHS.values()) + 3 * (len(_WIDTHS) - 1)))
    if traced:
        for name, (world, _) in results.items():
            print("\n".join(trace(world, name)))


def main() -> None:
    """Run and print the rows that the command line names, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.budget", description=__doc__)
    parser.add_argument("words", nargs="*", help="run only rows whose names contain one of these words")
    parser.add_argument("--trace", action="store_true", help="print each request that the plan rejected (* on the first day)")
    arguments = parser.parse_args()
    started = time.monotonic()
    print("\n".join(_lines(*_WIDTHS)))
    for row in ROWS:
        if not arguments.words or any(word in row.name for word in arguments.words):
            _print(row, traced=arguments.trace)
    print(f"{time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    main()
