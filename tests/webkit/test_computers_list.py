"""The list of the card `custom:getscreen-card` with many computers in WebKit: search, filter, groups and scrolling."""

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.e2e.fleet import OFFLINE, Fleet
from tests.webkit.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

_SHOWN = "return find('getscreen-computer-row', null, null).map(({shadowRoot}) => shadowRoot.querySelector('.name').textContent)"
# Returns the names in the page, and scrolls by half a window, at the end back to the beginning.
_SCROLL = """
const rows = within(document).filter(({localName}) => localName === "getscreen-computer-row");
const names = rows.map(({shadowRoot}) => shadowRoot.querySelector(".name").textContent);
if (scrollY + innerHeight >= document.documentElement.scrollHeight - 1) scrollTo(0, 0);
else scrollBy(0, innerHeight / 2);
return names;
"""


async def open_list(park: Fleet, page: Page) -> None:
    """Open the card with its toolbar, and wait for the computers."""
    await page.open(await park.save({"account": park.entry_id, "toolbar": True, "pictures": False}))
    await page.item("PC 01")


async def shows(page: Page, names: set[str]) -> None:
    """Wait until exactly these computers are shown."""

    async def are_shown() -> bool:
        return set(await page.run(_SHOWN)) == names

    await page.until(are_shown, f"{names} are shown")


async def heading(page: Page, group: str) -> WebElement:
    """Return the heading of a group."""
    script = "return find('getscreen-group-heading', null, null).filter((node) => find('.name', arguments[0], node).length)"
    found: list[WebElement] = await page.until(lambda: page.run(script, group), f"{group} has a heading")
    return found[0]


async def test_search_and_enter(park: Fleet, page: Page) -> None:
    """Enter in the search field connects to the only result: WebKit allows a new tab in the handler of the key."""
    await open_list(park, page)
    field = await page.find("input[type=search]")
    await page.write(field, "pc 42")
    await shows(page, {"PC 42"})
    await page.write(field, Keys.ENTER)
    async with page.new_tab() as tab:
        await tab.find("h1", "Connected to PC 42")


async def test_filter_and_collapse(park: Fleet, page: Page) -> None:
    """A filter shows only matching computers, and a group can be collapsed and expanded."""
    await open_list(park, page)
    await page.click("[data-filter=offline]")
    await shows(page, set(OFFLINE))
    await page.find("[data-filter=offline][aria-pressed=true]")
    await page.click(".toggle", within=await heading(page, "Office"))
    await shows(page, set())
    await page.click(".toggle", within=await heading(page, "Office"))
    await shows(page, set(OFFLINE))


async def test_menu(park: Fleet, page: Page) -> None:
    """A click opens the menu of a group and another closes it, although Safari does not focus buttons; then a command wakes computers."""
    await open_list(park, page)
    office = await heading(page, "Office")
    button = "button[aria-haspopup]"
    await page.click(button, within=office)
    await page.find("[role=menu]", within=office)
    await page.click(button, within=office)
    await page.gone("[role=menu]")
    await page.click(button, within=office)
    woken = park.count("agents/wake")
    try:
        await page.click("[role=menuitem]", f"Wake offline computers ({len(OFFLINE)})", office)
        for name in OFFLINE:
            await park.start_up(name, woken + len(OFFLINE) - 1)
        await page.says(await page.find("getscreen-bulk-bar"), f"{len(OFFLINE)} of {len(OFFLINE)} are online")
        await page.gone("[role=menu]")
    finally:
        for name in OFFLINE:
            park.simulator.account.go(park.agent(name))
        await park.refresh()


async def test_scrolling(park: Fleet, page: Page) -> None:
    """Scrolling shows every computer, and the page never contains all of them at once."""
    await open_list(park, page)
    seen: set[str] = set()
    most = 0

    async def all_seen() -> bool:
        nonlocal most
        names = await page.run(_SCROLL)
        most = max(most, len(names))
        seen.update(names)
        return seen == park.devices.keys()

    await page.until(all_seen, "Each computer was in the page")
    assert most < len(park.devices)
