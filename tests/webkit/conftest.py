"""One demo for all tests, and a new browser for most tests."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from demo import Demo, free_port, running_demo
from simulator import Account
from tests.e2e.accounts import fleet, office, park  # noqa: F401 - fixtures
from tests.e2e.archive import Archive, running_archive
from tests.webkit.browsers import WEBKIT_GTK, running_browser
from tests.webkit.page import Page
from tests.webkit.proxy import running_proxy


def pytest_configure(config: pytest.Config) -> None:
    """Ignore a deprecation warning that Selenium causes itself."""
    config.addinivalue_line("filterwarnings", "ignore:setting remote_server_addr:DeprecationWarning")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """Run the demo in a new folder, with an account that only the tests change."""
    folder = tmp_path_factory.mktemp("demo")
    async with running_demo(folder=folder, port=free_port(), simulator_port=free_port(), account=Account(devices=25)) as running:
        yield running
        assert running.folder.complaints() == []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def proxy() -> AsyncIterator[str]:
    """Run the proxy for the browsers, and return its address."""
    async with running_proxy() as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def page(proxy: str) -> AsyncIterator[Page]:
    """Start a browser for one test."""
    async with running_browser(WEBKIT_GTK, proxy) as driver:
        yield Page(driver)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def archive(demo: Demo) -> AsyncIterator[Archive]:
    """Add an account with sessions for the tests of a module."""
    async with running_archive(demo) as archive:
        yield archive
