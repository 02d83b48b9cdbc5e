"""What users ask the server for: a few questions of each user at a time, and none during a pause."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from homeassistant.components.http import KEY_HASS_USER
from homeassistant.components.websocket_api import current_connection
from homeassistant.core import callback
from homeassistant.helpers.http import current_request

from .api import GetscreenError, InFlight
from .limit import KINDS, Limit, asked

_AT_ONCE = 4


class Questions:
    """The questions to an account that are not polls, from actions, media browsers, calendars and entities.

    Each user has a gate, and automations share one, so that the questions of one user do not delay those of others. While a kind of
    question is paused, for the plan's request limit or because the server asked for it, further ones fail without a request. Questions
    never pause a poll.
    """

    def __init__(self, limit: Limit) -> None:
        """Respect the pauses of `limit`."""
        self._limit = limit
        # A gate exists while a question waits at it.
        self._gates: WeakValueDictionary[str | None, asyncio.Semaphore] = WeakValueDictionary()
        self._waiting = InFlight[Any]()

    async def async_ask[T](
        self, kind: str, question: Hashable, ask: Callable[[], Awaitable[T]], gate: asyncio.Semaphore | None = None
    ) -> T:
        """Return what `ask` returns when its turn at the user's gate comes, or at the one given; raise its errors.

        Equal questions (of the same kind, at the same gate) that wait for their turn are asked once.
        """
        gate = gate or self._gates.setdefault(_user_id(), asyncio.Semaphore(_AT_ONCE))
        key = (id(gate), kind, question)
        answer: T = await self._waiting.get(key, partial(self._in_turn, key, kind, ask, gate))
        return answer

    @callback
    def async_end_pauses(self) -> None:
        """End the pauses of all kinds, and with them the repair, once their time is over, since no further question may come."""
        if not self._limit.paused:
            for kind in KINDS:
                self._limit.pass_by(asked(kind))

    async def _in_turn[T](self, key: Hashable, kind: str, ask: Callable[[], Awaitable[T]], gate: asyncio.Semaphore) -> T:
        try:
            await gate.acquire()
        finally:
            # A later question must not join one that was sent already: its caller may know of a newer change.
            self._waiting.close(key)
        try:
            return await self._unless_paused(kind, ask)
        finally:
            gate.release()

    async def _unless_paused[T](self, kind: str, ask: Callable[[], Awaitable[T]]) -> T:
        if (reason := self._limit.held(kind) or self._limit.held(asked(kind))) is not None:
            raise reason
        try:
            answer = await ask()
        except GetscreenError as error:
            self._limit.pause_for(asked(kind), error)
            raise
        self._limit.pass_by(asked(kind))
        return answer


def _user_id() -> str | None:
    """Return who asks, by websocket or HTTP; None for automations."""
    if connection := current_connection.get():
        return connection.user.id
    request = current_request.get()
    user = None if request is None else request.get(KEY_HASS_USER)
    return user.id if user else None
