"""The generated dashboard: it is offered, shows the whole account, and follows its changes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
import re
from typing import Any, Literal

from playwright.async_api import Locator, Page, expect
import pytest
import pytest_asyncio

from demo import Demo
from simulator import Account, Simulator
from tests.e2e.house import another_account, another_dashboard, becomes

pytestmark = pytest.mark.asyncio(loop_scope="session")

_PATH = "strategy-test"
# Returns the views of an account with `count` computers, and how many times generating them goes through all devices.
_GENERATE = """async (count) => {
  const {hass} = document.querySelector("home-assistant");
  const devices = {account: {id: "account", name: "Large", config_entries: ["entry"], entry_type: "service",
    identifiers: [["getscreen", "large"]]}};
  for (let number = 0; number < count; number++) {
    const id = `device${number}`;
    devices[id] = {id, name: `PC ${number}`, config_entries: ["entry"], entry_type: null, identifiers: [["getscreen", id]]};
  }
  const strategy = customElements.get("ll-strategy-dashboard-getscreen");
  let passes = 0;
  const counting = new Proxy(devices, {ownKeys: (all) => (passes++, Reflect.ownKeys(all))});
  const like = {...hass, devices: counting, entities: {}, states: {}, loadBackendTranslation: hass.loadBackendTranslation};
  const {views} = await strategy.generate({type: "custom:getscreen"}, like);
  return {views, passes};
}"""

_GENERATE_NOTHING = """async () => {
  const {hass} = document.querySelector("home-assistant");
  const strategy = customElements.get("ll-strategy-dashboard-getscreen");
  const like = {...hass, devices: {}, entities: {}, loadBackendTranslation: hass.loadBackendTranslation};
  return (await strategy.generate({type: "custom:getscreen"}, like)).views;
}"""

# Records the answers of the strategy when areas have changed and Home Assistant asks whether to generate the dashboard again.
_LISTEN = """() => {
  const strategy = customElements.get("ll-strategy-dashboard-getscreen");
  const {shouldRegenerate} = strategy;
  window.answers = [];
  strategy.shouldRegenerate = (config, before, now) => {
    const answer = shouldRegenerate.call(strategy, config, before, now);
    if (before.areas !== now.areas) window.answers.push(answer);
    return answer;
  };
}"""


# Returns the left and right edges of each row of sections, in pixels.
_ROWS = """() => {
  const nodes = [];
  const walk = (root) => root.querySelectorAll("*").forEach((node) => (nodes.push(node), node.shadowRoot && walk(node.shadowRoot)));
  walk(document);
  const rows = new Map();
  for (const {left, right, top} of nodes.filter(({localName}) => localName === "hui-section").map((node) => node.getBoundingClientRect())) {
    const [start, end] = rows.get(top) ?? [left, right];
    rows.set(top, [Math.min(start, left), Math.max(end, right)]);
  }
  return [...rows.values()];
}"""


@dataclass(frozen=True, kw_only=True)
class Shop:
    """An account in the demo's Home Assistant, with two groups and a computer without a group."""

    demo: Demo
    simulator: Simulator
    entry_id: str

    async def show(self, page: Page, view: str = "", **options: Any) -> None:
        """Open a generated dashboard."""
        config = {"strategy": {"type": "custom:getscreen", **options}}
        await self.demo.client.command("lovelace/config/save", url_path=_PATH, config=config)
        await page.goto(f"{self.demo.url}/{_PATH}/{view}")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(demo: Demo) -> AsyncIterator[Shop]:
    """Add the account and a dashboard."""
    account = Account(devices=4, owner="shop@example.com")
    for agent, (name, group) in zip(
        account.agents.values(), (("Till", "Shop"), ("Window", "Shop"), ("Desk", "Office"), ("Spare", None)), strict=True
    ):
        agent.name, agent.group, agent.online = name, group, name != "Spare"
        agent.version, agent.disabled, agent.limited = "3.9.2", False, False
    async with another_account(demo, account, "shop-key") as simulator, another_dashboard(demo, _PATH):
        yield Shop(demo=demo, simulator=simulator, entry_id=await demo.client.add_entry("shop-key", simulator.url))


def section(page: Page, heading: str) -> Locator:
    """Return the section with a heading."""
    return page.locator("hui-section").filter(has=page.locator("hui-heading-card").get_by_text(heading, exact=True))


