"""Home Assistant as a separate process, which ends with the demo."""

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
# Always the environment of the demo, because tests that import this module run with another version of Home Assistant.
_PYTHON = REPOSITORY / ".venv-demo" / "bin" / "python"
_RESTART = 100
"""The exit code with which Home Assistant asks to be restarted."""
_GENTLE_END = 20
"""How many seconds Home Assistant has to save its states and exit."""


class HomeAssistant:
    """The process of Home Assistant for a folder; it runs within the context."""

    def __init__(self, folder: Folder) -> None:
        """Use a folder that is already prepared."""
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
        """Start the process with its output in the folder's log; raises DemoError if Home Assistant is not installed."""
        if not _PYTHON.exists():
            raise DemoError("Home Assistant is not installed. Run scripts/setup demo.")
        with self._folder.log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                _PYTHON,
                *("-m", "homeassistant", "--config", self._folder.path, "--log-no-color"),
                env=_environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Without this, the terminal's Ctrl-C would reach the process too, and a second signal kills it.
                start_new_session=True,
            )

    async def stop(self) -> None:
        """End the process with SIGTERM; kill it if that takes too long or is interrupted."""
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
        """Wait until Home Assistant exits, then raise DemoError; restart it if the user requested a restart."""
        if self._process is None:
            raise DemoError("Home Assistant was not started.")
        while (code := await self._process.wait()) == _RESTART:
            await self.start()
        raise DemoError(f"Home Assistant ended with exit code {code}.")


def _environment() -> dict[str, str]:
    # Without compiled bytecode, each start would take as long as the first.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # Only one log, which also contains errors from before Home Assistant opens its own log file.
    return environment | {"HA_DISABLE_LOG_FILE": "true"}
