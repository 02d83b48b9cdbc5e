"""The methods of the API: verb, parameters and effect on the account of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
import re

import orjson

from .account import Account
from .answers import AgentListing, Json, agent_answer, agent_info, history_answer, invitation_answer
from .models import Agent, Invitation, Session
from .parameters import Kind, Refusal, Values

STATUS_OFFLINE = 1
STATUS_DISABLED = 3

_PREVIEW = re.compile(rb"/preview/[0-9]+/[0-9]+\.png")
_PAGE = 20
_LARGEST_PAGE = 100


class Api:
    """The methods for one account, served at `root`. Each takes parsed parameters, returns the body, and may raise Refusal."""

    def __init__(self, account: Account, root: str) -> None:
        self._account = account
        self._root = root
        self._listing = AgentListing(root)
        self._signatures = count(1)
        self.refused: dict[int, int] = {}
        """The HTTP code with which agents/info and commands for an agent are refused, by agent id."""
        self.command_status: dict[int, int] = {}
        """The non-zero `status` in the answers to an agent's commands, by agent id."""

    def agents_list(self, values: Values) -> bytes:
        """Answer agents/list."""
        agents = list(self._account.agents.values())
        if search := values.get("search", "").casefold():
            agents = [agent for agent in agents if any(search in text.casefold() for text in (agent.name, agent.geo.ip, agent.group or ""))]
        if "group_id" in values:
            groups = {name for number, name in self._account.groups.items() if str(number) == values["group_id"]}
            agents = [agent for agent in agents if agent.group in groups]
        encoded = self._signed(self._listing.encode(agents))
        return encoded if self._account.bare_lists else b'{"data":' + encoded + b"}"

    def agents_info(self, values: Values) -> bytes:
        """Answer agents/info."""
        return self._signed(_data(agent_info(self._account, self._agent(values["agent_id"]), self._root)))

    def devices_update(self, values: Values) -> bytes:
        """Answer devices/update."""

        def update(agent: Agent) -> Json:
            link, password = values.get("url"), values.get("password")
            self._account.update(agent, name=values.get("name"), enable=values.get("enable"), link=link, password=password)
            return agent_answer(agent, self._root)

        return self._command(values["id"], update)

    def agents_connect(self, values: Values) -> bytes:
        """Answer agents/connect."""
        if ("agent_id" in values) == ("device_id" in values):
            raise Refusal(400, "parameter agent_id or device_id is required")
        number = values["agent_id"] if "agent_id" in values else self._by_device_id(values["device_id"])
        return self._command(number, lambda agent: {"url": f"{self._root}/connect/{self._account.make_link(agent.id)}"})

    def agents_reboot(self, values: Values) -> bytes:
        """Answer agents/reboot, which fails for an offline computer."""
        return self._command(values["id"], self._account.reboot, reach=True)

    def agents_wake(self, values: Values) -> bytes:
        """Answer agents/wake. Like the real server, the answer does not say whether the computer woke up."""
        return self._command(values["id"], self._account.wake)

    def agents_logout(self, values: Values) -> bytes:
        """Answer agents/logout."""
        return self._command(values["id"], lambda agent: self._account.remove_agent(agent.id))

    def support_list(self, _values: Values) -> bytes:
        """Answer support/list."""
        waiting = [invitation_answer(invitation, self._root) for invitation in self._account.invitations.values() if invitation.status < 3]
        return orjson.dumps({"data": waiting, "remain": self._account.remain})

    def support_info(self, values: Values) -> bytes:
        """Answer support/info."""
        return _data(invitation_answer(self._invitation(values["connection_id"]), self._root))

    def support_create(self, values: Values) -> bytes:
        """Answer support/create."""
        if self._account.remain <= 0:
            raise Refusal(402, "no connections left in the service plan")
        return _data(invitation_answer(self._account.invite(values.get("client_name", "")), self._root))

    def support_close(self, values: Values) -> bytes:
        """Answer support/close with an empty body."""
        invitation = self._invitation(values["connection_id"])
        if invitation.status == 3:
            raise Refusal(400, "connection is closed")
        self._account.close(invitation)
        return b""

    def history_list(self, values: Values) -> bytes:
        """Answer history/list, newest first."""
        limit, offset = values.get("limit", _PAGE), values.get("offset", 0)
        if not 1 <= limit <= _LARGEST_PAGE:
            raise Refusal(400, f"limit must be between 1 and {_LARGEST_PAGE}")
        agent_id = values.get("agent_id")
        known = agent_id in self._account.agents or any(row.agent is not None and row.agent.id == agent_id for row in self._account.history)
        if agent_id is not None and not known:
            raise Refusal(403, "no access to data")
        rows = [row for row in reversed(self._account.history) if _wanted(row, values)]
        page = [history_answer(row, self._root) for row in rows[offset : offset + limit]]
        given = {name: value for name, value in values.items() if name not in ("limit", "offset")}
        return orjson.dumps({"data": page, "offset": offset, "limit": limit, "total": len(rows), "filter": given})

    def _signed(self, answer: bytes) -> bytes:
        """Return an answer with a new signature in each link to a preview, if the account signs them."""
        return (
            _PREVIEW.sub(lambda link: b"%b?signature=%d" % (link[0], next(self._signatures)), answer)
            if self._account.signed_previews
            else answer
        )

    def _command(self, agent_id: int, act: Callable[[Agent], Json | None], *, reach: bool = False) -> bytes:
        agent = self._agent(agent_id)
        status = self.command_status.get(agent_id) or (STATUS_DISABLED if agent.disabled else 0)
        if not status and reach and not agent.online:
            status = STATUS_OFFLINE
        if status:
            return orjson.dumps({"status": status})
        data = act(agent)
        return orjson.dumps({"status": 0} if data is None else {"status": 0, "data": data})

    def _agent(self, agent_id: int) -> Agent:
        agent = self._account.agents.get(agent_id)
        if agent is None or agent_id in self.refused:
            raise Refusal(self.refused.get(agent_id, 403), "no access to data")
        return agent

    def _by_device_id(self, device_id: str) -> int:
        return next((agent.id for agent in self._account.agents.values() if agent.device_id == device_id), -1)

    def _invitation(self, connection_id: int) -> Invitation:
        invitation = self._account.invitations.get(connection_id)
        if invitation is None:
            raise Refusal(400, "unknown connection")
        return invitation


