"""A page of Home Assistant in a browser. Finds elements in all shadow roots, and waits for them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
import time
from typing import Any

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    NoSuchFrameException,
    StaleElementReferenceException,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

TIMEOUT = 60
"""Seconds. Long, because pages load slowly on a busy machine, and the result of a command is polled only every ten seconds."""
# Errors that are expected while a page is being built, because its elements are covered, moved and replaced, and after a login.
_IN_MOTION = (ElementClickInterceptedException, ElementNotInteractableException, NoSuchFrameException, StaleElementReferenceException)

# Functions for scripts. `name` is the label, the title or the text of an element.
_LIBRARY = """
const walk = (root, nodes) => {
  for (const node of root.children) {
    nodes.push(node);
    if (node.shadowRoot) walk(node.shadowRoot, nodes);
    walk(node, nodes);
  }
};
const within = (root) => {
  const nodes = [];
  if (root.shadowRoot) walk(root.shadowRoot, nodes);
  walk(root, nodes);
  return nodes;
};
const textOf = (node) => node.nodeType === Node.TEXT_NODE ? node.data : node.localName === "style" ? ""
  : [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(textOf).join("");
const namesOf = (node) => [node.getAttribute("aria-label"), node.ariaLabel, node.title, textOf(node).trim()];
const isShown = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility === "visible";
const find = (selector, name, root) => within(root ?? document).filter((node) =>
  node.matches(selector) && (name === null || namesOf(node).includes(name)) && isShown(node));
"""
_IS_CONNECTED = "return Boolean(document.querySelector('home-assistant')?.hass?.connected)"
_HAS_TEXTS = "return document.querySelector('home-assistant')?.hass?.localize('component.getscreen.common.card_online')"
_GO = """
history.pushState(null, "", arguments[0]);
window.dispatchEvent(new CustomEvent("location-changed", {detail: {replace: false}}));
"""
# Skips the list of computers that need attention, because these computers also have a row elsewhere.
_ITEMS = """
const items = find("li, [role=listitem]", null, null).filter((node) => node.getRootNode().host.localName !== "getscreen-attention");
return items.filter((node) => find(".name", arguments[0], node).length);
"""


class Page:
    """A window of a browser. Selenium blocks, so it runs in a thread while the servers of the test continue."""

    def __init__(self, driver: WebDriver) -> None:
        """Use a browser that the caller closes."""
        self._driver = driver

    async def load(self, url: str) -> None:
        """Load a page of Home Assistant and wait until it is connected."""
        await asyncio.to_thread(self._driver.get, url)
        await self.until(lambda: self.run(_IS_CONNECTED), "Home Assistant's page is connected")

    async def open(self, url: str) -> None:
        """Load a page of Home Assistant with cards of the integration, and wait for their texts."""
        await self.load(url)
        await self.until(lambda: self.run(_HAS_TEXTS), "A card of ours has loaded its texts")

    async def go(self, path: str) -> None:
        """Go to a page with cards of the integration like a link in Home Assistant, without reloading the browser page."""
        await self.run(_GO, path)
        await self.until(lambda: self.run(_HAS_TEXTS), "A card of ours has loaded its texts")

    async def run(self, script: str, *arguments: object) -> Any:
        """Return the result of a script, which can use the functions `find`, `within` and `textOf`."""
        return await asyncio.to_thread(self._driver.execute_script, _LIBRARY + script, *arguments)

    async def all(self, selector: str, name: str | None = None, within: WebElement | None = None) -> list[WebElement]:
        """Return the visible elements at any depth that match a selector and, if given, have a name."""
        found: list[WebElement] = await self.run("return find(...arguments)", selector, name, within)
        return found

    async def find(self, selector: str, name: str | None = None, within: WebElement | None = None) -> WebElement:
        """Wait until such elements exist, and return the first."""
        found: list[WebElement] = await self.until(lambda: self.all(selector, name, within), f"{selector} is there: {name}")
        return found[0]

    async def gone(self, selector: str, name: str | None = None) -> None:
        """Wait until no such element is visible."""
        await self.until(lambda: self.run("return !find(...arguments, null).length", selector, name), f"{selector} is gone: {name}")

    async def item(self, text: str) -> WebElement:
        """Wait for the list item of a computer or an invitation with this name, and return it."""
        found: list[WebElement] = await self.until(lambda: self.run(_ITEMS, text), f"{text} is listed")
        return found[0]

    async def text(self, element: WebElement) -> str:
        """Return all text in an element."""
        return str(await self.run("return textOf(arguments[0])", element))

    async def says(self, element: WebElement, text: str) -> None:
        """Wait until an element's text contains a text."""

        async def is_said() -> bool:
            return text in await self.text(element)

        await self.until(is_said, text)

    async def click(self, selector: str, name: str | None = None, within: WebElement | None = None) -> None:
        """Click an element like a user, once it exists and is not moving or covered."""

        async def is_clicked() -> bool:
            await asyncio.to_thread((await self.find(selector, name, within)).click)
            return True

        await self.until(is_clicked, f"{selector} can be clicked: {name}")

    async def write(self, element: WebElement, text: str) -> None:
        """Type into a field."""
        await asyncio.to_thread(element.send_keys, text)

    async def press(self, key: str) -> None:
        """Press a key at the focused element."""
        await asyncio.to_thread(ActionChains(self._driver).send_keys(key).perform)

    async def copy(self) -> None:
        """Copy the selected text with the keyboard."""
        keys = ActionChains(self._driver).key_down(Keys.CONTROL).send_keys("c").key_up(Keys.CONTROL)
        await asyncio.to_thread(keys.perform)

    async def pasted(self, field: WebElement) -> str:
        """Clear a field, paste the copied text into it, and return its value."""
        await asyncio.to_thread(field.clear)
        await asyncio.to_thread(field.send_keys, Keys.CONTROL, "v")
        return str(await self.run("return arguments[0].value", field))

    @asynccontextmanager
    async def new_tab(self) -> AsyncIterator[Page]:
        """Wait for the tab that the previous action opens, and close it at the end."""
        first = await asyncio.to_thread(lambda: self._driver.current_window_handle)

        async def others() -> list[str]:
            return [handle for handle in await asyncio.to_thread(lambda: self._driver.window_handles) if handle != first]

        (opened,) = await self.until(others, "A tab is opened")
        await asyncio.to_thread(self._driver.switch_to.window, opened)
        yield self
        await asyncio.to_thread(self._driver.close)
        await asyncio.to_thread(self._driver.switch_to.window, first)

    async def until[T](self, reached: Callable[[], Awaitable[T]], what: str) -> T:
        """Call a function until its result is true, and return the result; fails after `TIMEOUT` seconds."""
        end = time.monotonic() + TIMEOUT
        reason = ""
        while True:
            try:
                if result := await reached():
                    return result
            except _IN_MOTION as error:
                reason = f" {error}"
            assert time.monotonic() < end, f"This did not happen within {TIMEOUT} seconds: {what}.{reason}"
            await asyncio.sleep(0.2)
