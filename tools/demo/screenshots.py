"""Takes the README's pictures: the demo with an account of its own, seen by a browser."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
import logging
import os
from pathlib import Path
import re
import sys
import tempfile
import time
from typing import Literal

from PIL import Image
from playwright.async_api import Browser, Locator, Page, WebSocketRoute, async_playwright, expect

from demo.business import IN_SESSION, business_account, open_for_business
from demo.client import Json
from demo.errors import DemoError
from demo.homeassistant import REPOSITORY
from demo.running import START_PAGE, Demo, free_port, running_demo

_LOGGER = logging.getLogger("demo")

_FOLDER = REPOSITORY / "docs" / "images"
_PATIENCE = 60_000
_MOST_BYTES = 150_000
_ON_THE_CARD = ("Reception PC", "Marta's Mac", "Till 1", "Warehouse PC", "Till 2", "Shop window")
_CARDS = "getscreen-cards"
_REAL_INVITE = "https://getscreen.me/invite/"

# Whether nothing in view is still to come: pictures, fonts, icons, the scripts of cards, what turns while one waits.
_SETTLED = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
  const inView = (node) => {
    const {top, bottom, left, right} = node.getBoundingClientRect();
    return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth && bottom > top && right > left && node.checkVisibility();
  };
  const name = (node) => node.localName;
  const waits = (node) =>
    (name(node) === "img" && node.src && !node.complete) ||
    (name(node) === "video" && node.readyState < 3) ||
    ["ha-spinner", "ha-circular-progress", "ha-fade-in", "ha-toast", "hui-error-card"].includes(name(node)) ||
    (name(node) === "hui-card" && !node.childElementCount) ||
    (name(node).includes("-") && !node.matches(":defined")) ||
    (name(node) === "ha-icon" && node.icon && !node.shadowRoot?.querySelector("ha-svg-icon"));
  const moving = document.getAnimations().some(({effect, playState}) =>
    playState === "running" && effect.getComputedTiming().iterations !== Infinity);
  return document.fonts.status === "loaded" && !moving && !all(document).some((node) => waits(node) && inView(node));
}"""


@dataclass(kw_only=True)
class _Studio:
    """What pictures are taken of, and with."""

    demo: Demo
    browser: Browser

    @asynccontextmanager
    async def window(
        self, path: str, width: int = 1280, height: int = 900, scheme: Literal["light", "dark"] = "light"
    ) -> AsyncIterator[Page]:
        """Open a page of Home Assistant."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(_PATIENCE)
        # Only the icons of the menu, so that there is room for what it is about.
        await context.add_init_script("localStorage.dockedSidebar = '\"auto\"'")
        page = await context.new_page()
        await page.route_web_socket(re.compile("/api/websocket$"), self._pass_on)
        await page.goto(f"{self.demo.url}/{path}")
        yield page
        await context.close()

    async def devices(self, *names: str) -> list[str]:
        """Return the ids of computers."""
        ids = {device["name"]: str(device["id"]) for device in await self.demo.client.devices()}
        return [ids[name] for name in names]

    async def show(self, card: Json, columns: int) -> None:
        """Put one card on the dashboard that the menu does not show, in a section of so many columns."""
        section = {"type": "grid", "column_span": columns, "cards": [card]}
        view = {"type": "sections", "title": "Cards", "path": "cards", "max_columns": columns, "sections": [section]}
        await self.demo.client.command("lovelace/config/save", url_path=_CARDS, config={"views": [view]})

    def _pass_on(self, page: WebSocketRoute) -> None:
        """Replace the simulated service by the real one in links of invitations, so that link and QR code look real."""
        simulated = f"{self.demo.simulator.root}/invite/" if self.demo.simulator else _REAL_INVITE
        server = page.connect_to_server()
        server.on_message(lambda message: page.send(message.replace(simulated, _REAL_INVITE) if isinstance(message, str) else message))


type _Picture = Callable[[_Studio], Awaitable[bytes]]


def main() -> str | None:
    """Take the pictures that are named on the command line, or all, and return what went wrong."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout)
    _LOGGER.setLevel(logging.INFO)
    wanted = sys.argv[1:] or list(_PICTURES)
    if unknown := set(wanted) - set(_PICTURES):
        return f"screenshots: there is no picture {', '.join(sorted(unknown))}, but there are {', '.join(_PICTURES)}"
    try:
        asyncio.run(_take(wanted))
    except DemoError as error:
        return f"screenshots: {error}"
    return None


async def _take(names: list[str]) -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="getscreen-pictures-") as folder:
        account = business_account()
        running = running_demo(folder=Path(folder), port=free_port(), simulator_port=free_port(), account=account)
        async with running as demo, async_playwright() as playwright:
            expect.set_options(timeout=_PATIENCE)
            browser = await playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--force-color-profile=srgb"])
            studio = _Studio(demo=demo, browser=browser)
            await demo.client.command("lovelace/dashboards/create", url_path=_CARDS, title="Cards", icon="mdi:cards", show_in_sidebar=False)
            await open_for_business(account, demo.client)
            for name in names:
                _save(name, await _PICTURES[name](studio))
            await browser.close()
    _LOGGER.info("%s pictures after %.0f s", len(names), time.monotonic() - started)