@dataclass(frozen=True, slots=True)
class Method:
    """How one API method is called."""

    verb: str
    answer: Callable[[Api, Values], bytes]
    parameters: Mapping[str, Kind] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    has_body: bool = False
    is_command: bool = False
    """Whether its parameters belong in the body if the account has `json_commands`."""


_COMMAND = {"id": Kind.INTEGER}
_CONNECTION = {"connection_id": Kind.INTEGER}
_HISTORY = dict.fromkeys(("agent_id", "support_id", "date_from", "date_to", "offset", "limit"), Kind.INTEGER) | {"video": Kind.FLAG}
_CONNECT = {"agent_id": Kind.INTEGER, "device_id": Kind.TEXT, "video": Kind.FLAG}

METHODS = {
    "agents/list": Method("GET", Api.agents_list, {"search": Kind.TEXT, "group_id": Kind.TEXT}),
    "agents/info": Method("GET", Api.agents_info, {"agent_id": Kind.INTEGER}, frozenset({"agent_id"})),
    "devices/update": Method("POST", Api.devices_update, has_body=True),
    "agents/connect": Method("POST", Api.agents_connect, _CONNECT),
    "agents/reboot": Method("POST", Api.agents_reboot, _COMMAND | {"safe": Kind.FLAG}, frozenset(_COMMAND), is_command=True),
    "agents/wake": Method("POST", Api.agents_wake, _COMMAND, frozenset(_COMMAND), is_command=True),
    "agents/logout": Method("POST", Api.agents_logout, _COMMAND, frozenset(_COMMAND), is_command=True),
    "support/list": Method("GET", Api.support_list),
    "support/info": Method("GET", Api.support_info, _CONNECTION, frozenset(_CONNECTION)),
    "support/create": Method("POST", Api.support_create, {"client_name": Kind.TEXT}),
    "support/close": Method("POST", Api.support_close, _CONNECTION, frozenset(_CONNECTION)),
    "history/list": Method("GET", Api.history_list, _HISTORY),
}


def _wanted(row: Session, values: Values) -> bool:
    return (
        ("agent_id" not in values or (row.agent is not None and row.agent.id == values["agent_id"]))
        and ("support_id" not in values or row.support_id == values["support_id"])
        and row.start >= values.get("date_from", 0)
        and row.start <= values.get("date_to", row.start)
        and (not values.get("video") or row.video_size is not None)
    )


def _data(data: Json) -> bytes:
    return orjson.dumps({"data": data})
