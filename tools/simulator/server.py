"""The HTTP server of an account. It records and checks every request, then answers it or lets it fail."""

import asyncio
from collections.abc import Iterator
import contextlib
from dataclasses import dataclass
from typing import Self

from aiohttp import hdrs, web
from multidict import MultiDict
import orjson

from .account import Account
from .faults import Fault, drop, faulty_answer, json_error
from .methods import METHODS, Api, Method
from .pages import Pages
from .parameters import Refusal, Values, read_body, read_query, read_update
from .plans import ServicePlan

KEY_HEADER = "X-Api-Key"

_KEY_PARAMETER = "apikey"
_KEY_PARAMETERS = frozenset({_KEY_PARAMETER, "api_key", "key", "x-api-key"})
_PAGES = frozenset({"preview", "video"})
_SHUTDOWN_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was received. `method`: the path below /v1; `body`: the parsed JSON or None."""

    method: str
    verb: str
    parameters: dict[str, str]
    body: object


@dataclass(slots=True)
class _ActiveFault:
    """A fault, the methods that it applies to, and how many times it still applies (None: always)."""

    fault: Fault
    methods: tuple[str, ...]
    retry_after: int | None
    times: int | None


class Simulator:
    """Serves an account on 127.0.0.1: `async with Simulator(account) as simulator: ... simulator.url`.

    These attributes may be changed at any time: `key`; `latency`, in seconds before each answer; `limit`, how many requests are left;
    `plan`, a service plan, which several simulators may share; `key_in_query`, to accept the key only as the parameter `apikey`, as an
    old server does.
    """

    def __init__(self, account: Account, key: str = "simulated-key", port: int = 0, *, host: str = "127.0.0.1") -> None:
        """Prepare a server on an address of this machine; port 0 chooses a free one."""
        self.account = account
        self.key = key
        self.port = port
        self.key_in_query = False
        self._host = host
        self.latency = 0.0
        self.limit: int | None = None
        self.plan: ServicePlan | None = None
        self.requests: list[Request] = []
        self.downloads: list[str] = []
        """The paths of all requests for previews, recordings and pages."""
        self.redirects_followed = 0
        self.key_leaks = 0
        """How often a request outside the API contained the key where it must not be, for example after a redirect."""
        self._faults: list[_ActiveFault] = []
        self._held: dict[str, asyncio.Event] = {}
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._api = Api(account, "")

    @property
    def root(self) -> str:
        """The scheme, host and port of the server."""
        return f"http://{self._host}:{self.port}"

    @property
    def url(self) -> str:
        """The base URL of the API."""
        return f"{self.root}/v1"

    @property
    def command_status(self) -> dict[int, int]:
        """The non-zero `status` in the answers to an agent's commands, by agent id; change it in place."""
        return self._api.command_status

    async def __aenter__(self) -> Self:
        """Start listening."""
        app = web.Application()
        app.router.add_route("*", "/v1/{method:.*}", self._handle)
        Pages(self).add_to(app)
        # A client that disconnects cancels its request, and a stopping server does not wait for requests.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._stopping.clear()
        refused, status = self._api.refused, self._api.command_status
        self._api = Api(self.account, self.root)
        self._api.refused, self._api.command_status = refused, status
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening, and drop requests that hang."""
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def count(self, method: str | None = None) -> int:
        """Return how many requests were received for a method, or for all methods."""
        return sum(method in (None, request.method) for request in self.requests)

    def fail(self, fault: Fault, *methods: str, retry_after: int | None = None, times: int | None = None) -> None:
        """Set a fault for some methods (all if none is given), permanently or for the next `times` requests; the latest fault applies.

        `retry_after` is in seconds. "preview" and "video" are also accepted, but are not part of "all". Raises ValueError for other names.
        """
        self._faults.append(_ActiveFault(fault, _known(methods), retry_after, times))

    def fault(self, method: str) -> Fault | None:
        """Return the fault that applies to the next request of a method; None if there is none."""
        active = self._fault(method)
        return active.fault if active else None

    @contextlib.contextmanager
    def hold(self, *methods: str) -> Iterator[None]:
        """Delay the answers of some methods, named as in `fail`, until the block ends. The requests are recorded immediately."""
        release = asyncio.Event()
        self._held |= dict.fromkeys(_known(methods), release)
        try:
            yield
        finally:
            release.set()
            self._held = {method: event for method, event in self._held.items() if event is not release}

    def heal(self) -> None:
        """Clear all faults, refusals and command statuses; latency, limit, plan, key and held methods stay."""
        self._faults.clear()
        self._api.refused.clear()
        self._api.command_status.clear()

    def refuse(self, agent_id: int, code: int = 403) -> None:
        """Refuse agents/info and the commands for one agent with an HTTP code."""
        self._api.refused[agent_id] = code

    async def failure(self, method: str, request: web.Request) -> web.StreamResponse | None:
        """Wait while a method is held and for the latency; then return the answer of its fault, None if the request should be processed."""
        if (release := self._held.get(method)) is not None:
            await release.wait()
        if self.latency:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self.latency)
        active = self._fault(method)
        if active is None or active.fault is Fault.LOST_ANSWER:
            return None
        self._use(active)
        return await faulty_answer(active.fault, request, active.retry_after, self._stopping)

    def _loses_answer(self, method: str) -> bool:
        active = self._fault(method)
        if active is None or active.fault is not Fault.LOST_ANSWER:
            return False
        self._use(active)
        return True

    def _fault(self, method: str) -> _ActiveFault | None:
        return next((active for active in reversed(self._faults) if method in active.methods), None)

    def _use(self, active: _ActiveFault) -> None:
        if active.times is not None:
            active.times -= 1
            if active.times <= 0:
                self._faults.remove(active)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        text = await request.read()
        body = _parsed(text)
        self.requests.append(Request(name, request.method, dict(request.query), body))
        if failure := await self.failure(name, request):
            return failure
        try:
            method = self._admit(name, request)
            answer = method.answer(self._api, _read(method, request, text, body, json_commands=self.account.json_commands))
            self.account.advance()  # immediate effects of a command are visible when its answer arrives
        except Refusal as refusal:
            return json_error(refusal.code, refusal.text)
        if self._loses_answer(name):
            return drop(request)
        return web.Response(body=answer, content_type="application/json", charset="utf-8")

    def _admit(self, name: str, request: web.Request) -> Method:
        method = METHODS.get(name)
        if method is None:
            raise Refusal(404, "unknown request URL")
        if request.method != self.account.verbs.get(name, method.verb):
            raise Refusal(self.account.wrong_verb_code, f"{name} is not called by {request.method}")
        if not self._has_key(request):
            raise Refusal(403, "no access to data")
        if not self._plan_allows():
            raise Refusal(402, "request limit of the service plan exceeded")
        self.account.advance()
        return method

    def _plan_allows(self) -> bool:
        if self.limit is not None:
            if self.limit <= 0:
                return False
            self.limit -= 1
        return self.plan is None or self.plan.take()

    def _has_key(self, request: web.Request) -> bool:
        """Return whether the key is correct, and only in the place where the server expects it."""
        keys = [name for name in request.query if name.lower() in _KEY_PARAMETERS]
        if self.key_in_query:
            return keys == [_KEY_PARAMETER] and request.query[_KEY_PARAMETER] == self.key and KEY_HEADER not in request.headers
        return not keys and request.headers.get(KEY_HEADER) == self.key


def _known(methods: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := set(methods) - METHODS.keys() - _PAGES:
        raise ValueError(f"no such methods: {unknown}")
    return methods or tuple(METHODS)


def _parsed(text: bytes) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _read(method: Method, request: web.Request, text: bytes, body: object, *, json_commands: bool) -> Values:
    query = MultiDict(request.query)
    query.popall(_KEY_PARAMETER, None)
    if not method.has_body and not (json_commands and method.is_command):
        if text:
            raise Refusal(400, "parameters belong in the query")
        return read_query(query, method.parameters, method.required)
    if query:
        raise Refusal(400, "parameters belong in the body")
    if request.headers.get(hdrs.CONTENT_TYPE, "").partition(";")[0] != "application/json":
        raise Refusal(400, "a body of application/json is required")
    return read_update(body) if method.has_body else read_body(body, method.parameters, method.required)
