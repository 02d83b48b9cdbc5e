"""The actions: what each takes, does and answers."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
import re
import time
from typing import Any, NamedTuple

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID, ATTR_NAME
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from .agents import AgentsCoordinator
from .api import HistoryQuery
from .const import ATTR_AGENT_ID, ATTR_INVITATION_ID, CONF_GROUP_ID, CONF_SEARCH, DOMAIN
from .coordinator import GetscreenConfigEntry, GetscreenData
from .errors import failed, invalid, translated_errors
from .fields import (
    ACCOUNT,
    ATTR_CLIENT_NAME,
    ATTR_CONFIRM,
    ATTR_END,
    ATTR_LIMIT,
    ATTR_LINK,
    ATTR_LINK_PASSWORD,
    ATTR_LINK_PATH,
    ATTR_RECORD_VIDEO,
    ATTR_SAFE_MODE,
    ATTR_START,
    ATTR_WAIT,
    ATTR_WITH_VIDEO,
    CHANGES,
    CLIENT_NAME,
    CONFIRM,
    DEVICE,
    FILTER,
    HISTORY,
    INVITATION,
    LONGEST_TEXT,
    RECORD_VIDEO,
    SAFE_MODE,
    TARGET,
    WAIT,
    is_text,
)
from .permissions import (
    ADMINISTRATOR,
    CONTROL_ACCOUNT,
    CONTROL_COMPUTER,
    CONTROL_COMPUTERS,
    READ_ACCOUNT,
    READ_HISTORY,
    Permission,
    async_require,
)
from .responses import details_response, device_response, invitation_response, session_response
from .targets import Target, for_each, target_of
from .transitions import Transition

_MOST_SESSIONS = 1000
_PASSWORD = re.compile(r"[A-Za-z0-9]{8,}")
_PATH = re.compile(r"[A-Za-z0-9._-]+")


async def _wake(call: ServiceCall) -> ServiceResponse:
    return await _bring_online(call, lambda target: target.account.agents.async_wake(target.agent_id), restart=False)


async def _reboot(call: ServiceCall) -> ServiceResponse:
    safe_mode = call.data[ATTR_SAFE_MODE]
    return await _bring_online(call, lambda target: target.account.agents.async_reboot(target.agent_id, safe_mode=safe_mode), restart=True)


async def _logout(call: ServiceCall) -> None:
    if not call.data[ATTR_CONFIRM]:
        raise invalid("confirmation_required")
    await for_each(call, lambda target: target.account.agents.async_logout(target.agent_id))


async def _refresh_hardware(call: ServiceCall) -> None:
    await for_each(call, lambda target: target.account.hardware.async_read(target.agent_id))


async def _bring_online(call: ServiceCall, command: Callable[[Target], Awaitable[None]], *, restart: bool) -> ServiceResponse:
    """Give a command that makes devices come online, wait for that as long as the call says, and return how they are."""
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
                # What is known may be as old as the interval between polls.
                await agents.async_look()
            await transition.over.wait()
    except TimeoutError:
        raise failed("wait_timeout", name=target.name, seconds=f"{wait.total_seconds():g}") from None
    if transition.lost:
        raise failed("wait_interrupted", name=target.name)


async def _get_connection_link(call: ServiceCall) -> ServiceResponse:
    target = target_of(call)
    agents = target.account.agents
    return {"url": await agents.async_connect(target.agent_id, record_video=call.data.get(ATTR_RECORD_VIDEO))}


async def _update_device(call: ServiceCall) -> ServiceResponse:
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
    agent = await target.account.agents.async_update_device(target.agent_id, **changes)
    return device_response(call.hass, target.entry, agent) if agent else None


async def _get_device_info(call: ServiceCall) -> ServiceResponse:
    target = target_of(call)
    account, agent_id = target.account, target.agent_id
    read = partial(account.hardware.async_read, agent_id)
    with translated_errors(target.name):
        details = await account.agents.questions.async_ask("hardware", agent_id, read)
    return details_response(call.hass, target.entry, details)


async def _find_devices(call: ServiceCall) -> ServiceResponse:
    entry = _account_of(call)
    search, group_id = call.data[CONF_SEARCH], call.data[CONF_GROUP_ID]
    account = entry.runtime_data
    with translated_errors(entry.title):
        find = partial(account.client.list_agents, search, group_id)
        answer = await account.agents.questions.async_ask("agents", ("find", search, group_id), find)
    return {"devices": [device_response(call.hass, entry, agent) for agent in answer.agents.values()]}


async def _create_invitation(call: ServiceCall) -> ServiceResponse:
    entry = _account_of(call)
    account = entry.runtime_data
    with translated_errors(entry.title):
        async with account.agents.commands:
            invitation = await account.client.create_invitation(call.data[ATTR_CLIENT_NAME])
    await _look_at_invitations(account)
    return invitation_response(invitation)


async def _list_invitations(call: ServiceCall) -> ServiceResponse:
    entry = _account_of(call)
    account = entry.runtime_data
    with translated_errors(entry.title):
        answer = await account.agents.questions.async_ask("invitations", "list", account.client.list_invitations)
    return {"invitations": [invitation_response(invitation) for invitation in answer.invitations], "remaining": answer.remaining}


async def _get_invitation(call: ServiceCall) -> ServiceResponse:
    entry, invitation_id = _account_of(call), _invitation_of(call)
    account = entry.runtime_data
    with translated_errors(entry.title):
        get = partial(account.client.get_invitation, invitation_id)
        return invitation_response(await account.agents.questions.async_ask("invitations", invitation_id, get))


async def _close_invitation(call: ServiceCall) -> None:
    entry, invitation_id = _account_of(call), _invitation_of(call)
    account = entry.runtime_data
    with translated_errors(entry.title):
        async with account.agents.commands:
            await account.client.close_invitation(invitation_id)
    await _look_at_invitations(account)


async def _get_history(call: ServiceCall) -> ServiceResponse:
    target = target_of(call) if ATTR_DEVICE_ID in call.data else None
    entry = target.entry if target and ATTR_CONFIG_ENTRY_ID not in call.data else _account_of(call)
    if target and target.entry is not entry:
        raise invalid("other_account", name=target.name, account=entry.title)
    account = target.account if target else entry.runtime_data
    start, end = (_aware(call.data.get(field)) for field in (ATTR_START, ATTR_END))
    if start and end and end < start:
        raise invalid("end_before_start")
    if not 1 <= (limit := call.data[ATTR_LIMIT]) <= _MOST_SESSIONS:
        raise invalid("invalid_limit", limit=str(limit), most=str(_MOST_SESSIONS))
    query = HistoryQuery(
        agent_id=target.agent_id if target else None,
        invitation_id=_invitation_of(call) if ATTR_INVITATION_ID in call.data else None,
        start=start,
        end=end,
        # Switched off, it asks for nothing.
        with_video=call.data.get(ATTR_WITH_VIDEO) or None,
        limit=limit,
    )
    with translated_errors(target.name if target else entry.title):
        # An automation asks when a session has just ended.
        page = await account.history.async_sessions(query, fresh=True)
    return {"sessions": [session_response(call.hass, entry, account, record) for record in page.records], "total": page.total}


def _account_of(call: ServiceCall) -> GetscreenConfigEntry:
    return async_get_config_entry(call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID))


def _invitation_of(call: ServiceCall) -> int:
    invitation_id: int = call.data[ATTR_INVITATION_ID]
    if invitation_id < 1:
        raise invalid("invalid_invitation", invitation_id=str(invitation_id))
    return invitation_id


async def _look_at_invitations(account: GetscreenData) -> None:
    if (invitations := account.invitations) and not invitations.held:
        await invitations.async_request_refresh()


def _aware(moment: datetime | None) -> datetime | None:
    """Return a time that was given without an offset as one of Home Assistant's time zone."""
    return moment.replace(tzinfo=dt_util.get_default_time_zone()) if moment and moment.tzinfo is None else moment


