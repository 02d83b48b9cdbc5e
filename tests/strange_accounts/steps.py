"""A server that can be watched, and steps that the tests of strange accounts share."""

import asyncio
import logging
from typing import override

from aiohttp import web
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Account, Simulator

from ..helpers import registered


class WatchedSimulator(Simulator):
    """A server that accepts several keys, and holds up its answers while its gate is closed.

    It records the keys that it received, and how many requests of a method were in flight at once.
    """

    def __init__(self, account: Account, *keys: str) -> None:
        super().__init__(account, keys[0])
        self.accepted = set(keys)
        self.keys: list[str] = []
        self.arrival = asyncio.Condition()
        self.gate = asyncio.Event()
        self.gate.set()
        self.under_way: dict[str, int] = {}
        self.most_under_way: dict[str, int] = {}

    async def holds_up(self, *methods: str) -> None:
        """Wait until requests of these methods are held up by the gate."""
        async with asyncio.timeout(20), self.arrival:
            await self.arrival.wait_for(lambda: all(self.under_way.get(method) for method in methods))

    @override
    async def failure(self, method: str, request: web.Request) -> web.StreamResponse | None:
        self.under_way[method] = self.under_way.get(method, 0) + 1
        self.most_under_way[method] = max(self.under_way[method], self.most_under_way.get(method, 0))
        async with self.arrival:
            self.arrival.notify_all()
        try:
            # Not a latency, whose timer would fire as soon as a test lets time pass.
            await self.gate.wait()
            failure = await super().failure(method, request)
            if (key := request.headers.get("X-Api-Key")) is not None:
                # The simulator compares the key next, before another request is admitted.
                self.keys.append(key)
                self.key = key if key in self.accepted else next(iter(self.accepted))
            return failure
        finally:
            self.under_way[method] -= 1


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the warnings and errors in the log, without Home Assistant's own about every custom integration."""
    return [
        f"{record.name}: {record.getMessage()[:300]}"
        for record in caplog.records
        if record.levelno >= logging.WARNING
        and record.name.startswith(("custom_components", "homeassistant"))
        and "loader" not in record.name
    ]


def registrations(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    """Return the account's entities by unique id."""
    return {entity.unique_id: entity.entity_id for entity in registered(hass, entry)}
