"""An account at a hostile server, and measurements while the server misbehaves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
import gc
from http import HTTPStatus
import logging
import time
import tracemalloc
from typing import Any

from aiohttp import ClientError, ClientResponse
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, EVENT_STATE_CHANGED
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util
from multidict import CIMultiDictProxy
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.diagnostics import async_get_config_entry_diagnostics
from tests.helpers import registered, states

from . import polite
from .server import HostileServer

LOGGER_NAME = "custom_components.getscreen"
LONG = 4000
"""Seconds, longer than any pause after one failure."""


@dataclass
class Seen:
    """The measured values."""

    changes: int = 0
    """Number of states that were written."""
    held: float = 0.0
    """The processor time of the longest turn of the event loop, in units of work, so that a busy or slow machine does not matter."""
    memory: int = 0
    """Bytes of memory that were added and not freed; 0 if that was not measured."""


@dataclass
class Bench:
    """Home Assistant with an account at a hostile server."""

    hass: HomeAssistant
    server: HostileServer
    entry: MockConfigEntry
    caplog: pytest.LogCaptureFixture
    own_headers: frozenset[str] = frozenset(
        {"Date", "Server", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"}
        | {"Transfer-Encoding", "Connection", "Retry-After"}
    )
    """The headers that Home Assistant and the integration set themselves."""
    secrets: tuple[str, ...] = field(default=("a-secret-key", *polite.SECRETS))

    async def set_up(self, **options: Any) -> None:
        """Set up the account, with any answers of the server."""
        if self.entry.entry_id not in {entry.entry_id for entry in self.hass.config_entries.async_entries()}:
            self.entry.add_to_hass(self.hass)
        if options:
            self.hass.config_entries.async_update_entry(self.entry, options=options)
        await self._until_settled(asyncio.ensure_future(self.hass.config_entries.async_setup(self.entry.entry_id)))

    async def poll(self, seconds: float = 61) -> None:
        """Let time pass until the account is polled, and wait for the result. Requests without an answer time out."""
        self.server.hangs.clear()
        async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(seconds=seconds))
        await self._until_settled()

    async def _until_settled(self, first: asyncio.Future[Any] | None = None) -> None:
        settled = asyncio.ensure_future(self._settle(first))
        while not settled.done():
            hangs = asyncio.ensure_future(self.server.hangs.wait())
            await asyncio.wait({settled, hangs}, return_when=asyncio.FIRST_COMPLETED)
            hangs.cancel()
            if self.server.hangs.is_set() and not settled.done():
                self.server.hangs.clear()
                async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(seconds=31))
        await settled

    async def _settle(self, first: asyncio.Future[Any] | None) -> None:
        if first is not None:
            await first
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def outcome_of(self, asked: Awaitable[ClientResponse]) -> tuple[str, CIMultiDictProxy[str], bytes]:
        """Return the result of a browser's request ("plays", "fails" or "a connection that is cut"), the headers, and the body."""

        async def answer() -> tuple[str, CIMultiDictProxy[str], bytes]:
            async with await asked as response:
                try:
                    body = await response.read()
                except ClientError:
                    return "a connection that is cut", response.headers, b""
                return "plays" if response.status == HTTPStatus.OK else "fails", response.headers, body

        self.server.hangs.clear()
        answering = asyncio.ensure_future(answer())
        await self._until_settled(answering)
        return await answering

    @asynccontextmanager
    async def watch(self, *, memory: bool = False) -> AsyncIterator[Seen]:
        """Measure the block."""
        seen = Seen()

        @callback
        def changed(_event: Event[Any]) -> None:
            seen.changes += 1

        stop_listening = self.hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
        with _measured_memory(seen) if memory else _measured_loop(seen):
            yield seen
        stop_listening()

    def lines(self, least: int = logging.WARNING) -> list[str]:
        """Return the integration's log messages from a level on."""
        return [record.getMessage() for record in self.caplog.records if record.name.startswith(LOGGER_NAME) and record.levelno >= least]

    def tracebacks(self) -> list[str]:
        """Return the log records with a traceback or an error, by the integration or about it."""
        return [
            record.getMessage()
            for record in self.caplog.records
            if (record.exc_info and record.levelno >= logging.WARNING)
            or (record.levelno >= logging.ERROR and not record.name.startswith(LOGGER_NAME))
        ]

    def leaks(self) -> list[str]:
        """Return the places that contain secrets known only to the server and the integration."""
        states_text = json_dumps([state.as_dict() for state in self.hass.states.async_all()])
        places = {"states": states_text, "log": self.caplog.text}
        places["issues"] = str(ir.async_get(self.hass).issues)
        places["reason"] = str(self.entry.reason)
        return [f"{secret} in {place}" for place, text in places.items() for secret in self.secrets if secret in text]

    async def leaks_in_diagnostics(self) -> list[str]:
        """Return the secrets in the diagnostics. The account has to be set up."""
        text = json_dumps(await async_get_config_entry_diagnostics(self.hass, self.entry))
        return [f"{secret} in diagnostics" for secret in self.secrets if secret in text]

    def states(self) -> dict[str, str]:
        """Return all states except those that change by themselves."""
        return {entity_id: state for entity_id, state in states(self.hass).items() if not entity_id.endswith("update_interval")}

    def registrations(self) -> tuple[set[str], set[str]]:
        """Return the account's entities and devices."""
        devices = dr.async_entries_for_config_entry(dr.async_get(self.hass), self.entry.entry_id)
        return {entity.unique_id for entity in registered(self.hass, self.entry)}, {device.id for device in devices}

    def asked_for_a_key(self) -> bool:
        """Return whether the user is asked for an API key."""
        return bool(self.hass.config_entries.flow.async_progress())

    @property
    def loaded(self) -> bool:
        """Whether the account is set up."""
        return self.entry.state is ConfigEntryState.LOADED