def heading(page: Page, group: str) -> Locator:
    """Return the heading of a group of computers."""
    return page.locator("getscreen-group-heading").filter(has_text=group)


def computer(page: Page, name: str) -> Locator:
    """Return the element that shows a computer."""
    return page.locator("getscreen-computer-row").filter(has=page.get_by_text(name, exact=True))


async def test_offered(shop: Shop, page: Page) -> None:
    """The dialog for new dashboards offers the generated dashboard with a description, and suggests a title."""
    await page.goto(f"{shop.demo.url}/config/lovelace/dashboards")
    await page.get_by_role("button", name="Add dashboard").click()
    offer = page.locator("dashboard-card").get_by_role("button", name="Getscreen.me", exact=True)
    await expect(offer).to_contain_text("All computers by group")
    await offer.click()
    await expect(page.get_by_role("textbox", name="Title")).to_have_value("Getscreen.me")


async def test_shows_the_account(shop: Shop, page: Page) -> None:
    """The dashboard shows counts, running sessions, quick support, computers that need attention, all computers, and the history."""
    await shop.show(page, account=shop.entry_id)
    counts = section(page, "shop@example.com")
    for name, value in {"Computers": "4", "Computers online": "3", "Needs attention": "0"}.items():
        tile = counts.locator("hui-tile-card").filter(has=page.get_by_text(name, exact=True))
        await expect(tile).to_contain_text(value)
    await expect(counts.locator("getscreen-history-card")).to_contain_text("Nobody is connected")
    await expect(section(page, "Quick support").locator("getscreen-support-card").get_by_role("listitem")).to_have_count(2)
    await expect(section(page, "Needs attention").locator("getscreen-attention")).to_be_visible()
    for group, names in {"Office": ["Desk"], "Shop": ["Till", "Window"], "Other computers": ["Spare"]}.items():
        await expect(heading(page, group)).to_contain_text(f"{sum(name != 'Spare' for name in names)} of {len(names)} online")
        for name in names:
            await expect(computer(page, name)).to_be_visible()
    await expect(page.locator("hui-heading-card")).to_contain_text(
        ["shop@example.com", "Connected now", "Quick support", "Needs attention", "Computers"]
    )

    await page.get_by_role("tab", name="Computers").click()
    await expect(page.locator("getscreen-computers-toolbar")).to_be_visible()
    await expect(page.locator("getscreen-computer-row .name")).to_have_text(["Desk", "Till", "Window", "Spare"])

    await page.get_by_role("tab", name="History").click()
    await expect(page.locator("getscreen-history-card").get_by_role("listitem").first).to_be_visible()
    await page.locator("hui-heading-badge").click()
    await expect(page).to_have_url(re.compile("/calendar"))


@pytest.mark.parametrize("width", [390, 800, 1100, 1440, 1920])
async def test_sections_fill_rows(shop: Shop, page: Page, width: int) -> None:
    """The sections of the overview fill each row, regardless of the number of columns."""
    await page.set_viewport_size({"width": width, "height": 900})
    await shop.show(page, "overview", account=shop.entry_id)
    await expect(section(page, "Computers").locator("getscreen-computer-row").first).to_be_visible()

    async def rows() -> tuple[int, bool]:
        edges = await page.evaluate(_ROWS)
        return len(edges), edges == [pytest.approx(edges[0], abs=1)] * len(edges)

    await becomes(rows, (4 if width < 700 else 3, True))


async def test_follows_the_account(shop: Shop, page: Page) -> None:
    """A running session is listed, and a computer that changes its group moves there."""
    await shop.show(page, account=shop.entry_id)
    await expect(heading(page, "Shop")).to_contain_text("2 of 2 online")
    account = shop.simulator.account
    spare, till = account.agents[4], account.agents[1]
    spare.group = "Attic"
    account.start_session(till.id)
    try:
        await _look(shop)
        await expect(heading(page, "Attic")).to_contain_text("0 of 1 online")
        await expect(heading(page, "Other computers")).to_have_count(0)
        await expect(section(page, "shop@example.com").locator("getscreen-running").get_by_role("listitem")).to_contain_text("Till")
    finally:
        spare.group = None
        account.end_session(till.id)
        await _look(shop)
    # The computer has no group again.
    await expect(heading(page, "Other computers")).to_contain_text("0 of 1 online")
    await expect(heading(page, "Attic")).to_have_count(0)
    await expect(section(page, "shop@example.com").locator("getscreen-running").get_by_role("listitem")).to_have_count(0)


