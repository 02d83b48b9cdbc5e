"""The card `custom:getscreen-support-card`: invitations are opened, passed on, used and closed, and what that costs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
import re
from typing import Any, Literal

from playwright.async_api import Locator, Page, expect
import pytest
import pytest_asyncio

from demo import Demo
from simulator import Account, Fault, Invitation, Simulator
from tests.e2e.house import another_account, another_dashboard, whole_page

pytestmark = pytest.mark.asyncio(loop_scope="session")

_TYPE = "custom:getscreen-support-card"
_PATH = "support-test"
# The QR codes of a link of so many characters, one of each version: rows of 0 and 1, as lines, hashed. Each was compared with what the
# package `qrcode` makes, module by module, and read with OpenCV.
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
_MATRIX = """async ([url, text]) => {
  const {qrMatrix} = await import(url);
  return qrMatrix(text)?.map((row) => row.map(Number).join("")).join("\\n") ?? null;
}"""
_SVG = """svg => {
  const size = Number(svg.getAttribute("viewBox").split(" ")[2]) - 8;
  const rows = Array.from({length: size}, () => new Array(size).fill(0));
  for (const [, x, y] of svg.firstChild.getAttribute("d").matchAll(/M(\\d+) (\\d+)h1v1h-1z/g)) rows[y - 4][x - 4] = 1;
  return rows.map((row) => row.join("")).join("\\n");
}"""


# A list is asked for, an invitation opened and one closed; only then comes the answer, which is older.
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


@dataclass(frozen=True, kw_only=True)
class Office:
    """An account whose invitations stay as they are, in the demo's Home Assistant."""

    demo: Demo
    simulator: Simulator
    entry_id: str
    sensor: str
    """The entity id of its open invitations."""

    async def show(self, page: Page, above: int = 0, **options: Any) -> Locator:
        """Open a dashboard with the card, below so many other cards, and return it."""
        filler = [{"type": "markdown", "content": "Above"}] * above
        card = {"type": _TYPE, "account": self.entry_id, **options}
        section = {"type": "grid", "cards": [*filler, card]}
        config = {"views": [{"type": "sections", "path": "support", "sections": [section]}]}
        await self.demo.client.command("lovelace/config/save", url_path=_PATH, config=config)
        await page.goto(f"{self.demo.url}/{_PATH}/support")
        return page.locator("getscreen-support-card")

    async def look(self) -> None:
        """Have Home Assistant look at the invitations now."""
        await self.demo.client.request("POST", "services/homeassistant/update_entity", {"entity_id": self.sensor})

    def open(self) -> list[Invitation]:
        """Return the invitations that are open."""
        return [invitation for invitation in self.simulator.account.invitations.values() if invitation.status != 3]

    def invite(self, name: str) -> Invitation:
        """Open an invitation elsewhere, after closing all others."""
        for invitation in self.open():
            self.simulator.account.close(invitation)
        return self.simulator.account.invite(name)

    async def invite_seen(self, name: str) -> Invitation:
        """Do so, and wait until Home Assistant has seen it: cards ask for the list again when it does."""
        invitation = self.invite(name)
        await self.look()
        async with asyncio.timeout(30):
            while name not in str(await self.demo.client.states()):  # noqa: ASYNC110 - Home Assistant looks when it is time
                await asyncio.sleep(0.5)
        return invitation


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(demo: Demo) -> AsyncIterator[Office]:
    """Add the account, and a dashboard."""
    account = Account(devices=1, owner="support@example.com", remain=90)
    async with another_account(demo, account, "support-key") as simulator, another_dashboard(demo, _PATH):
        entry_id = await demo.client.add_entry("support-key", simulator.url)
        (sensor,) = [
            entity["entity_id"]
            for entity in await demo.client.entities()
            if entity["config_entry_id"] == entry_id and entity["translation_key"] == "open_invitations"
        ]
        yield Office(demo=demo, simulator=simulator, entry_id=entry_id, sensor=sensor)


def item(card: Locator, name: str) -> Locator:
    """Return what the card shows of an invitation."""
    return card.get_by_role("listitem").filter(has=card.page.get_by_text(name, exact=True))


def listen(page: Page) -> list[str]:
    """Return a list that gets what a window asks Home Assistant about invitations, from its next page on."""
    lists: list[str] = []

    def hear(frame: str | bytes) -> None:
        if "list_invitations" in str(frame):
            lists.append(str(frame))

    page.on("websocket", lambda socket: socket.on("framesent", hear))
    return lists


