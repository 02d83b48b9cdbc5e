"""Helpers for tests: temporary accounts and dashboards in the demo's Home Assistant, the account form, and the content of a page."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
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
    """Serve another account. At the end, remove the config entries that were added since, and then stop the server."""
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
    """Add a dashboard that is not the default, and remove it at the end."""
    dashboard = await demo.client.command("lovelace/dashboards/create", url_path=path, title="Test", icon="mdi:test-tube")
    try:
        yield
    finally:
        await demo.client.command("lovelace/dashboards/delete", dashboard_id=dashboard["id"])


async def becomes(measure: Callable[[], Awaitable[object]], expected: object) -> None:
    """Measure until the result is as expected. Fails with the last result after a minute, because a busy machine takes a while."""
    result = await measure()
    for _ in range(300):
        if result == expected:
            return
        await asyncio.sleep(0.2)
        result = await measure()
    assert result == expected


async def whole_page(page: Page) -> str:
    """Return all texts and attributes of a page, with its title, address and history state."""
    return str(await page.evaluate(_WHOLE_PAGE))


async def fill_in(page: Page, key: str, url: str | None = None) -> None:
    """Fill in the form of a new account and submit it; without `url`, the default stays in the form."""
    await page.locator('input[name="api_key"]').fill(key)
    if url:
        await page.locator("ha-generic-picker").click()
        await page.locator("ha-generic-picker").get_by_placeholder("Search").fill(url)
        await page.get_by_text("Add custom item").click()
    await page.get_by_role("button", name="Submit").click()
