"""The responses of actions: values that JSON can hold, null where a value is unknown, times in ISO 8601 with an offset."""

from dataclasses import asdict
from datetime import datetime

from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, json_loads_object

from ..account import GetscreenAccount
from ..account.registry import async_agent_device, async_session_name
from ..account.session_history import end_of
from ..api import Agent, AgentDetails, Client, Geo, HistoryRecord, Invitation, Session
from ..const import ATTR_AGENT_ID
from ..entry import GetscreenConfigEntry
from ..recordings import recording_media_id


def device_response(hass: HomeAssistant, entry: GetscreenConfigEntry, agent: Agent) -> JsonObjectType:
    """Return a computer as `agents/list` describes it."""
    device = async_agent_device(hass, entry, agent.id)
    return {
        ATTR_AGENT_ID: agent.id,
        "device_id": device.id if device else None,
        "name": agent.name,
        "group": agent.group,
        "online": agent.online,
        "operating_system": agent.operating_system and agent.operating_system.value,
        "agent_version": agent.version,
        "last_seen": _time(agent.last_seen),
        "permanent_link": agent.permanent_link is not None,
        "session_count": agent.session_count,
    }


def details_response(hass: HomeAssistant, entry: GetscreenConfigEntry, details: AgentDetails) -> JsonObjectType:
    """Return the answer of `agents/info` without the one-time link: all fields of `device_response`, more, and the hardware (MiB)."""
    agent = details.agent
    return {
        **device_response(hass, entry, agent),
        "permanent_link_url": agent.permanent_link,
        "preview_url": agent.preview_url,
        "blocked": agent.blocked,
        "limited": agent.limited,
        "installed": agent.installed,
        "favorite": agent.favorite,
        "owner": agent.owner,
        "user": agent.user,
        "linked_at": _time(agent.linked_at),
        "location": {"ip": agent.geo.ip, **_place(agent.geo)},
        "last_session": _last_session(agent.last_session),
        # The field names of these dataclasses are part of the response.
        "hardware": json_loads_object(json_dumps(asdict(details.hardware))) if details.hardware else None,
    }


def invitation_response(invitation: Invitation) -> JsonObjectType:
    """Return an invitation with its links, which are secrets; `created` in ISO 8601."""
    return {
        "id": invitation.id,
        "status": invitation.status.name.lower() if invitation.status is not None else None,
        "code": invitation.code,
        "invite_url": invitation.invite_url,
        "connect_url": invitation.connect_url,
        "client_name": invitation.client_name,
        "created": _time(invitation.created),
    }


def session_response(hass: HomeAssistant, entry: GetscreenConfigEntry, account: GetscreenAccount, record: HistoryRecord) -> JsonObjectType:
    """Return a session of the history; durations in seconds, sizes of recordings in bytes. `device` is null for quick support.

    `end` is null only while the session runs. `duration` is also null if the server never wrote the end.
    """
    return {
        "id": record.id,
        "start": _time(record.start),
        "end": _time(end_of(record, account.agents.data, account.open_invitations)),
        "duration": record.duration,
        "device": _session_device(hass, entry, record),
        "invitation_id": record.invitation_id,
        "clients": [_client(client) for client in record.clients],
        "video": {"media_content_id": recording_media_id(entry.entry_id, record), "size": record.video.size} if record.video else None,
    }


def _last_session(session: Session | None) -> JsonObjectType | None:
    if session is None:
        return None
    return {
        "id": session.id,
        "start": _time(session.start),
        "end": _time(session.end),
        "duration": session.duration,
        "client": _client(session.client),
    }


def _session_device(hass: HomeAssistant, entry: GetscreenConfigEntry, record: HistoryRecord) -> JsonObjectType | None:
    if record.agent_id is None:
        return None
    device = async_agent_device(hass, entry, record.agent_id)
    name = async_session_name(hass, entry, record.agent_id, record.agent_name)
    return {ATTR_AGENT_ID: record.agent_id, "device_id": device.id if device else None, "name": name}


def _client(client: Client) -> JsonObjectType:
    return {"login": client.login, "ip": client.geo.ip, **_place(client.geo), "user_agent": client.user_agent}


def _place(geo: Geo) -> JsonObjectType:
    return {"country": geo.country, "region": geo.region, "city": geo.city}


def _time(moment: datetime | None) -> str | None:
    return dt_util.as_local(moment).isoformat() if moment else None
