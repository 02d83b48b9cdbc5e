"""The cards and their dialogs meet all rules of axe-core in Home Assistant's light and dark theme."""

from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect
import pytest
import pytest_asyncio

from demo import Demo
from tests.e2e.house import becomes

pytestmark = pytest.mark.asyncio(loop_scope="session")

_AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
"""A development tool of the frontend, installed by scripts/setup."""

# Runs all rules within an element; returns the violations by elements of the integration, and the names of the rules that were passed.
# The rule `region` is disabled: it requires the landmark `main`, which is part of Home Assistant.
_CHECK = """async (root) => {
  const above = (node) => node.assignedSlot ?? node.parentNode ?? node.host;
  const isOurs = (node) => Boolean(node) && (node.localName?.startsWith("getscreen-") || isOurs(above(node)));
  const options = {elementRef: true, resultTypes: ["violations"], rules: {region: {enabled: false}}};
  const {violations, passes} = await axe.run(root, options);
  const ours = (rules) => rules.flatMap(({id, nodes}) => nodes.filter(({element}) => isOurs(element)).map((node) => [id, node]));
  return {
    broken: ours(violations).map(([id, {html, failureSummary}]) => `${id}: ${html} ${failureSummary}`),
    rules: passes.map(({id}) => id),
  };
}"""


async def check(part: Locator, *rules: str) -> None:
    """Assert that a part of the page has no violations, and that the given rules had something to check."""
    await expect(part).to_be_visible()
    missing = {*rules}

    async def broken() -> list[str]:
        found: dict[str, Any] = await part.evaluate(_CHECK)
        missing.difference_update(found["rules"])
        return [*found["broken"], *missing]

    await becomes(broken, [])


@pytest_asyncio.fixture(loop_scope="session", params=["light", "dark"])
async def window(request: pytest.FixtureRequest, page: Page) -> Page:
    """Return a window with axe-core, in the light and in the dark theme."""
    # No animations, because a color in transition would be measured wrongly.
    await page.emulate_media(color_scheme=request.param, reduced_motion="reduce")
    await page.add_init_script(path=_AXE)
    return page


async def _open(demo: Demo, page: Page, view: str) -> Locator:
    """Open a view of the demo's dashboard and return the whole page."""
    await page.goto(f"{demo.url}/getscreen-demo/{view}")
    await page.wait_for_function("document.querySelector('home-assistant')?.hass?.localize('component.getscreen.common.card_online')")
    return page.locator("body")


async def test_overview(demo: Demo, window: Page) -> None:
    """The overview: counts, running sessions, quick support with a QR code, computers that need attention, and all computers."""
    body = await _open(demo, window, "overview")
    await expect(window.locator("getscreen-computer-row").first).to_be_visible()
    invitation = window.locator("getscreen-invitation").first
    await invitation.get_by_role("button", name="QR code").click()
    await expect(invitation.get_by_role("img", name="QR code of the invite link")).to_be_visible()
    await check(body, "color-contrast", "button-name", "aria-allowed-attr", "label", "aria-required-children")


async def test_computers(demo: Demo, window: Page) -> None:
    """The computers as a list and as pictures, the menu of a group, and the bar for selected computers."""
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
    """The dialog of a computer with its details and last sessions, and a question above the dialog."""
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
    """The list of sessions, and a recording that plays."""
    body = await _open(demo, window, "history")
    play = window.get_by_role("button", name="Play recording").first
    await expect(play).to_be_visible()
    await check(body, "color-contrast", "button-name", "label", "aria-required-children")
    await play.click()
    dialog = window.get_by_role("dialog")
    await expect(dialog.locator("video")).to_have_js_property("paused", value=False)
    await check(dialog, "button-name")
