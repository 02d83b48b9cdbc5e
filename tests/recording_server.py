"""A server of recordings that a test writes, and browsers of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
import ssl

from aiohttp import web
from homeassistant.auth.models import RefreshToken
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant
import pytest

from .answers import change_history

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class RecordingServer:
    """A server with answers that a test defines; it stores the requests."""

    def __init__(self) -> None:
        self.url = ""
        """The address without a path, from the time when it is served."""
        self.requests: list[web.Request] = []
        self.handler: Handler | None = None
        self.gone = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer as the test wants."""
        self.requests.append(request)
        assert self.handler is not None
        try:
            return await self.handler(request)
        except asyncio.CancelledError, ConnectionError:
            self.gone.set()
            raise


async def serve(app: web.Application, *, cancelling: bool = True, context: ssl.SSLContext | None = None) -> tuple[web.AppRunner, int]:
    """Serve on this machine, over TLS with a `context`; return the runner and the port.

    As in Home Assistant, a client that leaves cancels its request, unless that is not wanted.
    """
    runner = web.AppRunner(app, access_log=None, handler_cancellation=cancelling, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    return runner, runner.addresses[0][1]


async def open_recording(
    hass: HomeAssistant, path: str, port: int, token: RefreshToken | None = None, verb: str = "GET"
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Ask for a recording on a connection of its own, as the user of a token."""
    # Little is read ahead of what a test reads.
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    signed = async_sign_path(hass, path, timedelta(minutes=1), refresh_token_id=token.id if token else None)
    writer.write(f"{verb} {signed} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return reader, writer


def point_to(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Let the history say that the recordings are there."""
    change_history(monkeypatch, lambda answer: [row.update(video={"url": url, "size": 7}) for row in answer["data"]])
