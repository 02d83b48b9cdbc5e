"""HTTP sessions, which neither send nor store cookies.

The API's session uses the connections of Home Assistant. Previews and recordings have sessions of their own: a flood of them must not
delay the polls, and an address that the server names must not lead into the home network.
"""

from typing import cast

import aiohttp
from aiohttp import hdrs
from homeassistant.const import CONF_URL, EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import (
    SERVER_SOFTWARE,
    HomeAssistantTCPConnector,
    async_create_clientsession,
    async_get_clientsession,
)
from homeassistant.helpers.singleton import singleton
from homeassistant.util import ssl as ssl_util
from homeassistant.util.hass_dict import HassKey
from yarl import URL

from ..entry import GetscreenConfigEntry
from .address_guard import AddressGuard

_API_SESSION: HassKey[aiohttp.ClientSession] = HassKey("getscreen_api_session")
# How many previews and recordings of an account are fetched from the server at the same time.
MAX_PREVIEWS = 8
MAX_RECORDINGS = 16


@singleton(_API_SESSION)
@callback
def async_api_session(hass: HomeAssistant) -> aiohttp.ClientSession:
    """Return the session for requests to the API, which all accounts share."""
    session = async_create_clientsession(hass, auto_cleanup=False, cookie_jar=aiohttp.DummyCookieJar())

    @callback
    def detach(_event: Event) -> None:
        session.detach()

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, detach)
    return session


@callback
def async_media_session(hass: HomeAssistant, entry: GetscreenConfigEntry, max_connections: int) -> aiohttp.ClientSession:
    """Return a new session for links in the answers of an account; it is closed when the account is unloaded.

    It uses `https` and public addresses only, and checks each redirect and each address that a name resolves to. Other requests raise
    ClientError, OSError or ValueError. If the API is in the home network or on this machine, its links may lead there too.
    """
    connector = cast(HomeAssistantTCPConnector, async_get_clientsession(hass).connector)
    guard = AddressGuard(connector, URL(entry.data[CONF_URL]))
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=max_connections,
            resolver=guard,
            socket_factory=guard.create_socket,
            ssl=ssl_util.get_default_context(),
            use_dns_cache=False,
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={hdrs.USER_AGENT: SERVER_SOFTWARE},
        middlewares=(guard.check,),
    )

    async def close(_event: Event | None = None) -> None:
        await session.close()

    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close))
    entry.async_on_unload(close)
    return session
