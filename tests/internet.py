"""An Internet for tests: names and public addresses that lead to servers on this machine, with certificates that Home Assistant trusts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
import socket
import ssl
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from homeassistant.util import ssl as ssl_util
import pytest

from .recording_server import Handler, serve

API = "https://api.getscreen.me/v1"
_API_ADDRESS = "93.184.216.1"
_OTHERS_ADDRESS = "93.184.216.2"


class Internet(AbstractResolver):
    """The names, addresses and servers that can be reached. `handler` answers for all names but those of the API's server."""

    def __init__(self, handler: Handler) -> None:
        others = ("files.getscreen.me", "files.getscreen.ru", "notgetscreen.me", "getscreen.me.elsewhere.example", "elsewhere.example")
        self.names: dict[str, list[list[str]]] = {name: [[_OTHERS_ADDRESS]] for name in others}
        self.names |= {"api.getscreen.me": [[_API_ADDRESS]], "home.example": []}
        """Addresses of a name: one list for each lookup; the last one is repeated."""
        self.ports: dict[str, int] = {}
        """The ports of this machine that addresses lead to."""
        self.reached: list[str] = []
        """Addresses with ports to which a connection was tried, in order."""
        self.requests: list[web.Request] = []
        self.handler = handler

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """Return the addresses of a name; OSError for an unknown one."""
        if not (answers := self.names.get(host)):
            raise OSError(None, "no such name")
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0) for address in addresses]

    async def close(self) -> None:
        """Do nothing."""

    real_close = close

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as the test wants."""
        self.requests.append(request)
        return await self.handler(request)


@asynccontextmanager
async def internet_of(handler: Handler, api_port: int, monkeypatch: pytest.MonkeyPatch, folder: Path) -> AsyncIterator[Internet]:
    """Put Home Assistant into an Internet whose API is served on a port of this machine; to be entered before Home Assistant connects."""
    net = Internet(handler)
    server, client = await asyncio.to_thread(_contexts, list(net.names), folder / "internet.pem")
    # A private name of Home Assistant, which the test kit replaces as well: with a public one, its own resolver would be used.
    monkeypatch.setattr("homeassistant.helpers.aiohttp_client._async_make_resolver", lambda _hass: net)
    monkeypatch.setattr(ssl_util, "get_default_context", lambda: client)
    monkeypatch.setattr(ssl_util, "client_context", lambda *_arguments, **_more: client)
    connect = asyncio.selector_events.BaseSelectorEventLoop.sock_connect

    async def sock_connect(loop: Any, sock: socket.socket, address: tuple[Any, ...]) -> None:
        net.reached.append(f"{address[0]}:{address[1]}")
        if address[0] != "127.0.0.1" and address[0] not in net.ports:
            raise ConnectionRefusedError
        await connect(loop, sock, ("127.0.0.1", net.ports.get(address[0], address[1])))

    monkeypatch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", sock_connect)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", net.answer)
    runner, port = await serve(app, context=server)
    front = await asyncio.start_server(partial(_pass_on, api_port), "127.0.0.1", 0, ssl=server)
    net.ports = {_API_ADDRESS: front.sockets[0].getsockname()[1], _OTHERS_ADDRESS: port}
    yield net
    front.close()
    await runner.cleanup()


async def _pass_on(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Forward the connections of a port of this machine until one side closes."""
    server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)

    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                target.write(data)
                await target.drain()
        except OSError:
            pass
        finally:
            target.close()

    await asyncio.gather(copy(reader, server_writer), copy(server_reader, writer))


def _contexts(names: list[str], path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the TLS contexts of a server with these names and of a client that trusts it."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    alternatives += [x509.IPAddress(ip_address(address)) for address in (_API_ADDRESS, _OTHERS_ADDRESS, "127.0.0.1")]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(plain + certificate.public_bytes(serialization.Encoding.PEM))
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(path)
    client.load_verify_locations(path)
    return server, client
