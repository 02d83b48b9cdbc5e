"""A switch for a computer's permanent link, which gives access without an expiry date."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.commands import COMMANDS_AT_ONCE
from .entities import NEVER, AgentEntity, AgentEntityDescription, async_add_agent_entities
from .entry import GetscreenConfigEntry

# The account limits all its commands to the same number at a time.
PARALLEL_UPDATES = COMMANDS_AT_ONCE


@dataclass(frozen=True, kw_only=True)
class AgentSwitchDescription(AgentEntityDescription, SwitchEntityDescription):
    """A switch of every computer."""


DESCRIPTIONS = (AgentSwitchDescription(key="permanent_link", entity_category=EntityCategory.CONFIG, max_agents=NEVER),)


async def async_setup_entry(hass: HomeAssistant, entry: GetscreenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Set up the switches of an account."""
    await async_add_agent_entities(hass, entry, async_add_entities, PermanentLinkSwitch, DESCRIPTIONS)


class PermanentLinkSwitch(AgentEntity, SwitchEntity):
    """Whether a computer has a permanent link. The link itself is a secret, so it appears in no state."""

    @property
    @override
    def is_on(self) -> bool:
        return self.agent.permanent_link is not None

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Give the computer a permanent link, the former one if it had one (`devices/update`); raises HomeAssistantError."""
        await self.account.commands.async_update_device(self._agent_id, permanent_link=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Remove the permanent link (`devices/update`); raises HomeAssistantError."""
        await self.account.commands.async_update_device(self._agent_id, permanent_link=False)
