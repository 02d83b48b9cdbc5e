"""Reads the hardware of the computers (`agents/info`) in the background, a few at a time."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..api import (
    AgentDetails,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
)
from ..const import LOGGER
from ..exceptions import translated_errors
from .agents import AgentsCoordinator
from .hardware_queue import CONCURRENT_READS, PERIOD, HardwareQueue
from .hardware_record import HardwareRecord
from .identifiers import hardware_signal
from .pauses import Kind
from .registry import AgentDevices, async_device_name
from .user_requests import UserRequests


class HardwareReader:
    """Reads the hardware of every computer that was online since its last reading, at the interval of the options."""

    def __init__(
        self,
        client: GetscreenClient,
        agents: AgentsCoordinator,
        devices: AgentDevices,
        *,
        user_requests: UserRequests,
        command_semaphore: asyncio.Semaphore,
        interval: timedelta,
    ) -> None:
        """Prepare for reading each computer once in `interval`; if it is zero, hardware is read on request only."""
        self._agents = agents
        self._devices = devices
        self._user_requests = user_requests
        self._command_semaphore = command_semaphore
        self._client = client
        self._schedule = agents.schedule
        self._interval = interval
        self._queue = HardwareQueue(interval, self.records, ())
        self._is_reading = False
        self._stop_batches: CALLBACK_TYPE = lambda: None
        self._batch_interval = timedelta()

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Start reading hardware: now, when agents change, and in batches; return a function that stops this."""
        if not self._interval:
            self._schedule.hardware_rate = 0.0
            return lambda: None
        self._queue = HardwareQueue(self._interval, self.records, self._agents.data)
        self._read_new()
        stop_listening = self._agents.async_add_listener(self._read_new)
        stop_periods = async_track_time_interval(self._agents.hass, self._end_period, PERIOD, cancel_on_shutdown=True)

        @callback
        def stop() -> None:
            stop_listening()
            stop_periods()
            self._stop_batches()

        return stop

    @property
    def records(self) -> Mapping[int, HardwareRecord]:
        """The hardware that was read, by agent id."""
        return self._agents.store.hardware

    async def async_read(self, agent_id: int, *, as_command: bool) -> AgentDetails:
        """Read one computer now (`agents/info`); return its agent and hardware. Raises HomeAssistantError.

        The request waits for the user's semaphore; with `as_command`, for that of the commands.
        """
        agents, semaphore = self._agents, self._command_semaphore if as_command else None
        read = partial(self._read, self._client, agent_id)
        with agents.while_set_up(agent_id), translated_errors(async_device_name(agents.hass, agents.config_entry, agent_id)):
            return await self._user_requests.async_send((Kind.HARDWARE, agent_id), read, semaphore)

    @callback
    def _end_period(self, _now: datetime) -> None:
        self._queue.end_period()
        self._read_new()

    @callback
    def _read_new(self) -> None:
        """Read new computers now, if possible, and adjust the time between batches to the number of computers and to the budget."""
        self._schedule.hardware_rate = len(self._agents.data) / self._interval.total_seconds()
        self._set_batch_timer()
        if self._is_reading or self._has_to_wait or not self._schedule.plan.has_room_for_watchers:
            return
        if new := self._queue.take_new(self._agents.data):
            self._start_reading(new, in_batch=False)

    @callback
    def _set_batch_timer(self) -> None:
        batch_interval = self._queue.batch_interval(len(self._agents.data))
        if self._schedule.plan.is_limited and self._agents.data:
            batch_interval = max(batch_interval, timedelta(seconds=self._schedule.interval(Kind.HARDWARE)))
        if abs(batch_interval - self._batch_interval) < self._batch_interval / 10:
            return
        self._batch_interval = batch_interval
        self._stop_batches()
        self._stop_batches = async_track_time_interval(self._agents.hass, self._read_batch, batch_interval, cancel_on_shutdown=True)

    @callback
    def _read_batch(self, _now: datetime) -> None:
        if self._is_reading or self._has_to_wait:
            return
        # If the plan's limit is known, batches come as often as the budget allows one reading.
        max_count = 1 if self._schedule.plan.is_limited else None
        if found := self._queue.take_batch(self._agents.data, dt_util.utcnow(), max_count):
            self._start_reading(found, in_batch=True)
        else:
            # The computers whose requests met the plan's limit may be gone or offline, so no request of theirs would end the repair issue.
            self._schedule.pauses.release(Kind.HARDWARE, by_user=False)

    @property
    def _has_to_wait(self) -> bool:
        schedule = self._schedule
        wait_reason = schedule.wait_reason(Kind.HARDWARE) or self._agents.wait_reason
        return bool(self._queue.all_back_off or wait_reason or not schedule.may_send_other_polls or not self._agents.last_update_success)

    def _start_reading(self, agent_ids: list[int], *, in_batch: bool) -> None:
        entry = self._agents.config_entry
        read = self._read_all(agent_ids, in_batch=in_batch)
        entry.async_create_background_task(self._agents.hass, read, f"{entry.title} hardware")

    async def _read_all(self, agent_ids: list[int], *, in_batch: bool) -> None:
        self._is_reading = True
        queue = iter(agent_ids)
        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(CONCURRENT_READS):
                    workers.create_task(self._read_queued(queue, in_batch=in_batch))
        finally:
            self._is_reading = False
        # Computers may have appeared in the meantime.
        self._read_new()

    async def _read_queued(self, queue: Iterator[int], *, in_batch: bool) -> None:
        client = self._client.with_gate(self._schedule.poll_gate)
        for agent_id in queue:
            share = self._queue.share(agent_id, in_batch=in_batch)
            try:
                await self._read(client, agent_id, share)
            except RequestLimitError:
                self._back_off(queue)
            except (GetscreenConnectionError, InvalidResponseError) as error:
                LOGGER.debug("The hardware of agent %s could not be read: %s", agent_id, error)
                all_fail = self._queue.failed(agent_id)
                if all_fail or self._schedule.wait_reason(Kind.HARDWARE):
                    self._back_off(queue)
            except GetscreenError as error:
                LOGGER.debug("The server has no hardware of agent %s: %s", agent_id, error)
                self._store_reading(agent_id, None, share)

    def _back_off(self, queue: Iterator[int]) -> None:
        """Skip all computers until the next period, including those that are still in `queue`."""
        self._queue.back_off()
        for _ in queue:
            pass

    async def _read(self, client: GetscreenClient, agent_id: int, share: float = 1.0) -> AgentDetails:
        details = await client.get_agent(agent_id)
        self._queue.succeeded(agent_id)
        self._store_reading(agent_id, details, share)
        return details

    @callback
    def _store_reading(self, agent_id: int, details: AgentDetails | None, share: float) -> None:
        """Store what was read from a computer (None: nothing new), and notify its entities.

        `share`: the part of the interval after which it is read again.
        """
        agents, now, known = self._agents, dt_util.utcnow(), self.records.get(agent_id)
        if not agents.is_set_up or (agent := agents.data.get(agent_id)) is None:
            return
        if details is None or details.hardware is None:
            record = replace(known, requested=now, share=share) if known else HardwareRecord(requested=now, share=share)
            agents.store.async_set_hardware(agent_id, record)
            return
        agents.store.async_set_hardware(agent_id, HardwareRecord.from_details(details, now, share))
        self._devices.async_write(agent)
        agents.async_notify(agent_id)
        async_dispatcher_send(agents.hass, hardware_signal(agents.config_entry), agent_id)
