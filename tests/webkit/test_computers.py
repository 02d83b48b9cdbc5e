"""The card `custom:getscreen-card` in WebKit: its buttons."""

import pytest
import pytest_asyncio

from tests.e2e.fleet import DASHBOARD, Fleet
from tests.webkit.page import Page
from tests.webkit.proxy import HOST

pytestmark = pytest.mark.asyncio(loop_scope="session")

_TAB = "return [window.opener, document.referrer, history.length]"
# Simulate a companion app, and a browser that blocks the first tab as a pop-up.
_APP = "document.querySelector('home-assistant').hass.auth.external = {}"
_BLOCKER = "const {open} = window; window.open = () => { window.open = open; return null; }"
_FORGET_ARIA = """
for (const name of Object.getOwnPropertyNames(Element.prototype)) if (name.startsWith("aria")) delete Element.prototype[name];
return ["ariaLabel", "ariaDisabled", "ariaExpanded"].filter((name) => name in Element.prototype);
"""
# Counts the calls of an action and their answers.
_LISTEN = """
const {connection} = document.querySelector("home-assistant").hass;
const send = connection.sendMessagePromise;
const [action] = arguments;
window.calls = {sent: 0, answered: 0};
connection.sendMessagePromise = (message) => {
  const answer = send.call(connection, message);
  if (message.service === action) {
    window.calls.sent++;
    answer.finally(() => window.calls.answered++);
  }
  return answer;
};
"""
_CALLS = "const {sent, answered} = window.calls; return sent && sent === answered ? sent : 0"


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def nobody_connected(fleet: Fleet) -> None:
    """End the session that an earlier test opened: a computer in a session asks first."""
    fleet.simulator.account.end_session(fleet.agent("Desk").id)
    await fleet.refresh()


@pytest.mark.parametrize("secure", [True, False], ids=["127.0.0.1", "http"])
async def test_connect(fleet: Fleet, page: Page, secure: bool) -> None:
    """The session opens in a new tab that has no opener and no referrer, even over plain HTTP."""
    url = await fleet.save({"device": fleet.devices["Desk"]})
    await page.open(url if secure else url.replace("127.0.0.1", HOST))
    assert await page.run("return isSecureContext") == secure
    await page.click("button", "Connect", await page.item("Desk"))
    async with page.new_tab() as tab:
        await tab.find("h1", "Connected to Desk")
        assert await tab.run(_TAB) == [None, "", 1]


@pytest.mark.parametrize("hindrance", [_APP, _BLOCKER], ids=["app", "blocker"])
async def test_connect_without_a_tab(fleet: Fleet, page: Page, hindrance: str) -> None:
    """If no tab can be opened, a click in the question opens one. WebKit allows that in the click, but not after the dialog has closed."""
    # Without a session, because a computer with one asks before connecting.
    fleet.simulator.account.end_session(fleet.agent("Desk").id)
    await fleet.refresh()
    await page.open(await fleet.save({"device": fleet.devices["Desk"]}))
    desk = await page.item("Desk")
    await page.run(hindrance)
    await page.click("button", "Connect", desk)
    question = await page.find("dialog, [role=alertdialog]")
    await page.says(question, "Desk is ready")
    await page.click("button", "Connect", question)
    async with page.new_tab() as tab:
        await tab.find("h1", "Connected to Desk")
        assert (await tab.run(_TAB))[:2] == [None, ""]
    await page.gone("dialog h2, [role=alertdialog] h2", "Desk is ready")


@pytest.mark.parametrize("reflects", [True, False], ids=["aria reflection", "no aria reflection"])
async def test_wake(fleet: Fleet, page: Page, reflects: bool) -> None:
    """Three clicks send one wake: the button is blocked in between, even in browsers without ARIA reflection (Firefox 98 to 118)."""
    account = fleet.simulator.account
    account.wake_seconds, usual = 3600, account.wake_seconds
    fleet.agent("Sleeper").hardware = fleet.agent("Desk").hardware
    await fleet.save({"devices": [fleet.devices["Sleeper"], fleet.devices["Desk"]]})
    woken = fleet.count("agents/wake")
    await page.load(f"{fleet.demo.url}/profile")
    if not reflects:
        assert await page.run(_FORGET_ARIA) == []
    await page.go(f"/{DASHBOARD}/cards")
    try:
        await page.says(await page.item("Sleeper"), "Offline")
        await page.run(_LISTEN, "wake")
        for _ in range(3):
            # The list may have drawn the row again in the meantime.
            await page.click("button", "Wake", await page.item("Sleeper"))
        await page.says(await page.item("Sleeper"), "Waking …")
        calls = await page.until(lambda: page.run(_CALLS), "The commands are answered")
        assert [calls, fleet.count("agents/wake") - woken] == [1, 1]
        await page.find("button[aria-disabled=true]", "Wake", await page.item("Sleeper"))
    finally:
        account.wake_seconds = usual
        # The integration waits until the computer is online, so make it online before it goes offline again.
        account.come(fleet.agent("Sleeper"))
        await fleet.refresh()
        account.go(fleet.agent("Sleeper"))
        await fleet.refresh()
