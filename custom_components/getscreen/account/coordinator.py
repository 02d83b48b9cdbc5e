"""What the polls of an account have in common: their interval, pauses, and Home Assistant's errors for the client's."""

from abc import abstractmethod
from datetime import timedelta
from typing import ClassVar, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from ..api import AccessDeniedError, GetscreenClient, GetscreenError
from ..const import LOGGER
from ..exceptions import translate
from ..options import CONF_SCAN_INTERVAL, option
from .backoff import Refusals
from .store import AccountStore


class GetscreenCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """A poll of one method, `_fetch`; its failures are handled here."""

    config_entry: ConfigEntry
    _subject: ClassVar[str]
    # Errors that mean that the server works, and will refuse the next request too.
    _refusals: ClassVar[tuple[type[GetscreenError], ...]] = (AccessDeniedError,)

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, client: GetscreenClient, store: AccountStore, refusals: Refusals) -> None:
        """Poll at the update interval of the account's options; `refusals` backs off while the poll is refused."""
        self.client = client
        self.store = store
        self.refusals = refusals
        self._limit = store.limit
        self._scan_interval = timedelta(seconds=option(entry, CONF_SCAN_INTERVAL, int))
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {self._subject}",
            update_interval=self._scan_interval,
            always_update=False,
        )

    @property
    def held(self) -> GetscreenError | None:
        """Why this poll is paused: the plan's limit, the server's `Retry-After`, or refusals; None if it is not."""
        return self._limit.held(self._subject) or (AccessDeniedError("paused") if self.refusals.paused else None)

    @abstractmethod
    async def _fetch(self) -> DataT:
        """Send the request, and return the data; raises the client's errors."""

    @override
    async def _async_setup(self) -> None:
        if (reason := self.held) is not None:
            raise self._failure(reason)

    @override
    async def async_refresh(self) -> None:
        """Poll now, unless a pause forbids it. The timer's polls need no such check: a pause puts them off."""
        if self._may_refresh():
            await super().async_refresh()

    @override
    async def async_request_refresh(self) -> None:
        """Poll within ten seconds, unless a pause forbids it."""
        if self._may_refresh():
            await super().async_request_refresh()

    @callback
    def _may_refresh(self) -> bool:
        if self._shutdown_requested:
            return False
        if (reason := self.held) is not None:
            # After a restart during a pause, there is no data yet.
            self.async_set_update_error(self._failure(reason))
        return reason is None

    @override
    async def _async_update_data(self) -> DataT:
        try:
            data = await self._fetch()
        except GetscreenError as error:
            LOGGER.debug("%s: %s", self.name, error)
            pause = self._limit.pause_for(self._subject, error)
            if isinstance(error, self._refusals) and not self._shutdown_requested:
                pause = self._async_refused()
            raise self._failure(error, pause) from error
        self._limit.pass_by(self._subject)
        self.refusals.async_forget()
        return data

    @callback
    def _async_refused(self) -> float | None:
        """Count a refusal, and return the seconds until the next poll; None for the usual interval."""
        return self.refusals.async_refused()

    def _failure(self, error: GetscreenError, retry_after: float | None = None) -> UpdateFailed:
        return UpdateFailed(**translate(error, self.config_entry.title), retry_after=retry_after)
