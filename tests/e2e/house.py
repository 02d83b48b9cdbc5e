"""What tests add to the demo's Home Assistant and take away again, also if they fail; how they add it; and all that they find in a page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page

from demo import Demo
from simulator import Account, Simulator

_WHOLE_PAGE = """() => {
  const inside = (root) => [...root.querySelectorAll("*")].flatMap((node) => [
    ...[...node.attributes].map(({value}) => value),
    ...[...node.childNodes].filter(({nodeType}) => nodeType === Node.TEXT_NODE).map(({data}) => data),
    ...(node.shadowRoot ? inside(node.shadowRoot) : []),
  ]);
  return [document.title, location.href, history.state, ...inside(document)].map(String).join(" ");
}"""


@asynccontextmanager
async def another_account(demo: Demo, account: Account, key: str) -> AsyncIterator[Simulator]:
    """Serve one more account; the entries that come meanwhile leave before its server does."""
    before = {entry["entry_id"] for entry in await demo.client.entries()}
    async with Simulator(account, key=key) as simulator:
        try:
            yield simulator
        finally:
            for entry in await demo.client.entries():
                if entry["entry_id"] not in before:
                    await demo.client.remove_entry(entry["entry_id"])


@asynccontextmanager
async def another_dashboard(demo: Demo, path: str) -> AsyncIterator[None]:
    """Have a dashboard that is not the first thing one sees."""
    dashboard = await demo.client.command("lovelace/dashboards/create", url_path=path, title="Test", icon="mdi:test-tube")
    try:
        yield
    finally:
        await demo.client.command("lovelace/dashboards/delete", dashboard_id=dashboard["id"])


async def whole_page(page: Page) -> str:
    """Return everything that stands in a page, in its address and in its history."""
    return str(await page.evaluate(_WHOLE_PAGE))


async def fill_in(page: Page, key: str, url: str | None = None) -> None:
    """Fill in the form of a new account and submit it; without a URL, the one that is there stays."""
    await page.locator('input[name="api_key"]').fill(key)
    if url:
        await page.locator("ha-generic-picker").click()
        await page.locator("ha-generic-picker").get_by_placeholder("Search").fill(url)
        await page.get_by_text("Add custom item").click()
    await page.get_by_role("button", name="Submit").click()
