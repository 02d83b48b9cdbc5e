"""What tests add to the demo's Home Assistant and take away again, also if they fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from demo import Demo
from simulator import Account, Simulator


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
