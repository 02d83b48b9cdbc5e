"""The generated dashboard after the last account was removed. The test runs its own Home Assistant."""

from playwright.async_api import Browser, expect
import pytest

from demo import free_port, running_demo
from simulator import Account
from tests.e2e.house import another_dashboard

pytestmark = pytest.mark.asyncio(loop_scope="session")

_PATH = "last-account"


async def test_dashboard_without_an_account(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An open dashboard, and one that is opened later, show that there is no account and how to add one."""
    folder = tmp_path_factory.mktemp("last")
    account = Account(devices=1)
    async with (
        running_demo(folder=folder, port=free_port(), simulator_port=free_port(), account=account) as demo,
        another_dashboard(demo, _PATH),
    ):
        config = {"strategy": {"type": "custom:getscreen"}}
        await demo.client.command("lovelace/config/save", url_path=_PATH, config=config)
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto(f"{demo.url}/{_PATH}")
        await expect(page.locator("getscreen-support-card")).to_be_visible()
        for entry in await demo.client.entries():
            await demo.client.remove_entry(entry["entry_id"])
        nothing = page.get_by_text("No Getscreen.me account is set up.").first
        await expect(nothing).to_be_visible()
        await page.reload()
        await expect(nothing).to_be_visible()
        await expect(page.get_by_role("link", name="Add an account")).to_be_visible()
        await expect(page.get_by_text("Timeout waiting for strategy element")).to_have_count(0)
        await context.close()
