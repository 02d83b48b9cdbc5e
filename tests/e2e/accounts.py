"""Fixtures of accounts in the demo, for the tests in Chromium and in WebKit."""

from collections.abc import AsyncIterator

import pytest_asyncio

from demo import Demo
from tests.e2e.fleet import Fleet, running_fleet, running_park
from tests.e2e.office import Office, running_office


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fleet(demo: Demo) -> AsyncIterator[Fleet]:
    """Add an account with six computers for the tests of a module."""
    async with running_fleet(demo) as fleet:
        yield fleet


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def park(demo: Demo) -> AsyncIterator[Fleet]:
    """Add an account with 80 computers for the tests of a module."""
    async with running_park(demo) as park:
        yield park


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(demo: Demo) -> AsyncIterator[Office]:
    """Add an account with quick support for the tests of a module."""
    async with running_office(demo) as office:
        yield office
