"""The card `custom:getscreen-card` with many computers, used with the mouse, the keyboard and touch."""

import json
import re

from playwright.async_api import Browser, Locator, Page, expect
import pytest

from tests.e2e.fleet import DAY, OFFLINE, Fleet, button, row
from tests.e2e.house import becomes

pytestmark = pytest.mark.asyncio(loop_scope="session")

_COUNT = 80
_ALONE = "PC 80"
_LONG = "ADMINISTRATION-BUILDING-7-SECOND-FLOOR-LEFT-DESK-NEAR-THE-WINDOW-0042"
_TAB_STOPS = """card => {
  const inside = (root) => [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? inside(node.shadowRoot) : [])]);
  const list = card.shadowRoot.querySelector("getscreen-computers-list");
  return inside(list.shadowRoot).filter((node) => node.tabIndex >= 0).length;
}"""
# Collects in window.changedRows the names of the computers whose rows were drawn again.
_OBSERVE = """list => {
  window.changedRows = new Set();
  const observer = new MutationObserver((records) => {
    for (const {target} of records) window.changedRows.add(target.getRootNode().querySelector(".name").textContent);
  });
  for (const {shadowRoot} of list.shadowRoot.querySelectorAll("getscreen-computer-row")) {
    observer.observe(shadowRoot, {subtree: true, childList: true, attributes: true, characterData: true});
  }
}"""
# Returns the states and sessions that are cut off.
_CUT = """rows => rows.flatMap(({shadowRoot}) => [...shadowRoot.querySelectorAll(".state, .chip > span")])
  .filter((node) => node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight)
  .map((node) => node.textContent)"""
# Returns the writing direction of a name, and whether its first letter is in view.
_START = """name => {
  const range = document.createRange();
  const text = document.createTreeWalker(name, NodeFilter.SHOW_TEXT).nextNode();
  range.setStart(text, 0);
  range.setEnd(text, 1);
  const [letter, box] = [range.getBoundingClientRect(), name.getBoundingClientRect()];
  const isInView = letter.left >= box.left - 1 && letter.right <= box.right + 1;
  return [getComputedStyle(name).direction, name.scrollWidth > name.clientWidth, isInView];
}"""


async def _show(park: Fleet, page: Page, **config: object) -> Locator:
    """Open the dashboard with a card that shows all computers."""
    card = await park.show(page, {"account": park.entry_id, "grid_options": {"columns": "full"}, **config})
    await expect(_rows(card).first).to_be_visible()
    return card


def _rows(card: Locator) -> Locator:
    return card.locator("getscreen-computer-row")


def _head(card: Locator, name: str) -> Locator:
    return row(card, name).locator(".head")


def _heading(card: Locator, group: str) -> Locator:
    return card.locator("getscreen-group-heading").filter(has_text=group).locator(".toggle")


def _chip(card: Locator, name: str) -> Locator:
    return card.locator(f"[data-filter={name}]")


def _bar(card: Locator) -> Locator:
    return card.locator("getscreen-bulk-bar")


async def test_only_what_is_in_view_is_drawn(park: Fleet, page: Page) -> None:
    """The page has few rows at any scroll position. The focused computer stays in the page, and the keyboard continues there."""
    card = await _show(park, page)
    await _head(card, "PC 01").focus()
    for _ in range(12):
        assert await _rows(card).count() < 40
        await page.mouse.move(600, 500)
        await page.mouse.wheel(0, 600)
        await page.wait_for_timeout(50)
    await expect(row(card, "PC 79")).to_be_visible()
    await expect(row(card, "PC 20")).to_have_count(0)
    await expect(_head(card, "PC 01")).to_be_focused()
    await expect(_head(card, "PC 01")).not_to_be_in_viewport()
    await page.keyboard.press("ArrowDown")
    await expect(_head(card, "PC 02")).to_be_focused()
    await expect(_head(card, "PC 02")).to_be_in_viewport(ratio=1)


