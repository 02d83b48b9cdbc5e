"""What actions answer: JSON-clean shapes, null where something is unknown, times in ISO 8601 with an offset."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .api import Agent, AgentDetails, HistoryRecord, Invitation
from .const import ATTR_AGENT_ID
from .coordinator import GetscreenConfigEntry
from .devices import async_agent_device
from .recordings import recording_media_id
from .wording import async_session_name


def device_response(hass: HomeAssistant, entry: GetscreenConfigEntry, agent: Agent) -> JsonObjectType:
    """Return a computer."""
    device = async_agent_device(hass, entry, agent.id)
    return {
        ATTR_AGENT_ID: agent.id,
        "device_id": device.id if device else None,
        "name": agent.name,
        "group": agent.group,
        "online": agent.online,
        "operating_system": agent.operating_system,
        "agent_version": agent.version,
        "last_seen": _time(agent.last_seen),
        "permanent_link": agent.permanent_link is not None,
        "session_count": agent.session_count,
    }


def details_response(details: AgentDetails) -> JsonObjectType:
    """Return all that is known of a computer and its hardware (sizes in MiB), under the names of this project."""
    agent = asdict(details.agent)
    # The record as received has the one-time link in it, and the other is a step that only equality needs.
    for name in ("source", "last_seen_about"):
        del agent[name]
    clean: JsonObjectType = _clean({**agent, "hardware": asdict(details.hardware) if details.hardware else None})
    return clean


def invitation_response(invitation: Invitation) -> JsonObjectType:
    """Return an invitation with its links: who asked for it is to use them."""
    return {
        "id": invitation.id,
        "status": invitation.status.name.lower() if invitation.status is not None else None,
        "code": invitation.code,
        "invite_url": invitation.invite_url,
        "connect_url": invitation.connect_url,
        "client_name": invitation.client_name,
        "created": _time(invitation.created),
    }


def session_response(hass: HomeAssistant, entry: GetscreenConfigEntry, record: HistoryRecord) -> JsonObjectType:
    """Return a session of the history; `device` is null for a quick-support session, durations in seconds, sizes of videos in bytes."""
    return {
        "id": record.id,
        "start": _time(record.start),
        "end": _time(record.end),
        "duration": int((record.end - record.start).total_seconds()) if record.start and record.end else None,
        "device": _session_device(hass, entry, record),
        "invitation_id": record.invitation_id,
        "clients": [
            {
                "login": client.login,
                "ip": client.geo.ip,
                "country": client.geo.country,
                "region": client.geo.region,
                "city": client.geo.city,
                "user_agent": client.user_agent,
            }
            for client in record.clients
        ],
        "video": {"media_content_id": recording_media_id(entry.entry_id, record), "size": record.video.size} if record.video else None,
    }


def _session_device(hass: HomeAssistant, entry: GetscreenConfigEntry, record: HistoryRecord) -> JsonObjectType | None:
    if record.agent_id is None:
        return None
    device = async_agent_device(hass, entry, record.agent_id)
    name = async_session_name(hass, entry, record.agent_id, record.agent_name)
    return {ATTR_AGENT_ID: record.agent_id, "device_id": device.id if device else None, "name": name}


def _time(moment: datetime | None) -> str | None:
    return dt_util.as_local(moment).isoformat() if moment else None


def _clean(value: Any) -> Any:
    """Return a value with times as texts and tuples as lists, all the way down."""
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
