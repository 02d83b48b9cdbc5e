"""The first steps of a new user: opening the demo, adding an account, waking a computer."""

import json
import re

from homeassistant.util.yaml import parse_yaml
from playwright.async_api import Page, expect
import pytest

from demo import Demo
from demo.homeassistant import REPOSITORY
from simulator import Account
from tests.e2e.house import another_account, becomes, fill_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_start_page(demo: Demo, page: Page) -> None:
    """Home Assistant opens with the generated dashboard, which shows the desktops of the computers by group."""
    await page.goto(demo.url)
    await expect(page.locator("getscreen-computer-row img.loaded").first).to_have_js_property("naturalWidth", 640)
    headings = page.locator("getscreen-group-heading .toggle")
    for group in ("Family", "Office", "Servers", "Shop", "Workshop", "Other computers"):
        # Collapse the group, so that the next one comes into view.
        await page.get_by_role("button", name=re.compile(rf"^{group} \d+ of \d+ online$")).click()
    await expect(headings).to_have_count(6)
    await expect(page.locator("getscreen-computer-row")).to_have_count(0)


async def test_second_account_and_wake(demo: Demo, page: Page) -> None:
    """A user adds a second account in the user interface, and wakes one of its computers on the device page."""
    account = Account(devices=3, owner="second@example.com", wake_seconds=4)
    account.agents[3].name = "Sleeping server"
    async with another_account(demo, account, "second-key") as simulator:
        await page.goto(f"{demo.url}/config/integrations/dashboard/add?domain=getscreen")
        await page.get_by_role("button", name="OK").click()
        await fill_in(page, "wrong-key", simulator.url)
        await expect(page.get_by_text("The server refuses this API key")).to_be_visible()
        await fill_in(page, "second-key")
        await page.get_by_role("button", name="Skip and finish").click()
        # Wait for the closed dialog to go back in the browser's history, which would otherwise leave the next page.
        await page.wait_for_function("!history.state?.dialog")

        (device,) = [device for device in await demo.client.devices() if device["name"] == "Sleeping server"]
        await page.goto(f"{demo.url}/config/devices/device/{device['id']}")
        online = page.locator("hui-generic-entity-row").filter(has_text="Online")
        await expect(online).to_contain_text("Offline")
        await page.locator("hui-button-entity-row").filter(has_text="Wake").get_by_role("button", name="Press").click()
        await expect(online).to_have_text(re.compile(r"Online\s+Online"))
        assert [request.parameters for request in simulator.requests if request.method == "agents/wake"] == [{"id": "3"}]


async def test_first_automation(demo: Demo, page: Page) -> None:
    """The README's first automation runs in the demo as it is, and the user sees that it has waited."""
    example = (REPOSITORY / "README.md").read_text().partition("```yaml\n")[2].partition("```")[0]
    config = parse_yaml(example)
    assert isinstance(config, dict)
    await demo.client.request("POST", "config/automation/config/readme", config)

    async def is_loaded() -> bool:
        return "automation.wake_the_office" in await demo.client.states()

    try:
        # Home Assistant reloads its automations after the request.
        await becomes(is_loaded, expected=True)
        await demo.client.request("POST", "services/automation/trigger", {"entity_id": "automation.wake_the_office"})
        await page.goto(f"{demo.url}/config/automation/dashboard")
        await expect(page.get_by_text("Wake the office")).to_be_visible()
        await page.locator("ha-sidebar").get_by_text("Notifications").click()
        await expect(page.get_by_text("The computers of the office are online.")).to_be_visible(timeout=120_000)
    finally:
        await demo.client.request("DELETE", "config/automation/config/readme")


async def test_blueprints(demo: Demo) -> None:
    """The demo has the blueprints of the repository."""
    names = {f"getscreen/{path.name}" for path in (REPOSITORY / "blueprints/automation/getscreen").glob("*.yaml")}
    assert names
    assert names <= (await demo.client.command("blueprint/list", domain="automation")).keys()


@pytest.mark.parametrize(("page", "language"), [("de-DE", "de"), ("pt-BR", "pt-BR"), ("uk-UA", "uk")], indirect=["page"])
async def test_languages(demo: Demo, page: Page, language: str) -> None:
    """The dashboard, its cards, the dialogs that offer them, and the form of a new account are in the user's language."""
    texts = json.loads((REPOSITORY / f"custom_components/getscreen/translations/{language}.json").read_text())
    common, form = texts["common"], texts["config"]["step"]["user"]
    await page.goto(demo.url)
    for view in ("overview", "computers", "history"):
        await expect(page.get_by_role("tab", name=common[f"dashboard_{view}"])).to_be_visible()
    for text in (common["support_title"], common["card_connect"]):
        await expect(page.get_by_text(text).first).to_be_visible()
    await expect(page.get_by_placeholder(common["support_client_name"])).to_be_visible()

    await page.goto(f"{demo.url}/config/lovelace/dashboards")
    await page.locator('ha-button[slot="fab"]').click()
    await expect(page.locator("dashboard-card").filter(has_text="Getscreen.me")).to_contain_text(common["dashboard_offer"])

    await page.goto(f"{demo.url}/config/integrations/dashboard/add?domain=getscreen")
    await page.locator("ha-dialog").get_by_role("button").last.click()
    await expect(page.get_by_text(form["description"])).to_be_visible()
    await expect(page.get_by_text(form["data_description"]["api_key"])).to_be_visible()
