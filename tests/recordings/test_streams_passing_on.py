"""The bytes of a stream: passed on at the browser's speed until it disconnects."""

import asyncio
from typing import Any

from aiohttp import ClientError, web
from homeassistant.core import HomeAssistant
import pytest

from ..helpers import until
from ..recording_server import RecordingServer, open_recording, serve


async def test_a_recording_is_passed_on_as_it_comes(client: Any, path: str, recording_server: RecordingServer) -> None:
    """The first bytes reach the browser before the server has sent the last ones."""
    go_on = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
        await response.prepare(request)
        await response.write(b"first")
        await go_on.wait()
        await response.write(b"last")
        return response

    recording_server.handler = answer
    response = await client.get(path)
    assert await response.content.readexactly(5) == b"first"
    go_on.set()
    assert await response.read() == b"last"
    assert "Content-Length" not in response.headers
    # By the ending of the address.
    assert response.headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize("cancelling", [True, False])
async def test_a_browser_that_does_not_read(hass: HomeAssistant, path: str, recording_server: RecordingServer, cancelling: bool) -> None:
    """The server sends no more than a few buffers. When the browser leaves, the connection to the server is closed."""
    sent = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "video/mp4", "Content-Length": str(2**32)})
        await response.prepare(request)
        while True:
            await response.write(bytes(65_536))
            sent += 65_536

    recording_server.handler = answer
    runner, port = await serve(hass.http.app, cancelling=cancelling)
    reader, writer = await open_recording(hass, path, port)
    assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
    seen, turns = 0, 0
    # Until nothing more is sent in 100 turns of the loop.
    while turns < 100:
        assert sent < 32 * 1024 * 1024
        await asyncio.sleep(0)
        seen, turns = sent, turns + 1 if 0 < sent == seen else 0
    writer.transport.abort()
    await until(recording_server.gone.is_set)
    await runner.cleanup()


async def test_a_browser_that_leaves_while_the_server_is_silent(hass: HomeAssistant, path: str, recording_server: RecordingServer) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
        await response.prepare(request)
        await response.write(b"first")
        await asyncio.Event().wait()
        return response

    recording_server.handler = answer
    runner, port = await serve(hass.http.app)
    reader, writer = await open_recording(hass, path, port)
    await reader.readuntil(b"first")
    writer.close()
    # In less than the 30 seconds for which a server may be silent.
    async with asyncio.timeout(25):
        await recording_server.gone.wait()
    await runner.cleanup()


async def test_a_server_that_fails_in_the_middle(client: Any, path: str, recording_server: RecordingServer) -> None:
    """The connection to the browser is cut, because otherwise the missing part would look like the end of the recording."""
    fail = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
        await response.prepare(request)
        await response.write(b"first")
        await fail.wait()
        assert request.transport is not None
        request.transport.abort()
        return response

    recording_server.handler = answer
    response = await client.get(path)
    assert await response.content.readexactly(5) == b"first"
    fail.set()
    with pytest.raises(ClientError):
        await response.read()
