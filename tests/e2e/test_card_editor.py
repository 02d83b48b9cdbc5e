"""The card `custom:getscreen-card`: its visual editor, the card picker, and wrong configurations."""

import re

from playwright.async_api import Page, expect
import pytest

from tests.e2e.fleet import CARD_TYPE, DASHBOARD, Fleet

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_editor(fleet: Fleet, page: Page) -> None:
    """The visual editor changes the configuration, and the preview follows."""
    size = {"columns": 12}
    await fleet.show(page, {"device": fleet.devices["Desk"], "grid_options": size}, query="?edit=1")
    await page.locator("hui-card-edit-mode").first.click()
    dialog = page.locator("hui-dialog-edit-card")
    preview = dialog.locator("getscreen-card")
    await expect(preview.locator("getscreen-computer-row .name")).to_have_text(["Desk"])
    labels = ("Title", "Computers", "Account", "Group", "State", "Show desktops", "Toolbar", "Collapse groups")
    for label in (*labels, "Only computers that need attention"):
        await expect(dialog.locator("getscreen-card-editor").get_by_text(label, exact=True).first).to_be_visible()
    await dialog.locator('getscreen-card-editor input[name="title"]').fill("Edited")
    await expect(preview.get_by_role("heading", name="Edited")).to_be_visible()
    await dialog.locator("getscreen-card-editor ha-switch").first.click()
    await expect(preview.locator(".list")).to_contain_class("compact")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.locator("getscreen-card-editor")).to_have_count(0)
    saved = (await fleet.demo.client.command("lovelace/config", url_path=DASHBOARD))["views"][0]["sections"][0]["cards"][0]
    assert saved == {"type": CARD_TYPE, "devices": [fleet.devices["Desk"]], "title": "Edited", "pictures": False, "grid_options": size}


async def test_card_picker(fleet: Fleet, page: Page) -> None:
    """The card picker offers the card with a preview, and suggests it for a computer's entity."""
    # Replace the pictures in the previews of other cards, which come from the internet.
    picture = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    await page.route(re.compile("^https://"), lambda route: route.fulfill(content_type="image/svg+xml", body=picture))
    card = await fleet.show(page, {"device": fleet.devices["Till"]}, query="?edit=1")
    await expect(card.locator(".state")).to_have_text("Online")
    await page.locator("hui-grid-section").first.locator(".add").click()
    dialog = page.locator("hui-dialog-create-card")
    # The suggestion for an entity:
    await dialog.get_by_placeholder("Search").fill("Desk Online")
    await dialog.get_by_text("Online", exact=True).first.click()
    await expect(dialog.locator("getscreen-card getscreen-computer-row .name")).to_have_text(["Desk"])
    # The list of all cards, with a preview of two invented computers:
    await dialog.get_by_text("By card", exact=True).click()
    await dialog.get_by_placeholder("Search").last.fill("Getscreen.me")
    await expect(dialog.locator("getscreen-card getscreen-computer-row .name")).to_have_text(["Laptop", "Reception PC"])


async def test_wrong_configuration(fleet: Fleet, page: Page) -> None:
    """The message about a wrong configuration names the option and the expected type of value."""
    card = await fleet.show(page, {"device": fleet.devices["Desk"]})
    await expect(card).to_be_attached()
    told = await card.evaluate(
        """card => [{title: 1}, {devices: "one"}, {online: "on"}].map((config) => {
          try { card.setConfig(config) } catch (error) { return error.message }
        })"""
    )
    assert told == ['"title" has to be a text.', '"devices" has to be a list of texts.', '"online" has to be true or false.']
