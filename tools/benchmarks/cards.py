"""Measures the card in a browser: `CHROMIUM=… python -m benchmarks.cards`, after `scripts/setup newest demo`.

First rows: from the moment the card gets its data until the browser has painted the rows. The least is a plain list of as many rows with
the same texts and buttons, in the same run. A change: one computer of many goes offline; others: a state of something else changes.
"""

import asyncio
import os
from pathlib import Path
import sys
import tempfile
from typing import Any

from playwright.async_api import Page, async_playwright

from demo import free_port, running_demo
from simulator import Account

_COUNTS = (25, 500)
_ROUNDS = 7

_MEASURE = """async ([count, rounds]) => {
  const real = document.querySelector("home-assistant").hass;
  const [devices, entities, states] = [{}, {}, {}];
  const kinds = {online: ["binary_sensor", "on"], session: ["binary_sensor", "off"], operating_system: ["sensor", "win"],
    wake: ["button", "unknown"], reboot: ["button", "unknown"], preview: ["image", "unknown"]};
  for (let number = 1; number <= count; number++) {
    const id = `d${number}`;
    devices[id] = {id, name: `Computer ${number}`, identifiers: [["getscreen", id]], config_entries: ["e"]};
    for (const [key, [domain, state]] of Object.entries(kinds)) {
      const entity_id = `${domain}.${id}_${key}`;
      entities[entity_id] = {entity_id, platform: "getscreen", translation_key: key, device_id: id};
      states[entity_id] = {entity_id, state, attributes: {}};
    }
  }
  const hass = {...real, devices, entities, states, config: {...real.config, components: ["getscreen"]}};
  const host = document.body;
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const timed = async (work) => {
    await painted();
    const start = performance.now();
    work();
    await painted();
    return performance.now() - start;
  };
  const plain = () => {
    const list = document.createElement("ul");
    list.innerHTML = Object.values(devices).map(({name}) =>
      `<li><button>${name}<span>Online</span></button><div><button>Connect</button><button>Reboot</button></div></li>`).join("");
    return list;
  };
  const card = () => document.createElement("getscreen-card");
  const times = {least: [], card: [], change: [], others: []};
  for (let round = 0; round < rounds; round++) {
    const list = plain();
    times.least.push(await timed(() => host.append(list)));
    list.remove();
    const node = card();
    node.setConfig({type: "custom:getscreen-card", pictures: false});
    times.card.push(await timed(() => { host.append(node); node.hass = {...hass, entities: {...entities}}; }));
    const shown = node.shadowRoot.querySelectorAll("li").length;
    if (shown !== count) throw new Error(`${shown} rows`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const id = "binary_sensor.d9_online";
    const before = node.hass;
    times.change.push(await timed(() => { node.hass = {...before, states: {...states, [id]: {...states[id], state: "off"}}}; }));
    const others = Array.from({length: 20}, (_, turn) => ({...node.hass, states: {...node.hass.states, "light.x": {state: String(turn)}}}));
    const start = performance.now();
    for (const other of others) node.hass = other;
    times.others.push((performance.now() - start) / others.length);
    node.remove();
  }
  const median = (all) => all.sort((one, other) => one - other)[all.length >> 1];
  return Object.fromEntries(Object.entries(times).map(([key, all]) => [key, median(all)]));
}"""


async def _measure(page: Page, count: int) -> dict[str, Any]:
    result: dict[str, Any] = await page.evaluate(_MEASURE, [count, _ROUNDS])
    return result


async def main() -> None:
    """Print a table. Raises what the demo and the browser raise."""
    with tempfile.TemporaryDirectory() as folder:
        account = Account(devices=25)
        async with (
            running_demo(folder=Path(folder), port=free_port(), simulator_port=free_port(), account=account) as demo,
            async_playwright() as playwright,
        ):
            browser = await playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox", "--disable-gpu"])
            page = await browser.new_page()
            await page.goto(demo.url)
            await page.locator("getscreen-card").first.wait_for()
            print("computers   first rows        least        ratio  one changes  others (milliseconds)")
            for count in _COUNTS:
                found = await _measure(page, count)
                columns = (found["card"], found["least"], found["card"] / found["least"], found["change"], found["others"])
                print(f"{count:9}", *(f"{value:12.2f}" for value in columns))
            await browser.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
