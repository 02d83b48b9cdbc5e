"""Polls a busy account thousands of times and checks whether anything leaks: python -m benchmarks.soak [POLLS]."""

import argparse
import asyncio
from contextlib import suppress
import logging
from random import Random
import sys
import time
import tracemalloc

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry

# First, because it imports the integration before Home Assistant starts.
from .integrations import INTEGRATIONS  # isort: skip
from .census import Census, take_census
from .clock import Clock
from .growth import grown
from .instance import running_instance, settle
from .server_process import RunningServer, running_server

_DEVICES = 200
_MINUTE = 61  # a poll is due each minute, and is up to a second late
_RELOADS = 500
_PRESSES = 50
_CHECKPOINTS = 10
_LONGEST_CALM = 200


class Soak:
    """The soak of one account in one Home Assistant."""

    def __init__(self, hass: HomeAssistant, server: RunningServer, clock: Clock, entry: MockConfigEntry) -> None:
        self._hass = hass
        self._server = server
        self._clock = clock
        self._entry = entry
        self._random = Random(1)

    async def minute(self, number: int) -> None:
        """Change the account, then poll it; every 50 minutes press a button, every 500 minutes reload the entry."""
        await self._server.command("churn", seconds=_MINUTE)
        await self._pass_minute()
        if number % _PRESSES == 0:
            await self._press()
        # Never right before a checkpoint, because a reload may free what has leaked.
        if number % _RELOADS == _RELOADS // 2:
            await self._hass.config_entries.async_reload(self._entry.entry_id)
            await settle(self._hass)

    async def count(self) -> Census:
        """Return the account to its initial state, so that counts can be compared, and return the counts."""
        await self._server.command("calm", devices=_DEVICES)
        await self._recover()
        # How many computers' hardware has been read depends on how many are new, so read that of all.
        account = self._entry.runtime_data
        for agent_id in account.agents.data:
            await account.hardware.async_read(agent_id)
        await settle(self._hass)
        return take_census(self._hass, self._entry)

    async def _recover(self) -> None:
        for _ in range(_LONGEST_CALM):
            await self._pass_minute()
            if self._calm(self._entry):
                break
        else:
            raise RuntimeError("the account has not recovered")
        # Wait until all pending retries are done.
        for _ in range(20):
            await self._pass_minute()

    async def _pass_minute(self) -> None:
        await self._clock.pass_by(_MINUTE)
        await settle(self._hass)

    @staticmethod
    def _calm(entry: ConfigEntry) -> bool:
        return (
            entry.state is ConfigEntryState.LOADED
            and entry.runtime_data.agents.last_update_success
            and entry.runtime_data.invitations.last_update_success
            and len(entry.runtime_data.agents.data) == _DEVICES
        )

    async def _press(self) -> None:
        """Wake or reboot a random computer, after which polls are fast for a while."""
        if buttons := self._hass.states.async_entity_ids("button"):
            with suppress(HomeAssistantError):
                await self._hass.services.async_call("button", "press", {ATTR_ENTITY_ID: self._random.choice(buttons)}, blocking=True)
            await settle(self._hass)


async def soak(polls: int) -> list[str]:
    """Poll `polls` times, print the counts, and return a line for each count that has grown."""
    clock = Clock()
    async with running_server() as server, running_instance() as hass:
        with clock.running():
            await server.command("grow", devices=_DEVICES)
            entry = MockConfigEntry(domain="getscreen", unique_id="soak", data=INTEGRATIONS["getscreen"].data(server))
            entry.add_to_hass(hass)
            assert await hass.config_entries.async_setup(entry.entry_id)
            await settle(hass)
            return await _run(Soak(hass, server, clock, entry), polls)


async def _run(account: Soak, polls: int) -> list[str]:
    early: Census | None = None
    census: Census | None = None
    step = max(1, polls // _CHECKPOINTS)
    start = time.perf_counter()
    for number in range(1, polls + 1):
        await account.minute(number)
        if number % step == 0:
            census = await account.count()
            _show(number, time.perf_counter() - start, census, first=early is None)
            # The first tenth is a warm-up, in which caches fill and devices of each platform are added and removed.
            early = early or census
    return grown(early, census) if early and census else []


def _show(number: int, seconds: float, census: Census, *, first: bool) -> None:
    columns = {"polls": number, "seconds": round(seconds), **census.numbers}
    if first:
        print("  ".join(columns))
    print("  ".join(str(value).rjust(len(name)) for name, value in columns.items()), flush=True)


def main() -> None:
    """Run the soak; exit with 1 if anything leaks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("polls", nargs="?", type=int, default=10_000)
    parser.add_argument("--trace", action="store_true", help="also trace memory with tracemalloc, which takes three times as long")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if arguments.trace:
        tracemalloc.start()
    faults = asyncio.run(soak(arguments.polls))
    print(*faults or ["No leak was found."], sep="\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