def _save(name: str, picture: bytes) -> None:
    """Write a picture, in as few bytes as PNG can."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    file = _FOLDER / f"{name}.png"
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.save(file, optimize=True)
    size = file.stat().st_size
    _LOGGER.info("%s: %s by %s, %.0f kB", file.relative_to(REPOSITORY), *image.size, size / 1000)
    if size > _MOST_BYTES:
        raise DemoError(f"{file} is too large for a README: {size} bytes.")


# How a picture is taken


async def _settle(page: Page) -> None:
    """Wait until the page has finished loading and moving."""
    await page.evaluate("document.activeElement?.blur()")
    for _ in range(2):
        await page.wait_for_function(_SETTLED, polling=100)
        await page.wait_for_timeout(700)


async def _see(page: Page) -> bytes:
    """Return what is in the window."""
    await _settle(page)
    return await page.screenshot(animations="disabled")


async def _see_only(page: Page, what: Locator, margin: int = 16) -> bytes:
    """Return an element with a margin around it."""
    await _settle(page)
    box = await what.bounding_box()
    if box is None:
        raise DemoError(f"{what} is not visible.")
    x, y = box["x"] - margin, box["y"] - margin
    area = {"x": x, "y": y, "width": box["width"] + 2 * margin, "height": box["height"] + 2 * margin}
    return await page.screenshot(clip=area, animations="disabled")  # type: ignore[arg-type]  # a literal would say nothing more


# The pictures


async def _dashboard(studio: _Studio, scheme: Literal["light", "dark"]) -> bytes:
    async with studio.window(START_PAGE, scheme=scheme) as page:
        await expect(page.locator("getscreen-card .name").first).to_be_visible()
        return await _see(page)


async def _phone(studio: _Studio) -> bytes:
    async with studio.window(START_PAGE, width=400, height=860) as page:
        await expect(page.locator("getscreen-support-card .code").first).to_be_visible()
        # From the heading of the first group on.
        await (
            page.locator("hui-heading-card")
            .filter(has_text="Office")
            .evaluate("card => scrollBy(0, card.getBoundingClientRect().top - 64)")
        )
        return await _see(page)


async def _card(studio: _Studio) -> bytes:
    await studio.show(
        {"type": "custom:getscreen-card", "devices": await studio.devices(*_ON_THE_CARD), "grid_options": {"columns": "full"}}, 3
    )
    async with studio.window(f"{_CARDS}/cards", width=1000, height=1000) as page:
        await page.get_by_role("button", name="Wake, Till 2", exact=True).click()
        await expect(page.locator("getscreen-card").get_by_text("Waking …").first).to_be_visible()
        await page.mouse.move(0, 0)
        return await _see_only(page, page.locator("getscreen-card"))


async def _support(studio: _Studio) -> bytes:
    await studio.show({"type": "custom:getscreen-support-card"}, 1)
    async with studio.window(f"{_CARDS}/cards", width=900) as page:
        await page.get_by_role("button", name="QR code").last.click()
        await page.mouse.move(0, 0)
        return await _see_only(page, page.locator("getscreen-support-card"))


async def _device(studio: _Studio) -> bytes:
    (device,) = await studio.devices(IN_SESSION)
    async with studio.window(f"config/devices/device/{device}", height=1200) as page:
        await expect(page.get_by_text("Memory usage")).to_be_visible()
        return await _see(page)


async def _calendar(studio: _Studio) -> bytes:
    async with studio.window("calendar") as page:
        await expect(page.get_by_role("cell").get_by_role("button", name=re.compile(r"\d\d:\d\d ")).first).to_be_visible()
        return await _see(page)


async def _recording(studio: _Studio) -> bytes:
    async with studio.window("media-browser/browser") as page:
        titles = page.locator("ha-media-player-browse .child .title")
        for folder in ("Getscreen.me", "By month"):
            await titles.get_by_text(folder, exact=True).click()
        await titles.filter(has_text=re.compile(r"^\s*[A-Z][a-z]+ 20\d\d\s*$")).first.click()
        await titles.filter(has_text=re.compile(r", 20\d\d-\d\d-\d\d \d\d:\d\d, ")).first.click()
        video = page.locator("video")
        await page.wait_for_function("video => video.currentTime > 1", arg=await video.element_handle())
        await video.evaluate("video => video.pause()")
        await page.mouse.move(0, 0)
        return await _see_only(page, page.locator("dialog[open]").last, margin=0)


async def _setup(studio: _Studio) -> bytes:
    async with studio.window("config/integrations/dashboard/add?domain=getscreen") as page:
        await page.get_by_role("button", name="OK").click()
        await page.locator('input[name="api_key"]').fill("a key that is shown as dots")
        return await _see_only(page, page.locator("dialog[open]").last, margin=0)


_PICTURES: dict[str, _Picture] = {
    "dashboard": partial(_dashboard, scheme="light"),
    "dashboard-dark": partial(_dashboard, scheme="dark"),
    "card": _card,
    "device": _device,
    "calendar": _calendar,
    "recording": _recording,
    "setup": _setup,
    "support": _support,
    "phone": _phone,
}

if __name__ == "__main__":
    sys.exit(main())
