"""Measures the computers card in a browser: `CHROMIUM=… python -m benchmarks.cards`, after `scripts/setup newest demo`.

First rows: the time from the card's data until the browser has painted rows. Least: the same for a plain list with as many rows, texts
and buttons. Search: the time from a key press until the result is painted. Poll: the work of the main thread when 1 % of the computers
change. Others touched: how many unchanged rows that updates. Nodes: the elements of the card. Memory: the growth of the heap during the
polls of half an hour, while the list is scrolled.
"""

import asyncio
import os
from pathlib import Path
import sys
import tempfile
from typing import Any

from playwright.async_api import CDPSession, Page, async_playwright

from demo import free_port, running_demo
from simulator import Account

_COUNTS = (25, 500, 5000)
_ROUNDS = 5
# Half an hour at the fast update interval of 15 seconds.
_POLLS = 120
_SCRIPT = Path(__file__).with_suffix(".js")


async def _heap(session: CDPSession) -> float:
    """Return the size of the JavaScript heap after a garbage collection, in MB."""
    await session.send("HeapProfiler.collectGarbage")
    usage: dict[str, float] = await session.send("Runtime.getHeapUsage")
    return usage["usedSize"] / 1e6


async def _growth(page: Page, count: int) -> float:
    """Return the growth of the heap over half an hour, in MB. Another half hour before that fills caches."""
    session = await page.context.new_cdp_session(page)
    await page.evaluate("count => bench.startGrowing(count)", count)
    await page.evaluate("polls => bench.grow(polls)", _POLLS)
    before = await _heap(session)
    await page.evaluate("polls => bench.grow(polls)", _POLLS)
    after = await _heap(session)
    await page.evaluate("bench.endGrowing()")
    return after - before


async def _measure(page: Page, count: int) -> dict[str, Any]:
    result: dict[str, Any] = await page.evaluate("([count, rounds]) => bench.measure(count, rounds)", [count, _ROUNDS])
    return result


async def main() -> None:
    """Measure each number of computers and print a table. Raises the exceptions of the demo and the browser."""
    with tempfile.TemporaryDirectory() as folder:
        account = Account(devices=25)
        async with (
            running_demo(folder=Path(folder), port=free_port(), simulator_port=free_port(), account=account) as demo,
            async_playwright() as playwright,
        ):
            browser = await playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox", "--disable-gpu"])
            page = await browser.new_page(viewport={"width": 1280, "height": 900})
            await page.goto(demo.url)
            await page.locator("getscreen-card").first.wait_for()
            await page.add_script_tag(path=_SCRIPT)
            print("computers  first rows  least  ratio  search   poll (ms)  others touched  nodes  memory (MB)")
            for count in _COUNTS:
                found = await _measure(page, count)
                print(
                    f"{count:9} {found['first']:11.1f} {found['least']:6.1f} {found['first'] / found['least']:6.2f} {found['search']:7.1f}"
                    f" {found['poll']:11.1f} {found['strangers']:15} {found['nodes']:6} {await _growth(page, count):+12.2f}"
                )
            await browser.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
