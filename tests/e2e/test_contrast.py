"""The contrast of texts, icons and borders in Home Assistant's light and dark theme. WCAG requires 4.5:1, 3:1 and 3:1."""

from typing import Any, Literal

from playwright.async_api import Locator, Page, expect
import pytest

from tests.e2e.fleet import Fleet, row
from tests.e2e.house import becomes
from tests.e2e.office import Office, item

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.parametrize("scheme", ["light", "dark"])]

# Returns the parts of a card with too little contrast, and the number of measured parts. Skips parts that are hidden, disabled or on a
# picture.
_MEASURE = """(card) => {
  const context = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d", {willReadFrequently: true});
  const above = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
  const around = (node) => node ? [...around(above(node)), node] : [];
  const mixed = (colors) => {
    for (const color of ["white", ...colors]) {
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (color) => color
    .map((value) => value / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const ratio = (color, nodes) => {
    const backgrounds = nodes.map((node) => getComputedStyle(node).backgroundColor);
    const [one, other] = [light(mixed(backgrounds)), light(mixed([...backgrounds, color]))];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  const isSkipped = (nodes) => nodes.some((node) => node.matches(".hidden, .picture, :disabled, [aria-disabled=true], getscreen-qr-code") ||
    getComputedStyle(node).visibility === "hidden");
  const weak = [];
  let count = 0;
  const measure = (node, kind, color, least, nodes) => {
    const found = ratio(color, nodes);
    count += 1;
    const text = node.textContent.trim().slice(0, 20);
    if (found < least) weak.push(`${kind} ${node.localName}.${node.className} "${text}" ${found.toFixed(2)}`);
  };
  const visit = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) visit(node.shadowRoot);
      const nodes = around(node);
      if (!node.getClientRects().length || isSkipped(nodes)) continue;
      const style = getComputedStyle(node);
      if (node.localName === "ha-icon") measure(node, "icon", style.color, 3, nodes);
      const texts = [...node.childNodes].filter(({nodeType, data}) => nodeType === Node.TEXT_NODE && data.trim());
      if (texts.length && node.localName !== "style") measure(node, "text", style.color, 4.5, nodes);
      if (!["input", "select"].includes(node.localName) || node.type === "checkbox") continue;
      measure(node, "border", style.borderTopColor, 3, nodes.slice(0, -1));
      if (node.placeholder) measure(node, "placeholder", getComputedStyle(node, "::placeholder").color, 4.5, nodes);
    }
  };
  visit(card.shadowRoot);
  return {weak, count};
}"""


async def _measure(card: Locator) -> int:
    """Wait until no part has too little contrast, which parts in transition may have; return the number of measured parts."""
    count = 0

    async def weak() -> list[str]:
        nonlocal count
        measured: dict[str, Any] = await card.evaluate(_MEASURE)
        count = measured["count"]
        return list(measured["weak"])

    await becomes(weak, [])
    return count


async def test_quick_support(office: Office, page: Page, scheme: Literal["light", "dark"]) -> None:
    """Invitations of each status, the form, and the question that closes an invitation."""
    await page.emulate_media(color_scheme=scheme)
    account = office.simulator.account
    office.invite("Waiting")
    joined, active = account.invite("Joined"), account.invite("Active")
    for invitation in (joined, active, active):
        account.move_on(invitation)
    card = await office.show(page)
    await expect(item(card, "Active")).to_contain_text("In session")
    assert await _measure(card) > 25
    await item(card, "Active").get_by_role("button", name="Close invitation").click()
    await expect(card.get_by_role("alertdialog")).to_be_visible()
    await _measure(card)


@pytest.mark.parametrize("pictures", [True, False])
async def test_computers(fleet: Fleet, page: Page, scheme: Literal["light", "dark"], *, pictures: bool) -> None:
    """Computers that are online and offline, as pictures and in a list."""
    await page.emulate_media(color_scheme=scheme)
    card = await fleet.show(page, {"account": fleet.entry_id, "pictures": pictures})
    await expect(row(card, "Sleeper")).to_be_visible()
    await expect(row(card, "Desk")).to_be_visible()
    assert await _measure(card) > 20
