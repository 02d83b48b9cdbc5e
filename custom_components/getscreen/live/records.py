"""The record of a computer for cards. Its values do not depend on which entities are enabled, and none is a secret."""

from datetime import datetime
from typing import Any

from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME
from homeassistant.core import callback

from ..account import GetscreenAccount
from ..account.registry import async_agent_device
from ..api import Agent
from ..const import ATTR_AGENT_ID
from ..texts import short
from .details import wake_problem

type Record = dict[str, Any]


@callback
def async_record(account: GetscreenAccount, agent: Agent, now: datetime) -> Record | None:
    """Return the record of a computer; None if it has no device or the device is disabled.

    Times are in ISO 8601, usages in percent. `preview`: a path that a browser may load without a login until it expires.
    """
    hass, entry = account.agents.hass, account.entry
    device = async_agent_device(hass, entry, agent.id)
    if device is None or device.disabled:
        return None
    known = account.hardware.records.get(agent.id)
    hardware = known.hardware if known else None
    return {
        ATTR_DEVICE_ID: device.id,
        ATTR_AGENT_ID: agent.id,
        "account": entry.entry_id,
        ATTR_NAME: device.name_by_user or device.name,
        "group": agent.group and short(agent.group),
        "online": agent.online,
        "last_seen": agent.last_seen_rounded and agent.last_seen_rounded.isoformat(),
        "operating_system": agent.operating_system,
        "agent_version": agent.version and short(agent.version),
        "favorite": agent.favorite,
        "session": _session(agent),
        "preview": account.previews.async_path(agent, now),
        "disk_usage": hardware.disk_usage if hardware else None,
        "memory_usage": hardware.memory_usage if hardware else None,
        "transition": account.agents.async_transition(agent.id),
        "wakeable": False if wake_problem(agent, hardware) else hardware and hardware.wake_on_lan,
        "attention": account.attention.reasons.get(agent.id, []),
    }


def _session(agent: Agent) -> dict[str, Any] | None:
    """Return the running session: its start (ISO 8601), and the country and city of its client; None if there is none."""
    if (session := agent.last_session) is None or not agent.in_session:
        return None
    geo = session.client.geo
    return {"start": session.start.isoformat(), "country": geo.country, "city": geo.city}
