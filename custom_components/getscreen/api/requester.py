"""Sends requests to the API's methods: adds the key, finds the verb, shares equal reads, and reports on each method."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Self

import aiohttp
from yarl import URL

from .errors import CommandFailedError, GetscreenError
from .once import InFlight
from .reader import Notes
from .transport import Answer, send

DEFAULT_URL = "https://api.getscreen.me/v1"
SERVERS = (DEFAULT_URL, "https://api.getscreen.ru/v1", "https://api.pro32connect.ru/v1")

type Parameter = int | str | bool | None

# The HTTP verbs to try for each method, in this order. If there are several, the right one is not known yet. A server that answers
# 404 or 405 has done nothing, so it is safe to try the next verb.
_GUESSED = ("POST", "PUT", "GET")
VERBS: Mapping[str, tuple[str, ...]] = {
    "agents/list": ("GET",),
    "agents/info": ("GET",),
    "devices/update": _GUESSED,
    "agents/connect": ("POST",),
    "agents/reboot": _GUESSED,
    "agents/wake": _GUESSED,
    "agents/logout": _GUESSED,
    "support/list": ("GET",),
    "support/info": ("GET",),
    "support/create": ("POST",),
    "support/close": ("POST",),
    "history/list": ("GET",),
}

# The API reference describes these methods in the same way, so all of them are assumed to take their values alike, by query or by body.
_FAMILY = ("agents/reboot", "agents/wake", "agents/logout")


@dataclass(slots=True)
class MethodReport:
    """What the requests to one API method have shown so far.

    `requests`: how many were sent. `last_code`: the HTTP code of the last one; None if no answer came. `verb`: the verb that worked;
    None before the first success. `notes`: what was unexpected in the answers.
    """

    requests: int = 0
    last_code: int | None = None
    verb: str | None = None
    notes: Notes = field(default_factory=Notes)


class Gate:
    """Decides whether a request may be sent, and is notified of its outcome; `method` is the API method. This gate admits every request."""

    def admit(self, method: str) -> None:
        """Raise GetscreenError if a request has to wait."""

    def sent(self, method: str) -> None:
        """Note that an HTTP request is sent. One admitted request may need several of them, because some verbs are guessed."""

    def accepted(self, method: str) -> None:
        """Note that the server accepted the key and the request."""

    def failed(self, method: str, error: GetscreenError) -> None:
        """Note that a request failed with `error`."""


class Requester:
    """Sends the requests of one account. Equal reads in flight share one request, but no read joins one from before a command."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_key: str,
        url: str = DEFAULT_URL,
        *,
        timeout: float = 30,
        key_in_query: bool = False,
        gate: Gate | None = None,
    ) -> None:
        """Send requests to `url` (with its version, without a slash at the end), each with a timeout in seconds.

        `key_in_query`: send the key as the parameter `apikey` instead of the header, for old servers. Raises ValueError if others could
        read the query (see `keeps_query_private`). `gate`: decides whether a request may be sent; without a gate, all are sent.
        """
        if key_in_query and not keeps_query_private(url):
            raise ValueError("The key may be sent as a parameter only over HTTPS")
        self._session = session
        self._api_key = api_key
        self._key_query = {"apikey": api_key} if key_in_query else {}
        self._headers = {"Accept": "application/json"} | ({} if key_in_query else {"X-Api-Key": api_key})
        self._gate = gate or Gate()
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self.url = url
        self.on_answer: Callable[[str, Answer], None] = lambda _method, _answer: None
        """Called with the API method and the answer after each successful request."""
        self.reports = {method: MethodReport() for method in VERBS}
        """A report on each API method, by its name."""
        self._takes_bodies: bool | None = None
        """Whether the commands of `_FAMILY` take their values as a JSON body; None until an answer shows it."""
        self._reads = InFlight[Answer]()

    def with_gate(self, gate: Gate) -> Self:
        """Return a copy of this client with another gate. Both share the reports and the reads in flight."""
        other = copy(self)
        other._gate = gate  # noqa: SLF001 - an object of the same class
        return other

    async def _command(self, method: str, parameters: Mapping[str, Parameter] | None = None, body: dict[str, Any] | None = None) -> Answer:
        """Send a command. An answer with status 0, or without a status, is success. Raises CommandFailedError for another status."""
        answer = await self._act(method, parameters, body)
        if status := answer.status(self.reports[method].notes):
            raise CommandFailedError(f"{method}: status {status}", status)
        return answer

    async def _act(self, method: str, parameters: Mapping[str, Parameter] | None = None, body: dict[str, Any] | None = None) -> Answer:
        """Send a request that may change something. Reads in flight were sent before the change, so later reads do not join them."""
        try:
            return await self._request(method, parameters, body)
        finally:
            self._reads.clear()

    async def _read(self, method: str, parameters: Mapping[str, Parameter] | None = None) -> Answer:
        """Send a request that changes nothing, or join an equal one that is in flight."""
        key = (method, frozenset((parameters or {}).items()))
        return await self._reads.get(key, partial(self._request, method, parameters))

    async def _request(self, method: str, parameters: Mapping[str, Parameter] | None = None, body: dict[str, Any] | None = None) -> Answer:
        """Send a request as soon as the gate admits it; raises GetscreenError."""
        self._gate.admit(method)
        try:
            answer = await self._negotiate(method, parameters, body)
        except GetscreenError as error:
            self._gate.failed(method, error)
            raise
        self._gate.accepted(method)
        self.on_answer(method, answer)
        return answer

    async def _negotiate(self, method: str, parameters: Mapping[str, Parameter] | None, body: dict[str, Any] | None) -> Answer:
        """Send a request in the way that the server accepts; raises GetscreenError. Parameters that are None or empty are omitted.

        The client remembers the verb that worked for each method, and whether the methods of `_FAMILY` take a query or a body.
        """
        report = self.reports[method]
        values = {key: value for key, value in (parameters or {}).items() if value not in (None, "")}
        if method in _FAMILY and self._takes_bodies:
            values, body = {}, values
        verb, answer = await self._send(method, (report.verb,) if report.verb else VERBS[method], values, body)
        if answer.code == HTTPStatus.BAD_REQUEST and method in _FAMILY and self._takes_bodies is None:
            # A refused command was not carried out, so it may be sent again.
            refused, (_, answer) = answer, await self._send(method, (verb,), {}, values)
            if answer.says_less_than(refused):
                answer = refused
            else:
                values = {}
        answer.raise_for_error(method, self._api_key, command=VERBS[method] != ("GET",))
        report.verb = verb
        if method in _FAMILY:
            self._takes_bodies = not values
        return answer

    async def _send(
        self, method: str, verbs: tuple[str, ...], values: Mapping[str, Parameter], body: dict[str, Any] | None
    ) -> tuple[str, Answer]:
        """Try the verbs in order until the server answers one with a code other than 404 and 405; return the last verb and its answer."""
        report = self.reports[method]
        for verb in verbs:
            report.requests += 1
            report.last_code = None
            self._gate.sent(method)
            answer = await send(
                self._session,
                verb,
                f"{self.url}/{method}",
                query={key: _written(value) for key, value in values.items()} | self._key_query,
                body=body,
                headers=self._headers,
                client_timeout=self._timeout,
                retry=VERBS[method] == ("GET",),
            )
            report.last_code = answer.code
            if answer.code not in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
                break
        return verb, answer


def keeps_query_private(url: str) -> bool:
    """Return whether only the server can read a URL's query: it has https, or this machine's own address."""
    try:
        server = URL(url)
        return server.scheme == "https" or ip_address(server.host or "").is_loopback
    except ValueError:
        return False


def _written(value: Parameter) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
