"""The card `custom:getscreen-card`: its buttons, with the mouse and with the keyboard."""

from playwright.async_api import Page, expect
import pytest

from tests.e2e.fleet import Fleet, button, row
from tests.e2e.house import whole_page

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ({"type": "result", "success": False, "error": {"code": 3, "message": "Connection lost"}}, "may still have been carried out"),
        (3, "may still have been carried out"),
        ({"code": "unauthorized", "message": "Unauthorized"}, "You do not have permission to do this."),
        ({"code": "home_assistant_error", "message": "It is asleep"}, "It is asleep"),
        ({"type": "result", "success": False, "error": {"code": "timeout", "message": "Too late"}}, "Too late"),
    ],
)
async def test_errors(fleet: Fleet, page: Page, error: object, message: str) -> None:
    """Every kind of error of the websocket library is shown as a sentence."""
    await _can_be_woken(fleet)
    card = await fleet.show(page, {"device": fleet.devices["Sleeper"]})
    await expect(button(card, "Wake", "Sleeper")).to_be_visible()
    await card.evaluate("(card, error) => { card.hass = {...card.hass, callService: () => Promise.reject(error)} }", error)
    await button(card, "Wake", "Sleeper").click()
    await expect(row(card, "Sleeper").locator(".message")).to_contain_text(message)


async def test_connect(fleet: Fleet, page: Page) -> None:
    """The session opens in a new tab without an opener, and the link is not in the page. After a failure, the tab closes with a message."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    async with page.context.expect_page() as opened:
        await button(card, "Connect", "Desk").click()
    tab = await opened.value
    await expect(tab.get_by_role("heading")).to_have_text("Connected to Desk")
    assert await tab.evaluate("[window.opener, document.referrer, history.length]") == [None, "", 1]
    token = next(path for path in reversed(fleet.simulator.downloads) if path.startswith("/connect/")).rpartition("/")[2]
    assert len(token) > 20
    assert token not in await whole_page(page)
    await tab.close()

    # A computer in a session would ask first.
    fleet.simulator.account.end_session(fleet.agent("Desk").id)
    await fleet.refresh()
    await expect(row(card, "Desk")).not_to_contain_text("Somebody")
    fleet.simulator.refuse(1, 500)
    try:
        async with page.context.expect_page() as opened:
            await button(card, "Connect", "Desk").click()
        await expect(card.locator(".message")).to_contain_text("Desk: the server could not be reached or is unavailable")
        await expect(card.get_by_role("status")).to_contain_text("Desk: the server could not be reached")
        if not (tab := await opened.value).is_closed():
            await tab.wait_for_event("close")
    finally:
        fleet.simulator.heal()


@pytest.mark.parametrize("opened_instead", ["null", "window"])
async def test_connect_without_pop_ups(fleet: Fleet, page: Page, opened_instead: str) -> None:
    """If the browser blocks the tab, a second click opens it. The Android app returns its only window, which must stay open."""
    # Without a session, because a computer with one asks before connecting.
    fleet.simulator.account.end_session(fleet.agent("Desk").id)
    await fleet.refresh()
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    await expect(card).to_contain_text("Online")
    await page.evaluate(f"() => {{ const open = window.open; window.open = () => {{ window.open = open; return {opened_instead} }} }}")
    await button(card, "Connect", "Desk").click()
    dialog = card.get_by_role("alertdialog", name="Desk is ready")
    async with page.context.expect_page() as opened:
        await dialog.get_by_role("button", name="Connect").click()
    tab = await opened.value
    await expect(tab.get_by_role("heading")).to_have_text("Connected to Desk")
    assert await tab.evaluate("[window.opener, document.referrer]") == [None, ""]
    await expect(dialog).to_have_count(0)
    await expect(card).to_contain_text("Online")


async def test_wake(fleet: Fleet, page: Page) -> None:
    """The card shows that a computer is waking until it is online, even in another tab and after a reload."""
    await _can_be_woken(fleet)
    woken = fleet.count("agents/wake")
    card = await fleet.show(page, {"account": fleet.entry_id})
    other = await page.context.new_page()
    await other.goto(page.url)
    there = other.locator("getscreen-card").first
    await expect(row(there, "Sleeper").locator(".state")).to_contain_text("Offline")
    try:
        await button(card, "Wake", "Sleeper").click()
        await expect(card.get_by_role("status")).to_have_text("Sleeper, Waking …")
        for seen in (card, there):
            await expect(row(seen, "Sleeper").locator(".state")).to_have_text("Waking …")
            await expect(button(seen, "Wake", "Sleeper")).to_have_attribute("aria-disabled", "true")
        await other.reload()
        await expect(row(there, "Sleeper").locator(".state")).to_have_text("Waking …")
        await fleet.start_up("Sleeper", woken)
        for seen in (card, there):
            await expect(row(seen, "Sleeper").locator(".state")).to_have_text("Online")
        await expect(card.get_by_role("status")).to_have_text("Sleeper, Online")
        await expect(there.get_by_role("status")).to_have_text("")
        assert fleet.count("agents/wake") == woken + 1
    finally:
        fleet.simulator.account.go(fleet.agent("Sleeper"))
        await other.close()


async def test_wake_that_fails(fleet: Fleet, page: Page) -> None:
    """The card asks before a wake that will probably fail. An error names the computer and can be dismissed by keyboard."""
    sleeper = fleet.agent("Sleeper")
    sleeper.hardware = _without_wake_on_lan(fleet)
    await fleet.call("refresh_hardware", "Sleeper")
    fleet.simulator.refuse(sleeper.id, 500)
    woken = fleet.count("agents/wake")
    try:
        card = await fleet.show(page, {"device": fleet.devices["Sleeper"]})
        await button(card, "Wake", "Sleeper").click()
        question = card.get_by_role("alertdialog", name="Wake Sleeper?")
        await expect(question).to_contain_text("None of the computer's network adapters has Wake-on-LAN enabled.")
        assert fleet.count("agents/wake") == woken
        await question.get_by_role("button", name="Try anyway").click()
        message = card.locator(".message")
        await expect(message).to_contain_text("Sleeper: the server could not be reached or is unavailable")
        await expect(card.get_by_role("status")).to_contain_text("Sleeper: the server could not be reached")
        await expect(row(card, "Sleeper").locator(".state")).to_contain_text("Offline")
        await button(card, "Dismiss", "Sleeper").focus()
        await page.keyboard.press("Enter")
        await expect(message).to_have_count(0)
        await expect(row(card, "Sleeper").locator(".head")).to_be_focused()
    finally:
        fleet.simulator.heal()
        await _can_be_woken(fleet)


async def test_wake_removes_the_row(fleet: Fleet, page: Page) -> None:
    """A computer that comes online and so leaves the card is announced, and the focus stays in the list."""
    notebook, sleeper = fleet.agent("Notebook"), fleet.agent("Sleeper")
    fleet.simulator.account.go(notebook)
    await _can_be_woken(fleet)
    woken = fleet.count("agents/wake")
    card = await fleet.show(page, {"account": fleet.entry_id, "online": False})
    try:
        await button(card, "Wake", "Sleeper").focus()
        await page.keyboard.press("Enter")
        await fleet.start_up("Sleeper", woken)
        await expect(row(card, "Sleeper")).to_have_count(0)
        await expect(card.get_by_role("status")).to_have_text("Sleeper, Online")
        await expect(row(card, "Notebook").locator(".head")).to_be_focused()
    finally:
        fleet.simulator.account.come(notebook)
        fleet.simulator.account.go(sleeper)
        await fleet.refresh()


async def test_reboot(fleet: Fleet, page: Page) -> None:
    """A reboot asks for confirmation, and ends when the computer has gone offline and come online again."""
    rebooted = fleet.count("agents/reboot")
    card = await fleet.show(page, {"device": fleet.devices["Server"]})
    dialog = card.get_by_role("alertdialog", name="Reboot Server?")
    await button(card, "Reboot", "Server").click()
    await expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_have_count(0)
    assert fleet.count("agents/reboot") == rebooted

    await button(card, "Reboot", "Server").click()
    await dialog.get_by_role("button", name="Reboot").click()
    await expect(row(card, "Server")).to_contain_text("Rebooting …")
    await fleet.bring_back("Server")
    await expect(row(card, "Server").locator(".state")).to_have_text("Online")
    assert fleet.count("agents/reboot") == rebooted + 1


async def test_question_goes_with_the_card(fleet: Fleet, page: Page) -> None:
    """Moving a card closes its open question without an answer."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    rebooted = fleet.count("agents/reboot")
    await button(card, "Reboot", "Desk").click()
    await expect(card.get_by_role("alertdialog", name="Reboot Desk?")).to_be_visible()
    await card.evaluate("card => { const place = card.parentElement; card.remove(); place.append(card) }")
    await expect(card.get_by_role("alertdialog")).to_have_count(0)
    await button(card, "Reboot", "Desk").click()
    await expect(card.get_by_role("alertdialog", name="Reboot Desk?")).to_be_visible()
    assert fleet.count("agents/reboot") == rebooted


