"""The client: one method per method of the API."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

import aiohttp
from yarl import URL

from .errors import CommandFailedError, InvalidResponseError
from .hardware import bounded, read_hardware
from .history import HistoryPage, HistoryRecord
from .models import Agent, AgentDetails, Invitation
from .once import Once
from .reader import Notes, Reader
from .transport import Answer, send

DEFAULT_URL = "https://api.getscreen.me/v1"
SERVERS = (DEFAULT_URL, "https://api.getscreen.ru/v1", "https://api.pro32connect.ru/v1")

MOST_AGENTS = 10_000
MOST_INVITATIONS = 1_000
_LARGEST_TOTAL = 10**9

# More records are read in another thread, even if the answer is small.
_MANY = 200

type Parameter = int | str | bool | None

# The verbs of each method. Where there are several, the first is a guess that no answer has proven yet: a server that
# answers it with 404 or 405 has done nothing, so the next can be tried.
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

# The reference describes these methods alike, so what works for one is used for all.
_FAMILY = ("agents/reboot", "agents/wake", "agents/logout")

# Fields of agents/info that are read elsewhere (the hardware) or left alone (the one-time link), and those that an agent is known by.
_BESIDE_AGENT = frozenset({"hardware", "onetime_url"})
_OF_AN_AGENT = frozenset({"name", "online", "hardware"})


@dataclass(slots=True)
class MethodReport:
    """What is known of a method from its use: how often it was asked, its last HTTP code, the verb that worked, and oddities."""

    requests: int = 0
    last_code: int | None = None
    verb: str | None = None
    notes: Notes = field(default_factory=Notes)


@dataclass(frozen=True, slots=True)
class AgentList:
    """An answer of `agents/list`: agents by id, how many records could not be used, and how many of those were beyond the bound."""

    agents: dict[int, Agent]
    skipped: int
    cut: int = 0


@dataclass(frozen=True, slots=True)
class InvitationList:
    """An answer of `support/list`: open invitations, connections left in the plan (if the server says).

    `skipped`: how many records could not be used. `cut`: how many of those were beyond the bound.
    """

    invitations: tuple[Invitation, ...]
    remaining: int | None
    skipped: int
    cut: int = 0


class GetscreenClient:
    """A Getscreen account, seen through its API key.

    Every method raises a child of GetscreenError where it fails, and only that. Whoever asks for what is being asked for already
    gets the same answer, unless a command has ended since.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_key: str,
        url: str = DEFAULT_URL,
        *,
        timeout: float = 30,
        key_in_query: bool = False,
        on_request: Callable[[str], None] | None = None,
    ) -> None:
        """Talk to `url` (with its version, without a slash at the end); `timeout` seconds for each request.

        `key_in_query`: send the key as the parameter `apikey`, for old servers, and not in the header. Raises ValueError unless
        the query stays private (see `keeps_query_private`). `on_request` is called with the API method before each request.
        """
        if key_in_query and not keeps_query_private(url):
            raise ValueError("The key may only be a parameter over https")
        self._session = session
        self._api_key = api_key
        self._key_query = {"apikey": api_key} if key_in_query else {}
        self._headers = {"Accept": "application/json"} | ({} if key_in_query else {"X-Api-Key": api_key})
        self._on_request = on_request or (lambda _method: None)
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self.url = url
        self.on_accepted: Callable[[str], None] = lambda _method: None
        """Called with the API method after each answer for which the server accepted the key."""
        self.reports = {method: MethodReport() for method in VERBS}
        """What is known of each method from its use."""
        self._takes_bodies: bool | None = None
        """Whether commands of the family take their values as a JSON body; None while that is not known."""
        self._asked: dict[tuple[str, frozenset[tuple[str, Parameter]]], Once[Answer]] = {}

    async def list_agents(self, search: str = "", group_id: str = "", known: Mapping[int, Agent] | None = None) -> AgentList:
        """List the account's computers (`agents/list`), filtered by name, IP or group name, and by group.

        `known`: agents of an earlier answer; those whose record did not change come back as the same object.
        """
        answer = await self._ask("agents/list", {"search": search, "group_id": group_id})
        notes = self.reports["agents/list"].notes
        return await _in_thread(answer, lambda records: _read_agents(records, known or {}, notes))

    async def get_agent(self, agent_id: int) -> AgentDetails:
        """Return one computer with its hardware (`agents/info`)."""
        record = (await self._ask("agents/info", {"agent_id": agent_id})).record()
        agent = self._agent("agents/info", agent_id, record)
        if agent is None:
            raise InvalidResponseError("agents/info: no agent in the answer")
        hardware = Reader(record, self.reports["agents/info"].notes).record("hardware")
        if not hardware:
            return AgentDetails(agent=agent, hardware=None, source={})
        return AgentDetails(agent=agent, hardware=read_hardware(hardware), source=bounded(record["hardware"]))

    async def update_device(
        self,
        agent_id: int,
        *,
        name: str | None = None,
        permanent_link: bool | None = None,
        permanent_link_path: str | None = None,
        permanent_link_password: str | None = None,
    ) -> Agent | None:
        """Change what is given of a computer (`devices/update`); returns it as it is now where the server says so."""
        link = {"enable": permanent_link, "url": permanent_link_path, "password": permanent_link_password}
        body: dict[str, Any] = {"id": agent_id}
        if name is not None:
            body["name"] = name
        if given := {key: value for key, value in link.items() if value is not None}:
            body["permanent_url"] = given
        answer = await self._command("devices/update", body=body)
        return self._agent("devices/update", agent_id, answer.optional_record())

    async def connect(self, agent_id: int, *, record_video: bool | None = None) -> str:
        """Return a link that opens one session on a computer and expires at its first use (`agents/connect`): a secret."""
        answer = await self._command("agents/connect", {"agent_id": agent_id, "video": record_video})
        url = Reader(answer.record(), self.reports["agents/connect"].notes).link("url")
        if url is None:
            raise InvalidResponseError("agents/connect: no link in the answer")
        return url

    async def wake(self, agent_id: int) -> None:
        """Wake a computer (`agents/wake`)."""
        await self._command("agents/wake", {"id": agent_id})

    async def reboot(self, agent_id: int, *, safe_mode: bool = False) -> None:
        """Reboot a computer, into safe mode if asked (`agents/reboot`)."""
        await self._command("agents/reboot", {"id": agent_id, "safe": safe_mode or None})

    async def logout(self, agent_id: int) -> None:
        """Detach a computer from the account for good (`agents/logout`)."""
        await self._command("agents/logout", {"id": agent_id})

    async def list_invitations(self) -> InvitationList:
        """List the open invitations (`support/list`)."""
        answer = await self._ask("support/list")
        notes = self.reports["support/list"].notes
        invitations = await _in_thread(answer, lambda records: _read_all(records, Invitation.from_dict, notes, MOST_INVITATIONS))
        count = len(answer.records())
        remaining = answer.beside(notes).integer("remain")
        return InvitationList(tuple(invitations), remaining, count - len(invitations), max(0, count - MOST_INVITATIONS))

    async def get_invitation(self, invitation_id: int) -> Invitation:
        """Return one invitation (`support/info`)."""
        return self._invitation("support/info", await self._ask("support/info", {"connection_id": invitation_id}))

    async def create_invitation(self, client_name: str = "") -> Invitation:
        """Invite a client to a quick-support session (`support/create`)."""
        return self._invitation("support/create", await self._act("support/create", {"client_name": client_name}))

    async def close_invitation(self, invitation_id: int) -> None:
        """Close an invitation and its session (`support/close`)."""
        # Only the HTTP code tells: the status of an invitation, should one come back, is another thing than that of a command.
        await self._act("support/close", {"connection_id": invitation_id})

    async def list_history(
        self,
        *,
        agent_id: int | None = None,
        invitation_id: int | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        with_video: bool | None = None,
        offset: int = 0,
        limit: int = 20,
    ) -> HistoryPage:
        """Return a page of at most `limit` (up to 100) past sessions, newest first (`history/list`)."""
        parameters = {
            "agent_id": agent_id,
            "support_id": invitation_id,
            "date_from": None if start is None else int(start.timestamp()),
            "date_to": None if end is None else int(end.timestamp()),
            "video": with_video,
            "offset": offset,
            "limit": limit,
        }
        answer = await self._ask("history/list", parameters)
        notes = self.reports["history/list"].notes
        records = await _in_thread(answer, lambda records: _read_all(records, HistoryRecord.from_dict, notes, limit))
        total = answer.beside(notes).integer("total")
        return HistoryPage(records=tuple(records), total=total if total is not None and 0 <= total <= _LARGEST_TOTAL else None)

    def _agent(self, method: str, agent_id: int, record: dict[str, Any]) -> Agent | None:
        """Read the agent that was asked for; None where the record is no agent."""
        if record.keys().isdisjoint(_OF_AN_AGENT):
            return None
        own = {key: value for key, value in record.items() if key not in _BESIDE_AGENT}
        return Agent.from_dict({**own, "id": agent_id}, self.reports[method].notes)

    def _invitation(self, method: str, answer: Answer) -> Invitation:
        invitation = Invitation.from_dict(answer.record(), self.reports[method].notes)
        if invitation is None:
            raise InvalidResponseError(f"{method}: no id in the answer")
        return invitation

    async def _command(self, method: str, parameters: Mapping[str, Parameter] | None = None, body: dict[str, Any] | None = None) -> Answer:
        """Ask the server to do something; no answer at all is success, and so is status 0."""
        answer = await self._act(method, parameters, body)
        if status := answer.status(self.reports[method].notes):
            raise CommandFailedError(f"{method}: status {status}", status)
        return answer

    async def _act(self, method: str, parameters: Mapping[str, Parameter] | None = None, body: dict[str, Any] | None = None) -> Answer:
        """Send what may change something: answers that are on their way do not know of it."""
        try:
            return await self._request(method, parameters, body)
        finally:
            self._asked.clear()

    async def _ask(self, method: str, parameters: Mapping[str, Parameter] | None = None) -> Answer:
        """Send what changes nothing, unless the same was sent and is not answered yet."""
        question = (method, frozenset((parameters or {}).items()))
        if (asked := self._asked.get(question)) is not None:
            return await asked.get()
        asked = self._asked[question] = Once(partial(self._request, method, parameters))
        try:
            return await asked.get()
        finally:
            if self._asked.get(question) is asked:
                del self._asked[question]

    async def _request(self, method: str, parameters: Mapping[str, Parameter] | None = None, body: dict[str, Any] | None = None) -> Answer:
        """Ask the server; parameters that are None or empty are left out.

        The verb that works is remembered for the client's life, and so is whether commands take their values as a query or a body.
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
        self.on_accepted(method)
        return answer

    async def _send(
        self, method: str, verbs: tuple[str, ...], values: Mapping[str, Parameter], body: dict[str, Any] | None
    ) -> tuple[str, Answer]:
        """Send a request, by the next verb while the server does not know one; return the last verb and what it was answered."""
        report = self.reports[method]
        for verb in verbs:
            report.requests += 1
            report.last_code = None
            self._on_request(method)
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


async def _in_thread[T](answer: Answer, read: Callable[[list[Any]], T]) -> T:
    """Read the records of an answer, in another thread where that would hold up the event loop."""
    records = answer.records()
    return await asyncio.to_thread(read, records) if answer.is_large or len(records) > _MANY else read(records)


def _read_agents(records: list[Any], known: Mapping[int, Agent], notes: Notes) -> AgentList:
    """Read the records of `agents/list`; those that are as they were cost next to nothing."""

    def read(record: dict[str, Any], notes: Notes) -> Agent | None:
        agent_id = record.get("id")
        earlier = known.get(agent_id if type(agent_id) is int else Reader(record, notes).id("id") or 0)
        return earlier.renewed(record, notes) if earlier else Agent.from_dict(record, notes)

    agents = _read_all(records, read, notes, MOST_AGENTS)
    return AgentList({agent.id: agent for agent in agents}, len(records) - len(agents), max(0, len(records) - MOST_AGENTS))


def _read_all[T](records: list[Any], read: Callable[[dict[str, Any], Notes], T | None], notes: Notes, most: int) -> list[T]:
    """Return those of the first `most` records that can be used, and count all others as skipped."""
    found = [one for record in records[:most] if isinstance(record, dict) and (one := read(record, notes)) is not None]
    notes.skipped += len(records) - len(found)
    return found


def keeps_query_private(url: str) -> bool:
    """Return whether only the server can read a URL's query: with https, or on this machine by its address."""
    try:
        server = URL(url)
        return server.scheme == "https" or ip_address(server.host or "").is_loopback
    except ValueError:
        return False


def _written(value: Parameter) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
