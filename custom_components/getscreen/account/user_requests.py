"""Sends the requests that users cause: a few of each user at a time, and none during a pause."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from homeassistant.components.http import KEY_HASS_USER
from homeassistant.components.websocket_api import current_connection
from homeassistant.core import callback
from homeassistant.helpers.http import current_request

from ..api import GetscreenError, InFlight
from .request_limit import KINDS, RequestLimit, asked

_AT_ONCE = 4


class UserRequests:
    """Requests that are not polls: those of actions, media browsers, calendars and entities.

    Each user has a gate, and automations share one, so that one user's requests do not delay those of others. While a kind of request is
    paused, for the plan's request limit or the server's `Retry-After`, further ones fail without being sent. They never pause a poll.
    """

    def __init__(self, limit: RequestLimit) -> None:
        self._limit = limit
        # A gate exists while a request waits at it.
        self._gates: WeakValueDictionary[str | None, asyncio.Semaphore] = WeakValueDictionary()
        self._waiting = InFlight[Any]()

    async def async_ask[T](
        self, kind: str, question: Hashable, ask: Callable[[], Awaitable[T]], gate: asyncio.Semaphore | None = None
    ) -> T:
        """Return what `ask` returns after waiting at the user's gate, or at `gate`; raises its errors, and those of a pause.

        Equal requests (of the same `kind` and `question`, at the same gate) that wait are sent once.
        """
        gate = gate or self._gates.setdefault(_user_id(), asyncio.Semaphore(_AT_ONCE))
        key = (id(gate), kind, question)
        answer: T = await self._waiting.get(key, partial(self._in_turn, key, kind, ask, gate))
        return answer

    @callback
    def async_end_pauses(self) -> None:
        """End the pauses of all kinds once their time is over, since there may be no further request to end them."""
        if not self._limit.paused:
            for kind in KINDS:
                self._limit.pass_by(asked(kind))

    async def _in_turn[T](self, key: Hashable, kind: str, ask: Callable[[], Awaitable[T]], gate: asyncio.Semaphore) -> T:
        try:
            await gate.acquire()
        finally:
            # A later request must not join one in flight, whose answer may be older than what its caller knows.
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
    """Return the id of the user whose websocket or HTTP request is handled; None for automations."""
    if connection := current_connection.get():
        return connection.user.id
    request = current_request.get()
    user = None if request is None else request.get(KEY_HASS_USER)
    return user.id if user else None
