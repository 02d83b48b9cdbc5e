"""The dialog of a computer and the commands that users send from it, such as waking and connecting."""

import re

from playwright.async_api import Locator, Page, expect
import pytest

from simulator.models import Client, Geo
from tests.e2e.fleet import Fleet, row
from tests.e2e.house import becomes

pytestmark = pytest.mark.asyncio(loop_scope="session")

_BOX = "node => { const {x, y, width, height} = node.getBoundingClientRect(); return [x, y, width, height] }"
# Returns by how many pixels the content is too wide, and whether it is too high.
_OVERFLOW = "node => [node.scrollWidth - node.clientWidth, node.scrollHeight > node.clientHeight]"

_LISBON = Geo(ip="198.51.100.20", country="Portugal", region="Lisbon", city="Lisbon")
_MARIA = Client(geo=_LISBON, user_agent="Firefox", login="maria@example.com")


async def open_dialog(fleet: Fleet, page: Page, name: str) -> Locator:
    """Click a computer in a card and return its dialog."""
    await fleet.refresh()
    card = await fleet.show(page, {"account": fleet.entry_id})
    await row(card, name).locator(".head").click()
    dialog = card.get_by_role("dialog", name=name)
    await expect(dialog).to_be_visible()
    return dialog


def action(dialog: Locator, name: str) -> Locator:
    """Return a button of the dialog."""
    return dialog.get_by_role("button", name=name, exact=True)


