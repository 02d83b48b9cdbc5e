"""A client of a simulated account, and a client of a server with canned answers. No Home Assistant runs here."""

import aiohttp
import pytest

from custom_components.getscreen.api import GetscreenClient
from simulator import Account, Simulator
from tests.without_home_assistant import _custom_integrations, _time_zone, canned, enable_event_loop_debug, session

from .helpers import Canned

__all__ = ["_custom_integrations", "_time_zone", "canned", "enable_event_loop_debug", "session"]


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Account:
    """Return an account of five computers; `account` may be parametrized with other settings."""
    return Account(**{"devices": 5, "reboot_seconds": (30, 60)} | getattr(request, "param", {}))


@pytest.fixture
def client(session: aiohttp.ClientSession, simulator: Simulator) -> GetscreenClient:
    """Return a client of the simulated account."""
    return GetscreenClient(session, simulator.key, simulator.url)


@pytest.fixture
def canned_client(session: aiohttp.ClientSession, canned: Canned) -> GetscreenClient:
    """Return a client of that server."""
    return GetscreenClient(session, "a-key", canned.url)
