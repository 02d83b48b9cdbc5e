"""What is kept of an account beyond a reload of its entry, and in files beyond a restart, until it is removed."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .api import Agent
from .backoff import KeyRefusals, Refusals
from .const import DOMAIN, LOGGER
from .hardware_record import HardwareRecord
from .limit import Limit
from .options import unusable_options
from .requests import RequestCounter
from .session_ends import SessionEnds

_KEPT: HassKey[dict[str, Kept]] = HassKey(DOMAIN)

_VERSION = 1
# Seconds until a change is written: a pause is worth a write, the count of requests moves all the time, and the hardware of a large
# fleet makes a large file. Home Assistant writes what is open when it stops.
_SOON = 1
_REQUESTS_DELAY = 15 * 60
_HARDWARE_DELAY = 60 * 60


class Kept:
    """What has cost requests, or tells how many may be made; hardware by agent id."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin with nothing."""
        self.limit = Limit(hass, entry, lambda: self._account.changed(_SOON))
        self.key_refusals = KeyRefusals(hass, entry)
        self.invitation_refusals = Refusals(hass, entry)
        self.requests = RequestCounter()
        self.session_ends = SessionEnds()
        self.hardware: dict[int, HardwareRecord] = {}
        self.list_was_cut = False
        """Whether it was logged that the account has too many computers."""
        self._entry = entry
        self._loaded = False
        self._account = _File(hass, f"{DOMAIN}.{entry.entry_id}", self._account_data)
        self._hardware = _File(hass, f"{DOMAIN}.{entry.entry_id}.hardware", self._hardware_data)

    async def async_load(self, hass: HomeAssistant) -> None:
        """Read what an earlier run of Home Assistant has left, unless that was done."""
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
        # Thousands of records would hold up the event loop.
        self.hardware.update(await hass.async_add_executor_job(HardwareRecord.read_all, hardware))

    @callback
    def async_count(self, method: str) -> None:
        """Count a request, through whatever client it is sent."""
        self.requests.async_count(method)
        self._account.changed(_REQUESTS_DELAY)

    @callback
    def async_set_session_ends(self, agents: Mapping[int, Agent], changed: AbstractSet[int]) -> None:
        """Take the assumed ends of the sessions of agents that changed or left."""
        if self.session_ends.async_update(agents, changed):
            self._account.changed(_SOON)

    async def async_write_requests(self) -> None:
        """Write the count of requests to the file now."""
        await self._account.async_write()

    @callback
    def async_set_hardware(self, agent_id: int, record: HardwareRecord | None) -> None:
        """Keep what is known of a computer now; None if it has left."""
        if record is None:
            if self.hardware.pop(agent_id, None) is None:
                return
        else:
            self.hardware[agent_id] = record
        self._hardware.changed(_HARDWARE_DELAY)

    @callback
    def async_renew(self) -> None:
        """Take note of another key: what the old one was refused says nothing of it."""
        self.limit.forget()
        self.key_refusals.async_forget()
        self.invitation_refusals.async_forget()
        for agent_id in [agent_id for agent_id, record in self.hardware.items() if record.hardware is None]:
            self.async_set_hardware(agent_id, None)

    async def async_forget(self) -> None:
        """Forget all of it."""
        self.limit.forget()
        self.key_refusals.async_forget()
        self.invitation_refusals.async_forget()
        await self._account.async_remove()
        await self._hardware.async_remove()

    def _account_data(self) -> dict[str, Any]:
        return {"limit": self.limit.saved(), "requests": self.requests.saved(), "session_ends": self.session_ends.saved()}

    def _hardware_data(self) -> dict[str, Any]:
        return {str(agent_id): record.saved() for agent_id, record in self.hardware.copy().items()}


class _File:
    """A file of Home Assistant's storage, read whatever has become of it, and written some time after the first change."""

    def __init__(self, hass: HomeAssistant, key: str, data: Callable[[], dict[str, Any]]) -> None:
        # Private, since it names computers and their addresses.
        self._store = Store[dict[str, Any]](hass, _VERSION, key, private=True, atomic_writes=True, serialize_in_event_loop=False)
        self._key = key
        self._data = data
        self._delay: float | None = None
        # Not before it was read, and not after it was deleted.
        self._may_be_written = False

    async def async_load(self) -> dict[str, Any]:
        """Return what is in it; nothing where that cannot be used, since all of it can be had again."""
        try:
            data = await self._store.async_load()
        except (HomeAssistantError, NotImplementedError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
            LOGGER.warning("What was kept in the file %s cannot be used (%s), and is gathered anew", self._key, type(error).__name__)
            data = None
        self._may_be_written = True
        return data if isinstance(data, dict) else {}

    def changed(self, delay: float) -> None:
        """Write it after so many seconds, or earlier if it is to be written earlier anyway."""
        # A store puts a write off whenever it is asked for another one.
        if self._may_be_written and (self._delay is None or delay < self._delay):
            self._delay = delay
            self._store.async_delay_save(self._written, delay)

    async def async_write(self) -> None:
        """Write it now."""
        await self._store.async_save(self._written())

    async def async_remove(self) -> None:
        """Delete it for good, whatever changes later."""
        self._may_be_written = False
        try:
            # A write may be under way, and this one waits for it.
            await self._store.async_save({})
            await self._store.async_remove()
        except OSError as error:
            LOGGER.warning("The file %s could not be deleted (%s); delete it by hand", self._key, type(error).__name__)

    def _written(self) -> dict[str, Any]:
        self._delay = None
        return self._data()


@callback
def async_kept(hass: HomeAssistant, entry: ConfigEntry) -> Kept:
    """Return what is kept of an account."""
    kept = hass.data.setdefault(_KEPT, {})
    if entry.entry_id not in kept:
        kept[entry.entry_id] = Kept(hass, entry)
    return kept[entry.entry_id]


async def async_forget(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget an account that is removed."""
    await async_kept(hass, entry).async_forget()
    del hass.data[_KEPT][entry.entry_id]
