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
from .hardware_queue import AT_ONCE, PERIOD, HardwareQueue
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
        command_gate: asyncio.Semaphore,
        interval: timedelta,
    ) -> None:
        """Prepare for reading each computer once in `interval`; if it is zero, hardware is read on request only."""
        self._agents = agents
        self._devices = devices
        self._user_requests = user_requests
        self._command_gate = command_gate
        self._client = client
        self._schedule = agents.schedule
        self._interval = interval
        self._queue = HardwareQueue(interval, self.records, ())
        self._busy = False
        self._stop_turns: CALLBACK_TYPE = lambda: None
        self._turn = timedelta()

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Start reading hardware: now, when agents change, and at the turns of the queue; return a function that stops this."""
        if not self._interval:
            self._schedule.hardware_rate = 0.0
            return lambda: None
        self._queue = HardwareQueue(self._interval, self.records, self._agents.data)
        self._read_due()
        stop_listening = self._agents.async_add_listener(self._read_due)
        stop_periods = async_track_time_interval(self._agents.hass, self._end_period, PERIOD, cancel_on_shutdown=True)

        @callback
        def stop() -> None:
            stop_listening()
            stop_periods()
            self._stop_turns()

        return stop

    @property
    def records(self) -> Mapping[int, HardwareRecord]:
        """The hardware that was read, by agent id."""
        return self._agents.store.hardware

    async def async_read(self, agent_id: int, *, as_command: bool) -> AgentDetails:
        """Read one computer now (`agents/info`); return its agent and hardware. Raises HomeAssistantError.

        The request waits at the user's gate; with `as_command`, at the gate of the commands.
        """
        agents, gate = self._agents, self._command_gate if as_command else None
        read = partial(self._read, self._client, agent_id)
        with agents.while_set_up(agent_id), translated_errors(async_device_name(agents.hass, agents.config_entry, agent_id)):
            return await self._user_requests.async_ask((Kind.HARDWARE, agent_id), read, gate)

    @callback
    def _end_period(self, _now: datetime) -> None:
        self._queue.end_period()
        self._read_due()

    @callback
    def _read_due(self) -> None:
        """Read new computers now, if possible, and adjust the time between turns to the number of computers and to the budget."""
        self._schedule.hardware_rate = len(self._agents.data) / self._interval.total_seconds()
        self._set_turns()
        if self._busy or self._has_to_wait or not self._schedule.plan.has_room_for_watchers:
            return
        if new := self._queue.take_new(self._agents.data):
            self._start(new, in_turn=False)

    @callback
    def _set_turns(self) -> None:
        turn = self._queue.turn(len(self._agents.data))
        if self._schedule.plan.is_limited and self._agents.data:
            turn = max(turn, timedelta(seconds=self._schedule.interval(Kind.HARDWARE)))
        if abs(turn - self._turn) < self._turn / 10:
            return
        self._turn = turn
        self._stop_turns()
        self._stop_turns = async_track_time_interval(self._agents.hass, self._take_turn, turn, cancel_on_shutdown=True)

    @callback
    def _take_turn(self, _now: datetime) -> None:
        if self._busy or self._has_to_wait:
            return
        # If the plan's limit is known, turns come as often as the budget allows one reading.
        most = 1 if self._schedule.plan.is_limited else None
        if found := self._queue.take_turn(self._agents.data, dt_util.utcnow(), most):
            self._start(found, in_turn=True)
        else:
            # The computers whose requests met the plan's limit may be gone or offline, so no request of theirs would end the repair issue.
            self._schedule.pauses.end_of(Kind.HARDWARE, is_asked=False)

    @property
    def _has_to_wait(self) -> bool:
        schedule = self._schedule
        is_held = schedule.held(Kind.HARDWARE) or self._agents.held
        return bool(self._queue.all_back_off or is_held or not schedule.may_send_other_polls or not self._agents.last_update_success)

    def _start(self, agent_ids: list[int], *, in_turn: bool) -> None:
        entry = self._agents.config_entry
        read = self._read_all(agent_ids, in_turn=in_turn)
        entry.async_create_background_task(self._agents.hass, read, f"{entry.title} hardware")

    async def _read_all(self, agent_ids: list[int], *, in_turn: bool) -> None:
        self._busy = True
        queue = iter(agent_ids)
        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(AT_ONCE):
                    workers.create_task(self._work(queue, in_turn=in_turn))
        finally:
            self._busy = False
        # Computers may have appeared in the meantime.
        self._read_due()

    async def _work(self, queue: Iterator[int], *, in_turn: bool) -> None:
        client = self._client.under(self._schedule.polls)
        for agent_id in queue:
            share = self._queue.share(agent_id, in_turn=in_turn)
            try:
                await self._read(client, agent_id, share)
            except RequestLimitError:
                self._back_off(queue)
            except (GetscreenConnectionError, InvalidResponseError) as error:
                LOGGER.debug("The hardware of agent %s could not be read: %s", agent_id, error)
                all_fail = self._queue.failed(agent_id)
                if all_fail or self._schedule.held(Kind.HARDWARE):
                    self._back_off(queue)
            except GetscreenError as error:
                LOGGER.debug("The server has no hardware of agent %s: %s", agent_id, error)
                self._take(agent_id, None, share)

    def _back_off(self, queue: Iterator[int]) -> None:
        """Skip all computers until the next period, including those that are still in `queue`."""
        self._queue.back_off()
        for _ in queue:
            pass

    async def _read(self, client: GetscreenClient, agent_id: int, share: float = 1.0) -> AgentDetails:
        details = await client.get_agent(agent_id)
        self._queue.succeeded(agent_id)
        self._take(agent_id, details, share)
        return details

    @callback
    def _take(self, agent_id: int, details: AgentDetails | None, share: float) -> None:
        """Store what was read from a computer (None: nothing new), and notify its entities.

        `share`: the part of the interval after which it is read again.
        """
        agents, now, known = self._agents, dt_util.utcnow(), self.records.get(agent_id)
        if not agents.is_set_up or (agent := agents.data.get(agent_id)) is None:
            return
        if details is None or details.hardware is None:
            record = replace(known, asked=now, share=share) if known else HardwareRecord(asked=now, share=share)
            agents.store.async_set_hardware(agent_id, record)
            return
        agents.store.async_set_hardware(agent_id, HardwareRecord.of(details, now, share))
        self._devices.async_write(agent)
        agents.async_notify(agent_id)
        async_dispatcher_send(agents.hass, hardware_signal(agents.config_entry), agent_id)
