"""Reads what the computers are made of (`agents/info`), in the background and a few at a time."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .agents import AgentsCoordinator
from .api import AgentDetails, GetscreenClient, GetscreenConnectionError, GetscreenError, InvalidResponseError, RequestLimitError
from .const import CONF_HARDWARE_INTERVAL, CONF_SCAN_INTERVAL, LOGGER, option
from .errors import translated_errors
from .kept import async_kept

_AT_ONCE = 3
_TICK = timedelta(minutes=15)
_MOST_FAILURES = 3


class HardwareReader:
    """Keeps the hardware of every agent at most as old as the options say."""

    def __init__(self, agents: AgentsCoordinator, client: GetscreenClient) -> None:
        """Read for the agents of `agents`."""
        self._agents = agents
        self._client = client
        self._interval = timedelta(hours=option(agents.config_entry, CONF_HARDWARE_INTERVAL, int))
        kept = async_kept(agents.hass, agents.config_entry)
        self._limit, self._due_at = kept.limit, kept.hardware_due
        # Computers to try again at the next tick, and how many ticks all are left alone for.
        self._failed: set[int] = set()
        self._rest = 0
        self._failures = 0
        self._task: asyncio.Task[None] | None = None

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Begin, and look again where agents changed and from time to time; return what ends that."""
        if not self._interval:
            return lambda: None
        self._look()
        stop_listening = self._agents.async_add_listener(self._look)
        stop_timer = async_track_time_interval(self._agents.hass, self._tick, _TICK, cancel_on_shutdown=True)

        @callback
        def stop() -> None:
            stop_listening()
            stop_timer()

        return stop

    async def async_read(self, agent_id: int) -> AgentDetails:
        """Read one computer now; errors are told in the user's language."""
        with translated_errors(self._agents.name_of(agent_id)):
            return await self._read(agent_id)

    @callback
    def _tick(self, _now: datetime) -> None:
        self._failed.clear()
        self._rest = max(0, self._rest - 1)
        self._look()

    @callback
    def _look(self) -> None:
        agents, now = self._agents.data, dt_util.utcnow()
        for agent_id in self._due_at.keys() - agents.keys():
            # Should it return, it is new.
            del self._due_at[agent_id]
        if self._rest or self._limit.paused or not self._agents.last_update_success or (self._task and not self._task.done()):
            return
        if due := [agent_id for agent_id in agents if agent_id not in self._failed and self._due_at.get(agent_id, now) <= now]:
            entry = self._agents.config_entry
            self._task = entry.async_create_background_task(self._agents.hass, self._read_all(due), f"{entry.title} hardware")

    async def _read_all(self, due: list[int]) -> None:
        self._failures = 0
        queue = iter(due)
        async with asyncio.TaskGroup() as workers:
            for _ in range(_AT_ONCE):
                workers.create_task(self._work(queue))

    async def _work(self, queue: Iterator[int]) -> None:
        for agent_id in queue:
            try:
                await self._read(agent_id)
            except RequestLimitError as error:
                seconds = option(self._agents.config_entry, CONF_SCAN_INTERVAL, int)
                self._limit.meet("hardware", seconds, error.retry_after)
                self._leave(queue, error.retry_after)
            except (GetscreenConnectionError, InvalidResponseError) as error:
                LOGGER.debug("The hardware of agent %s could not be read: %s", agent_id, error)
                self._failed.add(agent_id)
                self._failures += 1
                if self._failures >= _MOST_FAILURES:
                    # It is not this one computer.
                    self._leave(queue, error.retry_after if isinstance(error, GetscreenConnectionError) else None)
            except GetscreenError as error:
                LOGGER.debug("There is no hardware of agent %s: %s", agent_id, error)
                self._due_at[agent_id] = dt_util.utcnow() + self._interval
            else:
                self._failures = 0

    def _leave(self, queue: Iterator[int], seconds: float | None) -> None:
        """Leave the rest for another tick, and for so many seconds."""
        self._rest = 1 + int((seconds or 0) // _TICK.total_seconds())
        for _ in queue:
            pass

    async def _read(self, agent_id: int) -> AgentDetails:
        details = await self._client.get_agent(agent_id)
        self._limit.pass_by("hardware")
        self._due_at[agent_id] = dt_util.utcnow() + self._interval
        if details.hardware is not None:
            self._agents.async_set_hardware(agent_id, details.hardware)
        return details
