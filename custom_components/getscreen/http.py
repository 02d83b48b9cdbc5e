"""Plays recordings: streams them from the server to the browser, and keeps the key to itself."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus

import aiohttp
from aiohttp import hdrs, web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant, callback
from yarl import URL

from .api import GetscreenError
from .coordinator import GetscreenConfigEntry
from .recordings import RECORDING_ROUTE, async_loaded_entry

_KEY_PARAMETER = "apikey"
_MOST_REDIRECTS = 3
_REDIRECTS = (
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
)
# A recording may take hours to watch, but not half a minute for its next bytes.
_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=10, sock_connect=10, sock_read=30)

_ASKED = (hdrs.RANGE, hdrs.IF_RANGE)
_ANSWERED = (hdrs.CONTENT_TYPE, hdrs.CONTENT_LENGTH, hdrs.CONTENT_RANGE, hdrs.ACCEPT_RANGES)
_OWN_HEADERS = {hdrs.CACHE_CONTROL: "private, no-store", "X-Content-Type-Options": "nosniff"}


@callback
def async_register_view(hass: HomeAssistant) -> None:
    """Let Home Assistant play recordings, of whatever account."""
    hass.http.register_view(RecordingView())


class RecordingView(HomeAssistantView):
    """A recording, named by the entry's id, the session's start (Unix seconds) and the session's id."""

    url = RECORDING_ROUTE
    name = "api:getscreen:recording"

    async def get(self, request: web.Request, entry_id: str, start: str, record_id: str) -> web.StreamResponse:
        """Stream the recording, or the part of it that is asked for. Whatever goes wrong, the browser learns nothing of the server."""
        hass = request.app[KEY_HASS]
        if (entry := async_loaded_entry(hass, entry_id)) is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        try:
            record = await entry.runtime_data.history.async_recording(int(start), int(record_id))
        except GetscreenError:
            return web.Response(status=HTTPStatus.BAD_GATEWAY)
        if record is None or record.video is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        headers = {str(name): request.headers[name] for name in _ASKED if name in request.headers}
        try:
            async with _open(entry, URL(record.video.url), headers) as film:
                return await _pass_on(request, film)
        except aiohttp.ClientError, OSError, ValueError:
            return web.Response(status=HTTPStatus.BAD_GATEWAY)

    # The server is not known to answer HEAD; its answer to a GET, without the film, is the same.
    head = get


@asynccontextmanager
async def _open(entry: GetscreenConfigEntry, url: URL, headers: Mapping[str, str]) -> AsyncGenerator[aiohttp.ClientResponse]:
    """Ask for a film with the key. Where that is answered with a redirect, the key stays behind."""
    session, key = entry.runtime_data.recordings, entry.data[CONF_API_KEY]
    if not _may_know_key(url, URL(entry.data[CONF_URL])):
        raise ValueError("the key is not for this address")
    url = url.update_query({_KEY_PARAMETER: key})
    # Compressed, its length and ranges would be of something else.
    headers = {**headers, hdrs.ACCEPT_ENCODING: "identity"}
    for _ in range(_MOST_REDIRECTS + 1):
        async with session.get(url, headers=headers, timeout=_TIMEOUT, allow_redirects=False) as response:
            location = response.headers.get(hdrs.LOCATION)
            if response.status not in _REDIRECTS or location is None:
                yield response
                return
        url = _without_key(url.join(URL(location)), key)
    raise ValueError("too many redirects")


def _may_know_key(url: URL, api: URL) -> bool:
    """Return whether an address may be told the key: on an encrypted way, or on that to the API, which is open on this machine only."""
    return url.scheme == "https" or (url.scheme == api.scheme and url.host == api.host)


def _without_key(url: URL, key: str) -> URL:
    """Return where a redirect leads, without the key that it may repeat."""
    if url.scheme not in ("http", "https"):
        raise ValueError("not an address of the web")
    if any(key in value for value in url.query.values()):
        url = url.with_query([(name, value) for name, value in url.query.items() if key not in value])
    return url


async def _pass_on(request: web.Request, film: aiohttp.ClientResponse) -> web.StreamResponse:
    """Answer the browser with what the server answers, as long as that is a film."""
    if film.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return web.Response(status=HTTPStatus.NOT_FOUND)
    answered = {name: film.headers[name] for name in _ANSWERED if name in film.headers} | _OWN_HEADERS
    if film.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        # Without what the server has to say about it, which may be a page.
        headers = {name: value for name, value in answered.items() if name not in (hdrs.CONTENT_TYPE, hdrs.CONTENT_LENGTH)}
        return web.Response(status=film.status, headers=headers)
    if film.status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT) or not _is_film(film):
        return web.Response(status=HTTPStatus.BAD_GATEWAY)
    response = web.StreamResponse(status=film.status, headers=answered)
    await response.prepare(request)
    if request.method != hdrs.METH_HEAD:
        await _stream(request, film, response)
    return response


def _is_film(film: aiohttp.ClientResponse) -> bool:
    """Return whether an answer is something that a browser can only play."""
    kind = film.content_type
    return (kind.startswith("video/") or kind == "application/octet-stream") and hdrs.CONTENT_ENCODING not in film.headers


async def _stream(request: web.Request, film: aiohttp.ClientResponse, response: web.StreamResponse) -> None:
    try:
        async for chunk in film.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
    except aiohttp.ClientError, OSError:
        # The browser left, or the server failed: then what is missing must not look like the end of the film.
        if request.transport is not None:
            request.transport.abort()
