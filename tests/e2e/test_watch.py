"""The card `custom:getscreen-card` watches its account: while a user sees it, the computers are polled more often."""

import asyncio

from playwright.async_api import Page, expect
import pytest

from tests.e2e.fleet import Fleet, row

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Lets a test hide the page as another tab does: the browser of the tests has no tabs that hide each other.
_HIDEABLE = """{
  let isHidden = false;
  Object.defineProperty(document, "hidden", {get: () => isHidden});
  Object.defineProperty(document, "visibilityState", {get: () => isHidden ? "hidden" : "visible"});
  window.hidePage = (value) => {
    isHidden = value;
    document.dispatchEvent(new Event("visibilitychange"));
  };
}"""
# Seconds. At the update interval of a minute, a poll at most falls into this time; while a card watches, two do.
_PERIOD = 35


async def test_fast_while_seen(fleet: Fleet, page: Page) -> None:
    """A change is on a visible dashboard within seconds. While the page is hidden, the user's update interval counts."""
    await page.add_init_script(_HIDEABLE)
    card = await fleet.show(page, {"account": fleet.entry_id})
    state = row(card, "Desk").locator(".state")
    await expect(state).to_have_text("Online")
    try:
        before = fleet.count("agents/list")
        async with asyncio.timeout(_PERIOD):
            while fleet.count("agents/list") == before:  # noqa: ASYNC110 - the simulator only counts
                await asyncio.sleep(0.2)
        # Soon after a poll, so that it is the next one that finds the change.
        await asyncio.sleep(1)
        fleet.agent("Desk").online = False
        await expect(state).to_contain_text("Offline", timeout=18_000)

        await page.evaluate("hidePage(true)")
        before = fleet.count("agents/list")
        await asyncio.sleep(_PERIOD)
        assert fleet.count("agents/list") <= before + 1

        fleet.agent("Desk").online = True
        await page.evaluate("hidePage(false)")
        await expect(state).to_have_text("Online", timeout=18_000)
    finally:
        fleet.agent("Desk").online = True
