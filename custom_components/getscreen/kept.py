"""What is kept of an account beyond a reload of its entry, and in files beyond a restart, until it is removed."""

from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .api import GetscreenClient
from .const import DOMAIN, LOGGER
from .hardware_record import HardwareRecord
from .limit import Limit
from .requests import RequestCounter

_KEPT: HassKey[dict[str, Kept]] = HassKey(DOMAIN)

_VERSION = 1
# Seconds until a change is written: a pause is worth a write, the count of requests moves all the time, and the hardware of a large
# fleet makes a large file. Home Assistant writes what is open when it stops.
_LIMIT_DELAY = 1
_REQUESTS_DELAY = 15 * 60
_HARDWARE_DELAY = 60 * 60


class Kept:
    """What has cost requests, or tells how many may be made; hardware by agent id."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin with nothing."""
        self.limit = Limit(hass, entry, lambda: self._account.changed(_LIMIT_DELAY))
        self.requests = RequestCounter()
        self.hardware: dict[int, HardwareRecord] = {}
        self._loaded = False
        self._account = _File(hass, f"{DOMAIN}.{entry.entry_id}", self._account_data)
        self._hardware = _File(hass, f"{DOMAIN}.{entry.entry_id}.hardware", self._hardware_data)

    async def async_load(self, hass: HomeAssistant) -> None:
        """Read what an earlier run of Home Assistant has left, unless that was done."""
        if self._loaded:
            return
        self._loaded = True
        account = await self._account.async_load()
        self.requests.restore(account.get("requests"))
        self.limit.restore(account.get("limit"))
        hardware = await self._hardware.async_load()
        # Thousands of records would hold up the event loop.
        self.hardware.update(await hass.async_add_executor_job(HardwareRecord.read_all, hardware))

    @callback
    def async_requests_made(self) -> None:
        """Take note that there were requests."""
        self._account.changed(_REQUESTS_DELAY)

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
        for agent_id in [agent_id for agent_id, record in self.hardware.items() if record.hardware is None]:
            self.async_set_hardware(agent_id, None)

    async def async_forget(self) -> None:
        """Forget all of it."""
        self.limit.forget()
        await self._account.async_remove()
        await self._hardware.async_remove()

    def _account_data(self) -> dict[str, Any]:
        return {"limit": self.limit.saved(), "requests": self.requests.saved()}

    def _hardware_data(self) -> dict[str, Any]:
        return {str(agent_id): record.saved() for agent_id, record in self.hardware.copy().items()}


class _File:
    """A file of Home Assistant's storage, written some time after the first change, and read whatever has become of it."""

    def __init__(self, hass: HomeAssistant, key: str, data: Callable[[], dict[str, Any]]) -> None:
        # Private, since it names computers and their addresses.
        self._store = Store[dict[str, Any]](hass, _VERSION, key, private=True, atomic_writes=True, serialize_in_event_loop=False)
        self._key = key
        self._data = data
        self._delay: float | None = None
        self._removed = False

    async def async_load(self) -> dict[str, Any]:
        """Return what is in it; nothing where that cannot be used, since all of it can be had again."""
        try:
            data = await self._store.async_load()
        except (HomeAssistantError, NotImplementedError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
            LOGGER.warning("What was kept in the file %s cannot be used (%s), and is gathered anew", self._key, type(error).__name__)
            data = None
        return data if isinstance(data, dict) else {}

    def changed(self, delay: float) -> None:
        """Write it after so many seconds, or earlier if it is to be written earlier anyway."""
        # A store puts a write off whenever it is asked for another one.
        if not self._removed and (self._delay is None or delay < self._delay):
            self._delay = delay
            self._store.async_delay_save(self._written, delay)

    async def async_remove(self) -> None:
        """Delete it for good, whatever changes later."""
        self._removed = True
        # A write may be under way, and this one waits for it.
        await self._store.async_save({})
        await self._store.async_remove()

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


@callback
def async_count(hass: HomeAssistant, entry: ConfigEntry, client: GetscreenClient) -> None:
    """Count what another client than the account's own has done, if the account is still there."""
    if kept := hass.data.get(_KEPT, {}).get(entry.entry_id):
        kept.requests.async_add(client)
        kept.async_requests_made()


async def async_forget(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget an account that is removed."""
    await async_kept(hass, entry).async_forget()
    del hass.data[_KEPT][entry.entry_id]
