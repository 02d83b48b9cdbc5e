"""The card `custom:getscreen-support-card` in WebKit: quick support from the invitation to its end."""

import pytest

from tests.e2e.office import Office
from tests.webkit.page import Page
from tests.webkit.proxy import HOST

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_quick_support(office: Office, page: Page) -> None:
    """An invitation is created, its code and QR code are shown, the client joins, the operator connects, and the invitation is closed."""
    await page.open(await office.save())
    await page.write(await page.find("input", within=await page.find("getscreen-support-card")), "Ada")
    await page.click("button", "Invite")
    ada = await page.item("Ada")
    (invitation,) = [invitation for invitation in office.open() if invitation.client_name == "Ada"]
    code = invitation.invite_code
    await page.says(ada, f"{code[:3]} {code[3:6]} {code[6:]}")

    await page.find("[role=img]", "QR code of the invite link", ada)
    await page.find(".link", f"{office.simulator.root}/invite/{code}", ada)

    # Only after the client has joined can the operator connect.
    office.simulator.account.move_on(invitation)
    await office.refresh()
    await page.click("button", "Connect", ada)
    async with page.new_tab() as tab:
        await tab.until(lambda: tab.run("return location.href.endsWith(arguments[0])", f"/support/{invitation.token}"), "The link is open")
        assert await tab.run("return window.opener") is None

    await page.click("button", "Close invitation", ada)
    await page.click("button", "Close invitation", await page.find("dialog, [role=alertdialog]"))
    await page.gone(".name", "Ada")
    assert invitation.status == 3


@pytest.mark.parametrize("secure", [True, False], ids=["127.0.0.1", "http"])
async def test_copy(office: Office, page: Page, secure: bool) -> None:
    """The link is copied, even over plain HTTP, where browsers have no clipboard API."""
    invitation = office.invite("Bob")
    url = await office.save()
    await page.open(url if secure else url.replace("127.0.0.1", HOST))
    assert await page.run("return [isSecureContext, Boolean(navigator.clipboard)]") == [secure, secure]
    await page.click("button", "Copy link", await page.item("Bob"))
    field = await page.find("input", within=await page.find("getscreen-support-card"))
    link = f"{office.simulator.root}/invite/{invitation.invite_code}"
    assert await page.pasted(field) == link


async def test_one_tap_selects_the_code(office: Office, page: Page) -> None:
    """A tap selects the whole code for copying, for which WebKit requires a prefixed style."""
    invitation = office.invite("Carol")
    await page.open(await office.save())
    await page.click(".code", within=await page.item("Carol"))
    await page.copy()
    field = await page.find("input", within=await page.find("getscreen-support-card"))
    assert (await page.pasted(field)).replace(" ", "") == invitation.invite_code


async def test_join(office: Office, page: Page) -> None:
    """A client who joins is shown in a toast. Its button opens the session in a new tab."""
    invitation = office.invite("Dora")
    await page.open(await office.save())
    await page.says(await page.item("Dora"), "Waiting for the client")
    office.simulator.account.move_on(invitation)
    await office.refresh()
    toast = await page.find("ha-toast")
    await page.says(toast, "Dora has joined and is waiting for you.")
    await page.click("ha-button, mwc-button, button", "Connect", toast)
    async with page.new_tab() as tab:
        await tab.until(lambda: tab.run("return location.href.endsWith(arguments[0])", f"/support/{invitation.token}"), "The link is open")
        assert await tab.run("return window.opener") is None
