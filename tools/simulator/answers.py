"""Converts the objects of the account to the JSON of the API, oddities included."""

from collections.abc import Iterable

import orjson

from .account import Account
from .models import Agent, Geo, Invitation, Oddity, Session

type Json = dict[str, object]


class AgentListing:
    """Encodes agents for agents/list. Each agent's JSON is cached until the agent changes, so that lists of 5,000 agents are fast."""

    def __init__(self, root: str) -> None:
        """Encode for a server at `root` (scheme, host and port)."""
        self._root = root
        self._encoded: dict[int, tuple[int, int, bytes]] = {}

    def encode(self, agents: Iterable[Agent]) -> bytes:
        """Return the JSON array."""
        return b"[" + b",".join([self._agent(agent) for agent in agents]) + b"]"

    def _agent(self, agent: Agent) -> bytes:
        session_stamp = agent.session.stamp if agent.session else 0
        cached = self._encoded.get(agent.id)
        if cached is None or cached[0] != agent.stamp or cached[1] != session_stamp:
            cached = (agent.stamp, session_stamp, orjson.dumps(agent_answer(agent, self._root)))
            self._encoded[agent.id] = cached
        return cached[2]


def agent_answer(agent: Agent, root: str) -> Json:
    """Return an agent as in agents/list; `root`: scheme, host and port of the server."""
    answer: Json = {
        "id": agent.id,
        "name": agent.name,
        "group": _text(agent, agent.group),
        "disabled": agent.disabled,
        "limited": agent.limited,
        "link_time": agent.link_time,
        "last_time": agent.last_time,
        "geo": _geo(agent.geo),
        "permanent_url": _text(agent, agent.permanent_url),
        "preview_url": _text(agent, f"{root}/preview/{agent.id}/{agent.preview_time}.png" if agent.preview_time else None),
        "os": agent.os,
        "version": agent.version,
        "online": agent.online,
        "installed": agent.installed,
        "favorite": agent.favorite,
        "owner": agent.owner,
        "sessions": _sessions(agent),
        **agent.extra,
    }
    if Oddity.EXTRA in agent.oddities:
        answer["geo"] = _geo(agent.geo) | {"lat": 53.35, "lon": -6.26, "isp": "Example Broadband"}
    if Oddity.MISSING in agent.oddities:
        return {name: value for name, value in answer.items() if value is not None}
    return answer


def agent_info(account: Account, agent: Agent, root: str) -> Json:
    """Return an agent as in agents/info; without hardware, an agent with an odd id has an empty block, others have none."""
    answer = agent_answer(agent, root)
    if agent.hardware is not None:
        answer["hardware"] = agent.hardware
    elif agent.id % 2:
        answer["hardware"] = {}
    return answer | {"onetime_url": f"{root}/connect/{account.onetime_link(agent.id)}"}


def invitation_answer(invitation: Invitation, root: str) -> Json:
    """Return an invitation as in support/list; the client's system and preview are empty until the client joins."""
    preview = f"{root}/guest/{invitation.id}/{invitation.create_time}.png" if invitation.status in (1, 2) else ""
    return {
        "id": invitation.id,
        "status": invitation.status,
        "create_time": invitation.create_time,
        "invite_code": invitation.invite_code,
        "invite_url": f"{root}/invite/{invitation.invite_code}",
        "connect_url": f"{root}/support/{invitation.token}",
        "client_name": invitation.client_name,
        "client_os": invitation.client_os,
        "client_preview_url": preview,
    }


def history_answer(session: Session, root: str) -> Json:
    """Return a session as in history/list; in some rows, `clients` has the name `client`."""
    client = {"user_agent": session.client.user_agent, "login": session.client.login, "geo": _geo(session.client.geo)}
    answer: Json = {
        "id": session.id,
        "start": session.start,
        "stop": _stop(session),
        "support_id": session.support_id,
        "client" if session.id % 5 == 0 else "clients": [client],
        "agent": _history_agent(session),
        "video": None,
    }
    if session.video_size is not None:
        answer["video"] = {"url": f"{root}/video/{session.id}.webm", "size": session.video_size}
    elif session.id % 2:
        del answer["video"]
    return answer


def _history_agent(session: Session) -> Json:
    agent = session.agent
    if agent is None:
        return {"id": 0, "name": session.guest, "group": "", "geo": _geo(session.client.geo), "os": "win", "version": "3.9.2", "owner": ""}
    geo = _geo(agent.geo)
    return {
        "id": agent.id,
        "name": agent.name,
        "group": agent.group,
        "geo": geo,
        "os": agent.os,
        "version": agent.version,
        "owner": agent.owner,
    }


def _sessions(agent: Agent) -> Json | None:
    last = agent.session
    if last is not None:
        client = _geo(last.client.geo) | {"user_agent": last.client.user_agent}
        entry: Json = {"id": last.id, "start_time": last.start, "stop_time": _stop(last), "client": client}
        return {"last": entry, "total": agent.sessions_total}
    if Oddity.NULL_LAST in agent.oddities:
        return {"last": None, "total": agent.sessions_total}
    if Oddity.NULL_SESSIONS in agent.oddities or Oddity.MISSING in agent.oddities:
        return None
    return {"total": agent.sessions_total}


def _stop(session: Session) -> int | None:
    """Return when a session stopped; 0 or null while it runs, depending on its number, because the real server may use either."""
    return session.stop if session.stop is not None or session.id % 2 else 0


def _text(agent: Agent, text: str | None) -> str | None:
    return "" if not text and Oddity.EMPTY_STRINGS in agent.oddities else text or None


def _geo(geo: Geo) -> Json:
    return {"ip": geo.ip, "country": geo.country, "region": geo.region, "city": geo.city}
