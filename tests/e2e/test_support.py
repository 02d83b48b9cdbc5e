"""The card `custom:getscreen-support-card`: invitations are created, shared, used and closed."""

from urllib.parse import urlsplit

from playwright.async_api import Page, expect
import pytest

from demo.homeassistant import REPOSITORY
from simulator import Fault
from tests.e2e.house import whole_page
from tests.e2e.office import Office, item

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Returns the text that a phone reads from a QR code.
_READ = """async (svg) => {
  const side = 10 * Number(svg.getAttribute("viewBox").split(" ")[2]);
  const image = new Image(side, side);
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const context = Object.assign(document.createElement("canvas"), {width: side, height: side}).getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, side, side);
  context.drawImage(image, 0, 0, side, side);
  return jsQR(context.getImageData(0, 0, side, side).data, side, side).data;
}"""
_READER = REPOSITORY / "frontend/node_modules/jsqr/dist/jsQR.js"


async def test_invitation(office: Office, page: Page) -> None:
    """An invitation is created, its code and QR code shown, its link copied, and it is closed after a question.

    The QR code opens automatically, because the client may be next to the user.
    """
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
    await ada.get_by_role("button", name="Copy link, Ada").click()
    await expect(page.get_by_text("Link copied.").first).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == link
    await ada.get_by_role("button", name="Copy code, Ada").click()
    await expect(page.get_by_text("Code copied.").first).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == code
    await expect(ada).to_contain_text(f"The client opens \u2066{urlsplit(link).netloc}\u2069 and enters the code.")
    picture = ada.get_by_role("img", name="QR code of the invite link")
    await expect(picture).to_be_visible()
    await expect(ada).to_contain_text(link)
    await page.add_script_tag(path=_READER)
    assert await picture.evaluate(_READ) == link

    dialog = card.get_by_role("alertdialog", name="Close the invitation for Ada?")
    await ada.get_by_role("button", name="Close invitation").click()
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_have_count(0)
    assert invitation in office.open()
    await ada.get_by_role("button", name="Close invitation").click()
    await dialog.get_by_role("button", name="Close invitation").click()
    await expect(ada).to_have_count(0)
    assert invitation.status == 3


async def test_a_new_invitation_is_in_view(office: Office, page: Page) -> None:
    """The QR code of a new invitation is in view, although the invitation is below the clients who have joined."""
    account = office.simulator.account
    for invitation in [office.invite("Joined"), *(account.invite(f"Joined {number}") for number in range(5))]:
        account.move_on(invitation)
    await page.set_viewport_size({"width": 390, "height": 700})
    card = await office.show(page)
    await expect(card.get_by_role("listitem")).to_have_count(6)
    await card.get_by_role("textbox").fill("Ada")
    await card.get_by_role("button", name="Invite").click()
    await expect(item(card, "Ada").get_by_role("img", name="QR code of the invite link")).to_be_in_viewport(ratio=1)


async def test_keyboard(office: Office, page: Page) -> None:
    """The card can be used with the keyboard only, and the focus is never lost."""
    office.invite("Grace")
    card = await office.show(page)
    await expect(item(card, "Grace")).to_be_visible()
    await card.get_by_role("textbox").focus()
    await page.keyboard.type("Bob")
    await page.keyboard.press("Enter")
    bob = item(card, "Bob")
    await expect(bob).to_be_visible()
    await expect(card.get_by_role("textbox")).to_be_focused()
    for name in ("Invite", "Copy code, Bob", "Copy link, Bob", "QR code, Bob"):
        await page.keyboard.press("Tab")
        await expect((card if name == "Invite" else bob).get_by_role("button", name=name)).to_be_focused()
    await expect(bob.get_by_role("button", name="QR code")).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("Enter")
    await expect(bob.get_by_role("button", name="QR code")).to_have_attribute("aria-expanded", "false")
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
    """The click requests the operator link and opens it in a tab; the link is not in the page."""
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
    """If the browser blocks the tab, a second click opens it. The Android app returns its only window, which must stay open."""
    invitation = office.invite("Blocked")
    office.simulator.account.move_on(invitation)
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
    """The link can be copied on a page without HTTPS, where browsers have no clipboard API."""
    invitation = office.invite("Plain")
    await page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    card = await office.show(page)
    await item(card, "Plain").get_by_role("button", name="Copy link").click()
    await expect(page.get_by_text("Link copied.").first).to_be_visible()
    await card.get_by_role("textbox").focus()
    await page.keyboard.press("Control+v")
    await expect(card.get_by_role("textbox")).to_have_value(f"{office.simulator.root}/invite/{invitation.invite_code}")


