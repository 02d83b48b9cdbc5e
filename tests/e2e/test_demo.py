"""What a stranger does first: look at the demo, add an account, wake a computer."""

import re
from typing import Any, Literal

from playwright.async_api import Page, expect
import pytest

from demo import Demo
from simulator import Account, Simulator

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def fill_in(page: Page, key: str, url: str | None = None) -> None:
    """Fill in the form of a new account and submit it; without a URL, the one that is there stays."""
    await page.locator('input[name="api_key"]').fill(key)
    if url:
        await page.locator("ha-generic-picker").click()
        await page.get_by_placeholder("Search").last.fill(url)
        await page.get_by_text("Add custom item").click()
    await page.get_by_role("button", name="Submit").click()


async def test_second_account_and_wake(demo: Demo, page: Page) -> None:
    """A second account is added through the user interface, and a computer of it woken on its device page."""
    account = Account(devices=3, owner="second@example.com", wake_seconds=4)
    account.agents[3].name = "Sleeping server"
    before = {entry["entry_id"] for entry in await demo.client.entries()}
    async with Simulator(account, key="second-key") as simulator:
        # Home Assistant opens with the demo's dashboard.
        await page.goto(demo.url)
        await expect(page.get_by_text("Reception PC").first).to_be_visible()

        await page.goto(f"{demo.url}/config/integrations/dashboard/add?domain=getscreen")
        await page.get_by_role("button", name="OK").click()
        await fill_in(page, "wrong-key", simulator.url)
        await expect(page.get_by_text("The server refuses this API key")).to_be_visible()
        await fill_in(page, "second-key")
        await page.get_by_role("button", name="Skip and finish").click()

        (device,) = [device for device in await demo.client.devices() if device["name"] == "Sleeping server"]
        await page.goto(f"{demo.url}/config/devices/device/{device['id']}")
        online = page.locator("hui-generic-entity-row").filter(has_text="Online")
        await expect(online).to_contain_text("Disconnected")
        await page.locator("hui-button-entity-row").filter(has_text="Wake").get_by_role("button", name="Press").click()
        await expect(online).to_contain_text("Connected", timeout=60_000)
        assert [request.parameters for request in simulator.requests if request.method == "agents/wake"] == [{"id": "3"}]

        for entry in await demo.client.entries():
            if entry["entry_id"] not in before:
                await demo.client.remove_entry(entry["entry_id"])


@pytest.mark.parametrize(("scheme", "width", "background"), [("light", 1280, 250), ("dark", 1280, 17), ("light", 400, 250)])
async def test_dashboard(demo: Demo, page: Page, scheme: Literal["light", "dark"], width: int, background: int) -> None:
    """Each card of the dashboard shows something, in light and in dark, on a desktop and on a phone."""
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": width, "height": 900})
    dashboard = await demo.client.dashboard("getscreen-demo")
    assert dashboard is not None
    assert [view["path"] for view in dashboard["views"]] == ["devices", "computers", "history"]
    for view in dashboard["views"]:
        await page.goto(f"{demo.url}/getscreen-demo/{view['path']}")
        await expect(page.locator("hui-card")).to_have_count(_cards(view))
        # A card stays empty, and then a stranger to the browser, until the script that draws it has come.
        await expect(page.locator("hui-card:not([hidden]):empty, hui-card > :not(:defined)")).to_have_count(0)
        await expect(page.locator("hui-error-card, hui-error-badge, hui-error-heading-badge, hui-warning")).to_have_count(0)
        await expect(page.get_by_text("Entity not found").or_(page.get_by_text("Configuration error"))).to_have_count(0)
        assert await page.evaluate("document.documentElement.scrollWidth") == width
    await expect(page.locator("html")).to_have_css("background-color", f"rgb({background}, {background}, {background})")


async def test_dashboard_shows_the_account(demo: Demo, page: Page) -> None:
    """The dashboard has the account's counts, its groups, the desktops, and how full the computers are."""
    await page.goto(f"{demo.url}/getscreen-demo/devices")
    tiles = page.locator("hui-tile-card")
    for name in ("Devices", "Devices online", "Open invitations", "Invitations remaining", "Requests today"):
        await expect(tiles.filter(has=page.get_by_text(name, exact=True))).to_contain_text(re.compile(r"\d"))
    for group in ("Family", "Office", "Servers", "Shop", "Workshop", "Other devices"):
        await expect(page.locator("hui-heading-card").get_by_text(group, exact=True)).to_be_visible()
    await expect(page.locator("hui-picture-glance-card img").first).to_have_js_property("naturalWidth", 640)

    await page.goto(f"{demo.url}/getscreen-demo/computers")
    await expect(tiles.filter(has_text="Usage of C:").first.locator("hui-bar-gauge-card-feature")).to_be_visible()


def _cards(view: dict[str, Any]) -> int:
    """Return how many cards a view has, those that are hidden at the moment among them."""
    own = len(view.get("cards", [])) + ("header" in view)
    return own + sum(len(section["cards"]) for section in view.get("sections", []))
