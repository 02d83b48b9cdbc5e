"""The open streams of recordings: limits their number, and ends them early if necessary."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import Any

import aiohttp
from aiohttp import web
from homeassistant.components.http import KEY_HASS, KEY_HASS_REFRESH_TOKEN_ID, KEY_HASS_USER
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import callback

from ..account.http_sessions import MAX_RECORDINGS
from ..entry import GetscreenConfigEntry

MAX_PER_USER = 4
# How long the server may take to begin its answer, redirects included.
OPENING_SECONDS = 30
# How long a browser may read nothing, for example while its player is paused.
UNREAD_SECONDS = 300


class TooManyStreamsError(Exception):
    """The account or the user already has the most streams allowed."""


class Streams:
    """The streams of all accounts."""

    def __init__(self) -> None:
        self._open: set[Stream] = set()

    @asynccontextmanager
    async def open(self, request: web.Request, entry: GetscreenConfigEntry) -> AsyncGenerator[Stream]:
        """Yield a stream for a user's request; raises TooManyStreamsError if the account or the user has too many.

        Raises TimeoutError when the stream ends early: it takes too long to open, the browser reads nothing, the account is unloaded, the
        user's login is revoked, or Home Assistant stops.
        """
        user = request.get(KEY_HASS_USER)
        user_id = user.id if user else None
        if sum(stream.entry is entry for stream in self._open) >= MAX_RECORDINGS:
            raise TooManyStreamsError
        if sum(stream.user_id == user_id for stream in self._open) >= MAX_PER_USER:
            raise TooManyStreamsError
        async with asyncio.timeout(OPENING_SECONDS) as deadline:
            stream = Stream(request, entry, user_id, deadline)
            self._open.add(stream)
            try:
                with stream.watched():
                    yield stream
            finally:
                self._open.remove(stream)


class Stream:
    """A recording that is being sent to a browser."""

    def __init__(self, request: web.Request, entry: GetscreenConfigEntry, user_id: str | None, deadline: asyncio.Timeout) -> None:
        """Stream an account's recording to a user; rescheduling `deadline` ends it."""
        self.entry = entry
        self.user_id = user_id
        self._request = request
        self._auth = request.app[KEY_HASS].auth
        self._token_id: str | None = request.get(KEY_HASS_REFRESH_TOKEN_ID)
        self._deadline = deadline
        self._ended = False

    def watched(self) -> ExitStack:
        """Return a context in which the stream ends when the account is unloaded, the user's login is revoked or Home Assistant stops."""
        watches = ExitStack()
        watches.callback(self.entry.async_on_state_change(self._end))
        watches.callback(self._request.app[KEY_HASS].bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._end))
        if self._token_id:
            watches.callback(self._auth.async_register_revoke_token_callback(self._token_id, self._end))
        return watches

    async def forward(self, content: aiohttp.StreamReader, response: web.StreamResponse) -> None:
        """Send the server's answer to the browser; raises TimeoutError, ClientError or OSError.

        A failure aborts the connection. Otherwise, the browser would consider the incomplete recording complete.
        """
        sent, whole = 0, False
        self._set_time_limit(UNREAD_SECONDS)
        try:
            async for chunk in content.iter_any():
                # Home Assistant before 2026.10 does not revoke the tokens of a removed user.
                if self._token_id and self._auth.async_get_refresh_token(self._token_id) is None:
                    return
                self._set_time_limit(UNREAD_SECONDS)
                await response.write(chunk)
                sent += len(chunk)
            await response.write_eof()
            whole = response.content_length in (None, sent)
        finally:
            if not whole and (transport := self._request.transport) is not None:
                transport.abort()

    def _set_time_limit(self, seconds: float) -> None:
        """Set the time limit of the next step; the limit is now if the stream has to end."""
        self._deadline.reschedule(asyncio.get_running_loop().time() + (0 if self._ended else seconds))

    @callback
    def _end(self, *_: Any) -> None:
        self._ended = True
        # Raised by asyncio if the time limit has already been reached.
        with suppress(RuntimeError):
            self._deadline.reschedule(asyncio.get_running_loop().time())
