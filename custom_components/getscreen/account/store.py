"""The state of an account that outlives reloads (in memory) and restarts (in storage)."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from ..api import Agent
from ..const import DOMAIN, LOGGER
from ..options import unusable_options
from .backoff import KeyRefusals, Refusals
from .hardware_record import HardwareRecord
from .request_counter import RequestCounter
from .request_limit import RequestLimit
from .session_ends import SessionEnds

_STORES: HassKey[dict[str, AccountStore]] = HassKey(DOMAIN)

_VERSION = 1
# Seconds until a change is written. A pause is written soon. The count of requests changes all the time, and the hardware of a large fleet
# makes a large file. Home Assistant writes pending changes when it stops.
_SOON = 1
_REQUESTS_DELAY = 15 * 60
_HARDWARE_DELAY = 60 * 60


class AccountStore:
    """What an account has learned at the price of requests, and what limits further ones; `hardware` by agent id."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self.limit = RequestLimit(hass, entry, lambda: self._account.changed(_SOON))
        self.key_refusals = KeyRefusals(hass, entry)
        self.invitation_refusals = Refusals(hass, entry)
        self.requests = RequestCounter()
        self.session_ends = SessionEnds()
        self.hardware: dict[int, HardwareRecord] = {}
        self.list_was_cut = False
        """Whether it was logged that the account has too many computers."""
        self._entry = entry
        self._loaded = False
        self._account = _StoredFile(hass, f"{DOMAIN}.{entry.entry_id}", self._account_data)
        self._hardware = _StoredFile(hass, f"{DOMAIN}.{entry.entry_id}.hardware", self._hardware_data)

    async def async_load(self, hass: HomeAssistant) -> None:
        """Read what an earlier run of Home Assistant stored, unless that is done already."""
        if self._loaded:
            return
        self._loaded = True
        if unusable := unusable_options(self._entry):
            LOGGER.warning("%s: these options cannot be used, so their defaults apply: %s", self._entry.title, ", ".join(unusable))
        account = await self._account.async_load()
        self.requests.restore(account.get("requests"))
        self.limit.restore(account.get("limit"))
        self.session_ends.restore(account.get("session_ends"))
        hardware = await self._hardware.async_load()
        # Thousands of records would block the event loop.
        self.hardware.update(await hass.async_add_executor_job(HardwareRecord.read_all, hardware))

    @callback
    def async_count(self, method: str) -> None:
        """Count a request of any client (the account's own, or one of a config flow)."""
        self.requests.async_count(method)
        self._account.changed(_REQUESTS_DELAY)

    @callback
    def async_set_session_ends(self, agents: Mapping[int, Agent], changed: AbstractSet[int]) -> None:
        """Store the assumed ends of the sessions of agents that changed or left."""
        if self.session_ends.async_update(agents, changed):
            self._account.changed(_SOON)

    async def async_write_requests(self) -> None:
        """Write the count of requests to the file now."""
        await self._account.async_write()

    @callback
    def async_set_hardware(self, agent_id: int, record: HardwareRecord | None) -> None:
        """Store the hardware of a computer; None removes it."""
        if record is None:
            if self.hardware.pop(agent_id, None) is None:
                return
        else:
            self.hardware[agent_id] = record
        self._hardware.changed(_HARDWARE_DELAY)

    @callback
    def async_renew(self) -> None:
        """Forget what was refused, since there is another key."""
        self.limit.forget()
        self.key_refusals.async_forget()
        self.invitation_refusals.async_forget()
        for agent_id in [agent_id for agent_id, record in self.hardware.items() if record.hardware is None]:
            self.async_set_hardware(agent_id, None)

    async def async_remove(self) -> None:
        """Delete all files."""
        self.limit.forget()
        self.key_refusals.async_forget()
        self.invitation_refusals.async_forget()
        await self._account.async_remove()
        await self._hardware.async_remove()

    def _account_data(self) -> dict[str, Any]:
        return {"limit": self.limit.saved(), "requests": self.requests.saved(), "session_ends": self.session_ends.saved()}

    def _hardware_data(self) -> dict[str, Any]:
        return {str(agent_id): record.saved() for agent_id, record in self.hardware.copy().items()}


class _StoredFile:
    """A file of Home Assistant's storage, which is written some time after the first change. A damaged file counts as empty."""

    def __init__(self, hass: HomeAssistant, key: str, data: Callable[[], dict[str, Any]]) -> None:
        # Private, since it names computers and their addresses.
        self._store = Store[dict[str, Any]](hass, _VERSION, key, private=True, atomic_writes=True, serialize_in_event_loop=False)
        self._key = key
        self._data = data
        self._delay: float | None = None
        # Not before it was read, and not after it was deleted.
        self._may_be_written = False

    async def async_load(self) -> dict[str, Any]:
        """Return the data of the file. It is empty if the file cannot be used, since all of it can be fetched again."""
        try:
            data = await self._store.async_load()
        except (HomeAssistantError, NotImplementedError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
            LOGGER.warning("The file %s cannot be used (%s), so its data is fetched again", self._key, type(error).__name__)
            data = None
        self._may_be_written = True
        return data if isinstance(data, dict) else {}

    def changed(self, delay: float) -> None:
        """Write the file after `delay` seconds, or earlier if an earlier write is pending."""
        # `async_delay_save` restarts its delay on each call, so call it only to write earlier.
        if self._may_be_written and (self._delay is None or delay < self._delay):
            self._delay = delay
            self._store.async_delay_save(self._written, delay)

    async def async_write(self) -> None:
        """Write the file now."""
        await self._store.async_save(self._written())

    async def async_remove(self) -> None:
        """Delete the file; later changes do not write it again."""
        self._may_be_written = False
        try:
            # A write may be in progress; this one waits for it.
            await self._store.async_save({})
            await self._store.async_remove()
        except OSError as error:
            LOGGER.warning("The file %s could not be deleted (%s); delete it by hand", self._key, type(error).__name__)

    def _written(self) -> dict[str, Any]:
        self._delay = None
        return self._data()


@callback
def async_store(hass: HomeAssistant, entry: ConfigEntry) -> AccountStore:
    """Return the store of an account."""
    stores = hass.data.setdefault(_STORES, {})
    if entry.entry_id not in stores:
        stores[entry.entry_id] = AccountStore(hass, entry)
    return stores[entry.entry_id]


async def async_remove_store(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove the store of an account that is removed, with its files."""
    await async_store(hass, entry).async_remove()
    del hass.data[_STORES][entry.entry_id]
