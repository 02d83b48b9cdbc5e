"""The generated dashboard and the appearance of its computers, in every installed WebKit browser."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from demo import Demo
from simulator import Account
from tests.webkit.browsers import INSTALLED, running_browser
from tests.webkit.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

_ELEMENTS = ["getscreen-card", "getscreen-support-card", "getscreen-history-card", "ll-strategy-dashboard-getscreen"]
_MISSING = "return arguments[0].filter((name) => !customElements.get(name))"
_ROWS = "return find('getscreen-computer-row', null, null).length"
# Returns the number of loaded pictures of a computer and of visible icons over it. Scrolls to it, because pictures load when in view.
_PICTURE = """
const [row] = arguments;
row.scrollIntoView();
const [picture] = find(".picture", null, row);
if (!picture) return [0, 0];
const shown = find("img", null, picture).filter((image) => image.naturalWidth && Number(getComputedStyle(image).opacity) > 0);
return [shown.length, find("ha-icon", null, picture).length];
"""
# Replaces color-mix() in all style sheets of the integration by a function that no browser supports, and removes transitions, so that the
# effect is visible immediately.
_FORGET_COLOR_MIX = """
const forget = (sheet) => [...sheet.cssRules].map(({cssText}) => cssText).join("").replaceAll("color-mix(", "unknown(")
  + "* { transition: none !important; }";
const cards = within(document).filter(({localName}) => localName.startsWith("getscreen-"));
for (const {shadowRoot} of cards.flatMap((card) => [card, ...within(card)]).filter(({shadowRoot}) => shadowRoot)) {
  for (const sheet of shadowRoot.adoptedStyleSheets ?? []) sheet.replaceSync(forget(sheet));
  for (const style of shadowRoot.querySelectorAll("style")) style.textContent = forget(style.sheet);
}
"""
# Removes the support for constructable style sheets, which Safari before 16.4 and Firefox before 101 lack. Code of Home Assistant that is
# already loaded continues to use them. Returns whether the support still exists.
_FORGET_SHEETS = "delete Document.prototype.adoptedStyleSheets; return 'adoptedStyleSheets' in Document.prototype"
# Finds the field in the same script, because the page may draw it again in between.
_SEARCH = """
const [field] = find("input[type=search][aria-keyshortcuts]", null, null);
if (!field) return false;
field.value = arguments[0];
field.dispatchEvent(new Event("input"));
return true;
"""
_STYLES = "return find('getscreen-card', null, null).map((card) => card.shadowRoot.querySelectorAll('style').length)"
# Returns the number of buttons, badges and messages, and those without a background. Buttons that open a menu or close something are
# skipped, because they have none.
_BARE = """
const parts = find("button.action:not([aria-haspopup]):not(.close), .badge, .message", null, null);
const bare = parts.filter((node) => ["rgba(0, 0, 0, 0)", "transparent"].includes(getComputedStyle(node).backgroundColor));
return [parts.length, bare.map((node) => `${node.className} ${textOf(node).trim()}`)];
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=INSTALLED, ids=str)
async def dashboard(request: pytest.FixtureRequest, demo: Demo, proxy: str) -> AsyncIterator[Page]:
    """Open the dashboard once for all tests of a browser."""
    async with running_browser(request.param, proxy) as driver:
        page = Page(driver)
        await page.load(f"{demo.url}/getscreen-demo/overview")
        yield page


async def test_all_views_are_shown(dashboard: Page) -> None:
    """All elements are defined. The dashboard shows the computers and the quick-support card, and no card has failed."""

    async def are_defined() -> bool:
        return not await dashboard.run(_MISSING, _ELEMENTS)

    await dashboard.until(are_defined, "The elements are defined")
    await _shows_rows(dashboard)
    await dashboard.find("getscreen-support-card")
    assert await dashboard.all("hui-error-card, hui-warning") == []


async def test_no_icon_over_a_picture(demo: Demo, dashboard: Page) -> None:
    """The picture hides the icon of the system, even if the picture is pale because the computer is offline."""
    names = [agent.name for agent in _account(demo).agents.values() if not agent.online and agent.preview_time]
    assert names
    for name in names:
        await _search(dashboard, name)

        async def picture(name: str = name) -> list[int]:
            # Find the item again each time, because the list may have been drawn again.
            shown, icons = await dashboard.run(_PICTURE, await dashboard.item(name))
            return [icons] if shown else []

        assert await dashboard.until(picture, f"The picture of {name} has come") == [0]


async def test_backgrounds(dashboard: Page) -> None:
    """Buttons and badges have a background, even in browsers without color-mix(): Chrome before 111, Safari before 16.2."""
    await _search(dashboard, "")
    rows = await _shows_rows(dashboard)
    parts, bare = await dashboard.run(_BARE)
    assert parts > 2 * rows
    assert bare == []
    await dashboard.run(_FORGET_COLOR_MIX)
    assert await dashboard.run(_BARE) == [parts, []]


async def test_without_constructable_style_sheets(demo: Demo, page: Page) -> None:
    """In a browser without constructable style sheets, the cards work and get their styles from elements."""
    await page.load(f"{demo.url}/profile")
    assert not await page.run(_FORGET_SHEETS)
    await page.go("/getscreen-demo/overview")
    rows = await _shows_rows(page)
    assert set(await page.run(_STYLES)) == {1}
    parts, bare = await page.run(_BARE)
    assert parts > 2 * rows
    assert bare == []


async def _shows_rows(page: Page) -> int:
    """Wait until computers are in view, and return their number."""
    rows: int = await page.until(lambda: page.run(_ROWS), "Computers are in view")
    return rows


async def _search(page: Page, text: str) -> None:
    """Search for a text, so that a computer is drawn: the list draws only what is in view."""
    await page.until(lambda: page.run(_SEARCH, text), "The search field is there")


def _account(demo: Demo) -> Account:
    assert demo.simulator is not None
    return demo.simulator.account
