"""Measures one integration with one number of devices: `python -m benchmarks.measurement DOMAIN DEVICES` prints JSON."""

import asyncio
from dataclasses import dataclass, field
from functools import partial
import logging
import sys
import time
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
import orjson
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .costs import Cost, Work, cost, resident
from .fleet import KINDS
from .instance import running_instance, settle
from .integrations import INTEGRATIONS, Integration, pointed_at
from .server_process import RunningServer, running_server
from .stock import stock_coordinator

_ROUNDS = 7
_OUTAGES = 3


@dataclass(slots=True)
class Result:
    """The result of a measurement; `costs`: by kind of work."""

    entities: int = 0
    registered: int = 0
    setup_seconds: float = 0.0
    bytes_per_device: float = 0.0
    costs: dict[str, Cost] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measurement:
    """The measurement of an integration in a Home Assistant that polls a server."""

    hass: HomeAssistant
    server: RunningServer
    integration: Integration
    devices: int
    result: Result

    async def run(self) -> None:
        """Measure setup, polls, outages and, for this integration, notifications and the minimum; write to `result`."""
        await self._warm_up()
        await self.server.command("grow", devices=self.devices)
        entry = await self._set_up()
        coordinator = self.integration.coordinator(entry)

        async def poll() -> None:
            await coordinator.async_refresh()
            await settle(self.hass)

        await poll()
        for kind in KINDS:
            if kind != "seen" or self.integration.has_last_seen:
                self.result.costs[kind] = await cost(poll, partial(self.server.command, "change", kind=kind), _ROUNDS)
                assert coordinator.last_update_success
        await self._outages(poll)
        if self.integration.domain == "getscreen":
            await self._notifying(entry)
            await self._least()

    async def _warm_up(self) -> None:
        """Set up a small account and remove it again, so that imports are not counted."""
        entry = self.integration.entry(self.server)
        entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await settle(self.hass)
        await self.hass.config_entries.async_remove(entry.entry_id)
        await settle(self.hass)

    async def _set_up(self) -> MockConfigEntry:
        result = self.result
        entry = self.integration.entry(self.server)
        entry.add_to_hass(self.hass)
        memory = resident()

        async def set_up() -> None:
            assert await self.hass.config_entries.async_setup(entry.entry_id)
            await settle(self.hass)

        start = time.perf_counter()
        result.costs["setup"] = await cost(set_up)
        result.setup_seconds = time.perf_counter() - start
        result.bytes_per_device = (resident() - memory) / self.devices
        registered = er.async_entries_for_config_entry(er.async_get(self.hass), entry.entry_id)
        result.registered = len(registered)
        result.entities = sum(self.hass.states.get(one.entity_id) is not None for one in registered)
        return entry

    async def _outages(self, poll: Work) -> None:
        async def fail() -> None:
            await self.server.command("heal")
            await poll()
            await self.server.command("fail")

        async def heal() -> None:
            await self.server.command("fail")
            await poll()
            await self.server.command("heal")

        self.result.costs["outage"] = await cost(poll, fail, _OUTAGES)
        self.result.costs["recovery"] = await cost(poll, heal, _OUTAGES)

    async def _notifying(self, entry: MockConfigEntry) -> None:
        """Measure the notification of entities without a poll: those of this integration, and as many plain ones."""
        ours = self.integration.coordinator(entry)
        stock = await stock_coordinator(self.hass, self.result.entities)
        for name, coordinator in (("notify", ours), ("notify stock", stock)):
            self.result.costs[name] = await cost(partial(self._notify, coordinator), rounds=_ROUNDS)

    async def _notify(self, coordinator: DataUpdateCoordinator[Any]) -> None:
        # A new dict, as after a poll.
        coordinator.async_set_updated_data(dict(coordinator.data))
        await settle(self.hass)

    async def _least(self) -> None:
        """Measure the minimum of a poll: reading the answer, and separately parsing it and comparing it with the last one."""
        self.result.costs["read"] = await cost(self.server.agents_list, rounds=_ROUNDS)
        last: object = None
        content = b""

        async def change(kind: str) -> None:
            nonlocal last, content
            last = orjson.loads(content or await self.server.agents_list())
            await self.server.command("change", kind=kind)
            content = await self.server.agents_list()

        async def least() -> bool:
            return bool(orjson.loads(content) == last)

        for kind in KINDS:
            self.result.costs[f"least {kind}"] = await cost(least, partial(change, kind), _ROUNDS)


async def measure(domain: str, devices: int) -> Result:
    """Return the result for an integration with `devices` devices."""
    result = Result()
    async with running_server() as server, running_instance() as hass:
        with pointed_at(server, devices):
            await Measurement(hass, server, INTEGRATIONS[domain], devices, result).run()
    return result


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print(orjson.dumps(asyncio.run(measure(sys.argv[1], int(sys.argv[2])))).decode())
