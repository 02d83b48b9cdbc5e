"""The actions for computers. Every handler raises HomeAssistantError, or ServiceValidationError for bad input."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
import re
import time

from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.util.json import JsonObjectType

from ..account.agents import AgentsCoordinator
from ..account.transitions import Transition
from ..const import ATTR_AGENT_ID
from ..exceptions import failed, invalid
from .fields import ATTR_CONFIRM, ATTR_LINK, ATTR_LINK_PASSWORD, ATTR_LINK_PATH, ATTR_RECORD_VIDEO, ATTR_SAFE_MODE, ATTR_WAIT
from .responses import details_response, device_response
from .targets import Target, for_each, target_of

_PASSWORD = re.compile(r"[A-Za-z0-9]{8,}")
_PATH = re.compile(r"[A-Za-z0-9._-]+")


async def wake(call: ServiceCall) -> ServiceResponse:
    """Wake computers (`agents/wake`); with `wait`, return when they are online."""
    return await _bring_online(call, lambda target: target.account.commands.async_wake(target.agent_id), restart=False)


async def reboot(call: ServiceCall) -> ServiceResponse:
    """Reboot computers (`agents/reboot`); with `wait`, return when they are online again."""
    safe_mode = call.data[ATTR_SAFE_MODE]
    return await _bring_online(
        call, lambda target: target.account.commands.async_reboot(target.agent_id, safe_mode=safe_mode), restart=True
    )


async def logout(call: ServiceCall) -> None:
    """Detach computers from their account permanently (`agents/logout`)."""
    if not call.data[ATTR_CONFIRM]:
        raise invalid("confirmation_required")
    await for_each(call, lambda target: target.account.commands.async_logout(target.agent_id))


async def refresh_hardware(call: ServiceCall) -> None:
    """Read the hardware of computers now (`agents/info`)."""
    await for_each(call, lambda target: target.account.hardware.async_read(target.agent_id, as_command=True))


async def get_connection_link(call: ServiceCall) -> ServiceResponse:
    """Return a connection link, which opens one session on a computer (`agents/connect`)."""
    target = target_of(call)
    return {"url": await target.account.commands.async_connect(target.agent_id, record_video=call.data.get(ATTR_RECORD_VIDEO))}


async def update_device(call: ServiceCall) -> ServiceResponse:
    """Change a computer's name or permanent link (`devices/update`), and return the changed computer."""
    target = target_of(call)
    changes = {field: call.data[field] for field in (ATTR_NAME, ATTR_LINK, ATTR_LINK_PATH, ATTR_LINK_PASSWORD) if field in call.data}
    if not changes:
        raise invalid("nothing_to_change")
    if ATTR_NAME in changes and not changes[ATTR_NAME].strip():
        raise invalid("invalid_name")
    if ATTR_LINK_PATH in changes and not _PATH.fullmatch(changes[ATTR_LINK_PATH]):
        raise invalid("invalid_path")
    if ATTR_LINK_PASSWORD in changes and not _PASSWORD.fullmatch(changes[ATTR_LINK_PASSWORD]):
        raise invalid("invalid_password")
    agent = await target.account.commands.async_update_device(target.agent_id, **changes)
    return device_response(call.hass, target.entry, agent) if agent else None


async def get_device_info(call: ServiceCall) -> ServiceResponse:
    """Return all details of a computer (`agents/info`)."""
    target = target_of(call)
    return details_response(call.hass, target.entry, await target.account.hardware.async_read(target.agent_id, as_command=False))


async def _bring_online(call: ServiceCall, command: Callable[[Target], Awaitable[None]], *, restart: bool) -> ServiceResponse:
    """Send a command after which computers come online, wait for that as long as the call says, and return their state.

    `seconds` in the response is how long that took, null without a wait.
    """
    wait: timedelta | None = call.data.get(ATTR_WAIT)

    async def bring_online(target: Target) -> JsonObjectType:
        start = time.monotonic()
        agents = target.account.agents
        if wait:
            with agents.following(target.agent_id, restart=restart) as transition:
                await command(target)
                await _wait(target, agents, transition, wait)
        else:
            await command(target)
        agent = agents.data.get(target.agent_id)
        return {
            ATTR_DEVICE_ID: target.device_id,
            ATTR_AGENT_ID: target.agent_id,
            ATTR_NAME: target.name,
            "online": agent.online if agent else None,
            "seconds": round(time.monotonic() - start, 1) if wait else None,
        }

    return {"devices": list(await for_each(call, bring_online))}


async def _wait(target: Target, agents: AgentsCoordinator, transition: Transition, wait: timedelta) -> None:
    agent = agents.data.get(target.agent_id)
    try:
        async with asyncio.timeout(wait.total_seconds()):
            if agent and agent.online and not transition.restart:
                # The data may be as old as the update interval, so the computer may have gone offline.
                await agents.async_refresh_if_stale()
            await transition.finished.wait()
    except TimeoutError:
        raise failed("wait_timeout", name=target.name, seconds=f"{wait.total_seconds():g}") from None
    if transition.cancelled:
        raise failed("wait_interrupted", name=target.name)
