"""A file of Home Assistant's storage that is written with a delay."""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store

from ..const import LOGGER

_VERSION = 1


class StoredFile:
    """A file of Home Assistant's storage that is written some time after the first change. A damaged file counts as empty."""

    def __init__(self, hass: HomeAssistant, key: str, data: Callable[[], dict[str, Any]]) -> None:
        # Private, because it contains names and addresses of computers.
        self._store = Store[dict[str, Any]](hass, _VERSION, key, private=True, atomic_writes=True, serialize_in_event_loop=False)
        self._key = key
        self._data = data
        self._delay: float | None = None
        # False until the file is read, and after it is deleted.
        self._may_be_written = False

    async def async_load(self) -> dict[str, Any]:
        """Return the data of the file. It is empty if the file cannot be used, because all of it can be fetched again."""
        try:
            data = await self._store.async_load()
        except (HomeAssistantError, NotImplementedError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
            LOGGER.warning("The file %s could not be read (%s). Its data will be downloaded again", self._key, type(error).__name__)
            data = None
        self._may_be_written = True
        return data if isinstance(data, dict) else {}

    def schedule_write(self, delay: float) -> None:
        """Write the file after `delay` seconds, or earlier if an earlier write is pending."""
        # `async_delay_save` restarts its delay on each call, so call it only to write earlier.
        if self._may_be_written and (self._delay is None or delay < self._delay):
            self._delay = delay
            self._store.async_delay_save(self._data_to_write, delay)

    async def async_write(self) -> None:
        """Write the file now."""
        await self._store.async_save(self._data_to_write())

    async def async_remove(self) -> None:
        """Delete the file; later changes do not write it again."""
        self._may_be_written = False
        try:
            # A write may be in progress; this one waits for it.
            await self._store.async_save({})
            await self._store.async_remove()
        except OSError as error:
            LOGGER.warning("The file %s could not be deleted (%s). Delete it manually", self._key, type(error).__name__)

    def _data_to_write(self) -> dict[str, Any]:
        self._delay = None
        return self._data()
