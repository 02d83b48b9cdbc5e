"""Streams recordings from the server to the browser. The API key never reaches the browser."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus

import aiohttp
from aiohttp import hdrs, web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant, callback
from yarl import URL

from ..account import async_loaded_entry
from ..api import SERVERS, GetscreenError
from ..const import LOGGER
from ..entry import GetscreenConfigEntry
from .headers import RequestedRange, UnplayableError, answer_for_browser, headers_for_server
from .ids import RECORDING_ROUTE
from .streams import Stream, Streams, TooManyStreamsError

_KEY_PARAMETER = "apikey"
# The domains of the public servers.
_SITES = tuple(str(URL(server).host).removeprefix("api.") for server in SERVERS)
_MAX_REDIRECTS = 3
_REDIRECTS = (
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
)
# Watching a recording may take hours, but the server has to send more bytes within half a minute.
_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=10, sock_connect=10, sock_read=30)
_RETRY_AFTER = "30"
_OWN_HEADERS = {
    hdrs.CACHE_CONTROL: "private, no-store",
    # A recording that is opened as a page has Home Assistant's origin, so its scripts must not run.
    "Content-Security-Policy": "sandbox; default-src 'none'; media-src 'self'",
    "X-Content-Type-Options": "nosniff",
}


@callback
def async_register_view(hass: HomeAssistant) -> None:
    """Register the view that plays the recordings of all accounts."""
    hass.http.register_view(RecordingView())


class RecordingView(HomeAssistantView):
    """A recording, identified by the entry's id, the session's start (Unix seconds) and the session's id."""

    url = RECORDING_ROUTE
    name = "api:getscreen:recording"

    def __init__(self) -> None:
        self._streams = Streams()

    async def get(self, request: web.Request, entry_id: str, start: str, record_id: str) -> web.StreamResponse:
        """Stream the recording or its requested part, or return HTTP 404, 502 or 503 without details about the server."""
        if (entry := async_loaded_entry(request.app[KEY_HASS], entry_id)) is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        try:
            async with self._streams.open(request, entry) as stream:
                record = await entry.runtime_data.history.async_recording(int(start), int(record_id))
                if record is None or record.video is None:
                    return web.Response(status=HTTPStatus.NOT_FOUND)
                return await _play(request, entry, record.video.url, stream)
        except TooManyStreamsError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={hdrs.RETRY_AFTER: _RETRY_AFTER})
        except UnplayableError as error:
            reason = str(error)
        except (GetscreenError, aiohttp.ClientError, OSError, ValueError) as error:
            # The message may contain the address and the key.
            reason = type(error).__name__
        LOGGER.debug("Recording %s of %s cannot be played: %s", record_id, entry.title, reason)
        return web.Response(status=HTTPStatus.BAD_GATEWAY)

    # It is unknown whether the server supports HEAD, so HEAD sends a GET and returns its headers.
    head = get


async def _play(request: web.Request, entry: GetscreenConfigEntry, url: str, stream: Stream) -> web.StreamResponse:
    """Return the recording at `url` to the browser; raises UnplayableError, TimeoutError, ClientError, OSError or ValueError."""
    requested = RequestedRange.read(request.headers)
    async with _open(entry, URL(url), headers_for_server(request.headers, requested)) as answer:
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            return web.Response(status=HTTPStatus.NOT_FOUND)
        status, headers = answer_for_browser(answer, requested, url)
        if status is HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return web.Response(status=status, headers=headers | _OWN_HEADERS)
        response = web.StreamResponse(status=status, headers=headers | _OWN_HEADERS)
        await response.prepare(request)
        if request.method != hdrs.METH_HEAD:
            await stream.forward(answer.content, response)
        return response


@asynccontextmanager
async def _open(entry: GetscreenConfigEntry, url: URL, headers: Mapping[str, str]) -> AsyncGenerator[aiohttp.ClientResponse]:
    """Yield the server's answer for a recording. The key is sent only if the address may get it, and never after a redirect.

    Raises UnplayableError after too many redirects.
    """
    session, key = entry.runtime_data.recording_session, entry.data[CONF_API_KEY]
    url = _without_key(url, key)
    if _may_know_key(url, URL(entry.data[CONF_URL])):
        url = url.update_query({_KEY_PARAMETER: key})
    for _ in range(_MAX_REDIRECTS + 1):
        async with session.get(url, headers=headers, timeout=_TIMEOUT, allow_redirects=False) as response:
            location = response.headers.get(hdrs.LOCATION)
            if response.status not in _REDIRECTS or location is None:
                yield response
                return
        url = _without_key(url.join(URL(location)), key)
    raise UnplayableError("too many redirects")


def _may_know_key(url: URL, api: URL) -> bool:
    """Return whether the key may be sent to an address: it has the API's origin, or both are in the domain of the same public server."""
    site = _site(api)
    return url.origin() == api.origin() or (url.scheme == "https" and site is not None and _site(url) == site)


def _site(url: URL) -> str | None:
    """Return the domain of the public server that an address belongs to; None if it belongs to none."""
    return next((site for site in _SITES if f".{url.host}".endswith(f".{site}")), None)


def _without_key(url: URL, key: str) -> URL:
    """Return an address without query parameters that contain the key; raises UnplayableError if it is not an HTTP address."""
    if url.scheme not in ("http", "https") or not url.host:
        raise UnplayableError("the address is not an HTTP address")
    if any(key in value for value in url.query.values()):
        url = url.with_query([(name, value) for name, value in url.query.items() if key not in value])
    return url
