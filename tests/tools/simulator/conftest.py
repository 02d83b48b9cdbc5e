"""An account of three devices with a clock that only tests move, its simulator, and a caller with the key."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from simulator import Account, Simulator

START = 1_765_000_000.0

type Call = Callable[..., Awaitable[tuple[int, Any]]]


class Clock:
    """A clock that only tests move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        """Return the time in Unix seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def account(clock: Clock) -> Account:
    return Account(clock=clock)


@pytest.fixture
async def simulator(account: Account) -> AsyncIterator[Simulator]:
    async with Simulator(account, key="the-key") as simulator:
        yield simulator


@pytest.fixture
async def session(simulator: Simulator) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"X-Api-Key": simulator.key}) as session:
        yield session


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """Return an HTTP session without the key."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(simulator: Simulator, session: aiohttp.ClientSession) -> Call:
    """Return a caller of methods, which answers the HTTP code and the parsed body."""

    async def request(method: str, verb: str = "GET", json: object = None, **parameters: object) -> tuple[int, Any]:
        params = {name: str(value) for name, value in parameters.items()}
        async with session.request(verb, f"{simulator.url}/{method}", params=params, json=json) as response:
            return response.status, await response.json() if await response.read() else None

    return request