async def test_invitation(office: Office, page: Page) -> None:
    """An invitation is created, its code and QR code shown, its link copied, and it is closed after a question."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = await office.show(page)
    await card.get_by_role("textbox", name="Client's name").fill("Ada")
    await card.get_by_role("button", name="Invite").click()
    ada = item(card, "Ada")
    await expect(ada).to_contain_text("Waiting for the client")
    (invitation,) = [invitation for invitation in office.open() if invitation.client_name == "Ada"]
    code = invitation.invite_code
    await expect(ada).to_contain_text(f"{code[:3]} {code[3:6]} {code[6:]}")
    await expect(card.get_by_role("textbox")).to_have_value("")
    await expect(card.get_by_role("status").filter(has_text=", ".join(" ".join(code[i : i + 3]) for i in (0, 3, 6)))).to_be_attached()

    link = f"{office.simulator.root}/invite/{code}"
    await ada.get_by_role("button", name="Copy link").click()
    await expect(page.get_by_text("Link copied.").first).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == link
    await ada.get_by_role("button", name="QR code").click()
    picture = ada.get_by_role("img", name="QR code of the invite link")
    await expect(picture).to_be_visible()
    await expect(ada).to_contain_text(link)
    assert await picture.evaluate(_SVG) == await page.evaluate(_MATRIX, [await _module(office, "qr"), link])

    dialog = card.get_by_role("alertdialog", name="Close the invitation for Ada?")
    await ada.get_by_role("button", name="Close invitation").click()
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_have_count(0)
    assert invitation in office.open()
    await ada.get_by_role("button", name="Close invitation").click()
    await dialog.get_by_role("button", name="Close invitation").click()
    await expect(ada).to_have_count(0)
    assert invitation.status == 3


async def test_keyboard(office: Office, page: Page) -> None:
    """Everything can be done without a mouse, and the focus is never lost."""
    office.invite("Grace")
    card = await office.show(page)
    await expect(item(card, "Grace")).to_be_visible()
    await card.get_by_role("textbox").focus()
    await page.keyboard.type("Bob")
    await page.keyboard.press("Enter")
    bob = item(card, "Bob")
    await expect(bob).to_be_visible()
    await expect(card.get_by_role("textbox")).to_be_focused()
    for name in ("Invite", "Connect", "Copy link", "QR code"):
        await page.keyboard.press("Tab")
        await expect((card if name == "Invite" else bob).get_by_role("button", name=name)).to_be_focused()
    await expect(bob.get_by_role("button", name="QR code")).to_have_attribute("aria-expanded", "false")
    await page.keyboard.press("Enter")
    await expect(bob.get_by_role("button", name="QR code")).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    dialog = card.get_by_role("alertdialog")
    await expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(bob.get_by_role("button", name="Close invitation")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(bob).to_have_count(0)
    await page.keyboard.press("Tab")
    await expect(card.get_by_role("textbox")).to_be_focused()


async def test_connect(office: Office, page: Page) -> None:
    """The operator's link is asked for when it is wanted, opens a tab, and is nowhere in the page."""
    invitation = office.invite("Client")
    office.simulator.account.move_on(invitation)
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    card = await office.show(page)
    client = item(card, "Client")
    await expect(client).to_contain_text("Client has joined")
    asked = office.simulator.count("support/info")
    async with page.context.expect_page() as opened:
        await client.get_by_role("button", name="Connect").click()
    tab = await opened.value
    await tab.wait_for_url(f"{office.simulator.root}/support/{invitation.token}")
    assert office.simulator.count("support/info") == asked + 1
    assert await tab.evaluate("window.opener") is None
    assert any(invitation.token in frame for frame in frames)
    assert invitation.token not in await whole_page(page)


@pytest.mark.parametrize("opened_instead", ["null", "window"])
async def test_connect_without_a_tab(office: Office, page: Page, opened_instead: str) -> None:
    """Where the browser opens no tab, a second click does. The app for Android answers with its only window, which stays."""
    invitation = office.invite("Blocked")
    await page.add_init_script(f"{{const open = window.open; window.open = () => (window.open = open, {opened_instead})}}")
    card = await office.show(page)
    await item(card, "Blocked").get_by_role("button", name="Connect").click()
    button = card.get_by_role("button", name="Open", exact=True)
    await expect(button).to_be_focused()
    assert invitation.token not in await whole_page(page)
    async with page.context.expect_page() as opened:
        await button.click()
    await (await opened.value).wait_for_url(f"{office.simulator.root}/support/{invitation.token}")
    await expect(button).to_have_count(0)
    await expect(item(card, "Blocked").get_by_role("button", name="Connect")).to_be_focused()


async def test_copy_without_https(office: Office, page: Page) -> None:
    """A page without https has no clipboard: the link is copied all the same."""
    invitation = office.invite("Plain")
    await page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    card = await office.show(page)
    await item(card, "Plain").get_by_role("button", name="Copy link").click()
    await expect(page.get_by_text("Link copied.").first).to_be_visible()
    await card.get_by_role("textbox").focus()
    await page.keyboard.press("Control+v")
    await expect(card.get_by_role("textbox")).to_have_value(f"{office.simulator.root}/invite/{invitation.invite_code}")


