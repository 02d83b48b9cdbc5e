"""No part of the cards breaks a rule of axe-core, whatever is open, in Home Assistant's own light and dark theme."""

from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect
import pytest
import pytest_asyncio

from demo import Demo

pytestmark = pytest.mark.asyncio(loop_scope="session")

_AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
"""One of the frontend's tools, which scripts/setup installs."""

# Runs all rules in an element and returns what is wrong within elements of ours, and how many elements of ours were checked. The rule
# `region` is left out: it asks for the landmark `main`, which is Home Assistant's.
_CHECK = """async (root) => {
  const above = (node) => node.assignedSlot ?? node.parentNode ?? node.host;
  const isOurs = (node) => Boolean(node) && (node.localName?.startsWith("getscreen-") || isOurs(above(node)));
  const {violations, passes} = await axe.run(root, {elementRef: true, resultTypes: ["violations"], rules: {region: {enabled: false}}});
  const ours = (rules) => rules.flatMap(({id, nodes}) => nodes.filter(({element}) => isOurs(element)).map((node) => [id, node]));
  return {
    broken: ours(violations).map(([id, {html, failureSummary}]) => `${id}: ${html} ${failureSummary}`),
    rules: passes.map(({id}) => id),
  };
}"""


async def check(part: Locator, *rules: str) -> None:
    """Assert that nothing is wrong within a part of the page, in which some rules have found something to check."""
    await expect(part).to_be_visible()
    found: dict[str, Any] = await part.evaluate(_CHECK)
    assert found["broken"] == []
    assert set(rules) <= set(found["rules"])


@pytest_asyncio.fixture(loop_scope="session", params=["light", "dark"])
async def window(request: pytest.FixtureRequest, page: Page) -> Page:
    """Return a window that has axe, in a light and in a dark theme."""
    # Colors that change slowly would be measured on their way.
    await page.emulate_media(color_scheme=request.param, reduced_motion="reduce")
    await page.add_init_script(path=_AXE)
    return page


async def _open(demo: Demo, page: Page, view: str) -> Locator:
    """Open a view of the demo's dashboard and return the whole page."""
    await page.goto(f"{demo.url}/getscreen-demo/{view}")
    await page.wait_for_function("document.querySelector('home-assistant')?.hass?.localize('component.getscreen.common.card_online')")
    return page.locator("body")


async def test_overview(demo: Demo, window: Page) -> None:
    """The overview: counts, who is connected, quick support with a QR code, what needs attention, and the computers."""
    body = await _open(demo, window, "overview")
    await expect(window.locator("getscreen-computer-row").first).to_be_visible()
    invitation = window.locator("getscreen-invitation").first
    await invitation.get_by_role("button", name="QR code").click()
    await expect(invitation.get_by_role("img", name="QR code of the invite link")).to_be_visible()
    await check(body, "color-contrast", "button-name", "aria-allowed-attr", "label", "aria-required-children")


async def test_computers(demo: Demo, window: Page) -> None:
    """The computers as a list and as pictures, the menu of a group, and the bar for what is selected."""
    body = await _open(demo, window, "computers")
    card = window.locator("getscreen-card")
    await expect(card.locator("getscreen-computer-row").first).to_be_visible()
    await check(body, "color-contrast", "button-name", "select-name", "label", "aria-allowed-role")
    await card.get_by_role("button", name="Show desktops").click()
    await check(card, "button-name", "color-contrast")
    await card.locator("getscreen-group-heading getscreen-menu button").first.click()
    await check(card.get_by_role("menu"), "aria-required-children")
    await window.keyboard.press("Escape")
    await card.get_by_role("button", name="Select computers").click()
    await card.get_by_role("checkbox").first.check()
    await expect(card.get_by_role("group", name="Selected: 1")).to_be_visible()
    await check(card, "label")


async def test_dialogs(demo: Demo, window: Page) -> None:
    """The dialog of a computer, with what is known of it and its last sessions, and a question above the dialog."""
    await _open(demo, window, "computers")
    card = window.locator("getscreen-card")
    await card.get_by_role("searchbox").fill("Reception PC")
    await card.locator("getscreen-computer-row .head").click()
    dialog = card.get_by_role("dialog")
    await expect(dialog.get_by_role("meter").first).to_be_visible()
    await expect(dialog.locator("getscreen-sessions li").first).to_be_visible()
    await check(dialog, "button-name", "aria-meter-name")
    await dialog.get_by_role("button", name="Reboot", exact=True).click()
    await check(card.get_by_role("alertdialog"), "aria-dialog-name", "button-name")


async def test_history(demo: Demo, window: Page) -> None:
    """The sessions, and a recording that plays."""
    body = await _open(demo, window, "history")
    play = window.get_by_role("button", name="Play recording").first
    await expect(play).to_be_visible()
    await check(body, "color-contrast", "button-name", "label", "aria-required-children")
    await play.click()
    dialog = window.get_by_role("dialog")
    await expect(dialog.locator("video")).to_have_js_property("paused", value=False)
    await check(dialog, "button-name")
