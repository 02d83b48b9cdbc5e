"""The websocket commands of cards: subscriptions and single requests."""

from typing import Any

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import Unauthorized
import voluptuous as vol

from ..account import async_loaded_entry
from ..actions.permissions import async_may_control_account, async_may_use
from ..actions.targets import async_target
from ..const import DOMAIN
from ..live.details import details
from ..live.search_terms import async_search_terms
from .subscriptions import ComputersSubscription, InvitationsSubscription, Subscription, WatchSubscription, async_reads_all

_ACCOUNT = {vol.Optional("account"): str}
_FIELDS = {**_ACCOUNT, vol.Optional("watch", default=False): bool}


@callback
def async_register_websocket(hass: HomeAssistant) -> None:
    """Register the websocket commands."""
    for command in (subscribe_computers, watch_computers, find_search_terms, show_details, subscribe_invitations):
        websocket_api.async_register_command(hass, command)


@callback
@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/computers/subscribe", **_FIELDS})
def subscribe_computers(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
    """Send the records of the computers that the user may read, then all changes."""
    if _is_known(hass, connection, message):
        _start(connection, message["id"], ComputersSubscription(hass, connection, message))


@callback
@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/computers/watch", **_ACCOUNT})
def watch_computers(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
    """Poll as often as the request budget allows until the subscription ends."""
    if _is_known(hass, connection, message):
        _start(connection, message["id"], WatchSubscription(hass, connection, message))


@callback
@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/computers/search_terms", **_ACCOUNT})
def find_search_terms(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
    """Send the search texts of the computers that the user may read, by device id."""
    if not _is_known(hass, connection, message):
        return
    user = connection.user
    reads_all = async_reads_all(user)
    terms = {
        device_id: texts
        for entry in hass.config_entries.async_loaded_entries(DOMAIN)
        if message.get("account") in (None, entry.entry_id)
        for agent_id, device_id, texts in async_search_terms(hass, entry)
        if reads_all or async_may_use(hass, user, entry, agent_id, POLICY_READ)
    }
    connection.send_result(message["id"], {"terms": terms})


@callback
@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/computers/details", vol.Required(ATTR_DEVICE_ID): str})
def show_details(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
    """Send the details of a computer from stored data; sends no API request. Raises Unauthorized."""
    user, target = connection.user, async_target(hass, message[ATTR_DEVICE_ID])
    # A user who may not read everything cannot distinguish a missing computer from one that they may not read.
    if not async_reads_all(user) and (target is None or not async_may_use(hass, user, target.entry, target.agent_id, POLICY_READ)):
        raise Unauthorized(user_id=user.id)
    entry = async_loaded_entry(hass, target.entry.entry_id) if target else None
    agent = entry.runtime_data.agents.data.get(target.agent_id) if entry and target else None
    if entry is None or agent is None:
        text = "There is no computer with this ID in a Getscreen.me account that is set up. Check that its account is loaded."
        connection.send_error(message["id"], websocket_api.ERR_NOT_FOUND, text)
        return
    connection.send_result(message["id"], details(agent, entry.runtime_data.hardware.records.get(agent.id)))


@callback
@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/invitations/subscribe", **_FIELDS})
def subscribe_invitations(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
    """Send the number of open invitations by account, now and whenever it changes. Raises Unauthorized."""
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=False)
    requested = [entry for entry in entries if message.get("account") in (None, entry.entry_id)]
    # Check this first: whether an account exists is not shown to a user without permission.
    if not connection.user.is_admin and not any(async_may_control_account(hass, connection.user, entry) for entry in requested):
        raise Unauthorized(user_id=connection.user.id)
    if _is_known(hass, connection, message):
        _start(connection, message["id"], InvitationsSubscription(hass, connection, message))


def _is_known(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> bool:
    """Return whether a message names no account or an existing one; send an error if not."""
    if (entry_id := message.get("account")) is None:
        return True
    entry = hass.config_entries.async_get_entry(entry_id)
    if entry is not None and entry.domain == DOMAIN:
        return True
    text = "There is no Getscreen.me account with this ID. Choose an account in the configuration of the card."
    connection.send_error(message["id"], websocket_api.ERR_NOT_FOUND, text)
    return False


@callback
def _start(connection: ActiveConnection, message_id: int, subscription: Subscription) -> None:
    """Send the result, then the first event. There is no `await` between them, so no change is missed."""
    connection.subscriptions[message_id] = subscription.async_end
    connection.send_result(message_id)
    subscription.async_start()
