"""The subscriptions of cards: computers, open invitations, and faster polls without events."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any, override

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from ..account import GetscreenAccount
from ..account.identifiers import agent_id_of
from ..actions.permissions import async_may_control_account, async_may_use
from ..entry import GetscreenConfigEntry
from ..live.following import async_for_each_account, async_while_loaded
from ..live.live_account import LiveAccount, async_live_account


@callback
def async_reads_all(user: User) -> bool:
    """Return whether a user may read all entities."""
    return user.is_admin or user.permissions.access_all_entities(POLICY_READ)


class Subscription(ABC):
    """A subscription of a connection. It sends nothing before its first event and after its end."""

    def __init__(self, hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
        self._hass = hass
        self._connection = connection
        self._message_id: int = message["id"]
        self._entry_id: str | None = message.get("account")
        self._watches: bool = message.get("watch", True)
        self._ends: list[CALLBACK_TYPE] = []
        self._sends = False

    @abstractmethod
    @callback
    def async_start(self) -> None:
        """Send the first event, and start listening for changes."""

    @callback
    def _follow(self, start: Callable[[GetscreenConfigEntry], CALLBACK_TYPE]) -> None:
        """Call `start` for each account; when the account or the subscription ends, call the function that it returned."""
        self._ends.append(async_for_each_account(self._hass, self._entry_id, start))

    @callback
    def async_end(self) -> None:
        """End the subscription and its faster polls."""
        self._sends = False
        for end in self._ends:
            end()
        self._ends.clear()

    @property
    def _reads_all(self) -> bool:
        return async_reads_all(self._connection.user)

    @callback
    def _watch(self, account: GetscreenAccount) -> CALLBACK_TYPE:
        """Poll an account faster if the user may read one of its computers; return a function that ends this."""
        user, hass = self._connection.user, self._hass
        if self._reads_all or any(async_may_use(hass, user, account.entry, agent_id, POLICY_READ) for agent_id in account.agents.data):
            return account.agents.async_watch()
        return lambda: None

    @callback
    def _send(self, event: dict[str, Any]) -> None:
        if self._sends:
            self._connection.send_event(self._message_id, event)


class WatchSubscription(Subscription):
    """Polls the accounts faster, and sends no event."""

    @callback
    @override
    def async_start(self) -> None:
        self._follow(lambda entry: async_while_loaded(self._hass, entry, self._watch))


class ComputersSubscription(Subscription):
    """The computers that a user may read. The permissions are checked whenever something is sent."""

    def __init__(self, hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
        super().__init__(hass, connection, message)
        self._live: dict[str, LiveAccount] = {}
        # The device ids that were sent, by account and agent id.
        self._shown: dict[str, dict[int, str]] = {}

    @callback
    @override
    def async_start(self) -> None:
        self._follow(self._add)
        if not self._reads_all:
            self._ends.append(self._hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._handle_entity_update))
        # All computers in one event, as Home Assistant sends its entities. A complete list does not flicker in the card, and 5,000
        # records are smaller than the states of their entities.
        computers = [computer for live in self._live.values() for computer in self._changes(live, live.records.keys())[0]]
        self._sends = True
        self._send({"computers": computers, "removed": [], "available": {key: live.available for key, live in self._live.items()}})

    @callback
    def _add(self, entry: GetscreenConfigEntry) -> CALLBACK_TYPE:
        """Add an account; return a function that removes it with its computers."""
        key = entry.entry_id
        live = self._live[key] = async_live_account(self._hass, entry)
        self._shown[key] = {}
        available: bool | None = None

        @callback
        def publish(agent_ids: AbstractSet[int]) -> None:
            nonlocal available
            computers, removed = self._changes(live, agent_ids) if self._sends else ([], [])
            changed = {key: live.available} if live.available is not available else {}
            available = live.available
            if computers or removed or changed:
                self._send({"computers": computers, "removed": removed, "available": changed})

        ends = [live.async_add(publish)]
        if self._watches:
            ends.append(async_while_loaded(self._hass, entry, self._watch))
        if self._sends:
            publish(live.records.keys())
        available = live.available

        @callback
        def remove() -> None:
            for end in ends:
                end()
            del self._live[key]
            self._send({"computers": [], "removed": list(self._shown.pop(key).values()), "available": {key: False}})

        return remove

    def _changes(self, live: LiveAccount, agent_ids: AbstractSet[int]) -> tuple[list[dict[str, Any]], list[str]]:
        """Return the records of the computers that the user may read, and the ids of the devices that are no longer shown."""
        user, entry, shown = self._connection.user, live.entry, self._shown[live.entry.entry_id]
        reads_all = self._reads_all
        computers, removed = [], []
        for agent_id in agent_ids:
            record = live.records.get(agent_id)
            if record and not reads_all and not async_may_use(self._hass, user, entry, agent_id, POLICY_READ):
                record = None
            before = shown.pop(agent_id, None)
            if record:
                shown[agent_id] = record[ATTR_DEVICE_ID]
                computers.append(record)
            if before is not None and before != shown.get(agent_id):
                removed.append(before)
        return computers, removed

    @callback
    def _handle_entity_update(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        """Show or hide a computer when its entity *Online* changes, because the permission to read the computer depends on it."""
        entity = er.async_get(self._hass).async_get(event.data["entity_id"])
        live = self._live.get((entity and entity.config_entry_id) or "")
        device = dr.async_get(self._hass).async_get((entity and entity.device_id) or "")
        if live is None or not isinstance(device, dr.DeviceEntry) or (agent_id := agent_id_of(live.entry, device)) is None:
            return
        was_shown = agent_id in self._shown[live.entry.entry_id]
        if was_shown is not async_may_use(self._hass, self._connection.user, live.entry, agent_id, POLICY_READ):
            computers, removed = self._changes(live, {agent_id})
            if computers or removed:
                self._send({"computers": computers, "removed": removed, "available": {}})


class InvitationsSubscription(Subscription):
    """The number of open invitations of each account that the user may control; None while it is unknown."""

    def __init__(self, hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
        super().__init__(hass, connection, message)
        self._open: dict[str, int | None] = {}

    @callback
    @override
    def async_start(self) -> None:
        self._follow(self._add)
        self._sends = True
        self._send({"open": self._open})

    @callback
    def _add(self, entry: GetscreenConfigEntry) -> CALLBACK_TYPE:
        """Add an account; return a function that removes it."""
        self._publish(entry, None)
        end = async_while_loaded(self._hass, entry, lambda account: self._attach(entry, account))

        @callback
        def remove() -> None:
            end()
            self._open.pop(entry.entry_id, None)

        return remove

    @callback
    def _attach(self, entry: GetscreenConfigEntry, account: GetscreenAccount) -> CALLBACK_TYPE:
        """Listen for the invitations of a loaded account, polled faster if the subscription watches; return a function that stops this."""
        if (invitations := account.invitations) is None:
            return lambda: None
        seen = invitations.data

        @callback
        def update() -> None:
            nonlocal seen
            if invitations.data != seen:
                seen = invitations.data
                self._publish(entry, len(account.open_invitations))

        ends = [invitations.async_add_listener(update)]
        if self._watches and async_may_control_account(self._hass, self._connection.user, entry):
            ends.append(account.agents.async_watch(invitations=True))
        if seen is not None:
            self._publish(entry, len(account.open_invitations))

        @callback
        def detach() -> None:
            for end in ends:
                end()
            self._publish(entry, None)

        return detach

    @callback
    def _publish(self, entry: GetscreenConfigEntry, number: int | None) -> None:
        if async_may_control_account(self._hass, self._connection.user, entry):
            self._open[entry.entry_id] = number
            self._send({"open": {entry.entry_id: number}})
