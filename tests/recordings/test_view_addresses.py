"""The addresses of recordings: those that get the API key, and followed and rejected redirects."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen.recordings.ids import recording_path
from simulator import Session, Simulator

from ..internet import API, Internet, internet_of
from ..recording_server import RecordingServer, point_to


async def test_redirects(client: Any, path: str, recording_server: RecordingServer, simulator: Simulator) -> None:
    """Three redirects are followed with the range but without the key, even if the server repeats it."""

    async def answer(request: web.Request) -> web.Response:
        hop = len(recording_server.requests)
        if hop > 3:
            return web.Response(body=b"a video", content_type="video/mp4")
        where = f"{recording_server.url}/hop?n={hop}&apikey={simulator.key}" if hop % 2 else f"/hop?n={hop}"
        return web.Response(status=(301, 302, 307)[hop - 1], headers={"Location": where})

    recording_server.handler = answer
    response = await client.get(path, headers={"Range": "bytes=0-"})
    assert (response.status, await response.read()) == (200, b"a video")
    assert [dict(request.query) for request in recording_server.requests[1:]] == [{"n": "1"}, {"n": "2"}, {"n": "3"}]
    assert all(request.headers["Range"] == "bytes=0-" for request in recording_server.requests)


@pytest.mark.parametrize("where", ["/again", "ftp://127.0.0.1/recording", "http://[::1", "file:///etc/passwd"])
async def test_redirects_that_are_refused(client: Any, path: str, recording_server: RecordingServer, where: str) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": where})

    recording_server.handler = answer
    assert (await client.get(path)).status == 502
    assert len(recording_server.requests) <= 4


async def test_a_server_out_of_reach(client: Any, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser gets an error if no connection can be made."""
    point_to(monkeypatch, "https://127.0.0.1:1/recording")
    assert (await client.get(path)).status == 502


@pytest.fixture
async def net(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Internet]:
    """Put Home Assistant into an Internet of its own, in which servers have recordings."""

    async def play(_request: web.Request) -> web.Response:
        return web.Response(body=b"a video", content_type="video/mp4")

    async with internet_of(play, simulator.port, monkeypatch, tmp_path) as net:
        yield net


@pytest.fixture
def play_from(
    hass: HomeAssistant, entry: MockConfigEntry, recorded: Session, hass_client: ClientSessionGenerator, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], Awaitable[int]]:
    """Return a function that sets up the account with an API server, and returns the status with which a recording is played from a URL."""

    async def play_from(api: str, url: str) -> int:
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, data={**entry.data, "url": api})
        point_to(monkeypatch, url)
        assert await hass.config_entries.async_setup(entry.entry_id)
        client = await hass_client()
        response = await client.get(recording_path(entry.entry_id, recorded.start, recorded.id))
        return int(response.status)

    return play_from


@pytest.mark.parametrize(
    ("url", "gets_key"),
    [
        ("https://files.getscreen.me/recording", True),
        ("https://files.getscreen.me:8443/recording", True),
        ("https://elsewhere.example/recording", False),
        ("https://notgetscreen.me/recording", False),
        ("https://getscreen.me.elsewhere.example/recording", False),
        ("https://files.getscreen.ru/recording", False),
        ("https://elsewhere.example/recording?apikey=a-key", False),
    ],
)
async def test_addresses_that_get_the_key(net: Internet, play_from: Callable[[str, str], Awaitable[int]], url: str, gets_key: bool) -> None:
    """The whole domain of a public server gets the key. Recordings elsewhere are played without it."""
    assert await play_from(API, url) == 200
    assert [request.query.get("apikey") for request in net.requests] == ["a-key" if gets_key else None]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://home.example/video/{id}.webm", 200),
        # The server rejects requests without the key.
        ("https://home.example:8443/video/{id}.webm", 502),
        ("https://api.getscreen.me/video/{id}.webm", 502),
        ("http://home.example/video/{id}.webm", 502),
    ],
)
async def test_addresses_that_get_the_key_of_a_private_server(
    net: Internet, play_from: Callable[[str, str], Awaitable[int]], recorded: Session, url: str, status: int
) -> None:
    """Only the API's own host and port get the key."""
    net.names["home.example"] = net.names["api.getscreen.me"]
    assert await play_from("https://home.example/v1", url.format(id=recorded.id)) == status


@pytest.mark.parametrize(
    "where",
    [
        "http://elsewhere.example/recording",
        "https://127.0.0.1/recording",
        "https://home.example/recording",
        "https://[::1]/recording",
        "ftp://elsewhere.example/",
    ],
)
async def test_redirects_into_the_home_network(net: Internet, play_from: Callable[[str, str], Awaitable[int]], where: str) -> None:
    net.names["home.example"] = [["192.168.1.1"]]

    async def redirect(_request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": where})

    net.handler = redirect
    assert await play_from(API, "https://files.getscreen.me/recording") == 502
    assert len(net.requests) == 1
    assert not {address for address in net.reached if address.startswith(("127", "192", "::1")) and address.endswith((":443", ":80"))}
