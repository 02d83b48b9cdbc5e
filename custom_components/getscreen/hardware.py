"""Reads what the computers are made of (`agents/info`), in the background and a few at a time."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .api import GetscreenClient, GetscreenConnectionError, GetscreenError, RequestLimitError
from .const import CONF_HARDWARE_INTERVAL, LOGGER, option
from .errors import translated_errors

if TYPE_CHECKING:
    from .coordinator import AgentsCoordinator

_AT_ONCE = 3
_CHECK_INTERVAL = timedelta(minutes=15)


class HardwareReader:
    """Keeps the hardware of every agent at most as old as the options say."""

    def __init__(self, agents: AgentsCoordinator, client: GetscreenClient) -> None:
        """Read for the agents of `agents`."""
        self._agents = agents
        self._client = client
        self._interval = timedelta(hours=option(agents.config_entry, CONF_HARDWARE_INTERVAL, int))
        self._task: asyncio.Task[None] | None = None

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Begin, and look again where agents changed and from time to time; return what ends that."""
        if not self._interval:
            return lambda: None
        self._look()
        stop_listening = self._agents.async_add_listener(self._look)
        stop_timer = async_track_time_interval(self._agents.hass, self._look, _CHECK_INTERVAL, cancel_on_shutdown=True)

        @callback
        def stop() -> None:
            stop_listening()
            stop_timer()

        return stop

    async def async_read(self, agent_id: int) -> None:
        """Read one computer now; errors are told in the user's language."""
        with translated_errors(self._agents.name_of(agent_id)):
            await self._read(agent_id)

    @callback
    def _look(self, _now: datetime | None = None) -> None:
        if not self._agents.last_update_success or (self._task and not self._task.done()):
            return
        if due := self._due():
            entry = self._agents.config_entry
            self._task = entry.async_create_background_task(self._agents.hass, self._read_all(due), f"{entry.title} hardware")

    def _due(self) -> list[int]:
        records, latest = self._agents.hardware, dt_util.utcnow() - self._interval
        return [agent_id for agent_id in self._agents.data if (record := records.get(agent_id)) is None or record.updated <= latest]

    async def _read_all(self, due: list[int]) -> None:
        queue = iter(due)
        async with asyncio.TaskGroup() as workers:
            for _ in range(_AT_ONCE):
                workers.create_task(self._work(queue))

    async def _work(self, queue: Iterator[int]) -> None:
        for agent_id in queue:
            try:
                await self._read(agent_id)
            except RequestLimitError, GetscreenConnectionError:
                # This concerns all of them: leave the rest for another time.
                for _ in queue:
                    pass
            except GetscreenError as error:
                LOGGER.debug("No hardware of agent %s: %s", agent_id, error)
                self._agents.async_set_hardware(agent_id, None)

    async def _read(self, agent_id: int) -> None:
        details = await self._client.get_agent(agent_id)
        self._agents.async_set_hardware(agent_id, details.hardware)
