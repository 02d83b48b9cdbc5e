"""The animation of the README: search for an offline computer, wake it, and connect to it."""

from base64 import b64encode
from html import escape
from io import BytesIO
import re

from playwright.async_api import Locator, Page, Route, expect

from demo.errors import DemoError
from demo.reel import Point, Reel
from demo.running import START_PAGE
from demo.studio import Studio, settle
from simulator import Agent
from simulator.pictures import desktop

_COMPUTER = "Till 2"
_SEARCH = "till"
_WIDTH, _HEIGHT = 800, 560
_TITLE = "Computers"
_TICKS = 2
"""How many seconds of the wait are shown."""


async def wake_and_connect(studio: Studio) -> bytes:
    """Return the animation (WebP)."""
    (agent,) = [agent for agent in studio.account.agents.values() if agent.name == _COMPUTER]
    async with studio.window(f"{START_PAGE}/computers", width=_WIDTH, height=_HEIGHT) as page:
        await page.context.route("**/connect/*", lambda route: _show_session(route, agent))
        reel = Reel(pointer=(300, 420))
        await _search(page, reel)
        button = page.get_by_role("button", name=f"Wake and connect, {_COMPUTER}", exact=True)
        reel.move(await _center(button))
        reel.click()
        async with page.context.expect_page() as opened:
            await button.click()
        tab = await opened.value
        await _wait_in_tab(tab, reel)
        await _see_it_wake(studio, page, reel, agent)
        await tab.wait_for_url("**/connect/*")
        reel.click()
        reel.show(await tab.screenshot(), 2500, tabs=(_TITLE, _COMPUTER), active=1)
        return reel.encode()


async def _search(page: Page, reel: Reel) -> None:
    """Show how the user searches for the computer."""
    field = page.get_by_role("searchbox", name="Search computers")
    await expect(page.locator("getscreen-card .name").first).to_be_visible()
    await settle(page)
    reel.show(await page.screenshot(animations="disabled"), 900, tabs=(_TITLE,))
    reel.move(await _center(field))
    reel.click()
    await field.focus()
    for end in range(1, len(_SEARCH) + 1):
        await page.keyboard.type(_SEARCH[end - 1])
        await page.wait_for_timeout(300)
        reel.show(await page.screenshot(animations="disabled"), 120, tabs=(_TITLE,))
    await settle(page)
    reel.show(await page.screenshot(animations="disabled"), 700, tabs=(_TITLE,))


async def _wait_in_tab(tab: Page, reel: Reel) -> None:
    """Show the new tab, which waits until the computer is online."""
    await tab.get_by_text(re.compile(r"\d s$")).wait_for()
    for _ in range(_TICKS):
        reel.show(await tab.screenshot(), 550, tabs=(_TITLE, await tab.title()), active=1)
        await tab.wait_for_timeout(1000)


async def _see_it_wake(studio: Studio, page: Page, reel: Reel, agent: Agent) -> None:
    """Show the dashboard while the computer comes online."""
    waiting = f"Waking {_COMPUTER} …"
    await page.bring_to_front()
    await expect(page.locator("getscreen-card").get_by_text("Waking …").first).to_be_visible()
    await settle(page)
    reel.move_to_tab(0)
    reel.click()
    reel.show(await page.screenshot(animations="disabled"), 1300, tabs=(_TITLE, waiting))
    studio.account.come(agent)
    await expect(page.get_by_role("button", name=f"Connect, {_COMPUTER}", exact=True)).to_be_visible()
    await settle(page)
    reel.show(await page.screenshot(animations="disabled"), 1000, tabs=(_TITLE, _COMPUTER))
    reel.move_to_tab(1)


async def _show_session(route: Route, agent: Agent) -> None:
    """Return a page with the computer's desktop instead of the simulator's page, which is requested to start the session."""
    await route.fetch()
    target = BytesIO()
    desktop(agent.id, agent.name, agent.os, agent.preview_time).save(target, "PNG")
    source = f"data:image/png;base64,{b64encode(target.getvalue()).decode()}"
    style = "<style>body { margin: 0; background: black } img { width: 100vw; height: 100vh; object-fit: contain; display: block }</style>"
    body = f'<!DOCTYPE html><title>{escape(agent.name)}</title>{style}<img alt="" src="{source}">'
    await route.fulfill(content_type="text/html", body=body)


async def _center(what: Locator) -> Point:
    box = await what.bounding_box()
    if box is None:
        raise DemoError(f"{what} is not visible.")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
