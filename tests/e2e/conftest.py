"""The demo, and a browser that looks at it."""

from collections.abc import AsyncIterator
import os
from pathlib import Path

from playwright.async_api import Page, async_playwright
import pytest

from demo import Demo, free_port, running_demo

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """Run the demo with a folder of its own."""
    async with running_demo(folder=tmp_path / "demo", port=free_port(), simulator_port=free_port()) as running:
        yield running


@pytest.fixture
async def page(demo: Demo) -> AsyncIterator[Page]:
    """Open the demo in a browser; nothing may go wrong on the page."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=_FLAGS)
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(30_000)
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        await page.goto(demo.url)
        yield page
        await browser.close()
        assert broken == []
