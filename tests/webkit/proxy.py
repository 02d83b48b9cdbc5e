"""A proxy through which a browser reaches the loopback address by any host name, like Home Assistant in a home network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

HOST = "home-assistant.test"
"""A host name for the proxy. For browsers, a page from this host over plain HTTP is insecure, unlike one from 127.0.0.1."""


@asynccontextmanager
async def running_proxy() -> AsyncIterator[str]:
    """Run the proxy and return its address, `host:port`. Every request goes to 127.0.0.1 with the port of its URL, for any host name."""
    connections: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(asyncio.ensure_future(_serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1")
    try:
        yield "{}:{}".format(*server.sockets[0].getsockname())
    finally:
        server.close()
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # The servers behind the proxy accept a full URL in the request line, so the proxy does not change it.
    try:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            port = int(head.split(b"/")[2].rpartition(b":")[2])
            answers, requests = await asyncio.open_connection("127.0.0.1", port)
            requests.write(head)
            await asyncio.gather(_pass_on(reader, requests), _pass_on(answers, writer))
    finally:
        writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
    finally:
        writer.close()
