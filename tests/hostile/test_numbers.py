"""Numbers that a server or a computer chooses: how many of what come into Home Assistant, one line each."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.json import json_dumps
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.getscreen.account.http_sessions import async_api_session
from custom_components.getscreen.api import GetscreenClient
from tests.helpers import act, device_id_of, state_of

from . import polite
from .conftest import Bench
from .server import HostileServer, of

MIB = 1 << 20
HUGE = 2**63 - 1
MOST_PARTS = 64
"""How many disks, adapters or monitors a computer has at most."""


def disks(first: int, count: int) -> list[dict[str, Any]]:
    """Return disks with names of their own."""
    return [{"Disk": f"/mnt/{number}", "FileSystem": "ext4", "Size": 100, "FreeSpace": 1} for number in range(first, first + count)]


class Parts(NamedTuple):
    """What a computer says of itself at its nth reading."""

    name: str
    hardware: Callable[[int], dict[str, Any]]


PARTS = [
    Parts("3,000 other disks at each reading", lambda reading: {"LogicalDisks": disks(3_000 * reading, 3_000)}),
    Parts("3,000 disks of one name", lambda _: {"LogicalDisks": disks(1, 1) * 3_000}),
    Parts("3,000 adapters", lambda _: {"NetAdapters": [{"Name": "LAN", "MACAddress": "x", "Addresses": ["192.0.2.1"] * 50}] * 3_000}),
    Parts("3,000 monitors", lambda _: {"Monitors": [{"Name": "x" * 500, "ScreenWidth": 1, "ScreenHeight": 1}] * 3_000}),
    Parts("20,000 addresses", lambda _: {"ComputerIP": [f"192.0.2.{number}" for number in range(20_000)]}),
    Parts("texts of 1 MiB", lambda _: {"CPU": "c" * MIB, "OSName": "o" * MIB, "ComputerModel": "m" * MIB, "ComputerName": "n" * MIB}),
    Parts("disks with labels of 1 MiB", lambda reading: {"LogicalDisks": [{"Disk": f"{reading}" * MIB, "Size": 100, "FreeSpace": 1}]}),
    Parts(
        "sizes of 2^63", lambda _: {"RAMPhys": HUGE, "RAMPhysAvail": -1, "LogicalDisks": [{"Disk": "C:", "Size": HUGE, "FreeSpace": -HUGE}]}
    ),
]


@pytest.mark.parametrize("parts", PARTS, ids=[parts.name for parts in PARTS])
async def test_parts(bench: Bench, server: HostileServer, parts: Parts) -> None:
    """A computer that is read again and again: few entities come, few stay behind, and its attributes stay small."""
    known, _ = bench.registrations()
    device_id = device_id_of(bench.hass, bench.entry, 1)
    for reading in range(1, 4):
        server.answers["agents/info"] = of(polite.info(server.root, **parts.hardware(reading)))
        async with bench.watch() as seen:
            await act(bench.hass, "refresh_hardware", device_id=device_id)
            await bench.hass.async_block_till_done(wait_background_tasks=True)
        assert seen.held < 150
        entities, _ = bench.registrations()
        # Usage and free space of each disk.
        assert len(entities - known) <= 2 * MOST_PARTS
        assert len(json_dumps(state_of(bench.hass, bench.entry, 1, "online").attributes)) < 200_000
    assert len(er.async_get(bench.hass).deleted_entities) <= 3 * 2 * MOST_PARTS
    assert not bench.tracebacks()
    assert len(bench.lines()) <= 1
    server.heal()
    await act(bench.hass, "refresh_hardware", device_id=device_id)
    await bench.poll()
    assert state_of(bench.hass, bench.entry, 1, "online").attributes["cpu"] == "A processor"


@pytest.mark.parametrize("field", ["preview_url", "permanent_url"])
async def test_links_that_differ_at_each_poll(bench: Bench, server: HostileServer, field: str) -> None:
    """Nothing of them is left in memory."""
    await bench.poll()
    async with bench.watch(memory=True) as seen:
        for number in range(20):
            server.answers["agents/list"] = of(polite.agents(server.root, **{field: f"https://{number}.example/" + "x" * MIB}))
            await bench.poll()
        server.heal()
        await bench.poll()
        bench.caplog.clear()
    assert seen.memory < 10 * MIB


async def test_computers_that_are_others_at_each_poll(bench: Bench, server: HostileServer) -> None:
    """Those that have left are gone, and the memory of one poll is not that of all."""

    def fleet(number: int) -> list[dict[str, Any]]:
        return [polite.agent(1_000 * number + offset, server.root, online=False) for offset in range(20)]

    for number in range(1, 8):
        server.answers["agents/list"] = of({"data": fleet(number)})
        await bench.poll()
    _, devices = bench.registrations()
    assert len(devices) == 21
    assert not bench.tracebacks()


async def test_a_list_without_end(hass: HomeAssistant, server: HostileServer) -> None:
    """Of more computers than an account may have, the first ones count, and the client says that there were others."""
    client = GetscreenClient(async_api_session(hass), server.key, server.url)
    server.answers["agents/list"] = of({"data": [{"id": number} for number in range(1, 20_001)]})
    answer = await client.list_agents()
    assert list(answer.agents) == list(range(1, 10_001))
    assert answer.skipped == 10_000


@pytest.mark.parametrize("limit", [1, 20, 150])
async def test_pages_that_are_too_long(bench: Bench, server: HostileServer, limit: int) -> None:
    """A server that does not mind the limit: no more sessions come than were asked for."""
    rows = [polite.row(server.root, number, video=None) for number in range(20_000)]
    server.answers["history/list"] = of({"data": rows, "offset": 0, "limit": 20_000, "total": 10**12})
    async with bench.watch() as seen:
        response = await act(bench.hass, "get_history", response=True, limit=limit)
    assert len(response["sessions"]) <= limit
    assert server.count("history/list") <= 1 + limit // 100
    assert seen.held < 150


async def test_a_history_of_totals_that_never_come(bench: Bench, server: HostileServer) -> None:
    """Empty pages of a long history are not asked for again and again."""
    server.answers["history/list"] = of({"data": [], "offset": 0, "limit": 100, "total": 10**12})
    assert (await act(bench.hass, "get_history", response=True, limit=1_000))["sessions"] == []
    assert server.count("history/list") <= 10


@pytest.mark.parametrize("moment", [0, 1, 253_402_300_799, -(10**12)])
async def test_recordings_of_other_times(bench: Bench, server: HostileServer, hass_ws_client: WebSocketGenerator, moment: int) -> None:
    """The media browser has folders for the months in which there can be recordings."""
    assert await async_setup_component(bench.hass, "media_source", {})
    old = polite.row(server.root, 1)
    odd = polite.row(server.root, 2, start=moment, stop=moment + 60)
    server.answers["history/list"] = of({"data": [odd, old, odd], "offset": 0, "limit": 100, "total": 3})
    client = await hass_ws_client()
    await client.send_json_auto_id(
        {"type": "media_source/browse_media", "media_content_id": f"media-source://getscreen/{bench.entry.entry_id}/months"}
    )
    answer = await client.receive_json()
    months = 12 * (datetime.now(UTC).year - 2010 + 1) + 1
    assert len(answer["result"]["children"] if answer["success"] else []) <= months
    assert not bench.tracebacks()


async def test_many_things_that_fail(bench: Bench, server: HostileServer) -> None:
    """A target of computers all of which fail is one error of bounded length."""
    server.answers["agents/wake"] = of({"status": 7, "error": "x" * MIB})
    with pytest.raises(HomeAssistantError) as error:
        await act(bench.hass, "wake", device_id=[device_id_of(bench.hass, bench.entry, number) for number in polite.COMPUTERS])
    assert len(str(error.value)) < 10_000
