"""What the polls of an account have in common: their interval, pauses, and Home Assistant's errors for the client's."""

from abc import abstractmethod
from datetime import timedelta
from typing import ClassVar, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from ..api import AccessDeniedError, GetscreenClient, GetscreenError, RequestLimitError
from ..const import LOGGER
from ..entry import GetscreenConfigEntry
from ..exceptions import translate
from .identifiers import pace_signal
from .pauses import Kind
from .store import AccountStore


class GetscreenCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """A poll of one method, `_fetch`, at the interval of the schedule; its failures are handled here."""

    config_entry: GetscreenConfigEntry
    _kind: ClassVar[Kind]
    # Errors that mean that the server works, and will refuse the next request too.
    _refusals: ClassVar[tuple[type[GetscreenError], ...]] = (AccessDeniedError,)

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry, client: GetscreenClient, store: AccountStore) -> None:
        """Poll with a client of the account, at the gate of polls."""
        self.client = client.under(store.schedule.polls)
        self.store = store
        self.schedule = store.schedule
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {self._kind}",
            update_interval=self._interval(),
            always_update=False,
        )

    @property
    def held(self) -> GetscreenError | None:
        """Why this poll is paused: the plan's limit, the server's `Retry-After`, or refusals; None if it is not."""
        return self.schedule.held(self._kind)

    @abstractmethod
    async def _fetch(self) -> DataT:
        """Send the request, and return the data; raises the client's errors."""

    def _interval(self) -> timedelta | None:
        return timedelta(seconds=self.schedule.interval(self._kind))

    @override
    async def _async_setup(self) -> None:
        if (reason := self.held) is not None:
            raise self._failure(reason)

    @override
    async def async_refresh(self) -> None:
        """Poll now, unless a pause or the budget forbids it. The timer's polls need no such check: they come when they are due."""
        if self._may_refresh():
            await super().async_refresh()

    @override
    async def async_request_refresh(self) -> None:
        """Poll within ten seconds, unless a pause or the budget forbids it."""
        if self._may_refresh():
            await super().async_request_refresh()

    @callback
    def _may_refresh(self) -> bool:
        if self._shutdown_requested:
            return False
        if (reason := self.held) is not None:
            # After a restart during a pause, there is no data yet.
            self.async_set_update_error(self._failure(reason))
            return False
        # Entities need data: the first poll is sent whatever is left.
        return self.data is None or self.schedule.may_poll_early

    @override
    async def _async_update_data(self) -> DataT:
        # What comes here is due: `async_refresh` and `_async_setup` have asked, and a timer was set for the end of a pause.
        self.schedule.pauses.end_for(self._kind)
        try:
            data = await self._fetch()
        except GetscreenError as error:
            LOGGER.debug("%s: %s", self.name, error)
            if isinstance(error, self._expected()):
                return self.data
            if isinstance(error, self._refusals) and not self._shutdown_requested:
                self._async_refused()
            raise self._failure(error, self.schedule.pauses.wait(self._kind)) from error
        self.schedule.pauses.allow(self._kind)
        return data

    @callback
    def _async_plan_next(self) -> None:
        """Take over the interval to the next poll."""
        self.update_interval = self._interval()
        async_dispatcher_send(self.hass, pace_signal(self.config_entry))

    def _expected(self) -> tuple[type[GetscreenError], ...]:
        """Return the errors that leave the data as good as it was."""
        return (RequestLimitError,) if self.data and self.schedule.expects_refusals else ()

    @callback
    def _async_refused(self) -> None:
        """Count a refusal."""
        self.schedule.pauses.refuse(self._kind)

    def _failure(self, error: GetscreenError, retry_after: float | None = None) -> UpdateFailed:
        return UpdateFailed(**translate(error, self.config_entry.title), retry_after=retry_after)