async def test_content(fleet: Fleet, page: Page) -> None:
    """The dialog shows bars, system and last sessions without reading the hardware. Escape closes it and restores the focus."""
    infos = fleet.count("agents/info")
    dialog = await open_dialog(fleet, page, "Desk")
    await expect(dialog.get_by_role("meter", name="Memory")).to_have_attribute("aria-valuetext", re.compile(r"GB of .* GB used \(\d+%\)"))
    await expect(dialog.get_by_text("RECEPTION-PC", exact=True)).to_be_visible()
    await expect(dialog.locator(".session").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(row(page.locator("getscreen-card").first, "Desk").locator(".head")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_text("RECEPTION-PC", exact=True)).to_be_visible()
    assert fleet.count("agents/info") == infos


async def test_a_phone(fleet: Fleet, page: Page) -> None:
    """On a phone, the dialog fills the screen and scrolls only vertically."""
    await page.set_viewport_size({"width": 390, "height": 844})
    dialog = await open_dialog(fleet, page, "Desk")
    await expect(dialog.get_by_text("RECEPTION-PC", exact=True)).to_be_visible()
    await becomes(lambda: dialog.evaluate(_BOX), [0, 0, 390, 844])
    await becomes(lambda: dialog.locator(".content").evaluate(_OVERFLOW), [0, True])


async def test_a_hostile_name(fleet: Fleet, page: Page) -> None:
    """A long name with HTML in it is shown as text."""
    agent = fleet.agent("Till")
    name = "<img src=x onerror=alert(1)>" + "x" * 200
    agent.name = name
    try:
        dialog = await open_dialog(fleet, page, name)
        await expect(dialog.get_by_role("heading", level=2)).to_have_text(name)
        await becomes(lambda: dialog.evaluate(_OVERFLOW), [0, False])
    finally:
        agent.name = "Till"
        await fleet.refresh()


async def test_device_page(fleet: Fleet, page: Page) -> None:
    """An administrator can open the device page without reloading the browser page."""
    dialog = await open_dialog(fleet, page, "Desk")
    await page.evaluate("window.isSamePage = true")
    await dialog.get_by_role("link", name="Open the device page").click()
    await page.wait_for_url(f"**/config/devices/device/{fleet.devices['Desk']}")
    await expect(page.locator("ha-config-device-page")).to_contain_text("Desk")
    assert await page.evaluate("window.isSamePage")


async def test_why_it_cannot_be_woken(fleet: Fleet, page: Page) -> None:
    """The dialog of an Android device says that the device cannot be woken, and asks before a wake."""
    tablet = fleet.agent("Tablet")
    fleet.simulator.account.go(tablet)
    woken = fleet.count("agents/wake")
    try:
        dialog = await open_dialog(fleet, page, "Tablet")
        await expect(dialog).to_contain_text("The computer will probably not wake up. Computers with Android cannot be woken.")
        await action(dialog, "Wake").click()
        question = page.get_by_role("alertdialog", name="Wake Tablet?")
        await question.get_by_role("button", name="Cancel").click()
        await expect(question).to_have_count(0)
        await expect(action(dialog, "Wake")).to_be_focused()
        assert fleet.count("agents/wake") == woken
    finally:
        fleet.simulator.account.come(tablet)
        await fleet.refresh()


async def test_wake_and_connect(fleet: Fleet, page: Page) -> None:
    """The tab shows that the computer is waking, then the session. The dialog and all other cards show the state too."""
    fleet.simulator.account.go(fleet.agent("Sleeper"))
    fleet.agent("Sleeper").hardware = fleet.agent("Desk").hardware
    dialog = await open_dialog(fleet, page, "Sleeper")
    woken = fleet.count("agents/wake")
    try:
        async with page.context.expect_page() as opened:
            await action(dialog, "Wake and connect").click()
        tab = await opened.value
        await expect(tab.locator("body")).to_contain_text(re.compile(r"^Waking Sleeper … \d+ s$"))
        await expect(dialog.locator(".state")).to_have_text("Waking …")
        await fleet.start_up("Sleeper", woken)
        await expect(tab.get_by_role("heading")).to_have_text("Connected to Sleeper")
        assert await tab.evaluate("[window.opener, document.referrer]") == [None, ""]
        await expect(dialog.locator(".state")).to_have_text("Online")
        await tab.close()
    finally:
        fleet.simulator.account.end_session(fleet.agent("Sleeper").id)
        fleet.simulator.account.go(fleet.agent("Sleeper"))
        await fleet.refresh()


async def test_closed_tab(fleet: Fleet, page: Page) -> None:
    """If the user closes the tab, the wake continues, and no link is requested."""
    fleet.agent("Sleeper").hardware = fleet.agent("Desk").hardware
    dialog = await open_dialog(fleet, page, "Sleeper")
    connected, woken = fleet.count("agents/connect"), fleet.count("agents/wake")
    try:
        async with page.context.expect_page() as opened:
            await action(dialog, "Wake and connect").click()
        tab = await opened.value
        await expect(tab.locator("body")).to_contain_text("Waking Sleeper …")
        await tab.close()
        await fleet.start_up("Sleeper", woken)
        await expect(dialog.locator(".state")).to_have_text("Online")
        await expect(action(dialog, "Connect")).to_have_attribute("aria-disabled", "false")
        assert fleet.count("agents/connect") == connected
    finally:
        fleet.simulator.account.go(fleet.agent("Sleeper"))
        await fleet.refresh()


async def test_in_session(fleet: Fleet, page: Page) -> None:
    """Connecting to a computer with a session asks first. The question and the dialog contain who is connected and since when."""
    desk = fleet.agent("Desk")
    fleet.simulator.account.start_session(desk.id, _MARIA)
    try:
        dialog = await open_dialog(fleet, page, "Desk")
        sentence = re.compile(r"maria@example\.com from Lisbon, Portugal has been connected since .+ \(for \d+ s\)\.")
        await expect(dialog.locator(".session").first).to_have_text(sentence)
        await action(dialog, "Connect").click()
        question = page.get_by_role("alertdialog", name="Connect to Desk?")
        await expect(question).to_contain_text(sentence)
        async with page.context.expect_page() as opened:
            await question.get_by_role("button", name="Connect anyway").click()
        await expect((await opened.value).get_by_role("heading")).to_have_text("Connected to Desk")
    finally:
        fleet.simulator.account.end_session(desk.id)
        await fleet.refresh()


async def test_reboot_and_connect_again(fleet: Fleet, page: Page) -> None:
    """The question before a reboot names who is connected. Once the computer is online again, one click connects."""
    server = fleet.agent("Server")
    fleet.simulator.account.start_session(server.id, _MARIA)
    try:
        await fleet.refresh()
        dialog = await open_dialog(fleet, page, "Server")
        await expect(dialog.locator(".session").first).to_contain_text("maria@example.com")
        await action(dialog, "Reboot").click()
        question = page.get_by_role("alertdialog", name="Reboot Server?")
        await expect(question).to_contain_text(
            re.compile(r"maria@example\.com from Lisbon, Portugal has been connected since .+ The session will end,")
        )
        await question.get_by_role("button", name="Reboot").click()
        await expect(dialog.locator(".state")).to_have_text("Rebooting …")
        await fleet.bring_back("Server")
        again = action(dialog, "Connect again")
        await expect(again).to_be_visible()
        async with page.context.expect_page() as opened:
            await again.click()
        await expect((await opened.value).get_by_role("heading")).to_have_text("Connected to Server")
        await expect(again).to_be_hidden()
    finally:
        fleet.simulator.account.end_session(server.id)
        await fleet.refresh()
