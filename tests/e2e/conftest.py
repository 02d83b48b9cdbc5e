"""One demo and one browser for all tests, and a new window for each test."""

from collections.abc import AsyncIterator
import os
from urllib.parse import unquote

from playwright.async_api import Browser, ConsoleMessage, Page, WebSocket, async_playwright, expect
import pytest
import pytest_asyncio

from demo import Demo, free_port, running_demo
from simulator import Account, Simulator
from tests.e2e.accounts import fleet, office, park  # noqa: F401 - fixtures

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_OTHERS_ICONS = "/api/brands/integration/"
"""Home Assistant downloads the icons of its own integrations, which fails without internet access. This integration has its own icon."""
# Some tests make actions or the server fail on purpose. Home Assistant logs failed actions that a page has called, and failed polls.
_EXPECTED = (
    "[homeassistant.components.websocket_api.",
    *(f"Error fetching {account}@example.com " for account in ("cards", "keys", "support")),
)
# Milliseconds. A page may take a while to load on a busy machine, and the result of a command is polled only every ten seconds.
_TIMEOUT = 60_000

expect.set_options(timeout=_TIMEOUT)


class Watch:
    """Collects the errors of a window, and everything it receives that contains the API key."""

    def __init__(self, page: Page, key: str) -> None:
        self._key = key
        self.broken: list[str] = []
        self.leaks: list[str] = []
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", self._hear)
        page.on("request", lambda request: self._read(request.url))
        page.on("websocket", self._listen)

    def _hear(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        harmless = _OTHERS_ICONS in url and "/getscreen/" not in url
        if message.type == "error" and not harmless:
            self.broken.append(f"{message.text} ({url})")

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self._read(frame if isinstance(frame, str) else frame.decode(errors="replace")))

    def _read(self, text: str) -> None:
        if self._key in unquote(text):
            self.leaks.append(text[:500])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """Run the demo in a new folder, with an account that only the tests change."""
    folder = tmp_path_factory.mktemp("demo")
    async with running_demo(folder=folder, port=free_port(), simulator_port=free_port(), account=Account(devices=25)) as running:
        yield running
        assert [line for line in running.folder.complaints() if not any(expected in line for expected in _EXPECTED)] == []


@pytest.fixture(scope="session")
def simulator(demo: Demo) -> Simulator:
    """Return the simulated server with the demo's account."""
    assert demo.simulator is not None
    return demo.simulator


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start the browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=_FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(request: pytest.FixtureRequest, browser: Browser, simulator: Simulator) -> AsyncIterator[Page]:
    """Open a window, optionally in a language. The test fails if errors occur in the window or if it receives the API key."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, locale=getattr(request, "param", "en-US"))
    page = await context.new_page()
    page.set_default_timeout(_TIMEOUT)
    watch = Watch(page, simulator.key)
    yield page
    await context.close()
    assert watch.leaks == []
    assert watch.broken == []
