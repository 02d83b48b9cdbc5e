"""Starts and ends the simulator and Home Assistant."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
import hashlib
import logging
from pathlib import Path
import secrets
import socket

import aiohttp

from demo.arguments import SERVICE_URL
from demo.client import Client
from demo.errors import DemoError
from demo.folder import Folder
from demo.homeassistant import REPOSITORY, HomeAssistant
from simulator import Account, Simulator

_LOGGER = logging.getLogger(__name__)

START_PAGE = "getscreen-demo"
"""The path of the default dashboard."""
_AREA = "Office"
_SIMULATOR_KEY = "demo-key"
_TIMEOUT = 180
"""How many seconds each step of the start may take. The first start compiles Home Assistant."""

_PAUSE = 0.5
"""If no entity is added for this many seconds, all hardware has been read."""


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A running demo."""

    client: Client
    folder: Folder
    homeassistant: HomeAssistant
    simulator: Simulator | None
    """The server of the simulated account; None for a real account."""

    @property
    def url(self) -> str:
        """Return the address of Home Assistant."""
        return self.client.url


@asynccontextmanager
async def running_demo(
    *,
    folder: Path,
    port: int,
    simulator_port: int | None = None,
    devices: int = 25,
    key: str | None = None,
    url: str = SERVICE_URL,
    fresh: bool = False,
    account: Account | None = None,
    components: Path = REPOSITORY / "custom_components",
) -> AsyncIterator[Demo]:
    """Run Home Assistant with a simulated account, by default a new one with `devices`, or with the real account of `key` at `url`.

    Raises DemoError, with the end of Home Assistant's log, if it cannot start.
    """
    home = Folder(folder)
    async with AsyncExitStack() as stack:
        # The config entry stores the simulator's address, so the port has to be the same at each start.
        simulator_port = port + 1 if simulator_port is None else simulator_port
        _assert_free(port, "--port")
        simulator = None
        if key is None:
            _assert_free(simulator_port, "--simulator-port")
            account = account or Account(devices=devices, living=True)
            simulator = await stack.enter_async_context(Simulator(account, key=_SIMULATOR_KEY, port=simulator_port))
            key, url = _SIMULATOR_KEY, simulator.url
            _LOGGER.info("The simulated account with %s computers is at %s", len(account.agents), url)
        if fresh:
            home.remove()
        home.prepare(port, components, REPOSITORY / "blueprints")
        _LOGGER.info("Home Assistant is starting in the folder %s", home.path)
        process = await stack.enter_async_context(HomeAssistant(home))
        client = Client(await stack.enter_async_context(aiohttp.ClientSession()), f"http://127.0.0.1:{port}")
        demo = Demo(client=client, folder=home, homeassistant=process, simulator=simulator)
        try:
            await _unless_ended(process, _bring_up(demo, key, url))
            yield demo
        except DemoError as error:
            raise DemoError(f"{error}\n\nThe end of {home.log}:\n{home.log_tail()}") from error


async def _bring_up(demo: Demo, key: str, url: str) -> None:
    client, home = demo.client, demo.folder
    await _until(client.serves, "The frontend of Home Assistant is available")
    client.token = home.memory.get("token")
    if client.token is None:
        home.remember(token=await client.create_owner("demo", secrets.token_urlsafe()))
        _LOGGER.info("The owner is created")
    await _until(client.running, "Home Assistant has started")
    await _set_up_entry(demo, key, url)
    if START_PAGE not in await client.dashboards():
        await client.add_start_page(START_PAGE, "Getscreen.me", "mdi:monitor-multiple", {"strategy": {"type": "custom:getscreen"}})
        _LOGGER.info("The dashboard is created")
        if demo.simulator is not None:
            await _add_area(client, demo.simulator.account)
    await client.warm_up()


async def _add_area(client: Client, account: Account) -> None:
    """Put the computers of the group Office that can be woken into an area, for the first automation of the README."""
    names = {agent.name for agent in account.agents.values() if agent.group == _AREA and agent.wakeable}
    await client.add_area(_AREA, [device["id"] for device in await client.devices() if device["name"] in names])


async def _set_up_entry(demo: Demo, key: str, url: str) -> None:
    """Set up the config entry, and remove entries of another account."""
    client, home = demo.client, demo.folder
    account = hashlib.sha256(f"{url} {key}".encode()).hexdigest()
    entries = await client.entries()
    if entries and home.memory.get("account") != account:
        for entry in entries:
            await client.remove_entry(entry["entry_id"])
        entries = []
    if not entries:
        await client.add_entry(key, url)
        home.remember(account=account)
        _LOGGER.info("Getscreen.me is set up")
    await _until(lambda: _has_states(client), "The devices of Getscreen.me have states")
    await _until(lambda: _is_complete(client), "The hardware of the computers is read")


async def _has_states(client: Client) -> bool:
    """Return whether the entry is loaded and its entities have states; raises DemoError if the setup failed."""
    entries = await client.entries()
    if failed := [entry for entry in entries if entry["state"] in ("setup_error", "migration_error", "failed_unload")]:
        raise DemoError(f"Home Assistant could not set up Getscreen.me: {failed[0]['reason'] or failed[0]['state']}.")
    entities, states = await client.entities(), await client.states()
    return bool(entities) and all(entry["state"] == "loaded" for entry in entries) and all(e["entity_id"] in states for e in entities)


async def _is_complete(client: Client) -> bool:
    """Return whether no more entities are added. Those of disks are added while the hardware is read."""
    before = await client.entities()
    await asyncio.sleep(_PAUSE)
    return len(await client.entities()) == len(before)


async def _until(reached: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until a condition is met, then log it; raises DemoError after `_TIMEOUT` seconds."""
    try:
        async with asyncio.timeout(_TIMEOUT):
            while not await reached():  # noqa: ASYNC110  # another process sets no events
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise DemoError(f"This did not happen within {_TIMEOUT} seconds: {what}. Start again with --fresh.") from None
    _LOGGER.info("%s", what)


async def _unless_ended(process: HomeAssistant, work: Awaitable[None]) -> None:
    """Await some work; raises DemoError as soon as Home Assistant exits."""
    task, ended = asyncio.ensure_future(work), asyncio.ensure_future(process.ended())
    try:
        await asyncio.wait((task, ended), return_when=asyncio.FIRST_COMPLETED)
        # If both failed, the exit of Home Assistant is the cause.
        await (ended if ended.done() else task)
    finally:
        task.cancel()
        ended.cancel()
        await asyncio.gather(task, ended, return_exceptions=True)


def free_port() -> int:
    """Return a free port of the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _assert_free(port: int, option: str) -> None:
    with socket.socket() as probe:
        # Set the same option as servers do, which may bind a port that was in use a moment ago.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DemoError(f"Port {port} of 127.0.0.1 is not free ({error.strerror}). Choose another port with {option}.") from None