async def test_a_change_draws_its_row_alone(park: Fleet, page: Page) -> None:
    """A poll that changes one computer does not draw the rows of the others."""
    card = await _show(park, page)
    await expect(row(card, "PC 03").locator(".state")).to_have_text("Online")
    await card.locator("getscreen-computers-list").evaluate(_OBSERVE)
    agent = park.agent("PC 03")
    park.simulator.account.go(agent)
    try:
        await park.refresh()
        await expect(row(card, "PC 03").locator(".state")).to_contain_text("Offline")
        assert await page.evaluate("[...window.changedRows]") == ["PC 03"]
    finally:
        park.simulator.account.come(agent)
        await park.refresh()


async def test_one_tab_stop(park: Fleet, page: Page) -> None:
    """The Tab key enters the list only once. Arrow keys, Home and End move within it, and the Tab key returns to the last position."""
    card = await _show(park, page)
    await card.get_by_role("button", name="Show desktops").focus()
    await page.keyboard.press("Tab")
    await expect(_heading(card, "Alone")).to_be_focused()
    for key, name in {"ArrowDown": _ALONE, "End": "PC 79", "ArrowUp": "PC 78"}.items():
        await page.keyboard.press(key)
        await expect(_head(card, name)).to_be_focused()
        await expect(_head(card, name)).to_be_in_viewport(ratio=1)
        await becomes(lambda: card.evaluate(_TAB_STOPS), 1)
    await page.keyboard.press("ArrowRight")
    await expect(button(card, "Connect", "PC 78")).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(button(card, "Connect", "PC 77")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(card.get_by_role("button", name="Show desktops")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(_head(card, "PC 77")).to_be_focused()
    await page.keyboard.press("Home")
    await expect(_heading(card, "Alone")).to_be_focused()
    await becomes(lambda: card.evaluate(_TAB_STOPS), 1)


async def test_search(park: Fleet, page: Page) -> None:
    """A slash focuses the search at any scroll position. The result count is announced. Escape clears it, and an arrow key leaves it."""
    card = await _show(park, page)
    # Not with the mouse wheel, whose scrolling would continue after the key and move the search out of view again.
    await page.evaluate("window.scrollTo(0, 2000)")
    await page.keyboard.press("/")
    field = card.get_by_role("searchbox", name="Search computers")
    await expect(field).to_be_focused()
    await expect(field).to_be_in_viewport()
    await page.keyboard.type("alone")
    await expect(card.get_by_role("status")).to_have_text("Computers found: 1")
    await expect(_rows(card).locator(".name")).to_have_text([_ALONE])
    await page.keyboard.type("nowhere")
    await expect(card.locator(".notice")).to_have_text("No computer matches the search and filters.")
    await page.keyboard.press("Escape")
    await expect(field).to_have_value("")
    await page.keyboard.press("ArrowDown")
    await expect(_heading(card, "Alone")).to_be_focused()


async def test_choice_is_stored(park: Fleet, page: Page) -> None:
    """Filters have counts. A reload restores the filter, the sort order, the collapsed groups and the pictures, but not the search."""
    card = await _show(park, page)
    for name, count in {"all": 80, "online": 76, "offline": 4, "session": 0, "favorite": 1}.items():
        await expect(_chip(card, name).locator(".count")).to_have_text(str(count))
    await expect(_chip(card, "attention")).to_have_count(0)
    await _heading(card, "Alone").click()
    await _heading(card, "Office").click()
    await _chip(card, "offline").click()
    await card.get_by_role("combobox", name="Sort by").select_option("Last seen")
    await card.get_by_role("button", name="Show desktops").click()
    for _ in range(2):
        await expect(_rows(card).locator(".name")).to_have_text([*reversed(OFFLINE)])
        await expect(card.locator(".picture")).to_have_count(len(OFFLINE))
        await expect(_chip(card, "offline")).to_have_attribute("aria-pressed", "true")
        await expect(card.get_by_role("combobox", name="Sort by")).to_have_value("last_seen")
        await card.get_by_role("searchbox").fill("PC")
        await page.reload()
    await _chip(card, "offline").click()
    await card.get_by_role("combobox", name="Sort by").select_option("Group")
    for group, is_expanded in {"Alone": "false", "Office": "false", "Shop": "true"}.items():
        await expect(_heading(card, group)).to_have_attribute("aria-expanded", is_expanded)


async def test_select(park: Fleet, page: Page) -> None:
    """Computers are selected with the mouse as in a file manager, and with the keyboard. Escape ends the selection."""
    card = await _show(park, page)
    await _head(card, "PC 01").click(modifiers=["Control"])
    await expect(_bar(card)).to_contain_text("Selected: 1")
    await _head(card, "PC 04").click(modifiers=["Shift"])
    await expect(_bar(card)).to_contain_text("Selected: 4")
    await _head(card, "PC 02").click()
    await expect(_bar(card)).to_contain_text("Selected: 3")
    await expect(card.get_by_role("checkbox", name="Select PC 02")).not_to_be_checked()
    await page.keyboard.press("Escape")
    await expect(_bar(card)).to_have_count(0)
    await expect(_head(card, "PC 02")).to_be_focused()

    await page.keyboard.press("Space")
    await page.keyboard.press("Shift+ArrowDown")
    await page.keyboard.press("Shift+ArrowDown")
    await expect(_bar(card)).to_contain_text("Selected: 3")
    await expect(card.get_by_role("checkbox", name="Select PC 04")).to_be_checked()
    await page.keyboard.press("Control+a")
    await expect(_bar(card)).to_contain_text(f"Selected: {_COUNT}")


async def test_select_by_touch(park: Fleet, page: Page, browser: Browser) -> None:
    """A long press selects a computer, and a tap another one; scrolling selects nothing."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone = await context.new_page()
    try:
        card = await _show(park, phone)
        touch = await context.new_cdp_session(phone)
        box = await _head(card, "PC 01").evaluate("head => head.getBoundingClientRect().toJSON()")
        point = {"x": box["x"] + 100, "y": box["y"] + 20}
        for far, selected in ((40, 0), (0, 1)):
            await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
            await touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{**point, "x": point["x"] + far}]})
            # Longer than a long press takes.
            await phone.wait_for_timeout(800)
            await expect(_bar(card)).to_have_count(selected)
            await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            await expect(_bar(card)).to_have_count(selected)
        await expect(_bar(card)).to_contain_text("Selected: 1")
        await _head(card, "PC 02").tap()
        await expect(_bar(card)).to_contain_text("Selected: 2")
        await expect(card.get_by_role("dialog")).to_have_count(0)
    finally:
        await context.close()


async def test_wake_the_selected(park: Fleet, page: Page) -> None:
    """A counter shows how many computers are awake; a failed one is named with the reason."""
    park.simulator.refuse(6, 500)
    woken = park.count("agents/wake")
    card = await _show(park, page)
    try:
        await _head(card, "PC 04").click(modifiers=["Control"])
        await _head(card, "PC 08").click(modifiers=["Shift"])
        await _bar(card).get_by_role("button", name="Wake (4)").click()
        await expect(card.get_by_role("status")).to_contain_text("of 4 are online")
        await expect(_bar(card).get_by_role("progressbar")).to_be_visible()
        for name in ("PC 05", "PC 07", "PC 08"):
            await park.start_up(name, woken + 3)
        await expect(_bar(card)).to_contain_text("3 of 4 are online")
        await expect(_bar(card).get_by_role("listitem")).to_have_text(
            [re.compile("^PC 06: the server could not be reached or is unavailable")]
        )
        await expect(_bar(card).get_by_role("progressbar")).to_have_count(0)
        await expect(_chip(card, "online").locator(".count")).to_have_text("79")
        await _bar(card).get_by_role("button", name="Dismiss").click()
        await expect(_bar(card)).to_have_count(0)
    finally:
        park.simulator.heal()
        for agent in map(park.agent, OFFLINE):
            park.simulator.account.go(agent)
            agent.last_time -= agent.id * 3600
        await park.refresh()


async def test_somebody_is_connected(park: Fleet, page: Page) -> None:
    """Connecting to a computer with a session asks first. So does a reboot of many computers, which names those with a session."""
    park.simulator.account.start_session(2)
    before = [park.count(method) for method in ("agents/connect", "agents/reboot")]
    try:
        await park.refresh()
        card = await _show(park, page)
        await expect(row(card, "PC 02").locator(".chip")).to_be_visible()
        await button(card, "Connect", "PC 02").click()
        question = card.get_by_role("alertdialog", name="Connect to PC 02?")
        await expect(question).to_contain_text("has been connected since")
        await question.get_by_role("button", name="Cancel").click()
        await expect(question).to_have_count(0)
        await _head(card, "PC 01").click(modifiers=["Control"])
        await _head(card, "PC 05").click(modifiers=["Shift"])
        await _bar(card).get_by_role("button", name="Reboot (4)").click()
        question = card.get_by_role("alertdialog", name="Reboot these computers (4)?")
        await expect(question).to_contain_text("Remote sessions that will end: 1 (PC 02).")
        await question.get_by_role("button", name="Cancel").click()
        await expect(_bar(card)).to_contain_text("Selected: 5")
        assert [park.count(method) for method in ("agents/connect", "agents/reboot")] == before
    finally:
        park.simulator.account.end_session(2)
        await park.refresh()


async def test_a_group_of_one(park: Fleet, page: Page) -> None:
    """The tile of the only computer in a group is not larger than others."""
    card = await _show(park, page, group="Alone")
    await expect(card.locator(".picture")).to_have_count(1)
    await becomes(lambda: _rows(card).evaluate("row => row.offsetWidth > 200 && row.offsetWidth <= 420"), expected=True)


@pytest.mark.parametrize("language", ["en", "he"])
async def test_a_phone(park: Fleet, page: Page, language: str) -> None:
    """On a phone, the list has no pictures and never scrolls sideways. A name that is cut off shows its beginning and has a title."""
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.add_init_script(f"localStorage.selectedLanguage = {json.dumps(json.dumps(language))}")
    agent = park.agent("PC 01")
    agent.name = _LONG
    try:
        await park.refresh()
        card = await _show(park, page)
        await expect(card).to_have_css("direction", "rtl" if language == "he" else "ltr")
        name = row(card, _LONG).locator(".name")
        await expect(name).to_have_attribute("title", _LONG)
        await becomes(lambda: name.evaluate(_START), ["ltr", True, True])
        await expect(card.locator(".picture")).to_have_count(0)
        await expect(page.locator("html")).to_have_js_property("scrollWidth", 390)
    finally:
        agent.name = "PC 01"
        await park.refresh()


@pytest.mark.parametrize("page", ["en-US", "pl-PL", "tr-TR"], indirect=True)
async def test_texts_on_a_phone(park: Fleet, page: Page) -> None:
    """On a small phone, when a computer was last seen and who is connected are not cut off, even in languages with long texts."""
    await page.set_viewport_size({"width": 360, "height": 844})
    seen, agent = park.agent("PC 05").last_time, park.agent("PC 05")
    agent.last_time = int(park.simulator.account.now) - 49 * DAY
    park.simulator.account.start_session(2)
    try:
        await park.refresh()
        card = await _show(park, page, group="Office")
        await expect(row(card, "PC 05").locator(".state")).to_contain_text(re.compile("last month|miesiącu|geçen ay"))
        await expect(row(card, "PC 02").locator(".chip")).to_be_visible()
        await becomes(lambda: _rows(card).evaluate_all(_CUT), [])
    finally:
        agent.last_time = seen
        park.simulator.account.end_session(2)
        await park.refresh()