@contextmanager
def _measured_loop(seen: Seen) -> Iterator[None]:
    """Measure the processor time of each turn of the event loop.

    A sample taken every few milliseconds would come late on a busy machine, and add up many turns.
    """
    longest, unit = 0.0, _unit()
    last = time.process_time()

    def measure() -> None:
        nonlocal last, longest
        now = time.process_time()
        longest, last = max(longest, now - last), now

    async def measure_turns() -> None:
        while True:
            await asyncio.sleep(0)
            measure()

    measuring = asyncio.ensure_future(measure_turns())
    try:
        yield
    finally:
        measuring.cancel()
        measure()
        # A unit takes up to three times as long while other processes use the caches, which may have started later.
        seen.held = longest / max(unit, _unit())


def _unit() -> float:
    """Return the processor time in seconds that a unit of work takes at the moment, by which durations are measured."""

    def work() -> float:
        started = time.process_time()
        sum(number * number for number in range(100_000))
        return time.process_time() - started

    return min(work() for _ in range(3))


@contextmanager
def _measured_memory(seen: Seen) -> Iterator[None]:
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    try:
        yield
    finally:
        gc.collect()
        seen.memory = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()


@pytest.fixture
async def server() -> AsyncIterator[HostileServer]:
    """Serve a polite account, until a test sets other answers."""
    async with HostileServer() as server:
        yield server


@pytest.fixture
def entry(server: HostileServer) -> MockConfigEntry:
    """Return an entry for that account, not set up yet."""
    return MockConfigEntry(
        domain=DOMAIN, title="owner@example.com", unique_id="account", data={CONF_API_KEY: server.key, CONF_URL: server.url}
    )


@pytest.fixture
async def bench(
    hass: HomeAssistant, server: HostileServer, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Bench]:
    """Return the account at the hostile server, set up while that is polite. Debug messages are logged too."""
    caplog.set_level(logging.DEBUG, LOGGER_NAME)
    bench = Bench(hass, server, entry, caplog)
    await bench.set_up()
    assert bench.loaded
    caplog.clear()
    yield bench
    server.heal()
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)
