"""Requests that do not reach the server, and why."""

import asyncio
from datetime import UTC, datetime, timedelta
import errno
from pathlib import Path
import socket
import ssl
from traceback import format_exception
from typing import Any, override

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
import orjson
import pytest

from custom_components.getscreen.api import (
    ConnectionCause,
    GetscreenClient,
    GetscreenConnectionError,
    InvalidResponseError,
    RequestRefusedError,
)

from .helpers import COMMANDS, METHODS, READS, Canned


async def test_no_server_listens(session: aiohttp.ClientSession, canned: Canned) -> None:
    url = canned.url
    await canned.__aexit__()
    client = GetscreenClient(session, "a-key", url)
    for call in METHODS.values():
        with pytest.raises(GetscreenConnectionError, match=r"^Cannot connect to host 127\.0\.0\.1"):
            await call(client)


_KEY = "k-0123456789"


class _Resolver(AbstractResolver):
    """A resolver that knows one name, which has two addresses."""

    @override
    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        if host != "known.example":
            raise OSError("Name or service not known")
        families = {"127.0.0.1": socket.AF_INET, "::1": socket.AF_INET6}
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0) for address, family in families.items()
        ]

    @override
    async def close(self) -> None:
        pass


async def _cause(url: str, *errors: OSError) -> ConnectionCause:
    """Return the cause of a failed connection. `errors`: the error of each attempt to connect."""
    left = list(errors)

    def connect(address: Any) -> socket.socket:
        raise left.pop(0)

    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=_Resolver(), socket_factory=connect if errors else None)
    ) as session:
        for method in ("agents/list", "agents/wake"):
            left = list(errors)
            with pytest.raises(GetscreenConnectionError) as caught:
                await METHODS[method](GetscreenClient(session, _KEY, url))
            assert _KEY not in "".join(format_exception(caught.value))
    return caught.value.cause


_UNREACHABLE = OSError(errno.ENETUNREACH, "Network is unreachable")
_REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed")


@pytest.mark.parametrize(
    ("cause", "host", "errors"),
    [
        (ConnectionCause.NAME, "unknown.example", []),
        (ConnectionCause.REFUSED, "known.example", [_REFUSED, _REFUSED]),
        (ConnectionCause.REFUSED, "known.example", [_UNREACHABLE, _REFUSED]),
        (ConnectionCause.TIMEOUT, "known.example", [TimeoutError(errno.ETIMEDOUT, "Connect call failed")] * 2),
        (ConnectionCause.OTHER, "known.example", [_UNREACHABLE, _UNREACHABLE]),
        (ConnectionCause.OTHER, "known.example", [OSError("no number"), OSError("another")]),
    ],
)
async def test_reasons_of_failed_connections(cause: ConnectionCause, host: str, errors: list[OSError]) -> None:
    """For each cause the user has to do something else."""
    assert await _cause(f"https://{host}/v1", *errors) is cause


async def test_an_untrusted_certificate(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    certificate = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    pem = tmp_path / "own.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    async with await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=context) as server:
        assert await _cause(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1") is ConnectionCause.CERTIFICATE


async def test_a_server_that_does_not_speak_tls() -> None:
    def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-server\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        assert await _cause(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1") is ConnectionCause.OTHER


async def test_a_server_that_has_stopped(canned: Canned) -> None:
    await canned.__aexit__()
    assert await _cause(canned.url) is ConnectionCause.REFUSED


async def test_connections_that_are_lost(canned: Canned) -> None:
    canned.reply_raw(b"")
    assert await _cause(canned.url) is ConnectionCause.OTHER


async def test_a_closed_session(client: GetscreenClient, session: aiohttp.ClientSession) -> None:
    await session.close()
    for call in METHODS.values():
        with pytest.raises(GetscreenConnectionError, match="session is closed"):
            await call(client)


@pytest.mark.parametrize("url", ["", "nothing", "ftp://127.0.0.1/v1", "http://", "http://[", "http://127.0.0.1:99999", "http://\ud800/"])
async def test_invalid_urls(session: aiohttp.ClientSession, url: str) -> None:
    for method in ("agents/list", "agents/wake"):
        with pytest.raises(InvalidResponseError, match="the URL is invalid"):
            await METHODS[method](GetscreenClient(session, "a-key", url))


@pytest.mark.parametrize("key", ["a-\nkey", "a-\rkey", "a-\x00key"])
async def test_a_key_that_no_header_can_hold(session: aiohttp.ClientSession, canned: Canned, key: str) -> None:
    for call in (READS["agents/list"], COMMANDS["agents/wake"]):
        with pytest.raises(RequestRefusedError, match=r"^the request cannot be sent \(ValueError\)$") as caught:
            await call(GetscreenClient(session, key, canned.url))
        assert caught.value.reason is None
    assert canned.received == []


async def test_a_text_that_json_cannot_hold(canned: Canned) -> None:
    """Home Assistant's sessions write JSON with orjson, which rejects lone surrogates."""
    async with aiohttp.ClientSession(json_serialize=lambda value: orjson.dumps(value).decode()) as session:
        with pytest.raises(RequestRefusedError, match=r"^the request cannot be sent \(TypeError\)$"):
            await GetscreenClient(session, "a-key", canned.url).update_device(1, name="\ud800")
    assert canned.received == []
