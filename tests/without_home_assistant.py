"""Fixtures for tests that need no Home Assistant, to be imported by the conftest.py of their folder."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from .api.helpers import Canned


@pytest.fixture(autouse=True)
def _custom_integrations(socket_enabled: None) -> None:
    """Replace the fixture that starts Home Assistant: these tests need only a socket."""


@pytest.fixture(autouse=True)
def _time_zone() -> None:
    """Replace the fixture that sets Home Assistant's time zone, because it would start Home Assistant."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Replace the fixture that makes asyncio store a traceback of everything, which takes half of the time."""


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return an HTTP session."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def canned() -> AsyncIterator[Canned]:
    """Return a server with canned answers."""
    async with Canned() as server:
        yield server
