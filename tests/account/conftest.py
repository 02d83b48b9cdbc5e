"""Fixtures that the account tests share."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
from aiohttp import web
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.http_sessions import async_media_session
from custom_components.getscreen.const import DOMAIN
from simulator import Simulator

from ..internet import Internet, internet_of

type Open = Callable[[str], aiohttp.ClientSession]


@pytest.fixture
async def net(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Internet]:
    """Put Home Assistant into an Internet of its own, whose servers answer with a cookie for the whole parent domain."""

    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="hello", headers={"Set-Cookie": "session=attacker; Domain=example; Path=/"})

    async with internet_of(hello, simulator.port, monkeypatch, tmp_path) as net:
        yield net


@pytest.fixture
def open_session(hass: HomeAssistant) -> Open:
    """Return a factory of media sessions for an account whose API has a given address."""

    def open_session(api: str) -> aiohttp.ClientSession:
        entry = MockConfigEntry(domain=DOMAIN, data={CONF_API_KEY: "a-key", CONF_URL: api})
        entry.add_to_hass(hass)
        return async_media_session(hass, entry, 2)

    return open_session
