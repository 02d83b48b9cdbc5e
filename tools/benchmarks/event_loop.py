"""Measures how long the event loop was blocked: longest callback, longest garbage collection, largest delay of a timer."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import gc
import time
from unittest.mock import patch

_INTERVAL = 0.002


class LoopMonitor:
    """Measures each callback of the event loop (each step of each task), and the delay of a timer.

    Callbacks are measured in processor time, which does not depend on other programs, and without garbage collections, which any callback
    may trigger. Waiting for a file or for the interpreter lock costs no processor time, but delays the timer; so do garbage collections
    and other programs.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        """The processor time of the longest callback in seconds."""
        self.collection = 0.0
        """The processor time of the longest garbage collection in seconds."""
        self.latest = 0.0
        """The largest delay of the timer in seconds."""
        self._due = 0.0
        self._collected = self._began = 0.0

    @contextmanager
    def monitoring(self) -> Iterator[None]:
        """Measure until the end of the block; earlier figures are discarded."""
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
