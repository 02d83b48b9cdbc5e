"""The card `custom:getscreen-card` watches its account: while the card is visible, the computers are polled more often."""

import asyncio

from playwright.async_api import Page, expect
import pytest

from tests.e2e.fleet import Fleet, row
from tests.helpers import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Lets a test hide the page as if another tab was selected: in the browser of the tests, tabs do not hide each other.
_HIDEABLE = """{
  let isHidden = false;
  Object.defineProperty(document, "hidden", {get: () => isHidden});
  Object.defineProperty(document, "visibilityState", {get: () => isHidden ? "hidden" : "visible"});
  window.hidePage = (value) => {
    isHidden = value;
    document.dispatchEvent(new Event("visibilitychange"));
  };
}"""
# Seconds. At an update interval of one minute, at most one poll happens in this time; while a card watches, at least two.
_PERIOD = 35
# Milliseconds, less than an update interval of one minute.
_SOON = 45_000


async def test_quick_polls_while_visible(fleet: Fleet, page: Page) -> None:
    """A visible dashboard shows a change within seconds. While the page is hidden, the user's update interval applies."""
    await page.add_init_script(_HIDEABLE)
    card = await fleet.show(page, {"account": fleet.entry_id})
    state = row(card, "Desk").locator(".state")
    await expect(state).to_have_text("Online")
    try:
        before = fleet.count("agents/list")
        await until(lambda: fleet.count("agents/list") > before)
        # Change the state soon after a poll, so that only the next poll finds it.
        await asyncio.sleep(1)
        fleet.agent("Desk").online = False
        await expect(state).to_contain_text("Offline", timeout=_SOON)

        await page.evaluate("hidePage(true)")
        before = fleet.count("agents/list")
        await asyncio.sleep(_PERIOD)
        assert fleet.count("agents/list") <= before + 1

        fleet.agent("Desk").online = True
        await page.evaluate("hidePage(false)")
        await expect(state).to_have_text("Online", timeout=_SOON)
    finally:
        fleet.agent("Desk").online = True
