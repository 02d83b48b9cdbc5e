"""The client: one method per method of the API."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from .errors import InvalidResponseError
from .hardware import bounded, read_hardware
from .history import HistoryPage, HistoryQuery, HistoryRecord
from .invitation import Invitation, InvitationList
from .models import Agent, AgentDetails, AgentList
from .reader import Notes, Reader
from .requester import Requester
from .transport import Answer

MAX_AGENTS = 10_000
MAX_INVITATIONS = 1_000
_LARGEST_TOTAL = 10**9

# An answer with more records than this is read in another thread, even if it is small.
_MANY = 200

# Fields of `agents/info` that do not belong to an Agent: the hardware is read separately, the one-time link is ignored.
_NON_AGENT_FIELDS = frozenset({"hardware", "onetime_url"})
# A record is read as an agent only if it has one of these fields.
_AGENT_FIELDS = frozenset({"name", "online", "hardware"})


class GetscreenClient(Requester):
    """A Getscreen account, accessed with its API key.

    Methods raise only subclasses of GetscreenError (see errors.py for what each one means). Equal reads in flight share one request.
    """

    async def list_agents(self, search: str = "", group_id: str = "", previous: Mapping[int, Agent] | None = None) -> AgentList:
        """Return the account's agents (`agents/list`), filtered by name, IP or group name, and by group. Raises GetscreenError.

        `previous`: the agents of an earlier answer by id. An agent whose record did not change is returned as the same object.
        """
        answer = await self._read("agents/list", {"search": search, "group_id": group_id})
        notes = self.reports["agents/list"].notes
        return await _in_thread(answer, lambda records: _read_agents(records, previous or {}, notes))

    async def get_agent(self, agent_id: int) -> AgentDetails:
        """Return one agent with its hardware (`agents/info`). Raises GetscreenError."""
        record = (await self._read("agents/info", {"agent_id": agent_id})).record()
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
        """Change those settings of an agent that are not None (`devices/update`).

        Returns the changed agent; None if the answer does not contain it. Raises CommandFailedError if the server reports a failure,
        GetscreenError if the request fails.
        """
        link = {"enable": permanent_link, "url": permanent_link_path, "password": permanent_link_password}
        body: dict[str, Any] = {"id": agent_id}
        if name is not None:
            body["name"] = name
        if given := {key: value for key, value in link.items() if value is not None}:
            body["permanent_url"] = given
        answer = await self._command("devices/update", body=body)
        return self._agent("devices/update", agent_id, answer.optional_record())

    async def connect(self, agent_id: int, *, record_video: bool | None = None) -> str:
        """Return a connection link (`agents/connect`): a secret that opens one session on the agent, and expires at its first use.

        `record_video`: whether the session is recorded; None leaves that to the account's settings. Raises CommandFailedError if the
        server reports a failure, GetscreenError if the request fails.
        """
        answer = await self._command("agents/connect", {"agent_id": agent_id, "video": record_video})
        url = Reader(answer.record(), self.reports["agents/connect"].notes).link("url")
        if url is None:
            raise InvalidResponseError("agents/connect: no link in the answer")
        return url

    async def wake(self, agent_id: int) -> None:
        """Wake an agent (`agents/wake`).

        Raises CommandFailedError if the server reports a failure, GetscreenError if the request fails.
        """
        await self._command("agents/wake", {"id": agent_id})

    async def reboot(self, agent_id: int, *, safe_mode: bool = False) -> None:
        """Reboot an agent, into safe mode on request (`agents/reboot`).

        Raises CommandFailedError if the server reports a failure, GetscreenError if the request fails.
        """
        await self._command("agents/reboot", {"id": agent_id, "safe": safe_mode or None})

    async def logout(self, agent_id: int) -> None:
        """Remove an agent from the account permanently (`agents/logout`).

        Raises CommandFailedError if the server reports a failure, GetscreenError if the request fails.
        """
        await self._command("agents/logout", {"id": agent_id})

    async def list_invitations(self) -> InvitationList:
        """Return the open invitations (`support/list`). Raises GetscreenError."""
        answer = await self._read("support/list")
        notes = self.reports["support/list"].notes
        invitations = await _in_thread(answer, lambda records: _read_all(records, Invitation.from_dict, notes, MAX_INVITATIONS))
        remaining = answer.envelope(notes).integer("remain")
        return InvitationList(invitations=tuple(invitations), remaining=remaining, skipped=len(answer.records()) - len(invitations))

    async def get_invitation(self, invitation_id: int) -> Invitation:
        """Return one invitation (`support/info`). Raises GetscreenError."""
        return self._invitation("support/info", await self._read("support/info", {"connection_id": invitation_id}))

    async def create_invitation(self, client_name: str = "") -> Invitation:
        """Invite a client to a quick-support session (`support/create`); return the invitation. Raises GetscreenError."""
        return self._invitation("support/create", await self._act("support/create", {"client_name": client_name}))

    async def close_invitation(self, invitation_id: int) -> None:
        """Close an invitation and its session (`support/close`). Raises GetscreenError."""
        # Only the HTTP code counts: the answer may be the invitation, whose `status` is not the status of a command.
        await self._act("support/close", {"connection_id": invitation_id})

    async def list_history(self, query: HistoryQuery) -> HistoryPage:
        """Return one page of the sessions that match a query, newest first (`history/list`). Raises GetscreenError.

        The server refuses a `limit` above 100.
        """
        answer = await self._read("history/list", query.parameters())
        notes = self.reports["history/list"].notes
        records = await _in_thread(answer, lambda records: _read_all(records, HistoryRecord.from_dict, notes, query.limit))
        total = answer.envelope(notes).integer("total")
        return HistoryPage(records=tuple(records), total=total if total is not None and 0 <= total <= _LARGEST_TOTAL else None)

    def _agent(self, method: str, agent_id: int, record: dict[str, Any]) -> Agent | None:
        """Return the agent that a record describes, with the requested id; None if the record is not an agent's."""
        if record.keys().isdisjoint(_AGENT_FIELDS):
            return None
        own = {key: value for key, value in record.items() if key not in _NON_AGENT_FIELDS}
        return Agent.from_dict({**own, "id": agent_id}, self.reports[method].notes)

    def _invitation(self, method: str, answer: Answer) -> Invitation:
        invitation = Invitation.from_dict(answer.record(), self.reports[method].notes)
        if invitation is None:
            raise InvalidResponseError(f"{method}: no id in the answer")
        return invitation


