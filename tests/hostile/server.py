"""A server that sends any bytes, in any way that a test needs.

It knows nothing of HTTP but where a request ends, so that nothing keeps it from breaking the rules. Besides one thing that a test
changes, it is a polite account of three computers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
import contextlib
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import orjson

from . import polite

JSON = ("Content-Type: application/json",)
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as received. `what` names its answer; headers have lower-case names."""

    what: str
    verb: str
    target: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a status line without the version, raw header lines, and a body; `length`: whether a header has its length."""

    body: bytes = b""
    status: str = "200 OK"
    headers: tuple[str, ...] = JSON
    length: bool = True

    def encode(self) -> bytes:
        """Return the bytes to send."""
        lines = [f"HTTP/1.1 {self.status}", *self.headers]
        if self.length:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1", "surrogateescape") + self.body


type Send = Callable[["HostileServer", Asked, asyncio.StreamWriter], Awaitable[None]]
type Answer = Reply | bytes | Send
"""A reply, the whole of the bytes to send, or a function that sends them."""


def of(value: Any, status: str = "200 OK", *headers: str) -> Reply:
    """Return a reply in JSON."""
    return Reply(orjson.dumps(value), status, (*JSON, *headers))


def page(status: str = "200 OK", *headers: str) -> Reply:
    """Return a web page, as a proxy, a firewall or a hotel's network answers."""
    return Reply(b"<!DOCTYPE html><html><title>Just a moment</title></html>", status, ("Content-Type: text/html", *headers))


def then_hang(start: bytes = b"") -> Send:
    """Return an answer that stops after its start and never ends."""

    async def send(server: HostileServer, _asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        server.hangs.set()
        await server.closing(writer)

    return send


def drip(start: bytes, drop: bytes) -> Send:
    """Return an endless answer, a few bytes at a time."""

    async def send(server: HostileServer, _asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        with contextlib.suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(drop)
                await writer.drain()
                server.hangs.set()
                await asyncio.sleep(0.01)  # slowly, since a fast one would soon be too large

    return send


def flood(start: bytes, chunk: bytes, most: int = 1 << 30) -> Send:
    """Return an answer that is sent as fast as the client reads it, up to a number of bytes."""

    async def send(server: HostileServer, _asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        with contextlib.suppress(ConnectionError):
            for _ in range(most // len(chunk)):
                if writer.is_closing():
                    break
                writer.write(chunk)
                await writer.drain()
                server.sent += len(chunk)

    return send


def reset() -> Send:
    """Return no answer, but reset the connection."""

    async def send(_server: HostileServer, _asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    return send


def in_turn(*answers: Answer) -> Send:
    """Return the answers one after another; the last one repeats."""
    left = list(answers)

    async def send(server: HostileServer, asked: Asked, writer: asyncio.StreamWriter) -> None:
        await server.send(left.pop(0) if len(left) > 1 else left[0], asked, writer)

    return send


@dataclass
class HostileServer:
    """Serves on 127.0.0.1: `async with HostileServer() as server: ...; server.answers["agents/list"] = Reply(...)`.

    Answers are named by the method; `preview` and `recording` are those of the links in the polite answers, `elsewhere` any other path's.
    """

    key: str = "a-secret-key"
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[Asked] = field(default_factory=list)
    hangs: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever a request waits for an answer that will not end."""
    open: int = 0
    """Number of open connections."""
    sent: int = 0
    """Number of bytes that a flood has sent."""
    port: int = 0
    _server: asyncio.Server | None = None

    @property
    def root(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Base URL of the API."""
        return f"{self.root}/v1"

    async def __aenter__(self) -> Self:
        """Start the server."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the server, and drop all connections."""
        if self._server is not None:
            self._server.close()
            self._server.close_clients()
            await self._server.wait_closed()

    def heal(self) -> None:
        """Answer politely from now on."""
        self.answers.clear()

    def count(self, what: str) -> int:
        """Return the number of requests of a kind."""
        return sum(asked.what == what for asked in self.requests)

    async def closing(self, writer: asyncio.StreamWriter) -> None:
        """Wait until the client has closed all connections."""
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def send(self, answer: Answer, asked: Asked, writer: asyncio.StreamWriter) -> None:
        """Send an answer of any kind."""
        if isinstance(answer, Reply):
            answer = answer.encode()
        if isinstance(answer, bytes):
            for part in _parts(answer):
                writer.write(part)
                await writer.drain()
        else:
            await answer(self, asked, writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            asked = self._read(head)
            if length := int(asked.headers.get("content-length", 0)):
                await reader.readexactly(length)
            self.requests.append(asked)
            gone = asyncio.ensure_future(self._watch(reader, writer))
            try:
                answer = self.answers.get(asked.what)
                await self.send(self._polite(asked) if answer is None else answer, asked, writer)
            finally:
                gone.cancel()
        except ConnectionError, asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()
            self.open -= 1

    @staticmethod
    async def _watch(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Close a connection that the client has closed."""
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()

    def _read(self, head: str) -> Asked:
        request, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        verb, target, _ = request.split(" ")
        parts = urlsplit(target)
        first, _, rest = parts.path.removeprefix("/").partition("/")
        what = rest if first == "v1" else first if first in ("preview", "recording") else "elsewhere"
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        return Asked(what, verb, target, dict(parse_qsl(parts.query)), headers)

    def _polite(self, asked: Asked) -> Answer:
        if asked.what == "preview":
            return Reply(polite.PNG, headers=("Content-Type: image/png",))
        if asked.what == "recording":
            return Reply(polite.RECORDING, headers=("Content-Type: video/webm", "Accept-Ranges: bytes"))
        answer = polite.answer(asked.what, self.root, asked.query)
        return page("404 Not Found") if answer is None else of(answer)


def _parts(content: bytes) -> Iterable[bytes]:
    return (content[place : place + _CHUNK] for place in range(0, len(content), _CHUNK))
