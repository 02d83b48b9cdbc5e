"""The table of all actions, and their registration."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NamedTuple

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from ..const import DOMAIN
from ..exceptions import invalid
from . import computers, queries, support
from .fields import (
    ACCOUNT,
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
    TARGET_OR_GROUP,
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


class Action(NamedTuple):
    """An action: its handler, its fields, whether it has a response, and the permission that the calling user needs."""

    name: str
    handler: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
    fields: VolDictType
    response: SupportsResponse
    permission: Permission


_NONE, _OPTIONAL, _ONLY = SupportsResponse.NONE, SupportsResponse.OPTIONAL, SupportsResponse.ONLY

ACTIONS = (
    Action("wake", computers.wake, {**TARGET_OR_GROUP, **WAIT}, _OPTIONAL, CONTROL_COMPUTERS),
    Action("reboot", computers.reboot, {**TARGET_OR_GROUP, **WAIT, **SAFE_MODE}, _OPTIONAL, CONTROL_COMPUTERS),
    Action("logout", computers.logout, {**TARGET, **CONFIRM}, _NONE, ADMINISTRATOR),
    Action("refresh_hardware", computers.refresh_hardware, TARGET_OR_GROUP, _NONE, CONTROL_COMPUTERS),
    Action("get_connection_link", computers.get_connection_link, {**DEVICE, **RECORD_VIDEO}, _ONLY, CONTROL_COMPUTER),
    Action("update_device", computers.update_device, {**DEVICE, **CHANGES}, _OPTIONAL, ADMINISTRATOR),
    Action("get_device_info", computers.get_device_info, DEVICE, _ONLY, CONTROL_COMPUTER),
    Action("find_devices", queries.find_devices, {**ACCOUNT, **FILTER}, _ONLY, READ_ACCOUNT),
    Action("create_invitation", support.create_invitation, {**ACCOUNT, **CLIENT_NAME}, _OPTIONAL, CONTROL_ACCOUNT),
    Action("list_invitations", support.list_invitations, ACCOUNT, _ONLY, CONTROL_ACCOUNT),
    Action("get_invitation", support.get_invitation, INVITATION, _ONLY, CONTROL_ACCOUNT),
    Action("close_invitation", support.close_invitation, INVITATION, _NONE, CONTROL_ACCOUNT),
    Action("get_history", queries.get_history, HISTORY, _ONLY, READ_HISTORY),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register all actions with Home Assistant."""
    for action in ACTIONS:
        hass.services.async_register(DOMAIN, action.name, partial(_async_run, action), vol.Schema(action.fields), action.response)


async def _async_run(action: Action, call: ServiceCall) -> ServiceResponse:
    # Check the permission first: an error about a field may reveal what the user may not read.
    await async_require(call, action.permission)
    for field, value in call.data.items():
        if isinstance(value, str) and not is_text(value):
            raise invalid("invalid_text", field=field, most=str(LONGEST_TEXT))
    return await action.handler(call)
