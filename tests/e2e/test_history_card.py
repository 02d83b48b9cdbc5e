"""The card `custom:getscreen-history-card`: past and running sessions."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
import re
from typing import Literal

from playwright.async_api import Locator, Page, expect
import pytest
import pytest_asyncio

from demo import Demo
from simulator import Client
from tests.e2e.archive import DASHBOARD, HOUR, JONAS, NORA, Archive, rows, running_archive
from tests.e2e.house import becomes

pytestmark = pytest.mark.asyncio(loop_scope="session")

_DAY = 24 * HOUR
_HOSTILE = "<img src=x onerror=alert(1)> \u202e and a name that is far too long for the width of any phone"
# At the end, continue at the beginning: on a busy machine, some rows may be out of view again before they are drawn.
_SCROLL = """() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1 ? scrollTo(0, 0) : scrollBy(0, innerHeight)"""
_TOO_WIDE = """card => {
  const inside = (root) => [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? inside(node.shadowRoot) : [])]);
  const {left, right} = card.getBoundingClientRect();
  return inside(card.shadowRoot)
    .map((node) => [node.localName, node.className, node.getBoundingClientRect()])
    .filter(([,, box]) => box.width > 1 && (box.right > right + 1 || box.left < left - 1))
    .map(([name, kind]) => `${name}.${kind}`);
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def archive(demo: Demo) -> AsyncIterator[Archive]:
    """Add an account with sessions for the tests of a module."""
    async with running_archive(demo) as archive:
        yield archive


@pytest.fixture(autouse=True)
def empty(archive: Archive) -> None:
    """Remove all sessions before a test."""
    archive.forget()


def play(card: Locator) -> Locator:
    """Return the buttons that play recordings."""
    return card.get_by_role("button", name="Play recording")


async def test_by_computer_and_day(archive: Archive, page: Page) -> None:
    """A user finds the sessions of a computer on a day, and plays the recording."""
    for ago, name, client in ((_DAY, "Desk", JONAS), (7 * _DAY, "Desk", NORA), (7 * _DAY, "Till", JONAS), (8 * _DAY, "Desk", JONAS)):
        archive.remember(name, ago, client, video=True)
    day = datetime.fromtimestamp(archive.account.now - 7 * _DAY, UTC).date().isoformat()
    card = await archive.show(page)
    await expect(rows(card)).to_have_count(4)
    await card.get_by_role("combobox", name="Computer").fill("des")
    await card.get_by_label("Day").fill(day)
    await expect(rows(card)).to_have_count(1)
    await expect(rows(card)).to_contain_text("Desk")
    await expect(rows(card)).to_contain_text("nora@example.com")
    await expect(rows(card)).to_contain_text("Dublin, Ireland")
    await expect(rows(card)).to_contain_text("12 min")
    await play(card).click()
    dialog = card.get_by_role("dialog", name="Desk")
    await expect(dialog).to_contain_text("nora@example.com")
    await expect(dialog.locator("video")).to_have_js_property("paused", value=False)
    await page.wait_for_function("video => video.currentTime > 0", arg=await dialog.locator("video").element_handle())
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(play(card)).to_be_focused()


async def test_by_person(archive: Archive, page: Page) -> None:
    """The search for a person loads a few pages of older sessions, then asks whether to continue."""
    for hour in range(1, 801):
        archive.remember("Desk", hour * HOUR, NORA if hour in {3, 790} else JONAS)
    card = await archive.show(page)
    await expect(rows(card).first).to_be_visible()
    before = archive.requests
    await card.get_by_role("combobox", name="Person").fill("nora")
    await expect(rows(card)).to_have_count(1)
    further = card.get_by_role("button", name="Search further back")
    await expect(further).to_be_visible()
    await expect(card.get_by_text("Searched back to ")).to_be_visible()
    assert archive.requests - before == 5
    await further.click()
    await expect(rows(card)).to_have_count(2)
    await expect(rows(card).locator(".login")).to_have_text(["nora@example.com"] * 2)


