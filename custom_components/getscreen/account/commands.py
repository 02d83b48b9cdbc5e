"""Sends the commands to the account's computers."""

import asyncio
from collections.abc import Coroutine
from contextlib import closing
from dataclasses import replace
from typing import Any

from ..api import AccessDeniedError, Agent, GetscreenClient
from ..exceptions import translated_errors
from .agents import AgentsCoordinator
from .registry import async_device_name
from .transitions import Transition

# Commands to hundreds of computers must not look like an attack.
COMMANDS_AT_ONCE = 10


class Commands:
    """Sends commands to the account's computers. If a command fails, HomeAssistantError is raised with a text for the user."""

    def __init__(self, client: GetscreenClient, agents: AgentsCoordinator) -> None:
        self.semaphore = asyncio.Semaphore(COMMANDS_AT_ONCE)
        """Limits how many commands of actions, buttons, switches and `update_entity` are sent at a time. Polls are not limited by it."""
        self._agents = agents
        self._client = client

    async def async_wake(self, agent_id: int) -> None:
        """Wake a computer (`agents/wake`), and poll more often until it is online. Raises HomeAssistantError."""
        await self._send(agent_id, self._client.wake(agent_id))
        agent = self._agents.data.get(agent_id)
        if not (agent and agent.online):
            self._agents.async_boost(Transition(agent_id, restart=False))

    async def async_reboot(self, agent_id: int, *, safe_mode: bool = False) -> None:
        """Reboot a computer (`agents/reboot`), and poll more often until it is back online. Raises HomeAssistantError."""
        await self._send(agent_id, self._client.reboot(agent_id, safe_mode=safe_mode))
        self._agents.async_boost(Transition(agent_id, restart=True))

    async def async_logout(self, agent_id: int) -> None:
        """Remove a computer from the account permanently (`agents/logout`), and remove its device. Raises HomeAssistantError."""
        await self._send(agent_id, self._client.logout(agent_id))
        self._agents.async_drop(agent_id)

    async def async_connect(self, agent_id: int, *, record_video: bool | None) -> str:
        """Return a connection link (`agents/connect`), a secret that opens one session on a computer.

        `record_video`: whether the session is recorded; None leaves that to the account's settings. Raises HomeAssistantError.
        """
        return await self._send(agent_id, self._client.connect(agent_id, record_video=record_video))

    async def async_update_device(self, agent_id: int, **changes: Any) -> Agent | None:
        """Change a computer (`devices/update`), and return its agent with the changes; None if the agent is unknown.

        `changes`: the arguments of GetscreenClient.update_device. Raises HomeAssistantError.
        """
        agents = self._agents
        known = agents.data.get(agent_id)
        with agents.while_set_up(agent_id):
            agent = await self._send(agent_id, self._client.update_device(agent_id, **changes))
        # An answer without `online` does not describe the computer's current state.
        if agent is not None and agent.online is not None and known is not None:
            agent = agent.corrected_by(known)
            agents.async_replace(agent)
            return agent
        await agents.async_refresh_shared(after_change=True)
        # The computer has its new name even if the poll fails, or if the entry's filter excludes that name.
        known = agents.data.get(agent_id, known)
        return known and replace(known, name=changes.get("name", known.name))

    async def _send[T](self, agent_id: int, request: Coroutine[Any, Any, T]) -> T:
        agents = self._agents
        with closing(request), translated_errors(async_device_name(agents.hass, agents.config_entry, agent_id)):
            try:
                async with self.semaphore:
                    return await request
            except AccessDeniedError:
                # The server refuses either the key or this computer only; a poll shows which.
                await agents.async_refresh_shared()
                raise
