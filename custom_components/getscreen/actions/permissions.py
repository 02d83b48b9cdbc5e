"""The permissions that the actions require: Home Assistant's own entity permissions, or the rights of an administrator."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID, Platform
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from ..account.identifiers import agent_unique_id
from ..const import DOMAIN
from ..entry import GetscreenConfigEntry
from .targets import Target, find_target, find_targets


class Permission(NamedTuple):
    """What a user without administrator rights needs: `text` for the docs, and a check of a call's user."""

    text: str
    is_granted: Callable[[ServiceCall, User], bool]


async def async_require(call: ServiceCall, permission: Permission) -> None:
    """Raise Unauthorized, or UnknownUser, if a user calls an action without permission. Automations have no user and need none."""
    if call.context.user_id is None:
        return
    user = await call.hass.auth.async_get_user(call.context.user_id)
    if user is None:
        raise UnknownUser(context=call.context)
    if not user.is_admin and not permission.is_granted(call, user):
        raise Unauthorized(context=call.context)


def _controls_all(user: User, targets: Iterable[Target]) -> bool:
    """Return whether a user may control all computers that a call reaches.

    If a call reaches none, or a computer has no entity *Online*, only users who may control everything pass. Other users cannot
    distinguish a missing computer or group from one that they may not control.
    """
    targets = list(targets)
    if targets:
        return all(async_may_use(target.hass, user, target.entry, target.agent_id, POLICY_CONTROL) for target in targets)
    return user.permissions.access_all_entities(POLICY_CONTROL)


@callback
def async_may_use(hass: HomeAssistant, user: User, entry: GetscreenConfigEntry, agent_id: int, policy: str) -> bool:
    """Return whether a user has a permission (POLICY_READ, POLICY_CONTROL) for a computer, that is for its entity *Online*."""
    if user.is_admin or user.permissions.access_all_entities(policy):
        return True
    unique_id = agent_unique_id(entry, agent_id, "online")
    entity_id = er.async_get(hass).async_get_entity_id(Platform.BINARY_SENSOR, DOMAIN, unique_id)
    return entity_id is not None and user.permissions.check_entity(entity_id, policy)


@callback
def async_may_control_account(hass: HomeAssistant, user: User, entry: GetscreenConfigEntry) -> bool:
    """Return whether a user may control at least one entity of an account."""
    return user.is_admin or _is_allowed(user, er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id), POLICY_CONTROL)


def _controls_device(call: ServiceCall, user: User) -> bool:
    target = find_target(call)
    return _controls_all(user, [target] if target else [])


def _is_allowed(user: User, entities: Iterable[er.RegistryEntry], policy: str) -> bool:
    """Return whether a user has a permission for at least one of the entities, or for all entities of Home Assistant."""
    permissions = user.permissions
    return permissions.access_all_entities(policy) or any(permissions.check_entity(entity.entity_id, policy) for entity in entities)


def _account_entities(call: ServiceCall) -> Iterable[er.RegistryEntry]:
    """Yield the entities of the account that a call names; if it names none, those of all enabled accounts."""
    registry, entry_id = er.async_get(call.hass), call.data.get(ATTR_CONFIG_ENTRY_ID)
    # A call that names no account never means a disabled one, so the entities of a disabled account give no permission.
    for entry in call.hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=False):
        if entry_id in (None, entry.entry_id):
            yield from er.async_entries_for_config_entry(registry, entry.entry_id)


def _controls_account(call: ServiceCall, user: User) -> bool:
    return _is_allowed(user, _account_entities(call), POLICY_CONTROL)


def _reads_account(call: ServiceCall, user: User) -> bool:
    """Return whether a user may read an entity of the computer that a call names, and one of the account that it names."""
    if ATTR_DEVICE_ID in call.data:
        target = find_target(call)
        registry = er.async_get(call.hass)
        found = er.async_entries_for_device(registry, target.device_id, include_disabled_entities=True) if target else []
        if not _is_allowed(user, (entity for entity in found if entity.platform == DOMAIN), POLICY_READ):
            return False
        if ATTR_CONFIG_ENTRY_ID not in call.data:
            return True
    return _is_allowed(user, _account_entities(call), POLICY_READ)


CONTROL_COMPUTERS = Permission(
    "permission to control the *Online* entity of each computer", lambda call, user: _controls_all(user, find_targets(call))
)
CONTROL_COMPUTER = Permission("permission to control the *Online* entity of the computer", _controls_device)
CONTROL_ACCOUNT = Permission("permission to control an entity of the account", _controls_account)
READ_ACCOUNT = Permission("permission to read an entity of the account", _reads_account)
READ_HISTORY = Permission("permission to read an entity of the account; with `device_id`, one of the computer", _reads_account)
ADMINISTRATOR = Permission("the rights of an administrator", lambda _call, _user: False)
