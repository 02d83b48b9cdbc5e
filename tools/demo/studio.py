"""A browser that opens pages of the demo, and functions that take pictures of them."""

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
"""The path of a dashboard that is not in the sidebar."""
PATIENCE = 60_000
"""How many milliseconds to wait for an element."""
_REAL_INVITE = "https://getscreen.me/invite/"

# Returns whether everything in view is complete: pictures, fonts, icons, cards; and no spinner or animation is running.
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
    """A running demo, its account, and the browser that takes the pictures."""

    demo: Demo
    account: Account
    browser: Browser

    @asynccontextmanager
    async def window(self, path: str, width: int = 1280, height: int = 900, scheme: Scheme = "light") -> AsyncIterator[Page]:
        """Open a page of Home Assistant in a new window; sizes in pixels."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        # Collapse the sidebar to its icons, so that the page is wider.
        await context.add_init_script("localStorage.dockedSidebar = '\"auto\"'")
        page = await context.new_page()
        await page.route_web_socket(re.compile("/api/websocket$"), self._pass_on)
        await page.goto(f"{self.demo.url}/{path}")
        yield page
        await context.close()

    async def devices(self, *names: str) -> list[str]:
        """Return the device ids of computers by their names; raises KeyError for an unknown name."""
        ids = {device["name"]: str(device["id"]) for device in await self.demo.client.devices()}
        return [ids[name] for name in names]

    async def show(self, card: Json, columns: int) -> None:
        """Replace the content of the dashboard `CARDS` by one card, in a section of `columns` columns."""
        section = {"type": "grid", "column_span": columns, "cards": [card]}
        view = {"type": "sections", "title": "Cards", "path": "cards", "max_columns": columns, "sections": [section]}
        await self.demo.client.command("lovelace/config/save", url_path=CARDS, config={"views": [view]})

    def _pass_on(self, page: WebSocketRoute) -> None:
        """Replace the simulator's address by the real service in the links of invitations, so that links and QR codes look real."""
        simulated = f"{self.demo.simulator.root}/invite/" if self.demo.simulator else _REAL_INVITE
        server = page.connect_to_server()
        server.on_message(lambda message: page.send(message.replace(simulated, _REAL_INVITE) if isinstance(message, str) else message))


async def settle(page: Page, *, has_toast: bool = False) -> None:
    """Wait until the page is complete and nothing moves; with `has_toast`, do not wait until toasts disappear."""
    await page.evaluate("document.activeElement?.blur()")
    for _ in range(2):
        await page.wait_for_function(_SETTLED, arg=has_toast, polling=100)
        await page.wait_for_timeout(700)


async def see(page: Page, *, has_toast: bool = False) -> bytes:
    """Return a screenshot of the window (PNG)."""
    await settle(page, has_toast=has_toast)
    return await page.screenshot(animations="disabled")


async def see_only(page: Page, what: Locator, margin: int = 16) -> bytes:
    """Return a screenshot (PNG) of an element with a margin in pixels; raises DemoError if the element is not visible."""
    await settle(page)
    box = await what.bounding_box()
    if box is None:
        raise DemoError(f"{what} is not visible.")
    x, y = box["x"] - margin, box["y"] - margin
    area = {"x": x, "y": y, "width": box["width"] + 2 * margin, "height": box["height"] + 2 * margin}
    return await page.screenshot(clip=area, animations="disabled")  # type: ignore[arg-type]  # a TypedDict would not be clearer
