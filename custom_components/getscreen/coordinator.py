"""What the polls of an account have in common: their interval, and Home Assistant's errors for the client's."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, override

from aiohttp import ClientSession
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .api import AccessDeniedError, GetscreenClient, GetscreenError
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
    previews: ClientSession
    recordings: ClientSession
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
        try:
            data = await self._fetch()
        except GetscreenError as error:
            texts = translate(error, self.config_entry.title)
            if self._proves_key and isinstance(error, AccessDeniedError):
                raise ConfigEntryAuthFailed(**texts) from error
            raise UpdateFailed(**texts, retry_after=self.limit.pause_for(self._subject, error)) from error
        self.limit.pass_by(self._subject)
        return data