class Action(NamedTuple):
    """An action: what runs it, the fields that it takes, whether it has a response, and what a user needs to call it."""

    name: str
    handler: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
    fields: VolDictType
    response: SupportsResponse
    permission: Permission


_NONE, _OPTIONAL, _ONLY = SupportsResponse.NONE, SupportsResponse.OPTIONAL, SupportsResponse.ONLY

ACTIONS = (
    Action("wake", _wake, {**TARGET, **WAIT}, _OPTIONAL, CONTROL_COMPUTERS),
    Action("reboot", _reboot, {**TARGET, **WAIT, **SAFE_MODE}, _OPTIONAL, CONTROL_COMPUTERS),
    Action("logout", _logout, {**TARGET, **CONFIRM}, _NONE, ADMINISTRATOR),
    Action("refresh_hardware", _refresh_hardware, TARGET, _NONE, CONTROL_COMPUTERS),
    Action("get_connection_link", _get_connection_link, {**DEVICE, **RECORD_VIDEO}, _ONLY, CONTROL_COMPUTER),
    Action("update_device", _update_device, {**DEVICE, **CHANGES}, _OPTIONAL, ADMINISTRATOR),
    Action("get_device_info", _get_device_info, DEVICE, _ONLY, CONTROL_COMPUTER),
    Action("find_devices", _find_devices, {**ACCOUNT, **FILTER}, _ONLY, READ_ACCOUNT),
    Action("create_invitation", _create_invitation, {**ACCOUNT, **CLIENT_NAME}, _OPTIONAL, CONTROL_ACCOUNT),
    Action("list_invitations", _list_invitations, ACCOUNT, _ONLY, CONTROL_ACCOUNT),
    Action("get_invitation", _get_invitation, INVITATION, _ONLY, CONTROL_ACCOUNT),
    Action("close_invitation", _close_invitation, INVITATION, _NONE, CONTROL_ACCOUNT),
    Action("get_history", _get_history, HISTORY, _ONLY, READ_HISTORY),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for action in ACTIONS:
        hass.services.async_register(DOMAIN, action.name, partial(_async_run, action), vol.Schema(action.fields), action.response)


async def _async_run(action: Action, call: ServiceCall) -> ServiceResponse:
    # The permission comes first, because an error about a field may reveal what the user may not know.
    await async_require(call, action.permission)
    for field, value in call.data.items():
        if isinstance(value, str) and not is_text(value):
            raise invalid("invalid_text", field=field, most=str(LONGEST_TEXT))
    return await action.handler(call)
