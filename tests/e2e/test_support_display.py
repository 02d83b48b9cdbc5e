"""The card `custom:getscreen-support-card`: what it shows, when it requests the list, and its editor."""

import asyncio
from hashlib import sha256
import re
from typing import Literal

from playwright.async_api import Page, expect
import pytest

from tests.e2e.office import DASHBOARD, QR_MATRIX, Office, item, listen, module_url

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Hashes of QR codes by the length of their link, one for each version. Each code equals the one of the package `qrcode`, module by
# module, and OpenCV has read it.
_CODES = {
    13: "b67ddf8a6b233474",
    26: "1c0621c6ff8b9083",
    42: "c14c1ac94d8fedf1",
    62: "8115f627587e89a4",
    84: "6d12d0afd49444f0",
    106: "d9146e9f0b09284f",
    122: "7181fae0ac20bad8",
    152: "88ef977f3875a5bf",
    180: "78200b8a8300d440",
    213: "f11a0e33fc508a55",
}
_TOO_WIDE = """card => [...card.shadowRoot.querySelectorAll("ul *")].filter((node) =>
  node.getBoundingClientRect().right > card.getBoundingClientRect().right).length"""
# Requests a list, opens one invitation and closes another, and only then delivers the answer, which is stale.
_RACE = """async url => {
  const {invitationsOf} = await import(url);
  const answers = [];
  const invitation = (id) => ({id, status: "waiting_for_client"});
  const callService = (domain, action) => action !== "list_invitations" ? Promise.resolve({response: invitation(3)})
    : new Promise((resolve) => answers.push((...ids) => resolve({response: {invitations: ids.map(invitation), remaining: 1}})));
  const hass = {devices: {}, entities: {}, states: {}, callService};
  const list = invitationsOf("raced");
  const first = list.load(hass);
  answers.shift()(1, 2);
  await first;
  const loading = list.load(hass);
  await list.create(hass, "");
  await list.close(hass, invitation(1));
  answers.shift()(1, 2);
  await new Promise((resolve) => setTimeout(resolve));
  const seen = [list.open.map(({id}) => id), list.busy];
  answers.shift()(2, 3, 4);
  await loading;
  return [...seen, list.open.map(({id}) => id), list.busy, answers.length];
}"""


async def test_requests(office: Office, page: Page) -> None:
    """The card requests the list when it becomes visible and when Home Assistant notices a change, and at no other time."""
    invitation = await office.invite_seen("Counted")
    lists = listen(page)
    card = await office.show(page, above=40)
    await expect(card).to_be_attached()
    await asyncio.sleep(1)
    assert len(lists) == 0
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
    """A code keeps the order of its groups in languages that are written from right to left."""
    code = office.invite("").invite_code
    await page.set_viewport_size({"width": 500, "height": 900})
    card = await office.show(page)
    groups = f"{code[:3]} {code[3:6]} {code[6:]}"
    shown = card.locator(".code")
    await expect(shown).to_have_text(groups)
    # As Home Assistant does.
    await page.evaluate("document.querySelector('home-assistant').style.direction = 'rtl'")
    await expect(card.get_by_role("listitem")).to_have_css("direction", "rtl")
    await expect(shown).to_have_css("direction", "ltr")
    await expect(card.get_by_role("listitem")).to_have_attribute("aria-label", f"\u2066{groups}\u2069")
    ends = "node => [node, node.parentElement].map((node) => Math.round(node.getBoundingClientRect().right))"
    right, around = await shown.evaluate(ends)
    assert 0 <= around - right <= 16


async def test_older_answer(office: Office, page: Page) -> None:
    """A list that was requested before a command is stale and does not undo it."""
    await expect(await office.show(page)).to_be_visible()
    assert await page.evaluate(_RACE, await module_url(office, "invitations")) == [[2, 3], True, [2, 3, 4], False, 0]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 400), ("dark", 360)])
async def test_looks(office: Office, page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """Nothing is cut off, in light and in dark, down to the smallest phone; a QR code is dark on white in both."""
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
    assert await card.evaluate(_TOO_WIDE) == 0


async def test_editor(office: Office, page: Page) -> None:
    """The card picker offers the card without a request for the list, and the editor has the fields title and account."""
    # Otherwise the next poll would find what earlier tests left, and the card would request the list again.
    await office.invite_seen("Listed")
    card = await office.show(page)
    await expect(card.get_by_role("textbox")).to_be_visible()
    lists = listen(page)
    # Other cards of the picker have pictures from the internet.
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


async def test_qr_codes(office: Office, page: Page) -> None:
    """QR codes of all versions equal those of another program."""
    await expect(await office.show(page)).to_be_visible()
    module = await module_url(office, "qr")
    for length, expected in _CODES.items():
        matrix = await page.evaluate(QR_MATRIX, [module, "https://getscreen.me/".ljust(length, "x")[:length]])
        assert sha256(matrix.encode()).hexdigest()[:16] == expected
    assert await page.evaluate(QR_MATRIX, [module, "x" * 214]) is None
