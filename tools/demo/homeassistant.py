"""Home Assistant as a process of its own, which ends with the demo."""

import asyncio
from contextlib import suppress
import os
from pathlib import Path
import signal
from types import TracebackType
from typing import Self

from demo.errors import DemoError
from demo.folder import Folder

REPOSITORY = Path(__file__).resolve().parents[2]
# Always the demo's own environment: the tests that import this run in one with another Home Assistant.
_PYTHON = REPOSITORY / ".venv-demo" / "bin" / "python"
_RESTART = 100
"""Exit code by which Home Assistant asks to be started again."""
_GENTLE_END = 20
"""Seconds in which Home Assistant has to save its states and end."""


class HomeAssistant:
    """Home Assistant running on a folder; leaving the context ends it."""

    def __init__(self, folder: Folder) -> None:
        """Run on a folder that is prepared already."""
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        """Start the process."""
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """End the process."""
        await self.stop()

    async def start(self) -> None:
        """Start the process, its output going to the folder's log."""
        if not _PYTHON.exists():
            raise DemoError("Home Assistant is not installed here: run scripts/setup demo.")
        with self._folder.log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                _PYTHON,
                *("-m", "homeassistant", "--config", self._folder.path, "--log-no-color"),
                env=_environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Else the terminal's Ctrl-C would reach it as well, and a second signal kills it.
                start_new_session=True,
            )

    async def stop(self) -> None:
        """End the process: gently first, by force when that takes too long or is interrupted."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_GENTLE_END):
                    await process.wait()
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    async def ended(self) -> None:
        """Wait until Home Assistant ends by itself, then raise DemoError. A restart from its page does not count."""
        if self._process is None:
            raise DemoError("Home Assistant was not started.")
        while (code := await self._process.wait()) == _RESTART:
            await self.start()
        raise DemoError(f"Home Assistant ended with exit code {code}.")


def _environment() -> dict[str, str]:
    # If Python may not store what it has compiled, each start takes as long as the first.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # One log, which also has what goes wrong before Home Assistant opens its own.
    return environment | {"HA_DISABLE_LOG_FILE": "true"}
