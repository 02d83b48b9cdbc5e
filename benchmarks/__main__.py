"""Measures what a poll costs the event loop: python -m benchmarks [DEVICES ...]."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
import logging
import statistics
import sys
import time
from unittest.mock import patch

import aiohttp
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
import orjson
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from custom_components.getscreen.agents import AgentsCoordinator
from custom_components.getscreen.const import CONF_HARDWARE_INTERVAL, DOMAIN

_ROUNDS = 20
_KEY = "benchmark"


class _Resolver(aiohttp.ThreadedResolver):
    """A resolver that closes as Home Assistant's does."""

    real_close = aiohttp.ThreadedResolver.close


@asynccontextmanager
async def served(devices: int) -> AsyncIterator[str]:
    """Serve an account in a process of its own, so that its work is not counted; gives the URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--devices", str(devices), "--port", "0", "--key", _KEY, "--still",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    try:
        async for line in process.stdout:
            if words := [word for word in line.decode().split() if word.startswith("http://")]:
                yield words[0]
                break
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def set_up(hass: HomeAssistant, url: str) -> AsyncIterator[AgentsCoordinator]:
    """Set the account up, without hardware; gives its coordinator."""
    # Outside a test there is no network for Home Assistant to set its resolver up with, and 127.0.0.1 needs none.
    resolver = patch("homeassistant.helpers.aiohttp_client._async_make_resolver", return_value=_Resolver())
    hass.data.pop(DATA_CUSTOM_COMPONENTS)
    entry = MockConfigEntry(
        domain=DOMAIN, unique_id="benchmark", data={CONF_API_KEY: _KEY, CONF_URL: url}, options={CONF_HARDWARE_INTERVAL: 0}
    )
    entry.add_to_hass(hass)
    with resolver:
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
    yield entry.runtime_data.agents
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_stop(force=True)


async def milliseconds(work: Callable[[], Awaitable[object]]) -> float:
    """Return the median processor time that this thread, which is the event loop's, spends on some work."""
    times = []
    for _ in range(_ROUNDS):
        start = time.thread_time()
        await work()
        times.append(time.thread_time() - start)
    return statistics.median(times) * 1000


async def measure(devices: int) -> tuple[float, float]:
    """Return the milliseconds of an unchanged poll, and those of parsing the answer and comparing it with the last one."""
    async with served(devices) as url, async_test_home_assistant() as hass:
        async with aiohttp.ClientSession() as session, session.get(f"{url}/agents/list", headers={"X-Api-Key": _KEY}) as response:
            content = await response.read()
        last = orjson.loads(content)

        async def least() -> bool:
            return bool(orjson.loads(content) == last)

        async with set_up(hass, url) as agents:
            await agents.async_refresh()
            ours = await milliseconds(agents.async_refresh)
            assert agents.last_update_success
        return ours, await milliseconds(least)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("devices", nargs="*", type=int, default=[100, 500, 2000])
    logging.disable(logging.WARNING)
    print("An unchanged poll, in milliseconds of the event loop (median of", _ROUNDS, "rounds)")
    print(f"{'devices':>8} {'ours':>8} {'least':>8} {'ratio':>6}   least: orjson.loads and comparing with the last answer")
    for devices in parser.parse_args().devices:
        ours, least = asyncio.run(measure(devices))
        print(f"{devices:>8} {ours:>8.2f} {least:>8.2f} {ours / least:>6.2f}")


if __name__ == "__main__":
    main()
