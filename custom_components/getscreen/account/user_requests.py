"""Limits how many requests of each user are sent at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from homeassistant.components.http import KEY_HASS_USER
from homeassistant.components.websocket_api import current_connection
from homeassistant.helpers.http import current_request

from ..api import InFlight

_MAX_CONCURRENT = 4


class UserRequests:
    """Requests that are not polls: those of actions, media browsers, calendars and entities.

    Each user has a semaphore, and automations share one, so that one user's requests do not delay those of others.
    """

    def __init__(self) -> None:
        # A semaphore exists while a request waits for it.
        self._semaphores: WeakValueDictionary[str | None, asyncio.Semaphore] = WeakValueDictionary()
        self._waiting = InFlight[Any]()

    async def async_send[T](self, key: Hashable, send: Callable[[], Awaitable[T]], semaphore: asyncio.Semaphore | None = None) -> T:
        """Call `send` after waiting for the user's semaphore, or for `semaphore`; return its result, or raise its error.

        Requests with the same key that wait for the same semaphore are sent once.
        """
        semaphore = semaphore or self._semaphores.setdefault(_user_id(), asyncio.Semaphore(_MAX_CONCURRENT))
        shared_key = (id(semaphore), key)
        answer: T = await self._waiting.get(shared_key, partial(self._wait_and_send, shared_key, send, semaphore))
        return answer

    async def _wait_and_send[T](self, key: Hashable, send: Callable[[], Awaitable[T]], semaphore: asyncio.Semaphore) -> T:
        try:
            await semaphore.acquire()
        finally:
            # A later request must not join one in flight, whose answer may already be stale for its caller.
            self._waiting.close(key)
        try:
            return await send()
        finally:
            semaphore.release()


def _user_id() -> str | None:
    """Return the id of the user whose websocket or HTTP request is handled; None for automations."""
    if connection := current_connection.get():
        return connection.user.id
    request = current_request.get()
    user = None if request is None else request.get(KEY_HASS_USER)
    return user.id if user else None
