"""The cost of work: processor time of the event loop's thread and of the process, the longest block, and memory."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
import gc
import os
from pathlib import Path
import statistics
import time

from .event_loop import LoopMonitor

type Work = Callable[[], Coroutine[None, None, object]]


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds: processor time of the event loop, all threads, the longest callback and garbage collection; the largest delay."""

    loop: float
    process: float
    block: float
    collection: float
    late: float


async def cost(work: Work, before: Work | None = None, rounds: int = 1) -> Cost:
    """Return the median cost of `work` over some rounds; `before` is run before each round and not measured."""
    costs: list[tuple[float, ...]] = []
    monitor = LoopMonitor()
    gc.collect()  # so that earlier garbage is not counted
    for _ in range(rounds):
        if before:
            await before()
        with monitor.monitoring():
            loop, process = time.thread_time(), time.process_time()
            # A task, because the monitor does not measure a callback that began before it.
            await asyncio.Task(work(), eager_start=False)
            loop, process = time.thread_time() - loop, time.process_time() - process
        costs.append((loop, process, monitor.longest, monitor.collection, monitor.latest))
    return Cost(*(statistics.median(column) * 1000 for column in zip(*costs, strict=True)))


def resident() -> int:
    """Return the resident memory of this process in bytes, after a garbage collection."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
