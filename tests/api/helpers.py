"""Every method as a call, and a server with canned answers."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
import contextlib
import re
from typing import Any, Self

import orjson

from custom_components.getscreen.api import GetscreenClient, HistoryQuery
from simulator import Simulator

type Call = Callable[[GetscreenClient], Awaitable[object]]

READS: Mapping[str, Call] = {
    "agents/list": lambda client: client.list_agents(),
    "agents/info": lambda client: client.get_agent(1),
    "support/list": lambda client: client.list_invitations(),
    "support/info": lambda client: client.get_invitation(7001),
    "history/list": lambda client: client.list_history(HistoryQuery()),
}
COMMANDS: Mapping[str, Call] = {
    "agents/connect": lambda client: client.connect(1),
    "agents/reboot": lambda client: client.reboot(1),
    "agents/wake": lambda client: client.wake(1),
    "devices/update": lambda client: client.update_device(1, name="Front desk"),
    "support/create": lambda client: client.create_invitation("Nora"),
    "support/close": lambda client: client.close_invitation(7001),
    "agents/logout": lambda client: client.logout(1),  # last, as it leaves nothing for the others
}
METHODS = {**READS, **COMMANDS}
LISTS = ("agents/list", "support/list", "history/list")
# Values that are no ids, although Python could convert most of them to a number: a command would act on another computer.
NO_IDS: tuple[object, ...] = (
    *(None, "", "x", True, False, [], [5], {}, -5, -1, 2**63, 2**64 - 1, -(2**63)),
    *(1001.9, 0.5, -5.0, 2.0**53, 1e300, "1001.9", "5.0", " 1001 ", "1001\n", "1_001", "\u0661\u0660\u0660\u0661", "+1001", "-5", "1e3"),
    *("0x5", "9223372036854775808", "9" * 5000, "\u00b2", "\u0967"),
)
UNPROVEN = ("agents/reboot", "agents/wake", "devices/update", "agents/logout")


class Canned:
    """A server on 127.0.0.1 that answers every request alike, and records the requests."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.url = ""
        self._next: deque[bytes] = deque()
        self.reply(b"[]")

    def reply(self, body: bytes, *headers: bytes, status: str = "200 OK") -> None:
        """Answer all requests with a body."""
        self._answer, self._closes = _http(body, headers, status), False

    def then(self, body: bytes, *headers: bytes, status: str) -> None:
        """Answer one request with a body, in the order of these calls, before the answer to all requests counts again."""
        self._next.append(_http(body, headers, status))

    def reply_json(self, payload: Any, *headers: bytes, status: str = "200 OK") -> None:
        """Answer all requests with JSON."""
        self.reply(orjson.dumps(payload), b"Content-Type: application/json", *headers, status=status)

    def reply_raw(self, answer: bytes) -> None:
        """Answer all requests with bytes, which need not be HTTP, and close the connection."""
        self._answer, self._closes = answer, True

    async def __aenter__(self) -> Self:
        """Start the server."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the server."""
        self._server.close()
        self._server.close_clients()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The client may close the connection before the end of an answer.
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while not reader.at_eof():
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"Content-Length: (\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                self.received.append(head)
                writer.write(self._next.popleft() if self._next else self._answer)
                await writer.drain()
                if self._closes:
                    break
        writer.close()


def sent_to(simulator: Simulator) -> list[tuple[str, str, dict[str, str], object]]:
    """Return the requests that a simulator received: method, verb, parameters, body."""
    return [(request.method, request.verb, request.parameters, request.body) for request in simulator.requests]


def _http(body: bytes, headers: tuple[bytes, ...], status: str) -> bytes:
    return b"\r\n".join([f"HTTP/1.1 {status}".encode(), b"Content-Length: %d" % len(body), *headers]) + b"\r\n\r\n" + body