async def _in_thread[T](answer: Answer, read: Callable[[list[Any]], T]) -> T:
    """Return what `read` makes of an answer's records, in another thread if it would block the event loop for long."""
    records = answer.records()
    return await asyncio.to_thread(read, records) if answer.is_large or len(records) > _MANY else read(records)


def _read_agents(records: list[Any], previous: Mapping[int, Agent], notes: Notes) -> AgentList:
    """Read the records of `agents/list`. Unchanged records cost next to nothing."""

    def read(record: dict[str, Any], notes: Notes) -> Agent | None:
        agent_id = record.get("id")
        if type(agent_id) is not int:
            agent_id = Reader(record, notes).id("id")
        earlier = None if agent_id is None else previous.get(agent_id)
        return earlier.updated_from(record, notes) if earlier else Agent.from_dict(record, notes)

    agents = _read_all(records, read, notes, MAX_AGENTS)
    return AgentList(
        agents={agent.id: agent for agent in agents}, skipped=len(records) - len(agents), cut=max(0, len(records) - MAX_AGENTS)
    )


def _read_all[T](records: list[Any], read: Callable[[dict[str, Any], Notes], T | None], notes: Notes, max_records: int) -> list[T]:
    """Read the first `max_records` records; return the usable ones, and note how many of all records were skipped."""
    found = [one for record in records[:max_records] if isinstance(record, dict) and (one := read(record, notes)) is not None]
    notes.skipped += len(records) - len(found)
    return found
