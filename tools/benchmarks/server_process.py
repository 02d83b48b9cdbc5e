"""Starts the benchmark's server and sends commands to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import sys

import aiohttp

from .server import KEY


class RunningServer:
    """A running server: the URLs of the API and of the peers, and its commands."""

    def __init__(self, api: str, peers: str, session: aiohttp.ClientSession) -> None:
        self.api = api
        self.peers = peers
        self._session = session

    async def command(self, name: str, **values: str | float) -> None:
        """Send a command, with its parameters; the commands are in server.py."""
        async with self._session.post(f"{self.peers}/{name}", params=values) as response:
            response.raise_for_status()

    async def agents_list(self) -> bytes:
        """Return the answer of agents/list."""
        async with self._session.get(f"{self.api}/agents/list", headers={"X-Api-Key": KEY}) as response:
            return await response.read()


@asynccontextmanager
async def running_server() -> AsyncIterator[RunningServer]:
    """Run the server in a separate process until the context ends."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.server", stdin=pipe, stdout=pipe)
    assert process.stdout
    try:
        api, peers = (await process.stdout.readline()).decode().split()
        async with aiohttp.ClientSession() as session:
            yield RunningServer(api, peers, session)
    finally:
        process.terminate()
        await process.wait()
