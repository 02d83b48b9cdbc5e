"""A client of a simulated account, and one of a server that answers whatever it is given. No Home Assistant runs here."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.getscreen.api import GetscreenClient
from simulator import Simulator

from .helpers import Canned


@pytest.fixture(autouse=True)
def _custom_integrations(socket_enabled: None) -> None:
    """Take the place of the fixture that starts Home Assistant: a socket is all that these tests need."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Take the place of the fixture that makes asyncio keep a traceback of everything: it would take half of the time."""


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session of the test's own."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(session: aiohttp.ClientSession, simulator: Simulator) -> GetscreenClient:
    """Return a client of the simulated account."""
    return GetscreenClient(session, simulator.key, simulator.url)


@pytest.fixture
async def canned() -> AsyncIterator[Canned]:
    """Return a server that answers bytes."""
    async with Canned() as server:
        yield server


@pytest.fixture
def canned_client(session: aiohttp.ClientSession, canned: Canned) -> GetscreenClient:
    """Return a client of that server."""
    return GetscreenClient(session, "a-key", canned.url)
