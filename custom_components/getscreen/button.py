"""Buttons that command a computer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonDeviceClass, ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.agents import COMMANDS_AT_ONCE, AgentsCoordinator
from .account.coordinator import GetscreenConfigEntry
from .api import OperatingSystem
from .entities.base import LARGE_FLEET, NEVER, AgentEntity, AgentEntityDescription, async_add_agent_entities

# The account's gate of commands lets no more through.
PARALLEL_UPDATES = COMMANDS_AT_ONCE


@dataclass(frozen=True, kw_only=True)
class AgentButtonDescription(AgentEntityDescription, ButtonEntityDescription):
    """A button, and the command it gives."""

    press_fn: Callable[[AgentsCoordinator, int], Awaitable[None]]


DESCRIPTIONS = (
    AgentButtonDescription(
        key="wake",
        most_agents=LARGE_FLEET,
        press_fn=lambda agents, agent_id: agents.async_wake(agent_id),
    ),
    AgentButtonDescription(
        key="reboot",
        device_class=ButtonDeviceClass.RESTART,
        # A primary button would be pressed by `button.press` on an area or device, which is to wake computers only.
        entity_category=EntityCategory.CONFIG,
        most_agents=LARGE_FLEET,
        press_fn=lambda agents, agent_id: agents.async_reboot(agent_id),
    ),
    AgentButtonDescription(
        key="reboot_safe_mode",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        most_agents=NEVER,
        press_fn=lambda agents, agent_id: agents.async_reboot(agent_id, safe_mode=True),
        only=OperatingSystem.WINDOWS,
    ),
    AgentButtonDescription(
        key="logout",
        entity_category=EntityCategory.CONFIG,
        most_agents=NEVER,
        press_fn=lambda agents, agent_id: agents.async_logout(agent_id),
    ),
)


async def async_setup_entry(hass: HomeAssistant, entry: GetscreenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Set up the buttons of an account."""
    await async_add_agent_entities(hass, entry, async_add_entities, AgentButton, DESCRIPTIONS)


class AgentButton(AgentEntity, ButtonEntity):
    """A command to a computer."""

    entity_description: AgentButtonDescription

    @override
    async def async_press(self) -> None:
        """Give the command."""
        await self.entity_description.press_fn(self.coordinator, self._agent_id)
