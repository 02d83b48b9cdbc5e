"""The measurement of the event loop, on which the bounds of all attacks depend."""

import asyncio

from .conftest import Bench

UNIT = 100_000
"""The numbers that are squared in a unit of work."""


def work(units: int) -> None:
    """Take the processor for a number of units."""
    sum(number * number for number in range(units * UNIT))


async def test_a_long_callback(bench: Bench) -> None:
    async with bench.watch() as seen:
        work(60)
    assert seen.held > 20


async def test_a_thread_that_holds_the_interpreter(bench: Bench) -> None:
    """Sorting is one step of the interpreter, so the event loop cannot run during it."""
    numbers = [str(number * 7919 % 1_000_003) for number in range(1_000_000)]
    async with bench.watch() as seen:
        await asyncio.to_thread(sorted, numbers)
    assert seen.held > 20


async def test_many_short_callbacks(bench: Bench) -> None:
    """Work that is split into callbacks does not add up."""
    async with bench.watch() as seen:
        for _ in range(60):
            work(1)
            await asyncio.sleep(0)
    assert seen.held < 20
