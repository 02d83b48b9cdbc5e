"""Shared fixtures of the fault tests: the whole log, and a client with a short timeout for unanswered requests."""

import logging
from typing import Any

from aiohttp import ClientSession, ClientTimeout
import pytest

from custom_components.getscreen.api import requester
from custom_components.getscreen.api.transport import Answer, send
from simulator import Fault, Simulator

from .steps import LOGGER_NAME


@pytest.fixture(autouse=True)
def _whole_log(caplog: pytest.LogCaptureFixture) -> None:
    """Record the integration's debug messages too."""
    caplog.set_level(logging.DEBUG, LOGGER_NAME)


@pytest.fixture(autouse=True)
def _short_timeout(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the timeout of requests that are never answered, but not of others."""

    async def send_briefly(session: ClientSession, verb: str, url: str, *, client_timeout: ClientTimeout, **what: Any) -> Answer:
        hangs = simulator.fault(url.removeprefix(f"{simulator.url}/")) is Fault.HANG
        timeout = ClientTimeout(total=client_timeout.total, sock_read=0.01 if hangs else None)
        return await send(session, verb, url, client_timeout=timeout, **what)

    monkeypatch.setattr(requester, "send", send_briefly)