async def test_keyboard(fleet: Fleet, page: Page) -> None:
    """Every button works with the keyboard, and the focus returns to the button after the question."""
    card = await fleet.show(page, {"device": fleet.devices["Notebook"]})
    await expect(row(card, "Notebook").locator(".state")).to_have_text("Online")
    await row(card, "Notebook").locator(".head").focus()
    for action in ("Connect", "Reboot"):
        await page.keyboard.press("ArrowRight")
        await expect(button(card, action, "Notebook")).to_be_focused()
    await expect(button(card, "Reboot", "Notebook")).to_have_css("outline-style", "solid")
    await page.keyboard.press("Enter")
    await expect(card.get_by_role("alertdialog").get_by_role("button", name="Cancel")).to_be_focused()
    for _ in range(4):
        await page.keyboard.press("Tab")
        focused = await card.evaluate("card => card.shadowRoot.activeElement?.localName")
        assert focused in {None, "getscreen-question"}
    await page.keyboard.press("Escape")
    await expect(card.get_by_role("alertdialog")).to_have_count(0)
    await expect(button(card, "Reboot", "Notebook")).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    async with page.context.expect_page() as opened:
        await page.keyboard.press("Enter")
    await expect((await opened.value).get_by_role("heading")).to_have_text("Connected to Notebook")


async def _can_be_woken(fleet: Fleet) -> None:
    """Make the computer Sleeper offline, and its hardware with Wake-on-LAN known to Home Assistant."""
    sleeper = fleet.agent("Sleeper")
    sleeper.hardware = fleet.agent("Desk").hardware
    await fleet.call("refresh_hardware", "Sleeper")
    fleet.simulator.account.go(sleeper)
    await fleet.refresh()


def _without_wake_on_lan(fleet: Fleet) -> dict[str, object]:
    hardware = fleet.agent("Desk").hardware
    assert hardware is not None
    adapters = hardware["NetAdapters"]
    assert isinstance(adapters, list)
    return {**hardware, "NetAdapters": [{**adapter, "WoL": False} for adapter in adapters]}
