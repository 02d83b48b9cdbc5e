"""A browser that looks at the demo, for pictures of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import re
from typing import Literal

from playwright.async_api import Browser, Locator, Page, WebSocketRoute

from demo.client import Json
from demo.errors import DemoError
from demo.running import Demo
from simulator import Account

type Scheme = Literal["light", "dark"]

CARDS = "getscreen-cards"
"""The path of a dashboard that the menu does not show."""
PATIENCE = 60_000
"""Milliseconds."""
_REAL_INVITE = "https://getscreen.me/invite/"

# Whether nothing in view is still to come: pictures, fonts, icons, the scripts of cards, what turns while one waits.
_SETTLED = """(hasToast) => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])]);
  const inView = (node) => {
    const {top, bottom, left, right} = node.getBoundingClientRect();
    return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth && bottom > top && right > left && node.checkVisibility();
  };
  const name = (node) => node.localName;
  const waits = (node) =>
    (name(node) === "img" && node.src && !node.complete) ||
    (name(node) === "video" && node.readyState < 3) ||
    ["ha-spinner", "ha-circular-progress", "ha-fade-in", "hui-error-card"].includes(name(node)) ||
    (name(node) === "ha-toast" && !hasToast) ||
    (name(node) === "hui-card" && !node.childElementCount) ||
    (name(node).includes("-") && !node.matches(":defined")) ||
    (name(node) === "ha-icon" && node.icon && !node.shadowRoot?.querySelector("ha-svg-icon"));
  const moving = document.getAnimations().some(({effect, playState}) =>
    playState === "running" && effect.getComputedTiming().iterations !== Infinity);
  return document.fonts.status === "loaded" && !moving && !all(document).some((node) => waits(node) && inView(node));
}"""


@dataclass(kw_only=True)
class Studio:
    """What pictures are taken of, and with."""

    demo: Demo
    account: Account
    browser: Browser

    @asynccontextmanager
    async def window(self, path: str, width: int = 1280, height: int = 900, scheme: Scheme = "light") -> AsyncIterator[Page]:
        """Open a page of Home Assistant."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
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
        await self.demo.client.command("lovelace/config/save", url_path=CARDS, config={"views": [view]})

    def _pass_on(self, page: WebSocketRoute) -> None:
        """Replace the simulated service by the real one in links of invitations, so that link and QR code look real."""
        simulated = f"{self.demo.simulator.root}/invite/" if self.demo.simulator else _REAL_INVITE
        server = page.connect_to_server()
        server.on_message(lambda message: page.send(message.replace(simulated, _REAL_INVITE) if isinstance(message, str) else message))


async def settle(page: Page, *, has_toast: bool = False) -> None:
    """Wait until the page has finished loading and moving; a toast is waited for to go, unless it belongs to the picture."""
    await page.evaluate("document.activeElement?.blur()")
    for _ in range(2):
        await page.wait_for_function(_SETTLED, arg=has_toast, polling=100)
        await page.wait_for_timeout(700)


async def see(page: Page, *, has_toast: bool = False) -> bytes:
    """Return what is in the window."""
    await settle(page, has_toast=has_toast)
    return await page.screenshot(animations="disabled")


async def see_only(page: Page, what: Locator, margin: int = 16) -> bytes:
    """Return an element with a margin around it."""
    await settle(page)
    box = await what.bounding_box()
    if box is None:
        raise DemoError(f"{what} is not visible.")
    x, y = box["x"] - margin, box["y"] - margin
    area = {"x": x, "y": y, "width": box["width"] + 2 * margin, "height": box["height"] + 2 * margin}
    return await page.screenshot(clip=area, animations="disabled")  # type: ignore[arg-type]  # a literal would say nothing more
