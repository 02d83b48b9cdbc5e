"""Reads the hardware of the computers (`agents/info`) in the background: evenly over the day, a few at a time."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..api import Agent, AgentDetails, GetscreenConnectionError, GetscreenError, InvalidResponseError, RequestLimitError
from ..const import LOGGER
from ..exceptions import translated_errors
from ..options import CONF_HARDWARE_INTERVAL, option
from .agents import AgentsCoordinator
from .hardware_record import HardwareRecord
from .identifiers import hardware_signal
from .registry import AgentDevices, async_device_name
from .user_requests import UserRequests

# The name of these requests for the request limit.
_SUBJECT = "hardware"

_AT_ONCE = 4
# How many new computers are read soon; more of them wait for their turn.
_SOON = 100
# Each turn reads a few computers, at most half of them new. Turns run at twice the rate needed, to leave room to catch up.
_SHORTEST_TURN = timedelta(seconds=10)
_LONGEST_TURN = timedelta(minutes=15)
_HASTE = 2
# Back-off after a failure: one period for that computer, and twice as many each time; after several failures in a row, one for all.
_PERIOD = timedelta(minutes=15)
_MOST_FAILURES = 3
# Golden ratio: the fractional parts of its multiples are spread evenly over [0, 1).
_GOLDEN = 0.618034


class HardwareReader:
    """Reads the hardware of every computer that was online since its last reading, at the interval of the options.

    New computers are read soon. Computers that are read together would be due together, so each is read again after a part of the
    interval of its own; then they stay apart.
    """

    def __init__(
        self, agents: AgentsCoordinator, devices: AgentDevices, user_requests: UserRequests, command_gate: asyncio.Semaphore
    ) -> None:
        self._agents = agents
        self._devices = devices
        self._user_requests = user_requests
        self._command_gate = command_gate
        self._limit = agents.store.limit
        self._interval = timedelta(hours=option(agents.config_entry, CONF_HARDWARE_INTERVAL, int))
        # How many new computers may still be read soon, and those that were there at the start.
        self._soon = _SOON + _AT_ONCE
        self._first: AbstractSet[int] = frozenset()
        # Back-off: remaining periods by computer; whether all back off until the next period.
        self._backing_off: dict[int, int] = {}
        self._failures: Counter[int] = Counter()
        self._in_a_row = 0
        self._backing_off_all = False
        self._busy = False
        self._stop_turns: CALLBACK_TYPE = lambda: None
        self._turn = timedelta()

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Start reading, now, whenever agents changed, and from time to time; return what ends that."""
        if not self._interval:
            return lambda: None
        self._first = frozenset(self._agents.data)
        self._read_due()
        stop_listening = self._agents.async_add_listener(self._read_due)
        stop_periods = async_track_time_interval(self._agents.hass, self._end_period, _PERIOD, cancel_on_shutdown=True)

        @callback
        def stop() -> None:
            stop_listening()
            stop_periods()
            self._stop_turns()

        return stop

    @property
    def records(self) -> Mapping[int, HardwareRecord]:
        """The hardware by agent id, as far as it was read."""
        return self._agents.store.hardware

    async def async_read(self, agent_id: int, *, as_command: bool) -> AgentDetails:
        """Read one computer now, at the user's gate or `as_command` at the gate of the commands; raises HomeAssistantError."""
        agents, gate = self._agents, self._command_gate if as_command else None
        with agents.while_set_up(agent_id), translated_errors(async_device_name(agents.hass, agents.config_entry, agent_id)):
            return await self._user_requests.async_ask(_SUBJECT, agent_id, partial(self._read, agent_id), gate)

    @callback
    def _end_period(self, _now: datetime) -> None:
        self._backing_off = {agent_id: periods - 1 for agent_id, periods in self._backing_off.items() if periods > 1}
        self._backing_off_all = False
        self._read_due()

    @callback
    def _read_due(self) -> None:
        """Read new computers soon, and adjust the turns to the size of the fleet."""
        self._set_turns()
        if not self._busy and (new := self._take_new()):
            self._start(new, in_turn=False)

    @callback
    def _set_turns(self) -> None:
        turn = _AT_ONCE * self._interval / (_HASTE * max(1, len(self._agents.data)))
        turn = min(max(turn, _SHORTEST_TURN), _LONGEST_TURN)
        if abs(turn - self._turn) < self._turn / 10:
            return
        self._turn = turn
        self._stop_turns()
        self._stop_turns = async_track_time_interval(self._agents.hass, self._take_turn, turn, cancel_on_shutdown=True)

    @callback
    def _take_turn(self, _now: datetime) -> None:
        """Read the computers of a turn: new ones, and those whose reading is the oldest of all that are due."""
        if self._busy or self._in_trouble:
            return
        count = max(_AT_ONCE, int(self._turn / self._interval * _HASTE * len(self._agents.data)))
        new = list(islice(self._new(), count // 2))
        if not new:
            self._soon = min(_SOON, self._soon + count // 2)
        elif self._soon < _AT_ONCE:
            self._soon += 1
        if found := new + self._due(dt_util.utcnow())[: count - len(new)]:
            self._start(found, in_turn=True)
        else:
            # The computers that met the plan's limit may have left or be offline: nothing would end its repair.
            self._limit.pass_by(_SUBJECT)

    @property
    def _in_trouble(self) -> bool:
        return self._backing_off_all or self._limit.paused or not self._agents.last_update_success

    def _take_new(self) -> list[int]:
        """Return the new computers that may be read soon."""
        if self._in_trouble:
            return []
        new = list(islice((agent_id for agent_id in self._new() if agent_id not in self._first), self._soon))
        # A few are reserved for computers that appear while many wait for their turn.
        first = (agent_id for agent_id in self._new() if agent_id in self._first)
        new += islice(first, max(0, self._soon - _AT_ONCE - len(new)))
        self._soon -= len(new)
        return new

    def _new(self) -> Iterator[int]:
        agents, known, backing_off = self._agents.data, self.records, self._backing_off
        # Most of the time there is none among thousands.
        new = () if agents.keys() <= known.keys() else agents
        return (agent_id for agent_id in new if agent_id not in known and agent_id not in backing_off)

    def _due(self, now: datetime) -> list[int]:
        """Return the computers whose record is too old and can have changed since, oldest first."""
        due = [
            (record.asked, agent_id)
            for agent_id, record in self.records.items()
            if agent_id not in self._backing_off
            # A record of the far future was made while the clock was wrong.
            and not now - self._interval * record.share < record.asked <= now + self._interval
            and _online_since(self._agents.data.get(agent_id), record.asked)
        ]
        return [agent_id for _, agent_id in sorted(due)]

    def _start(self, agent_ids: list[int], *, in_turn: bool) -> None:
        entry = self._agents.config_entry
        read = self._read_all(agent_ids, in_turn=in_turn)
        entry.async_create_background_task(self._agents.hass, read, f"{entry.title} hardware")

    async def _read_all(self, agent_ids: list[int], *, in_turn: bool) -> None:
        self._busy = True
        queue = iter(agent_ids)
        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(_AT_ONCE):
                    workers.create_task(self._work(queue, in_turn=in_turn))
        finally:
            self._busy = False
        # Computers may have appeared meanwhile.
        self._read_due()

    async def _work(self, queue: Iterator[int], *, in_turn: bool) -> None:
        for agent_id in queue:
            share = 1.0 if in_turn else 0.5 + agent_id * _GOLDEN % 1 / 2
            try:
                await self._read(agent_id, share)
            except RequestLimitError as error:
                self._limit.pause_for(_SUBJECT, error)
                self._back_off_all(queue)
            except (GetscreenConnectionError, InvalidResponseError) as error:
                LOGGER.debug("The hardware of agent %s could not be read: %s", agent_id, error)
                self._fail(agent_id)
                # After a few in a row, it is not this one computer.
                if self._limit.pause_for(_SUBJECT, error) is not None or self._in_a_row >= _MOST_FAILURES:
                    self._back_off_all(queue)
            except GetscreenError as error:
                LOGGER.debug("There is no hardware of agent %s: %s", agent_id, error)
                self._take(agent_id, None, share)

    def _fail(self, agent_id: int) -> None:
        self._in_a_row += 1
        self._backing_off[agent_id] = min(2 ** self._failures[agent_id], max(1, self._interval // _PERIOD))
        self._failures[agent_id] += 1

    def _back_off_all(self, queue: Iterator[int]) -> None:
        """Back off from all computers until the next period is over."""
        self._backing_off_all = True
        self._in_a_row = 0
        for _ in queue:
            pass

    async def _read(self, agent_id: int, share: float = 1.0) -> AgentDetails:
        details = await self._agents.client.get_agent(agent_id)
        self._limit.pass_by(_SUBJECT)
        self._in_a_row = 0
        del self._failures[agent_id]
        self._take(agent_id, details, share)
        return details

    @callback
    def _take(self, agent_id: int, details: AgentDetails | None, share: float) -> None:
        """Store what was read of a computer (None: nothing new), and notify its entities.

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


def _online_since(agent: Agent | None, asked: datetime) -> bool:
    return agent is not None and (agent.online is True or (agent.last_seen is not None and agent.last_seen > asked))
