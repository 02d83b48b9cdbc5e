"""The card `custom:getscreen-support-card`: its appearance, when it requests the list, and its editor."""

import re
from typing import Literal

from playwright.async_api import Page, expect
import pytest

from tests.e2e.house import becomes
from tests.e2e.office import DASHBOARD, Office, item, listen

pytestmark = pytest.mark.asyncio(loop_scope="session")

_TOO_WIDE = """card => [...card.shadowRoot.querySelectorAll("getscreen-invitation")]
  .flatMap(({shadowRoot}) => [...shadowRoot.querySelectorAll("*")])
  .filter((node) => node.getBoundingClientRect().right > card.getBoundingClientRect().right).length"""


async def test_requests(office: Office, page: Page) -> None:
    """The card requests the list once and after each change, even out of view, so that no client who joins is missed."""
    invitation = await office.invite_seen("Counted")
    lists = listen(page, office)
    card = await office.show(page, above=40)
    await expect(card).to_be_attached()
    await card.scroll_into_view_if_needed()
    await expect(item(card, "Counted")).to_contain_text("Waiting for the client")
    await page.evaluate("window.scrollTo(0, 0)")
    await card.scroll_into_view_if_needed()
    assert len(lists) == 1
    office.simulator.account.move_on(invitation)
    await office.refresh()
    await expect(item(card, "Counted")).to_contain_text("Client has joined")
    assert len(lists) == 2


async def test_other_texts_are_loaded(office: Office, page: Page) -> None:
    """An open QR code and the focus stay when Home Assistant loads more texts."""
    office.invite("Reader")
    card = await office.show(page)
    reader = item(card, "Reader")
    await reader.get_by_role("button", name="QR code").click()
    await card.evaluate(
        """card => {
          const {hass} = document.querySelector("home-assistant");
          card.hass = {...hass, localize: (...all) => hass.localize(...all)};
        }"""
    )
    await expect(reader.get_by_role("img", name="QR code of the invite link")).to_be_visible()
    await expect(reader.get_by_role("button", name="QR code")).to_be_focused()


async def test_right_to_left(office: Office, page: Page) -> None:
    """The groups of a code stay in order in right-to-left languages."""
    code = office.invite("").invite_code
    await page.set_viewport_size({"width": 500, "height": 900})
    card = await office.show(page)
    groups = f"{code[:3]} {code[3:6]} {code[6:]}"
    shown = card.locator(".code")
    await expect(shown).to_have_text(groups)
    # Home Assistant sets the direction like this.
    await page.evaluate("document.querySelector('home-assistant').style.direction = 'rtl'")
    await expect(card.get_by_role("listitem")).to_have_css("direction", "rtl")
    await expect(shown).to_have_css("direction", "ltr")
    await expect(card.get_by_role("listitem")).to_have_attribute("aria-label", f"\u2066{groups}\u2069")
    ends = "node => [node, node.parentElement].map((node) => Math.round(node.getBoundingClientRect().right))"
    right, around = await shown.evaluate(ends)
    assert 0 <= around - right <= 16


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 400), ("dark", 360), ("light", 320)])
async def test_layout(office: Office, page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """Nothing is cut off in both themes, down to the smallest phone. QR codes are always dark on white."""
    office.invite("A client with a name that is far too long for the width of any phone")
    office.simulator.account.invite("")
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": width, "height": 900})
    card = await office.show(page)
    await expect(card.get_by_role("listitem")).to_have_count(2)
    await card.get_by_role("button", name="QR code").first.click()
    picture = card.get_by_role("img", name="QR code of the invite link")
    await expect(picture).to_have_css("background-color", "rgb(255, 255, 255)")
    await expect(picture).to_have_css("fill", "rgb(0, 0, 0)")
    await expect(page.locator("html")).to_have_js_property("scrollWidth", width)
    await becomes(lambda: card.evaluate(_TOO_WIDE), 0)
    # The button that closes an invitation is in the line of its name.
    for one in await card.get_by_role("listitem").all():
        name, close = [await one.locator(part).bounding_box() for part in (".name", ".close")]
        assert name is not None
        assert close is not None
        assert close["y"] < name["y"] + name["height"]
        assert close["x"] >= name["x"] + name["width"]


async def test_editor(office: Office, page: Page) -> None:
    """The card picker shows a sample of the card without a request for the list. The editor has the fields title and account."""
    # Otherwise the next poll would find changes by earlier tests, and the card would request the list again.
    await office.invite_seen("Listed")
    card = await office.show(page)
    await expect(card.get_by_role("textbox")).to_be_visible()
    lists = listen(page, office)
    # Replace the pictures of other cards in the picker, which come from the internet.
    await page.route("https://demo.home-assistant.io/**", lambda route: route.fulfill(status=200, content_type="image/png", body=b""))
    await page.goto(f"{office.demo.url}/{DASHBOARD}/support?edit=1")
    # The card on the dashboard requests the list.
    await expect(item(card, "Listed")).to_be_visible()
    before = len(lists)
    await page.get_by_role("button", name="Add card").first.click()
    await page.get_by_role("tab", name="By card").or_(page.get_by_text("By card", exact=True)).first.click()
    await page.get_by_placeholder("Search").last.fill("quick support")
    offer = page.locator("hui-card-picker .card").filter(has_text=re.compile("Getscreen.me . Quick support"))
    await expect(offer.get_by_text("Client has joined")).to_be_visible()
    assert len(lists) == before
    await offer.locator(".overlay").click()
    form = page.locator("hui-form-editor")
    await expect(form.get_by_text("Title")).to_be_visible()
    await expect(form.get_by_text("Account").first).to_be_visible()
