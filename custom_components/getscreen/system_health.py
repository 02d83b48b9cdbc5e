"""How the integration is doing, on Home Assistant's page about its system."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import GetscreenConfigEntry


@callback
def async_register(_hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the information."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    """Return what all accounts come to, also those that cannot be set up; nobody is named, since people paste this page."""
    entries: list[GetscreenConfigEntry] = hass.config_entries.async_entries(DOMAIN, include_disabled=False, include_ignore=False)
    accounts = [entry.runtime_data for entry in entries if hasattr(entry, "runtime_data")]
    failures = [account.agents.last_exception for account in accounts if not account.agents.last_update_success]
    info: dict[str, Any] = {
        "devices": sum(len(account.agents.data or {}) for account in accounts),
        "requests_today": sum(sum(account.requests.today.values()) for account in accounts),
        "last_error": "; ".join(str(failure.__cause__ or type(failure).__name__) for failure in failures if failure) or None,
    }
    # Home Assistant takes these looks while the page shows the rest.
    servers = sorted({entry.data[CONF_URL] for entry in entries})
    for number, server in enumerate(servers, start=1):
        info["server" if len(servers) == 1 else f"server {number}"] = system_health.async_check_can_reach_url(hass, server)
    return info
