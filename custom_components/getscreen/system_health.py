"""The integration's section on Home Assistant's page *System information*."""

import asyncio
from collections.abc import Iterable
from typing import Any

from homeassistant.components import system_health
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback

from .account.pauses import Kind
from .account.windows import Limit
from .api import ConnectionCause, GetscreenConnectionError, GetscreenError
from .const import DOMAIN
from .entry import GetscreenConfigEntry


@callback
def async_register(_hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register the information."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the sums over all accounts, failed ones included. Users publish this page, so it names no person and no server."""
    entries: list[GetscreenConfigEntry] = hass.config_entries.async_entries(DOMAIN, include_disabled=False, include_ignore=False)
    accounts = [entry.runtime_data for entry in entries if hasattr(entry, "runtime_data")]
    servers = sorted({str(entry.data.get(CONF_URL)) for entry in entries})
    failures = [account.agents.last_exception for account in accounts if not account.agents.last_update_success]
    last_error = "; ".join(_described(failure) for failure in failures if failure)
    info: dict[str, Any] = {
        "devices": sum(len(account.agents.data) for account in accounts),
        "requests_today": sum(sum(account.store.requests.today.values()) for account in accounts),
        "update_interval": ", ".join(f"{account.schedule.interval(Kind.AGENTS):.0f} s" for account in accounts) or None,
        "plan": ", ".join(_plan(account.schedule.plan.learned) for account in accounts) or None,
        "last_error": last_error or None,
    }
    if servers:
        # Home Assistant awaits this coroutine after it shows the other values.
        info["server"] = _reached(hass, servers)
    return info


async def _reached(hass: HomeAssistant, servers: Iterable[str]) -> str | dict[str, str]:
    """Return "ok" if every server can be reached, else a failure with one word for each server, in the order of their addresses.

    All servers share one key of the page, because a key with a number would have no translation.
    """
    answers = await asyncio.gather(*(system_health.async_check_can_reach_url(hass, server) for server in servers))
    failures = [answer for answer in answers if not isinstance(answer, str)]
    words = [answer if isinstance(answer, str) else answer["error"] for answer in answers]
    return {**failures[0], "error": ", ".join(words)} if failures else "ok"


def _plan(limit: Limit | None) -> str:
    return f"{limit.requests} / {limit.window}" if limit else "?"


def _described(failure: BaseException) -> str:
    """Return the text of an error; only its cause if the text comes from the operating system and may contain an address."""
    match failure.__cause__:
        case GetscreenConnectionError(cause=cause) if cause is not ConnectionCause.SERVER:
            return f"{GetscreenConnectionError.__name__}: {cause}"
        case GetscreenError() as error:
            return str(error)
    return type(failure).__name__