async def test_pages(archive: Archive, page: Page) -> None:
    """Scrolling shows each of many sessions once, although many begin in the same second, and the page stays small."""
    logins = {f"user-{number}@example.com" for number in range(250)}
    for number, login in enumerate(sorted(logins)):
        # 60 sessions per second, so that each page ends within a second.
        archive.remember("Desk", HOUR + number // 60 * HOUR, Client(JONAS.geo, "", login))
    card = await archive.show(page)
    await expect(rows(card).first).to_be_visible()
    seen: set[str] = set()
    most = 0
    for _ in range(100):
        texts = await rows(card).locator(".login").all_inner_texts()
        most = max(most, len(texts))
        seen.update(texts)
        if seen == logins:
            break
        await page.evaluate(_SCROLL)
        await page.wait_for_timeout(200)
    assert seen == logins
    assert most <= 125
    # 10 blocks of 25 sessions: no session is listed twice.
    await expect(card.locator(".block")).to_have_count(10)
    await expect(card.locator(".end")).to_have_count(0)


async def test_recorded(archive: Archive, page: Page) -> None:
    """The filter shows only sessions with a recording; if there are none, the user can clear the filters."""
    archive.remember("Desk", HOUR)
    archive.remember(None, 2 * HOUR, video=True)
    card = await archive.show(page)
    await expect(rows(card)).to_have_count(2)
    await card.get_by_role("button", name="With recording").click()
    await expect(rows(card)).to_have_count(1)
    await expect(rows(card)).to_contain_text("Quick support")
    await card.get_by_role("combobox", name="Person").fill("nobody")
    await expect(card).to_contain_text("No session matches the filters.")
    await card.get_by_role("button", name="Clear filters").click()
    await expect(rows(card)).to_have_count(2)


async def test_keyboard(archive: Archive, page: Page) -> None:
    """The card can be used without a mouse."""
    archive.remember("Desk", HOUR, NORA, video=True)
    archive.remember("Till", 2 * HOUR, video=True)
    card = await archive.show(page)
    await expect(rows(card)).to_have_count(2)
    await card.get_by_role("combobox", name="Computer").focus()
    await page.keyboard.type("till")
    await page.keyboard.press("Enter")
    await expect(rows(card)).to_have_count(1)
    await expect(card.get_by_role("status").filter(has_text="Sessions: 1")).to_have_count(1)
    await play(card).focus()
    await page.keyboard.press("Enter")
    await expect(card.get_by_role("dialog", name="Till")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(card.get_by_role("dialog")).to_have_count(0)
    await expect(play(card)).to_be_focused()


async def test_follows_sessions(archive: Archive, page: Page) -> None:
    """A new session appears automatically, with the time since when it has been running."""
    archive.remember("Till", HOUR)
    await archive.refresh()
    card = await archive.show(page)
    await expect(rows(card)).to_have_count(1)
    before = archive.requests
    archive.account.start_session(archive.agent("Desk").id, JONAS)
    await archive.refresh()
    await expect(rows(card)).to_have_count(2)
    await expect(rows(card).first).to_contain_text("Running")
    assert archive.requests - before == 1


async def test_running(archive: Archive, page: Page) -> None:
    """The compact form names who is connected, and a tap opens the computer. Without a session, nothing is requested."""
    await archive.refresh()
    before = archive.requests
    card = await archive.show(page, running=True)
    await expect(card).to_contain_text("Nobody is connected")
    await asyncio.sleep(1)
    assert archive.requests == before
    archive.account.start_session(archive.agent("Desk").id, JONAS)
    await archive.refresh()
    line = card.get_by_role("button", name=re.compile("jonas@example.com . Desk . from Lisbon, Portugal . for "))
    await expect(line).to_be_visible()
    assert archive.requests - before == 1
    await line.click()
    await expect(page.get_by_role("dialog", name="Desk")).to_be_visible()
    await page.keyboard.press("Escape")
    archive.account.end_session(archive.agent("Desk").id)
    await archive.refresh()
    await expect(card).to_contain_text("Nobody is connected")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 800), ("light", 390), ("dark", 320)])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
async def test_layout(archive: Archive, page: Page, scheme: Literal["light", "dark"], width: int, direction: str) -> None:
    """Nothing is cut off at any width, with long names, and in both writing directions."""
    hostile = Client(JONAS.geo, JONAS.user_agent, _HOSTILE)
    archive.remember(None, HOUR, hostile, video=True)
    archive.remember("Desk", 2 * HOUR, JONAS, video=True)
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": width, "height": 900})
    card = await archive.show(page)
    await page.evaluate("direction => document.querySelector('home-assistant').style.direction = direction", direction)
    await expect(rows(card)).to_have_count(2)
    await expect(rows(card).locator(".login").first).to_have_text(_HOSTILE)
    await becomes(lambda: card.evaluate(_TOO_WIDE), [])
    await expect(page.locator("html")).to_have_js_property("scrollWidth", width)


async def test_editor(archive: Archive, page: Page) -> None:
    """The card picker shows a sample of the card without a request, and the editor has all options."""
    await page.route("https://demo.home-assistant.io/**", lambda route: route.fulfill(status=200, content_type="image/png", body=b""))
    # Without a card in the view: it would send requests of its own.
    view = {"type": "sections", "path": "history", "sections": [{"type": "grid", "cards": []}]}
    await archive.demo.client.command("lovelace/config/save", url_path=DASHBOARD, config={"views": [view]})
    before = archive.requests
    await page.goto(f"{archive.demo.url}/{DASHBOARD}/history?edit=1")
    await page.get_by_role("button", name="Add card").first.click()
    await page.get_by_role("tab", name="By card").or_(page.get_by_text("By card", exact=True)).first.click()
    await page.get_by_placeholder("Search").last.fill("remote sessions")
    offer = page.locator("hui-card-picker .card").filter(has_text="Remote sessions")
    await expect(offer.get_by_text("Reception PC")).to_be_visible()
    assert archive.requests == before
    await offer.locator(".overlay").click()
    form = page.locator("hui-form-editor")
    for label in ("Title", "Account", "Only running sessions", "Sessions per page"):
        await expect(form.get_by_text(label).first).to_be_visible()
