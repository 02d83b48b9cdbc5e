"""Previews of the computers' desktops: signed links that a browser can load, and the pictures for these links."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
from http import HTTPStatus
import secrets

import aiohttp
from homeassistant.core import callback

from ..api import Agent, InFlight
from ..const import DOMAIN
from .agents import AgentsCoordinator

PREVIEW_ROUTE = f"/api/{DOMAIN}/preview/{{entry_id}}/{{agent_id:-?[0-9]{{1,20}}}}"
"""The route of the previews; `Previews` makes the links."""

# A link is valid for two to six hours. It stays the same for hours, so that browsers can cache the picture, and changes at a different
# time for each computer.
_SHORTEST_VALIDITY = timedelta(hours=2)
_VALIDITY_STEP = 4 * 60 * 60
# The size of all cached pictures of an account; a picture is seldom larger than 300 KiB.
MAX_CACHED_BYTES = 32 * 1024 * 1024
_MAX_BYTES = 5 * 1024 * 1024
_MAX_REDIRECTS = 3
# Home Assistant itself waits ten seconds for a picture.
_TIMEOUT = aiohttp.ClientTimeout(total=9)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and its content type, such as "image/png"."""

    content_type: str
    content: bytes


class Previews:
    """The previews of an account's computers, which exist without entities too.

    A link contains a number that grows whenever the desktop has probably changed, so that a browser loads the new picture. The link's
    signature replaces a login, as in Home Assistant's own links to images, so the link expires.
    """

    def __init__(self, agents: AgentsCoordinator, session: aiohttp.ClientSession) -> None:
        self._agents = agents
        self._session = session
        self._previous: Mapping[int, Agent] = agents.data
        self._versions: Counter[int] = Counter()
        self._secret = secrets.token_bytes(32)
        self._loading = InFlight[Picture]()
        # By agent id, the most recently used last: the number in the link, and the picture.
        self._cached: dict[int, tuple[int, Picture]] = {}

    @callback
    def async_start(self) -> None:
        """Follow the polls until the account is unloaded."""
        self._previous = self._agents.data
        self._agents.config_entry.async_on_unload(self._agents.async_add_listener(self._handle_poll))

    @callback
    def async_path(self, agent: Agent, now: datetime) -> str | None:
        """Return the path of a computer's preview, which a browser may load without a login for two to six hours; None if there is none."""
        if agent.preview_address is None:
            return None
        earliest = int((now + _SHORTEST_VALIDITY).timestamp())
        until = earliest + _VALIDITY_STEP - (earliest + agent.id * 97) % _VALIDITY_STEP
        version = self._versions[agent.id]
        path = PREVIEW_ROUTE.partition("{")[0] + f"{self._agents.config_entry.entry_id}/{agent.id}"
        return f"{path}?version={version}&until={until}&signature={self._signature(agent.id, version, until)}"

    @callback
    def async_is_valid(self, agent_id: int, query: Mapping[str, str], now: datetime) -> bool:
        """Return whether a link's parameters were made by `async_path` and have not expired."""
        try:
            version, until = int(query["version"][:20]), int(query["until"][:20])
        except KeyError, ValueError:
            return False
        signature = query.get("signature", "").encode(errors="replace")
        return secrets.compare_digest(signature, self._signature(agent_id, version, until).encode()) and now.timestamp() < until

    async def async_picture(self, agent_id: int) -> Picture:
        """Return the newest preview of a computer. Raises NoPictureError if there is none or it cannot be fetched."""
        agent = self._agents.data.get(agent_id)
        if agent is None or (url := agent.preview_url) is None:
            raise NoPictureError("the computer has no preview", gone=True)
        version = self._versions[agent_id]
        cached_version, picture = self._cached.get(agent_id, (None, None))
        if picture is None or cached_version != version:
            picture = await self._loading.get((agent_id, version), lambda: async_fetch_picture(self._session, url))
        self._cache(agent_id, version, picture)
        return picture

    @callback
    def _handle_poll(self) -> None:
        previous, self._previous = self._previous, self._agents.data
        for agent_id in self._agents.changed:
            old, new = previous.get(agent_id), self._previous.get(agent_id)
            if new is None:
                self._cached.pop(agent_id, None)
            elif old is not None and desktop_changed(old, new):
                self._versions[agent_id] += 1

    def _signature(self, agent_id: int, version: int, until: int) -> str:
        return hashlib.blake2b(f"{agent_id}/{version}/{until}".encode(), key=self._secret, digest_size=16).hexdigest()

    def _cache(self, agent_id: int, version: int, picture: Picture) -> None:
        self._cached.pop(agent_id, None)
        self._cached[agent_id] = (version, picture)
        while sum(len(cached.content) for _, cached in self._cached.values()) > MAX_CACHED_BYTES:
            del self._cached[next(iter(self._cached))]


class NoPictureError(Exception):
    """The picture cannot be fetched; if it is `gone`, another attempt is useless. The message does not contain its URL."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


def desktop_changed(old: Agent, new: Agent) -> bool:
    """Return whether a desktop has probably changed: its link is new, the computer came online, or a session began or ended.

    The server may sign the link anew in every answer, so its query does not count.
    """
    return old.preview_address != new.preview_address or (bool(new.online) and old.online is False) or _session(old) != _session(new)


def _session(agent: Agent) -> object:
    return agent.last_session and (agent.last_session.start, agent.last_session.end)


async def async_fetch_picture(session: aiohttp.ClientSession, url: str) -> Picture:
    """Fetch a picture, without the API key. Raises NoPictureError."""
    content = bytearray()
    try:
        # aiohttp counts the first request too. It follows redirects to http and https only.
        async with session.get(url, timeout=_TIMEOUT, max_redirects=_MAX_REDIRECTS + 1) as response:
            if response.status != HTTPStatus.OK:
                raise NoPictureError(f"HTTP {response.status}", gone=response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE))
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > _MAX_BYTES:
                    raise NoPictureError(f"the picture has more than {_MAX_BYTES} bytes")
    # aiohttp raises RuntimeError if the session was closed because the account is unloaded.
    except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
        # The messages of these errors contain the URL.
        raise NoPictureError(type(error).__name__) from None
    if (content_type := _content_type(content)) is None:
        raise NoPictureError("the answer is not a picture", gone=True)
    return Picture(content_type, bytes(content))


def _content_type(content: bytearray) -> str | None:
    """Return a picture's content type by its first bytes; None if it is unknown. The server could name a type that browsers execute."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None
