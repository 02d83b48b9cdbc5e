"""The preview of a computer's desktop."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .account import GetscreenAccount
from .account.previews import NoPictureError, Picture, async_fetch_picture, desktop_changed
from .api import Once
from .const import LOGGER
from .entities import SMALL_FLEET, AgentEntity, AgentEntityDescription, async_add_agent_entities
from .entry import GetscreenConfigEntry

# The coordinator notifies the entities; a picture is fetched when it is requested.
PARALLEL_UPDATES = 0

# Home Assistant renews tokens every five minutes, and accepts a token until two newer ones exist. Each renewal is a row in the
# recorder's database. So the next two renewals after a use are made, which invalidate the used token, and otherwise one an hour.
_RENEWALS_AFTER_USE = 2
_RENEWAL_INTERVAL = 12


@dataclass(frozen=True, kw_only=True)
class AgentImageDescription(AgentEntityDescription, ImageEntityDescription):
    """A picture of a computer."""


DESCRIPTIONS = (AgentImageDescription(key="preview", max_agents=SMALL_FLEET),)


async def async_setup_entry(hass: HomeAssistant, entry: GetscreenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Set up the previews of an account."""
    await async_add_agent_entities(hass, entry, async_add_entities, AgentImage, DESCRIPTIONS)


class AgentImage(AgentEntity, ImageEntity):
    """The server's newest preview of a computer's desktop."""

    entity_description: AgentImageDescription
    # How many renewals are still to be made because the token was used.
    _renewals_left = _RENEWALS_AFTER_USE
    _gone = False

    def __init__(self, account: GetscreenAccount, agent_id: int, description: AgentImageDescription) -> None:
        AgentEntity.__init__(self, account, agent_id, description)
        # Start at different numbers, so that the tokens of many computers are not renewed at the same time.
        self._renewal_count = agent_id
        # Sets up the access tokens. `verify_ssl=True` keeps Home Assistant from creating its unverified HTTP client, which is not used.
        ImageEntity.__init__(self, account.agents.hass, verify_ssl=True)
        self._picture: Once[Picture] | None = None
        self._last_agent = self.agent
        self._drop_picture()

    @property
    @override
    def available(self) -> bool:
        return super().available and self.agent.preview_address is not None and not self._gone

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        before, self._last_agent = self._last_agent, self.coordinator.data.get(self._agent_id, self._last_agent)
        if desktop_changed(before, self._last_agent):
            self._drop_picture()
        super()._handle_coordinator_update()

    def _drop_picture(self) -> None:
        """Drop the cached picture; the next request fetches a new one."""
        self._gone = False
        if self._last_agent.preview_address is None:
            self._picture = self._attr_image_last_updated = None
        else:
            self._picture = Once(self._async_fetch)
            self._attr_image_last_updated = dt_util.utcnow()

    async def _async_fetch(self) -> Picture:
        """Fetch the picture from the newest link, since older ones may have expired; raises NoPictureError."""
        agent = self.coordinator.data.get(self._agent_id, self._last_agent)
        return await async_fetch_picture(self.account.preview_session, agent.preview_url or "")

    @override
    @callback
    def async_update_token(self) -> None:
        """Renew the token if it was used or an hour has passed. Once an hour, also retry a picture that was gone."""
        self._renewal_count += 1
        if self._gone and not self._renewal_count % _RENEWAL_INTERVAL:
            # The link may only have expired, or a proxy answered, but nothing requests the picture of an unavailable entity.
            self._drop_picture()
        if self._renewals_left:
            self._renewals_left -= 1
        elif self._renewal_count % _RENEWAL_INTERVAL:
            return
        super().async_update_token()

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture; None if it cannot be fetched."""
        self._renewals_left = _RENEWALS_AFTER_USE
        while (picture := self._picture) is not None:
            try:
                image = await picture.get()
            except NoPictureError as error:
                LOGGER.debug("No preview for %s: %s", self.entity_id, error)
                image = None
                if picture is self._picture and error.gone:
                    self._gone = True
                    self.async_write_ha_state()
            # If the desktop changed during the fetch, fetch again.
            if picture is self._picture:
                self._attr_content_type = image.content_type if image else self._attr_content_type
                return image.content if image else None
        return None
