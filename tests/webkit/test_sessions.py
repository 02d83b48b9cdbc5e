"""Sessions in WebKit: waking and connecting, the question, the dialog of a computer, and the history."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.e2e.archive import HOUR, NORA, Archive
from tests.e2e.fleet import Fleet
from tests.webkit.page import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

_ORIGIN = "return [window.opener, document.referrer]"


async def test_wake_and_connect(fleet: Fleet, page: Page) -> None:
    """The click opens a tab, which shows that the computer is waking, and the session once the computer is online."""
    sleeper = fleet.agent("Sleeper")
    sleeper.hardware = fleet.agent("Desk").hardware
    fleet.simulator.account.wake_seconds, usual = 3600, fleet.simulator.account.wake_seconds
    try:
        await page.open(await fleet.save({"device": fleet.devices["Sleeper"]}))
        await page.click("button", "Wake and connect", await page.item("Sleeper"))
        async with page.new_tab() as tab:
            await tab.says(await tab.find("body"), "Waking Sleeper …")
            fleet.simulator.account.come(sleeper)
            await tab.find("h1", "Connected to Sleeper")
            assert await tab.run(_ORIGIN) == [None, ""]
        await page.says(await page.item("Sleeper"), "Online")
    finally:
        fleet.simulator.account.wake_seconds = usual
        fleet.simulator.account.end_session(sleeper.id)
        fleet.simulator.account.go(sleeper)
        await fleet.refresh()


async def test_connect_to_one_in_session(fleet: Fleet, page: Page) -> None:
    """A question names who is connected, and a click on its answer opens the tab."""
    desk = fleet.agent("Desk")
    fleet.simulator.account.start_session(desk.id, NORA)
    await fleet.refresh()
    try:
        await page.open(await fleet.save({"device": fleet.devices["Desk"]}))
        await page.click("button", "Connect", await page.item("Desk"))
        question = await page.find("[role=alertdialog]")
        await page.says(question, "nora@example.com")
        await page.click("button", "Connect anyway", question)
        async with page.new_tab() as tab:
            await tab.find("h1", "Connected to Desk")
            assert await tab.run(_ORIGIN) == [None, ""]
    finally:
        fleet.simulator.account.end_session(desk.id)
        await fleet.refresh()


async def test_dialog(fleet: Fleet, page: Page) -> None:
    """The dialog of a computer shows its details and connects; Escape closes it."""
    await page.open(await fleet.save({"account": fleet.entry_id}))
    await page.click(".head", within=await page.item("Notebook"))
    dialog = await page.find("dialog")
    await page.find("[role=meter]", within=dialog)
    await page.says(dialog, "Last sessions")
    await page.click("button", "Connect", dialog)
    async with page.new_tab() as tab:
        await tab.find("h1", "Connected to Notebook")
    await page.press(Keys.ESCAPE)
    await page.gone("dialog")


async def test_history(archive: Archive, page: Page) -> None:
    """A user finds a session by the person, and plays its recording."""
    archive.forget()
    archive.remember("Desk", HOUR, NORA, video=True)
    archive.remember("Till", 2 * HOUR)
    await page.open(await archive.save())
    await page.find("button", "Play recording")
    await page.write(await page.find("input[name=person]"), "nora")
    await page.gone("getscreen-sessions li .name", "Till")
    await page.click("button", "Play recording")
    dialog = await page.find("dialog")
    await page.says(dialog, "nora@example.com")
    video = await page.find("video", within=dialog)
    await page.until(lambda: page.run("return arguments[0].currentTime > 0", video), "The recording plays")
    await page.press(Keys.ESCAPE)
    await page.gone("dialog")
