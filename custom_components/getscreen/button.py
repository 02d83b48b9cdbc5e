"""Buttons that send a command to a computer: wake, reboot, reboot in safe mode, log out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonDeviceClass, ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.commands import COMMANDS_AT_ONCE, Commands
from .api import OperatingSystem
from .entities import LARGE_FLEET, NEVER, AgentEntity, AgentEntityDescription, async_add_agent_entities
from .entry import GetscreenConfigEntry

# The account limits all its commands to the same number at a time.
PARALLEL_UPDATES = COMMANDS_AT_ONCE


@dataclass(frozen=True, kw_only=True)
class AgentButtonDescription(AgentEntityDescription, ButtonEntityDescription):
    """A button, and the command that it sends."""

    press_fn: Callable[[Commands, int], Awaitable[None]]


DESCRIPTIONS = (
    AgentButtonDescription(
        key="wake",
        max_agents=LARGE_FLEET,
        press_fn=lambda commands, agent_id: commands.async_wake(agent_id),
    ),
    AgentButtonDescription(
        key="reboot",
        device_class=ButtonDeviceClass.RESTART,
        # Not a primary entity: `button.press` on an area or a device presses all primary buttons, and must not reboot computers.
        entity_category=EntityCategory.CONFIG,
        max_agents=LARGE_FLEET,
        press_fn=lambda commands, agent_id: commands.async_reboot(agent_id),
    ),
    AgentButtonDescription(
        key="reboot_safe_mode",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        max_agents=NEVER,
        press_fn=lambda commands, agent_id: commands.async_reboot(agent_id, safe_mode=True),
        only=OperatingSystem.WINDOWS,
    ),
    AgentButtonDescription(
        key="logout",
        entity_category=EntityCategory.CONFIG,
        max_agents=NEVER,
        press_fn=lambda commands, agent_id: commands.async_logout(agent_id),
    ),
)


async def async_setup_entry(hass: HomeAssistant, entry: GetscreenConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback) -> None:
    """Set up the buttons of an account."""
    await async_add_agent_entities(hass, entry, async_add_entities, AgentButton, DESCRIPTIONS)


class AgentButton(AgentEntity, ButtonEntity):
    """A button that sends a command to a computer."""

    entity_description: AgentButtonDescription

    @override
    async def async_press(self) -> None:
        """Send the command; raises HomeAssistantError if it fails."""
        await self.entity_description.press_fn(self.account.commands, self._agent_id)
