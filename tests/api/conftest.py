"""A client of a simulated account, and a client of a server with canned answers. No Home Assistant runs here."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.getscreen.api import GetscreenClient
from simulator import Account, Simulator

from .helpers import Canned


@pytest.fixture(autouse=True)
def _custom_integrations(socket_enabled: None) -> None:
    """Replace the fixture that starts Home Assistant: these tests need only a socket."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Replace the fixture that makes asyncio store a traceback of everything, which takes half of the time."""


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Account:
    """Return an account of five computers; `account` may be parametrized with other settings."""
    return Account(**{"devices": 5, "reboot_seconds": (30, 60)} | getattr(request, "param", {}))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return an HTTP session."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(session: aiohttp.ClientSession, simulator: Simulator) -> GetscreenClient:
    """Return a client of the simulated account."""
    return GetscreenClient(session, simulator.key, simulator.url)


@pytest.fixture
async def canned() -> AsyncIterator[Canned]:
    """Return a server with canned answers."""
    async with Canned() as server:
        yield server


@pytest.fixture
def canned_client(session: aiohttp.ClientSession, canned: Canned) -> GetscreenClient:
    """Return a client of that server."""
    return GetscreenClient(session, "a-key", canned.url)
