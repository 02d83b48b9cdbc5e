"""What a user can attach to a report: enough to understand a fault, nothing secret and nothing personal."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry

from .api import SERVERS, Agent, MethodReport
from .binary_sensor import hardware_summary
from .const import CONF_GROUP_ID, CONF_SEARCH
from .coordinator import AgentsCoordinator, GetscreenConfigEntry
from .devices import agent_id_of

_TO_REDACT = {
    CONF_API_KEY,
    CONF_GROUP_ID,
    CONF_SEARCH,
    "city",
    "computer_name",
    "group",
    "ip",
    "ip_addresses",
    "mac_address",
    "name",
    "owner",
    "permanent_link",
    "preview_url",
    "region",
    "source",
    "user",
    "user_agent",
}


async def async_get_config_entry_diagnostics(_hass: HomeAssistant, entry: GetscreenConfigEntry) -> dict[str, Any]:
    """Return what is known of an account."""
    account = entry.runtime_data
    server = entry.data[CONF_URL]
    return {
        "server": server if server in SERVERS else REDACTED,
        "options": async_redact_data(dict(entry.options), _TO_REDACT),
        "last_update_success": account.agents.last_update_success,
        "last_error": type(account.agents.last_exception).__name__ if account.agents.last_exception else None,
        "methods": {method: _method(report) for method, report in account.client.reports.items() if report.requests},
        "agents": [_agent(account.agents, agent) for agent in account.agents.data.values()],
    }


async def async_get_device_diagnostics(_hass: HomeAssistant, entry: GetscreenConfigEntry, device: DeviceEntry) -> dict[str, Any]:
    """Return what is known of a computer; nothing for the account's own device and for one that left."""
    agents = entry.runtime_data.agents
    agent_id = agent_id_of(entry, device)
    agent = agents.data.get(agent_id) if agent_id is not None else None
    return _agent(agents, agent) if agent else {}


def _method(report: MethodReport) -> dict[str, Any]:
    return {
        "requests": report.requests,
        "last_code": report.last_code,
        "verb": report.verb,
        "skipped_records": report.notes.skipped,
        "unknown_fields": sorted(report.notes.unknown),
        "unexpected_fields": sorted(report.notes.unexpected),
    }


def _agent(agents: AgentsCoordinator, agent: Agent) -> dict[str, Any]:
    redacted: dict[str, Any] = async_redact_data({**asdict(agent), "hardware": hardware_summary(agents.hardware.get(agent.id))}, _TO_REDACT)
    return redacted
