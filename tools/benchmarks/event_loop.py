"""How long the event loop was blocked: its longest callback, the longest garbage collection, and how late it was at worst."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import gc
import time
from unittest.mock import patch

_INTERVAL = 0.002


class LoopMonitor:
    """Times each callback, which is each step of each task, and how late a timer of the loop fires meanwhile.

    The callbacks are timed in processor time, which comes out the same on a busy machine, and without the collections of garbage that
    fall into them: a collection goes through all objects, and any callback may trigger it. What processor time cannot see, such as waiting
    for a file or for a thread that holds the interpreter, makes the timer late; but so do collections and other programs.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        """Seconds of processor time of the longest callback."""
        self.collection = 0.0
        """Seconds of processor time of the longest collection of garbage."""
        self.latest = 0.0
        """Seconds that the timer was late."""
        self._due = 0.0
        self._collected = self._began = 0.0

    @contextmanager
    def monitoring(self) -> Iterator[None]:
        """Measure from here to the end of the block; earlier figures are dropped."""
        self.longest = self.latest = self.collection = 0.0
        self._due = time.perf_counter() + _INTERVAL
        run = asyncio.Handle._run
        timer = asyncio.Task(self._tick(), eager_start=False)

        def timed(handle: asyncio.Handle) -> None:
            start, collected = time.thread_time(), self._collected
            run(handle)
            self.longest = max(self.longest, time.thread_time() - start - (self._collected - collected))

        gc.callbacks.append(self._collect)
        with patch.object(asyncio.Handle, "_run", timed):
            yield
        gc.callbacks.remove(self._collect)
        self._see()
        timer.cancel()

    def _collect(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            seconds = time.thread_time() - self._began
            self._collected += seconds
            self.collection = max(self.collection, seconds)

    async def _tick(self) -> None:
        while True:
            self._due = time.perf_counter() + _INTERVAL
            await asyncio.sleep(_INTERVAL)
            self._see()

    def _see(self) -> None:
        self.latest = max(self.latest, time.perf_counter() - self._due)