async def test_share(office: Office, page: Page) -> None:
    """The card has a share button only if the browser can share links."""
    invitation = office.invite("Phone")
    card = await office.show(page)
    await expect(item(card, "Phone")).to_be_visible()
    await expect(item(card, "Phone").get_by_role("button", name="Share link")).to_have_count(0)
    await page.add_init_script("navigator.share = async (what) => { window.shared = what }")
    await page.reload()
    await item(card, "Phone").get_by_role("button", name="Share link").click()
    shared = await page.wait_for_function("window.shared")
    assert await shared.json_value() == {"title": "Quick support", "url": f"{office.simulator.root}/invite/{invitation.invite_code}"}


async def test_failure(office: Office, page: Page) -> None:
    """A failed request for the list shows an error and a button to try again; a failed command shows a message."""
    office.invite("Later")
    office.simulator.fail(Fault.SERVER_ERROR, "support/list", "support/create")
    try:
        card = await office.show(page)
        failure = card.get_by_role("alert")
        await expect(failure).to_contain_text("the server could not be reached or is unavailable")
        await card.get_by_role("button", name="Invite").click()
        await expect(card.get_by_role("status").filter(has_text="is unavailable")).to_be_visible()
    finally:
        office.simulator.heal()
    await failure.get_by_role("button", name="Try again").click()
    await expect(item(card, "Later")).to_be_visible()
    await expect(failure).to_have_count(0)


async def test_question_goes_with_the_card(office: Office, page: Page) -> None:
    """Moving a card closes its open question without an answer."""
    invitation = office.invite("Moved")
    card = await office.show(page)
    await item(card, "Moved").get_by_role("button", name="Close invitation").click()
    await expect(card.get_by_role("alertdialog")).to_be_visible()
    await card.evaluate("card => { const place = card.parentElement; card.remove(); place.append(card) }")
    await expect(card.get_by_role("alertdialog")).to_have_count(0)
    assert invitation in office.open()


async def test_join(office: Office, page: Page) -> None:
    """A client who joins is shown in one toast, read out and moved to the top of the list. The toast opens the session."""
    invitation = office.invite("Joining")
    office.simulator.account.invite("Newer")
    card = await office.show(page)
    names = card.locator("getscreen-invitation .name")
    await expect(names.first).to_have_text("Newer")
    await expect(item(card, "Joining").get_by_role("button", name="Connect")).to_have_count(0)
    await expect(item(card, "Joining")).to_contain_text("Waiting for the client")
    office.simulator.account.move_on(invitation)
    await office.refresh()
    toast = page.locator("ha-toast").filter(has_text="Joining has joined and is waiting for you.")
    await expect(toast).to_have_count(1)
    await expect(card.get_by_role("status").filter(has_text="Joining has joined and is waiting for you.")).to_have_count(1)
    await expect(names.first).to_have_text("Joining")
    await expect(item(card, "Joining").get_by_role("button", name="Connect, Joining")).to_be_visible()
    async with page.context.expect_page() as opened:
        await toast.get_by_role("button", name="Connect").click()
    await (await opened.value).wait_for_url(f"{office.simulator.root}/support/{invitation.token}")
    assert invitation.token not in await whole_page(page)
    await office.refresh()
    await expect(page.locator("ha-toast").filter(has_text="Joining has joined")).to_have_count(0)


async def test_which_account(office: Office, page: Page) -> None:
    """With several accounts and none configured, the card asks for a choice and offers no invitation."""
    card = await office.show(page, account=None)
    await expect(card).to_contain_text("There are several accounts.")
    await expect(card.get_by_role("textbox")).to_have_count(0)
    card = await office.show(page, account="gone")
    await expect(card).to_contain_text("The account to show here is no longer set up.")
    await expect(card.get_by_role("textbox")).to_have_count(0)
