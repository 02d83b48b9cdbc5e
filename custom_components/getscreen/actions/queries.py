"""The actions that search an account. Every handler raises HomeAssistantError, or ServiceValidationError for bad input."""

from datetime import datetime
from functools import partial

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.util import dt as dt_util

from ..api import HistoryQuery
from ..const import ATTR_INVITATION_ID
from ..exceptions import invalid, translated_errors
from ..options import CONF_GROUP_ID, CONF_SEARCH
from .fields import ATTR_END, ATTR_LIMIT, ATTR_START, ATTR_WITH_VIDEO
from .responses import device_response, session_response
from .targets import entry_of, invitation_of, target_of

_MAX_SESSIONS = 1000


async def find_devices(call: ServiceCall) -> ServiceResponse:
    """Return the computers of an account that match a search and a group (`agents/list`)."""
    entry = entry_of(call)
    account = entry.runtime_data
    search, group_id = call.data[CONF_SEARCH], call.data[CONF_GROUP_ID]
    find = partial(account.client.list_agents, search, group_id)
    with translated_errors(entry.title):
        answer = await account.user_requests.async_send(("find", search, group_id), find)
    return {"devices": [device_response(call.hass, entry, agent) for agent in answer.agents.values()]}


async def get_history(call: ServiceCall) -> ServiceResponse:
    """Return the newest sessions of an account or a computer, and the total (`history/list`)."""
    target = target_of(call) if ATTR_DEVICE_ID in call.data else None
    entry = target.entry if target and ATTR_CONFIG_ENTRY_ID not in call.data else entry_of(call)
    if target and target.entry is not entry:
        raise invalid("other_account", name=target.name, account=entry.title)
    account = target.account if target else entry.runtime_data
    start, end = (_aware(call.data.get(field)) for field in (ATTR_START, ATTR_END))
    if start and end and end < start:
        raise invalid("end_before_start")
    if not 1 <= (limit := call.data[ATTR_LIMIT]) <= _MAX_SESSIONS:
        raise invalid("invalid_limit", limit=str(limit), most=str(_MAX_SESSIONS))
    query = HistoryQuery(
        agent_id=target.agent_id if target else None,
        invitation_id=invitation_of(call) if ATTR_INVITATION_ID in call.data else None,
        start=start,
        end=end,
        # Never sent as false, which would exclude the sessions with a recording.
        with_video=call.data.get(ATTR_WITH_VIDEO) or None,
        limit=limit,
    )
    with translated_errors(target.name if target else entry.title):
        # Not from the cache: automations call the action right after a session ended.
        page = await account.history.async_sessions(query, fresh=True)
    return {"sessions": [session_response(call.hass, entry, account, record) for record in page.records], "total": page.total}


def _aware(moment: datetime | None) -> datetime | None:
    """Return a time; one without an offset gets Home Assistant's time zone."""
    return moment.replace(tzinfo=dt_util.get_default_time_zone()) if moment and moment.tzinfo is None else moment