async def test_share(office: Office, page: Page) -> None:
    """Where the browser can pass a link on, the card offers it; there is no button where it can't."""
    invitation = office.invite("Phone")
    card = await office.show(page)
    await expect(item(card, "Phone")).to_be_visible()
    await expect(item(card, "Phone").get_by_role("button", name="Share link")).to_have_count(0)
    await page.add_init_script("navigator.share = async (what) => { window.shared = what }")
    await page.reload()
    await item(card, "Phone").get_by_role("button", name="Share link").click()
    shared = await page.wait_for_function("window.shared")
    assert await shared.json_value() == {"title": "Quick support", "url": f"{office.simulator.root}/invite/{invitation.invite_code}"}


async def test_requests(office: Office, page: Page) -> None:
    """The list is asked for when the card is seen, and again when Home Assistant has seen a change: never else."""
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
    await office.look()
    await expect(item(card, "Counted")).to_contain_text("Client has joined")
    assert len(lists) == 2


async def test_failure(office: Office, page: Page) -> None:
    """What goes wrong is said: with the list, which can be tried again, and with a command."""
    office.invite("Later")
    office.simulator.fail(Fault.SERVER_ERROR, "support/list", "support/create")
    try:
        card = await office.show(page)
        failure = card.get_by_role("alert")
        await expect(failure).to_contain_text("the server could not be reached or is in trouble")
        await card.get_by_role("button", name="Invite").click()
        await expect(card.get_by_role("status").filter(has_text="in trouble")).to_be_visible()
    finally:
        office.simulator.heal()
    await failure.get_by_role("button", name="Try again").click()
    await expect(item(card, "Later")).to_be_visible()
    await expect(failure).to_have_count(0)


async def test_other_texts_are_loaded(office: Office, page: Page) -> None:
    """When Home Assistant loads texts of its own, an open QR code stays, and so does the focus."""
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
    """A code keeps the order of its groups in languages that are written from right to left, wherever it stands."""
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


async def test_question_goes_with_the_card(office: Office, page: Page) -> None:
    """A card that is moved takes its question back, unanswered."""
    invitation = office.invite("Moved")
    card = await office.show(page)
    await item(card, "Moved").get_by_role("button", name="Close invitation").click()
    await expect(card.get_by_role("alertdialog")).to_be_visible()
    await card.evaluate("card => { const place = card.parentElement; card.remove(); place.append(card) }")
    await expect(card.get_by_role("alertdialog")).to_have_count(0)
    assert invitation in office.open()


async def test_older_answer(office: Office, page: Page) -> None:
    """An answer that a command of ours has overtaken is not taken for the list as it is now."""
    await expect(await office.show(page)).to_be_visible()
    assert await page.evaluate(_RACE, await _module(office, "invitations")) == [[2, 3], True, [2, 3, 4], False, 0]


async def test_which_account(office: Office, page: Page) -> None:
    """With several accounts and none chosen, the card asks for a choice instead of inviting for any."""
    card = await office.show(page, account=None)
    await expect(card).to_contain_text("There are several accounts.")
    await expect(card.get_by_role("textbox")).to_have_count(0)


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
    """The card picker offers the card without asking for a list, and its form has the title and the account."""
    # Or Home Assistant would notice, when it comes to look, what the tests before have left, and the card would ask again.
    await office.invite_seen("Listed")
    card = await office.show(page)
    await expect(card.get_by_role("textbox")).to_be_visible()
    lists = listen(page)
    # Other cards of the picker have pictures from the internet.
    await page.route("https://demo.home-assistant.io/**", lambda route: route.fulfill(status=200, content_type="image/png", body=b""))
    await page.goto(f"{office.demo.url}/{_PATH}/support?edit=1")
    # The card that is there already asks.
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
    """QR codes of all versions are those that another program makes."""
    await expect(await office.show(page)).to_be_visible()
    module = await _module(office, "qr")
    for length, expected in _CODES.items():
        matrix = await page.evaluate(_MATRIX, [module, "https://getscreen.me/".ljust(length, "x")[:length]])
        assert sha256(matrix.encode()).hexdigest()[:16] == expected
    assert await page.evaluate(_MATRIX, [module, "x" * 214]) is None


async def _module(office: Office, name: str) -> str:
    """Return the address of one of our JavaScript modules."""
    (url,) = [item["url"] for item in await office.demo.client.command("lovelace/resources") if "/getscreen_frontend/" in item["url"]]
    return f"{office.demo.url}{url.rpartition('/')[0]}/{name}.js"
