"""What the polls of an account have in common: their interval, and Home Assistant's errors for the client's."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, override

from aiohttp import ClientSession
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .api import AccessDeniedError, GetscreenClient, GetscreenError, Invitation
from .backoff import Refusals
from .const import LOGGER
from .errors import translate
from .kept import async_kept
from .options import CONF_SCAN_INTERVAL, option

if TYPE_CHECKING:
    from .agents import AgentsCoordinator
    from .hardware import HardwareReader
    from .history import History
    from .invitations import InvitationsCoordinator
    from .requests import RequestCounter

type GetscreenConfigEntry = ConfigEntry[GetscreenData]


@dataclass(frozen=True, slots=True, kw_only=True)
class GetscreenData:
    """What belongs to an account while it is set up."""

    client: GetscreenClient
    agents: AgentsCoordinator
    invitations: InvitationsCoordinator | None
    hardware: HardwareReader
    history: History
    previews: ClientSession
    recordings: ClientSession
    requests: RequestCounter

    @property
    def open_invitations(self) -> Mapping[int, Invitation]:
        """The open invitations by id; none where they are not polled."""
        return self.invitations.data.invitations if self.invitations and self.invitations.data else {}


class GetscreenCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """A poll of one method, `_fetch`; whatever goes wrong with it is handled here."""

    config_entry: GetscreenConfigEntry
    _subject: ClassVar[str]
    # Errors that mean that the server works, and will refuse the next request too.
    _refusals: ClassVar[tuple[type[GetscreenError], ...]] = (AccessDeniedError,)

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry, client: GetscreenClient, refusals: Refusals) -> None:
        """Poll as often as the account's options say; `refusals` holds this poll back while it is refused."""
        self.client = client
        self.refusals = refusals
        self.kept = async_kept(hass, entry)
        self.limit = self.kept.limit
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
        """Why this poll is to wait: the plan's limit, a server that said for how long it is in trouble, or refusals; None if it is not."""
        return self.limit.held(self._subject) or (AccessDeniedError("paused") if self.refusals.paused else None)

    @abstractmethod
    async def _fetch(self) -> DataT:
        """Ask the client."""

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
            # After a restart, nothing is known yet of what is still paused.
            self.async_set_update_error(self._failure(reason))
        return reason is None

    @override
    async def _async_update_data(self) -> DataT:
        try:
            data = await self._fetch()
        except GetscreenError as error:
            LOGGER.debug("%s: %s", self.name, error)
            pause = self.limit.pause_for(self._subject, error)
            if isinstance(error, self._refusals) and not self._shutdown_requested:
                pause = self._async_refused()
            raise self._failure(error, pause) from error
        self.limit.pass_by(self._subject)
        self.refusals.async_forget()
        return data

    @callback
    def _async_refused(self) -> float | None:
        """Take note of a refusal, and return the seconds until the next poll; None for the usual interval."""
        return self.refusals.async_refused()

    def _failure(self, error: GetscreenError, retry_after: float | None = None) -> UpdateFailed:
        return UpdateFailed(**translate(error, self.config_entry.title), retry_after=retry_after)
