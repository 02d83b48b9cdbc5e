"""Counts that a server or a computer chooses, and how many of each thing Home Assistant takes."""

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
MAX_PARTS = 64
"""The most disks, adapters or monitors of a computer."""


def disks(first: int, count: int) -> list[dict[str, Any]]:
    """Return disks with names of their own."""
    return [{"Disk": f"/mnt/{number}", "FileSystem": "ext4", "Size": 100, "FreeSpace": 1} for number in range(first, first + count)]


class Parts(NamedTuple):
    """The hardware of a computer at its nth reading."""

    name: str
    hardware: Callable[[int], dict[str, Any]]


PARTS = [
    Parts("3,000 different disks at each reading", lambda reading: {"LogicalDisks": disks(3_000 * reading, 3_000)}),
    Parts("3,000 disks with the same name", lambda _: {"LogicalDisks": disks(1, 1) * 3_000}),
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
    """Of a computer whose hardware changes at each reading, few entities are added or left over, and attributes stay small."""
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
        assert len(entities - known) <= 2 * MAX_PARTS
        assert len(json_dumps(state_of(bench.hass, bench.entry, 1, "online").attributes)) < 200_000
    assert len(er.async_get(bench.hass).deleted_entities) <= 3 * 2 * MAX_PARTS
    assert not bench.tracebacks()
    assert len(bench.lines()) <= 1
    server.heal()
    await act(bench.hass, "refresh_hardware", device_id=device_id)
    await bench.poll()
    assert state_of(bench.hass, bench.entry, 1, "online").attributes["cpu"] == "A processor"


@pytest.mark.parametrize("field", ["preview_url", "permanent_url"])
async def test_different_links_at_each_poll(bench: Bench, server: HostileServer, field: str) -> None:
    """Large answers leave nothing in memory."""
    await bench.poll()
    async with bench.watch(memory=True) as seen:
        for number in range(20):
            server.answers["agents/list"] = of(polite.agents(server.root, **{field: f"https://{number}.example/" + "x" * MIB}))
            await bench.poll()
        server.heal()
        await bench.poll()
        bench.caplog.clear()
    assert seen.memory < 10 * MIB


async def test_different_computers_at_each_poll(bench: Bench, server: HostileServer) -> None:
    """Computers that left the account are removed, and memory does not grow with the number of polls."""

    def fleet(number: int) -> list[dict[str, Any]]:
        return [polite.agent(1_000 * number + offset, server.root, online=False) for offset in range(20)]

    for number in range(1, 8):
        server.answers["agents/list"] = of({"data": fleet(number)})
        await bench.poll()
    _, devices = bench.registrations()
    assert len(devices) == 21
    assert not bench.tracebacks()


async def test_an_endless_list(hass: HomeAssistant, server: HostileServer) -> None:
    """If a list has more computers than allowed, the first ones are used, and the others count as skipped."""
    client = GetscreenClient(async_api_session(hass), server.key, server.url)
    server.answers["agents/list"] = of({"data": [{"id": number} for number in range(1, 20_001)]})
    answer = await client.list_agents()
    assert list(answer.agents) == list(range(1, 10_001))
    assert answer.skipped == 10_000


@pytest.mark.parametrize("limit", [1, 20, 150])
async def test_pages_that_are_too_long(bench: Bench, server: HostileServer, limit: int) -> None:
    """If a server ignores the limit, the response has only as many sessions as requested."""
    rows = [polite.row(server.root, number, video=None) for number in range(20_000)]
    server.answers["history/list"] = of({"data": rows, "offset": 0, "limit": 20_000, "total": 10**12})
    async with bench.watch() as seen:
        response = await act(bench.hass, "get_history", response=True, limit=limit)
    assert len(response["sessions"]) <= limit
    assert server.count("history/list") <= 1 + limit // 100
    assert seen.held < 150


async def test_a_history_with_a_false_total(bench: Bench, server: HostileServer) -> None:
    """An empty page of a long history ends the requests."""
    server.answers["history/list"] = of({"data": [], "offset": 0, "limit": 100, "total": 10**12})
    assert (await act(bench.hass, "get_history", response=True, limit=1_000))["sessions"] == []
    assert server.count("history/list") <= 10


@pytest.mark.parametrize("moment", [0, 1, 253_402_300_799, -(10**12)])
async def test_recordings_of_other_times(bench: Bench, server: HostileServer, hass_ws_client: WebSocketGenerator, moment: int) -> None:
    """The media browser has folders only for months that can have recordings."""
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


async def test_many_failing_computers(bench: Bench, server: HostileServer) -> None:
    """If all computers of a target fail, the error has a bounded length."""
    server.answers["agents/wake"] = of({"status": 7, "error": "x" * MIB})
    with pytest.raises(HomeAssistantError) as error:
        await act(bench.hass, "wake", device_id=[device_id_of(bench.hass, bench.entry, number) for number in polite.COMPUTERS])
    assert len(str(error.value)) < 10_000
