"""What the polls of an account have in common: their interval, and Home Assistant's errors for the client's."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .api import (
    AccessDeniedError,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    RequestLimitError,
)
from .const import CONF_SCAN_INTERVAL, LOGGER, option
from .errors import translate
from .kept import async_kept

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
    requests: RequestCounter


class GetscreenCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """A poll of one method, `_fetch`; whatever goes wrong with it is handled here."""

    config_entry: GetscreenConfigEntry
    _subject: ClassVar[str]
    # Whether a refusal means that the key is no good.
    _proves_key: ClassVar[bool] = False

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry, client: GetscreenClient) -> None:
        """Poll as often as the account's options say."""
        self.client = client
        self.limit = async_kept(hass, entry).limit
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
    def held(self) -> bool:
        """Whether this poll is to wait, for the plan's limit or a server that said for how long it is out of order."""
        return self.limit.held(self._subject) is not None

    @abstractmethod
    async def _fetch(self) -> DataT:
        """Ask the client."""

    @override
    async def _async_setup(self) -> None:
        if (reason := self.limit.held(self._subject)) is not None:
            raise UpdateFailed(**translate(reason, self.config_entry.title))

    @override
    async def _async_update_data(self) -> DataT:
        entry = self.config_entry
        try:
            data = await self._fetch()
        except AccessDeniedError as error:
            failure = ConfigEntryAuthFailed if self._proves_key else UpdateFailed
            raise failure(**translate(error, entry.title)) from error
        except RequestLimitError as error:
            seconds = self.limit.meet(self._subject, self._scan_interval.total_seconds(), error.retry_after)
            raise UpdateFailed(**translate(error, entry.title), retry_after=seconds) from error
        except GetscreenConnectionError as error:
            if error.retry_after is None:
                raise UpdateFailed(**translate(error, entry.title)) from error
            seconds = self.limit.defer(self._subject, self._scan_interval.total_seconds(), error.retry_after)
            raise UpdateFailed(**translate(error, entry.title), retry_after=seconds) from error
        except GetscreenError as error:
            raise UpdateFailed(**translate(error, entry.title)) from error
        self.limit.pass_by(self._subject)
        return data
