"""What some work costs: processor time of the event loop's thread and of the whole process, the longest block, and memory."""

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
    """Milliseconds: processor time of the loop, all threads, the longest callback, the longest collection; how late the loop was."""

    loop: float
    process: float
    block: float
    collection: float
    late: float


async def cost(work: Work, before: Work | None = None, rounds: int = 1) -> Cost:
    """Return the median cost of some work, each time after something that does not count."""
    costs: list[tuple[float, ...]] = []
    monitor = LoopMonitor()
    gc.collect()  # else this pays for what was before
    for _ in range(rounds):
        if before:
            await before()
        with monitor.monitoring():
            loop, process = time.thread_time(), time.process_time()
            # A task, because the monitor does not see a step that began before it.
            await asyncio.Task(work(), eager_start=False)
            loop, process = time.thread_time() - loop, time.process_time() - process
        costs.append((loop, process, monitor.longest, monitor.collection, monitor.latest))
    return Cost(*(statistics.median(column) * 1000 for column in zip(*costs, strict=True)))


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
