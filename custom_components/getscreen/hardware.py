"""Reads what the computers are made of (`agents/info`), in the background: evenly over the day, a few at a time."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .agents import AgentsCoordinator
from .api import Agent, AgentDetails, GetscreenConnectionError, GetscreenError, InvalidResponseError, RequestLimitError
from .const import LOGGER
from .errors import translated_errors
from .options import CONF_HARDWARE_INTERVAL, option

# What these requests are called where the request limit is concerned.
_SUBJECT = "hardware"

_AT_ONCE = 4
# So many new computers are read at once; more of them take their turn.
_SOON = 100
# A turn is for a few, half of them new ones. Turns come twice as often as the interval asks for, so that none is much too late.
_SHORTEST_TURN = timedelta(seconds=10)
_LONGEST_TURN = timedelta(minutes=15)
_HASTE = 2
# After a failure, that computer is left alone for so long, and twice as long each time; after so many in a row, all are.
_REST = timedelta(minutes=15)
_MOST_FAILURES = 3
# What is behind the point of its multiples lies evenly between 0 and 1.
_GOLDEN = 0.618034


class HardwareReader:
    """Keeps the hardware of every agent about as old as the options say, if it has been online since.

    New agents are read soon. Those that are read in one go would be due in one go, so they come again after a part of the interval that
    is each one's own; then they stay apart.
    """

    def __init__(self, agents: AgentsCoordinator) -> None:
        """Read for the agents of `agents`."""
        self._agents = agents
        self._limit = agents.limit
        self._interval = timedelta(hours=option(agents.config_entry, CONF_HARDWARE_INTERVAL, int))
        # How many new ones may still be read soon, and those that were there at the start.
        self._soon = _SOON + _AT_ONCE
        self._first: AbstractSet[int] = frozenset()
        # How many rests each computer that failed is left alone for, and whether all are for one.
        self._resting: dict[int, int] = {}
        self._failures: Counter[int] = Counter()
        self._in_a_row = 0
        self._resting_all = False
        self._busy = False
        self._stop_turns: CALLBACK_TYPE = lambda: None
        self._turn = timedelta()

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Begin, and look again where agents changed and from time to time; return what ends that."""
        if not self._interval:
            return lambda: None
        self._first = frozenset(self._agents.data)
        self._look()
        stop_listening = self._agents.async_add_listener(self._look)
        stop_rests = async_track_time_interval(self._agents.hass, self._end_rest, _REST, cancel_on_shutdown=True)

        @callback
        def stop() -> None:
            stop_listening()
            stop_rests()
            self._stop_turns()

        return stop

    async def async_read(self, agent_id: int) -> AgentDetails:
        """Read one computer now, as one of the account's commands; raises HomeAssistantError."""
        agents = self._agents
        with agents.while_set_up(agent_id), translated_errors(agents.name_of(agent_id)):
            return await agents.questions.async_ask(_SUBJECT, agent_id, partial(self._read, agent_id), agents.commands)

    @callback
    def _end_rest(self, _now: datetime) -> None:
        self._resting = {agent_id: rests - 1 for agent_id, rests in self._resting.items() if rests > 1}
        self._resting_all = False
        self._look()

    @callback
    def _look(self) -> None:
        """Read new agents soon, and have turns as often as the fleet's size asks for."""
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
        """Read those whose turn it is: new ones, and the oldest that are due."""
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
            # Those that met the plan's limit may have left or be offline: nothing would end its repair.
            self._limit.pass_by(_SUBJECT)

    @property
    def _in_trouble(self) -> bool:
        return self._resting_all or self._limit.paused or not self._agents.last_update_success

    def _take_new(self) -> list[int]:
        """Return the new agents that may be read soon."""
        if self._in_trouble:
            return []
        new = list(islice((agent_id for agent_id in self._new() if agent_id not in self._first), self._soon))
        # A few are kept back for those that appear while many wait for their turn.
        first = (agent_id for agent_id in self._new() if agent_id in self._first)
        new += islice(first, max(0, self._soon - _AT_ONCE - len(new)))
        self._soon -= len(new)
        return new

    def _new(self) -> Iterator[int]:
        agents, known, resting = self._agents.data, self._agents.hardware, self._resting
        # Most of the time there is none among thousands.
        new = () if agents.keys() <= known.keys() else agents
        return (agent_id for agent_id in new if agent_id not in known and agent_id not in resting)

    def _due(self, now: datetime) -> list[int]:
        """Return the agents whose record is too old, oldest first, unless nothing can have changed since."""
        due = [
            (record.asked, agent_id)
            for agent_id, record in self._agents.hardware.items()
            if agent_id not in self._resting
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
        # Some may have appeared meanwhile.
        self._look()

    async def _work(self, queue: Iterator[int], *, in_turn: bool) -> None:
        for agent_id in queue:
            share = 1.0 if in_turn else 0.5 + agent_id * _GOLDEN % 1 / 2
            try:
                await self._read(agent_id, share)
            except RequestLimitError as error:
                self._limit.pause_for(_SUBJECT, error)
                self._leave(queue)
            except (GetscreenConnectionError, InvalidResponseError) as error:
                LOGGER.debug("The hardware of agent %s could not be read: %s", agent_id, error)
                self._fail(agent_id)
                # After a few in a row, it is not this one computer.
                if self._limit.pause_for(_SUBJECT, error) is not None or self._in_a_row >= _MOST_FAILURES:
                    self._leave(queue)
            except GetscreenError as error:
                LOGGER.debug("There is no hardware of agent %s: %s", agent_id, error)
                self._agents.async_set_hardware(agent_id, None, share)

    def _fail(self, agent_id: int) -> None:
        self._in_a_row += 1
        self._resting[agent_id] = min(2 ** self._failures[agent_id], max(1, self._interval // _REST))
        self._failures[agent_id] += 1

    def _leave(self, queue: Iterator[int]) -> None:
        """Leave all alone until the next rest is over."""
        self._resting_all = True
        self._in_a_row = 0
        for _ in queue:
            pass

    async def _read(self, agent_id: int, share: float = 1.0) -> AgentDetails:
        details = await self._agents.client.get_agent(agent_id)
        self._limit.pass_by(_SUBJECT)
        self._in_a_row = 0
        del self._failures[agent_id]
        self._agents.async_set_hardware(agent_id, details, share)
        return details


def _online_since(agent: Agent | None, asked: datetime) -> bool:
    return agent is not None and (agent.online is True or (agent.last_seen is not None and agent.last_seen > asked))
