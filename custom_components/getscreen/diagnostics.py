"""Diagnostics that a user can attach to a bug report. They contain nothing secret and nothing personal."""

from typing import Any

from homeassistant.components.diagnostics import REDACTED
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry

from .account import GetscreenAccount
from .account.hardware_record import HardwareRecord
from .account.identifiers import agent_id_of
from .account.pauses import Kind
from .api import SERVERS, Agent, MethodReport, Session
from .entry import GetscreenConfigEntry
from .options import CONF_GROUP_ID, CONF_SEARCH


async def async_get_config_entry_diagnostics(_hass: HomeAssistant, entry: GetscreenConfigEntry) -> dict[str, Any]:
    """Return the diagnostics of an account, even if its setup failed; empty if it was never tried, as for a disabled account."""
    if (account := getattr(entry, "runtime_data", None)) is None:
        return {}
    server = entry.data[CONF_URL]
    return {
        "server": server if server in SERVERS else REDACTED,
        "options": {name: REDACTED if value and name in (CONF_SEARCH, CONF_GROUP_ID) else value for name, value in entry.options.items()},
        "last_update_success": account.agents.last_update_success,
        "last_error": type(account.agents.last_exception).__name__ if account.agents.last_exception else None,
        "requests_today": account.store.requests.today,
        "pace": _pace(account),
        "methods": {method: _method(report) for method, report in account.client.reports.items() if report.requests},
        "agents": [_agent(account, agent) for agent in account.agents.data.values()],
    }


async def async_get_device_diagnostics(_hass: HomeAssistant, entry: GetscreenConfigEntry, device: DeviceEntry) -> dict[str, Any]:
    """Return the diagnostics of a computer; empty for the account's own device, a computer that has left, and a disabled account."""
    if (account := getattr(entry, "runtime_data", None)) is None or (agent_id := agent_id_of(entry, device)) is None:
        return {}
    agent = account.agents.data.get(agent_id)
    return _agent(account, agent) if agent else {}


def _pace(account: GetscreenAccount) -> dict[str, Any]:
    schedule = account.schedule
    return {
        "update_interval": schedule.interval(Kind.AGENTS),
        "reason": schedule.reason,
        "is_limited": schedule.pauses.is_limited,
        "learned": schedule.plan.learned and schedule.plan.learned.saved(),
        "entries_with_this_key": len(schedule.plan.members),
    }


def _method(report: MethodReport) -> dict[str, Any]:
    return {
        "requests": report.requests,
        "last_code": report.last_code,
        "verb": report.verb,
        "skipped_records": report.notes.skipped,
        "unknown_fields": sorted(report.notes.unknown),
        "unexpected_fields": sorted(report.notes.unexpected),
    }


def _agent(account: GetscreenAccount, agent: Agent) -> dict[str, Any]:
    """Return the public part of an agent; for names, people and links only whether they are known."""
    return {
        "id": agent.id,
        "online": agent.online,
        "blocked": agent.blocked,
        "limited": agent.limited,
        "installed": agent.installed,
        "operating_system": agent.operating_system,
        "version": agent.version,
        "linked_at": agent.linked_at,
        "last_seen": agent.last_seen,
        "last_session": _session(agent.last_session),
        "session_count": agent.session_count,
        "has": {name: getattr(agent, name) is not None for name in ("name", "group", "owner", "user", "permanent_link", "preview_url")},
        "hardware": _hardware(account.hardware.records.get(agent.id)),
    }


def _session(session: Session | None) -> dict[str, Any] | None:
    return {"start": session.start, "end": session.end} if session else None


def _hardware(record: HardwareRecord | None) -> dict[str, Any] | None:
    if record is None or (hardware := record.hardware) is None:
        return None
    return {
        "updated": record.updated,
        "computer_model": hardware.computer_model,
        "os_name": hardware.os_name,
        "os_version": hardware.os_version,
        "cpu": hardware.cpu,
        "cpu_cores": hardware.cpu_cores,
        "memory_total": hardware.memory_total,
        "memory_free": hardware.memory_free,
        "disks": [{"file_system": disk.file_system, "size": disk.size, "free": disk.free} for disk in hardware.disks],
        "monitors": len(hardware.monitors),
        "wake_on_lan": [adapter.wake_on_lan for adapter in hardware.network_adapters],
    }
