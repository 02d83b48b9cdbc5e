"""The base class of an account's coordinators: interval, pauses and errors of polls."""

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
    """Polls one API method by `_fetch`, at the interval of the schedule. A poll that fails raises UpdateFailed with a text for the user."""

    config_entry: GetscreenConfigEntry
    _kind: ClassVar[Kind]
    # Errors which mean that the server works, but will refuse the next poll too.
    _refusals: ClassVar[tuple[type[GetscreenError], ...]] = (AccessDeniedError,)

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry, client: GetscreenClient, store: AccountStore) -> None:
        """Poll with the account's client, at the schedule's gate for polls."""
        self.client = client.with_gate(store.schedule.poll_gate)
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
    def wait_reason(self) -> GetscreenError | None:
        """Why this poll is paused: the plan's limit, the server's `Retry-After`, or refusals; None if it is not."""
        return self.schedule.wait_reason(self._kind)

    @abstractmethod
    async def _fetch(self) -> DataT:
        """Send the request, and return the data. Raises GetscreenError."""

    def _interval(self) -> timedelta | None:
        return timedelta(seconds=self.schedule.interval(self._kind))

    @override
    async def _async_setup(self) -> None:
        if (reason := self.wait_reason) is not None:
            raise self._failure(reason)

    @override
    async def async_refresh(self) -> None:
        """Poll now, unless a pause or the budget forbids it. Polls of the timer are not checked, because they come when they are due."""
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
        if (reason := self.wait_reason) is not None:
            # After a restart during a pause, there is no data yet.
            self.async_set_update_error(self._failure(reason))
            return False
        # Entities need data, so the first poll is sent even if the budget is used up.
        return self.data is None or self.schedule.may_poll_early

    @override
    async def _async_update_data(self) -> DataT:
        # This poll is due: `async_refresh` and `_async_setup` have checked for a pause, and a timer was set for the end of one.
        self.schedule.pauses.end_for(self._kind)
        try:
            data = await self._fetch()
        except GetscreenError as error:
            LOGGER.debug("%s: %s", self.name, error)
            if isinstance(error, self._expected()):
                return self.data
            if isinstance(error, self._refusals) and not self._shutdown_requested:
                self._async_refused()
            raise self._failure(error, self.schedule.pauses.seconds_left(self._kind)) from error
        self.schedule.pauses.reset_refusals(self._kind)
        return data

    @callback
    def _async_plan_next(self) -> None:
        """Apply the schedule's interval to the next poll, and notify of it."""
        self.update_interval = self._interval()
        async_dispatcher_send(self.hass, pace_signal(self.config_entry))

    def _expected(self) -> tuple[type[GetscreenError], ...]:
        """Return the errors after which the data still counts as current, so that the poll has not failed."""
        return (RequestLimitError,) if self.data and self.schedule.expects_refusals else ()

    @callback
    def _async_refused(self) -> None:
        """Count a refusal."""
        self.schedule.pauses.count_refusal(self._kind)

    def _failure(self, error: GetscreenError, retry_after: float | None = None) -> UpdateFailed:
        return UpdateFailed(**translate(error, self.config_entry.title), retry_after=retry_after)