async def test_unrelated_changes(shop: Shop, page: Page) -> None:
    """Unrelated changes in Home Assistant do not discard a text that is half typed in a card."""
    await shop.show(page, account=shop.entry_id)
    field = page.locator("getscreen-support-card").get_by_role("textbox")
    await field.fill("Half wri")
    await page.evaluate(_LISTEN)
    area = await shop.demo.client.command("config/area_registry/create", name="Passing")
    try:
        await page.wait_for_function("window.answers.length > 0")
    finally:
        await shop.demo.client.command("config/area_registry/delete", area_id=area["area_id"])
    assert not any(await page.evaluate("window.answers"))
    await expect(field).to_have_value("Half wri")


async def test_several_accounts(shop: Shop, page: Page) -> None:
    """Each account has its own views."""
    await shop.show(page)
    await expect(page.get_by_role("tab", name="Overview · owner@example.com")).to_be_visible()
    await page.get_by_role("tab", name="Overview · shop@example.com").click()
    await expect(heading(page, "Shop")).to_contain_text("2 of 2 online")
    await page.get_by_role("tab", name="Computers · shop@example.com").click()
    await expect(page.locator("getscreen-computer-row .name")).to_have_text(["Desk", "Till", "Window", "Spare"])


async def test_no_account(shop: Shop, page: Page) -> None:
    """Without an account, the dashboard shows how to add one."""
    await shop.show(page, account="gone")
    # Other accounts exist.
    await expect(page.get_by_text("The account to show here is no longer set up.")).to_be_visible()
    (view,) = await page.evaluate(_GENERATE_NOTHING)
    assert view["sections"][0]["cards"][1]["content"].startswith("No Getscreen.me account is set up.")
    await page.get_by_role("link", name="Add an account").click()
    await expect(page.get_by_role("dialog", name="Do you want to set up Getscreen.me?")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 1400), ("light", 400), ("dark", 360)])
async def test_layout(shop: Shop, page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """Every card has content, and nothing is wider than the page."""
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": width, "height": 900})
    background = "rgb(17, 17, 17)" if scheme == "dark" else "rgb(250, 250, 250)"
    for view, cards in {"overview": 12, "computers": 1, "history": 2}.items():
        await shop.show(page, view, account=shop.entry_id)
        await expect(page.locator("hui-card")).to_have_count(cards)
        # Until its script is loaded, a card is empty, and then an undefined element.
        await expect(page.locator("hui-card:not([hidden]):empty, hui-card > :not(:defined)")).to_have_count(0)
        await expect(page.locator("hui-error-card, hui-error-heading-badge, hui-warning")).to_have_count(0)
        await expect(page.get_by_text("Entity not found").or_(page.get_by_text("Configuration error"))).to_have_count(0)
        await expect(page.locator("html")).to_have_js_property("scrollWidth", width)
        await expect(page.locator("html")).to_have_css("background-color", background)


async def test_large_accounts(shop: Shop, page: Page) -> None:
    """With thousands of computers, the overview begins with them by group, and generating it goes through them no more often."""
    await shop.show(page)
    await expect(page.locator("getscreen-card").first).to_be_visible()
    large, small = [await page.evaluate(_GENERATE, count) for count in (5000, 25)]
    assert 0 < large["passes"] == small["passes"] < 10
    overview, computers, _history = large["views"]
    assert overview["sections"][0]["cards"][1] == {"type": "custom:getscreen-card", "account": "entry", "toolbar": True, "collapsed": True}
    assert computers["cards"] == [{"type": "custom:getscreen-card", "account": "entry", "toolbar": True}]

    overview, *_ = small["views"]
    assert overview["sections"][-1]["cards"][1]["collapsed"] is False


async def _look(shop: Shop) -> None:
    """Make Home Assistant poll the account now."""
    sensors = [
        entity["entity_id"]
        for entity in await shop.demo.client.entities()
        if entity["config_entry_id"] == shop.entry_id and entity["translation_key"] == "devices_online"
    ]
    await shop.demo.client.request("POST", "services/homeassistant/update_entity", {"entity_id": sensors})
