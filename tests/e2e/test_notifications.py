"""Notifications of the blueprints with unusual names of computers."""

from playwright.async_api import Page, expect
import pytest

from demo import Demo
from tests.markdown import ESCAPED, HOSTILE

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_name_makes_no_link(demo: Demo, page: Page) -> None:
    """A name with Markdown or HTML is shown as text, without a link or an image, while the blueprint's own link works."""
    messages = {
        "name": f"A remote session with {ESCAPED} started at 14:05.",
        "link": "<https://example.com/invite/1?a=b&c=_d_> (code 123456789)",
    }
    for name, message in messages.items():
        data = {"notification_id": name, "title": HOSTILE, "message": message}
        await demo.client.request("POST", "services/persistent_notification/create", data)
    try:
        await page.goto(demo.url)
        await page.locator("ha-sidebar").get_by_text("Notifications", exact=True).click()
        items = page.locator("persistent-notification-item")
        notice = items.filter(has_text="A remote session with")
        await expect(notice.locator("ha-markdown")).to_contain_text(f"A remote session with {HOSTILE} started at 14:05.")
        await expect(items.locator("a[href*='example.com/invite']")).to_have_attribute("href", "https://example.com/invite/1?a=b&c=_d_")
        for nodes in ("a", "img", "h1", "strong", "code"):
            await expect(notice.locator(nodes)).to_have_count(0)
        await expect(items.locator("a")).to_have_count(1)
        await expect(items.locator("img")).to_have_count(0)
    finally:
        for name in messages:
            await demo.client.request("POST", "services/persistent_notification/dismiss", {"notification_id": name})
