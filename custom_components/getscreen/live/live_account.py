"""The records of an account's computers while a card shows them. All subscribers of an account share them."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import EVENT_DEVICE_REGISTRY_UPDATED, EventDeviceRegistryUpdatedData
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..account import GetscreenAccount
from ..account.identifiers import agent_id_of, attention_signal, hardware_signal, transitions_signal
from ..const import DOMAIN
from ..entry import GetscreenConfigEntry
from .following import async_while_loaded
from .records import Record, async_record

_LIVE_ACCOUNTS: HassKey[dict[str, LiveAccount]] = HassKey(f"{DOMAIN}_live_accounts")

# Thousands of records at once would block the event loop.
BATCH_SIZE = 250
# Links to previews expire, which no event reports.
_LINK_REFRESH_INTERVAL = timedelta(hours=1)
_NAMES = frozenset({"name", "name_by_user", "disabled_by"})

type Listener = Callable[[AbstractSet[int]], None]


class LiveAccount:
    """The records of an account's computers by agent id. They stay as they are while the account is not loaded.

    `available`: whether the account is loaded and its last poll succeeded. Listeners get the agent ids of the records that were added,
    changed or removed; an empty set if only `available` changed.
    """

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
        self.entry = entry
        self.records: dict[int, Record] = {}
        self.available = False
        self._hass = hass
        self._listeners: dict[object, Listener] = {}
        self._account: GetscreenAccount | None = None
        self._pending: dict[int, None] = {}
        self._publish_handle = hass.loop.call_soon(lambda: None)
        self._stop = async_while_loaded(hass, entry, self._attach)
        # Create all records now, because the first subscriber gets them at once.
        self._publish()
        while self._pending:
            self._publish()

    @callback
    def async_add(self, listener: Listener) -> CALLBACK_TYPE:
        """Add a listener; return a function that removes it. Removing the last one stops following the account."""
        key = object()
        self._listeners[key] = listener

        @callback
        def remove() -> None:
            del self._listeners[key]
            if not self._listeners:
                self._stop()
                self._publish_handle.cancel()
                del self._hass.data[_LIVE_ACCOUNTS][self.entry.entry_id]

        return remove

    @callback
    def _attach(self, account: GetscreenAccount) -> CALLBACK_TYPE:
        """Listen for changes of a loaded account; return a function that stops this."""
        hass, entry = self._hass, self.entry
        self._account = account
        stops = [
            account.agents.async_add_listener(partial(self._handle_poll, account)),
            async_dispatcher_connect(hass, hardware_signal(entry), self._handle_hardware),
            async_dispatcher_connect(hass, attention_signal(entry), self._enqueue),
            async_dispatcher_connect(hass, transitions_signal(entry), self._enqueue),
            hass.bus.async_listen(EVENT_DEVICE_REGISTRY_UPDATED, self._handle_device_update),
            async_track_time_interval(hass, self._enqueue_all, _LINK_REFRESH_INTERVAL, cancel_on_shutdown=True),
        ]
        self._enqueue_all()

        @callback
        def detach() -> None:
            for stop in stops:
                stop()
            self._account = None
            self._pending.clear()
            self._schedule_publish()

        return detach

    @callback
    def _handle_poll(self, account: GetscreenAccount) -> None:
        self._enqueue(account.agents.changed)

    @callback
    def _handle_hardware(self, agent_id: int) -> None:
        self._enqueue((agent_id,))

    @callback
    def _handle_device_update(self, event: Event[EventDeviceRegistryUpdatedData]) -> None:
        """Update the record if the user renames, enables or disables a device."""
        data = event.data
        if data["action"] == "remove" or (data["action"] == "update" and not _NAMES & data["changes"].keys()):
            return
        device = dr.async_get(self._hass).async_get(data["device_id"])
        if isinstance(device, dr.DeviceEntry) and device.config_entry_id == self.entry.entry_id:
            agent_id = agent_id_of(self.entry, device)
            if agent_id is not None:
                self._enqueue((agent_id,))

    @callback
    def _enqueue_all(self, _now: datetime | None = None) -> None:
        known = self._account.agents.data.keys() if self._account else frozenset()
        self._enqueue(known | self.records.keys())

    @callback
    def _enqueue(self, agent_ids: Iterable[int]) -> None:
        """Compare the records of computers in the next pass of the event loop, so that simultaneous changes are sent as one."""
        self._pending.update(dict.fromkeys(agent_ids))
        self._schedule_publish()

    @callback
    def _schedule_publish(self) -> None:
        self._publish_handle.cancel()
        self._publish_handle = self._hass.loop.call_soon(self._publish)

    @callback
    def _publish(self) -> None:
        """Compare at most BATCH_SIZE pending computers, and notify the listeners of changes."""
        was_available, self.available = self.available, self._account is not None and self._account.agents.last_update_success
        now, changed = dt_util.utcnow(), set()
        for agent_id in tuple(islice(self._pending, BATCH_SIZE)):
            del self._pending[agent_id]
            if self._update(agent_id, now):
                changed.add(agent_id)
        if self._pending:
            self._schedule_publish()
        if changed or self.available is not was_available:
            for listener in tuple(self._listeners.values()):
                listener(changed)

    def _update(self, agent_id: int, now: datetime) -> bool:
        """Renew the record of a computer; return whether it changed."""
        account = self._account
        agent = account.agents.data.get(agent_id) if account else None
        record = async_record(account, agent, now) if account and agent else None
        if record == self.records.get(agent_id):
            return False
        if record is None:
            del self.records[agent_id]
        else:
            self.records[agent_id] = record
        return True


@callback
def async_live_account(hass: HomeAssistant, entry: GetscreenConfigEntry) -> LiveAccount:
    """Return the shared live account of a config entry. The caller has to add a listener: removing the last one frees it."""
    live = hass.data.setdefault(_LIVE_ACCOUNTS, {})
    if entry.entry_id not in live:
        live[entry.entry_id] = LiveAccount(hass, entry)
    return live[entry.entry_id]
