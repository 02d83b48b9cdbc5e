"""How long the event loop was blocked: its longest callback, the longest garbage collection, and how late it was at worst."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import gc
import time
from unittest.mock import patch

_BEAT = 0.002


class Watch:
    """Times each callback, which is each step of each task, and feels the loop's pulse meanwhile.

    The callbacks are timed in processor time, which comes out the same on a busy machine, and without the collections of garbage that
    fall into them: those look at everything there is, whoever made it, and whoever comes last pays. What processor time cannot see, such
    as waiting for a file or for a thread that holds the interpreter, makes the pulse late; but so do collections and other programs.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        """Seconds of processor time of the longest callback."""
        self.collection = 0.0
        """Seconds of processor time of the longest collection of garbage."""
        self.latest = 0.0
        """Seconds that a beat was late."""
        self._due = 0.0
        self._collected = self._began = 0.0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Forget what was, and watch."""
        self.longest = self.latest = self.collection = 0.0
        self._due = time.perf_counter() + _BEAT
        run = asyncio.Handle._run
        pulse = asyncio.Task(self._feel(), eager_start=False)

        def timed(handle: asyncio.Handle) -> None:
            start, collected = time.thread_time(), self._collected
            run(handle)
            self.longest = max(self.longest, time.thread_time() - start - (self._collected - collected))

        gc.callbacks.append(self._collect)
        with patch.object(asyncio.Handle, "_run", timed):
            yield
        gc.callbacks.remove(self._collect)
        self._see()
        pulse.cancel()

    def _collect(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            seconds = time.thread_time() - self._began
            self._collected += seconds
            self.collection = max(self.collection, seconds)

    async def _feel(self) -> None:
        while True:
            self._due = time.perf_counter() + _BEAT
            await asyncio.sleep(_BEAT)
            self._see()

    def _see(self) -> None:
        self.latest = max(self.latest, time.perf_counter() - self._due)
