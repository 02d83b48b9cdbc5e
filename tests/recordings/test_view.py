"""Recordings as a browser gets them: in ranges, as they come, and never with the key."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
import logging
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientTimeout, web
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen.recordings import view as http
from custom_components.getscreen.recordings.ids import recording_path
from simulator import Account, Session, Simulator, pages

from ..conftest import SetUp
from ..helpers import until
from ..internet import API, Internet, internet_of
from ..recording_server import RecordingServer, open_recording, point_to, serve


@pytest.fixture(autouse=True)
def _quick_films(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make films that nobody can watch: real ones take a second each."""
    monkeypatch.setattr(
        pages, "make_recording", lambda *arguments: b"".join(place.to_bytes(4) for place in range(arguments[-1]))[: arguments[-1]]
    )


@pytest.fixture
def film() -> RecordingServer:
    """Return the server that the recordings are on when a test says so."""
    return RecordingServer()


@pytest.fixture
async def film_url(film: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Serve films there, and let the history say so."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", film.handle)
    runner, port = await serve(app)
    point_to(monkeypatch, f"http://127.0.0.1:{port}/film.mp4?token=a%20b")
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


@pytest.fixture
def recorded(account: Account) -> Session:
    """Return the newest session with a recording."""
    return next(session for session in reversed(account.history) if session.video_size)


@pytest.fixture
async def path(set_up: SetUp, recorded: Session) -> str:
    """Set up the account, and return where its newest recording is played."""
    return recording_path((await set_up()).entry_id, recorded.start, recorded.id)


@pytest.fixture
async def client(path: str, hass_client: ClientSessionGenerator) -> Any:
    """Return a browser that is logged in."""
    return await hass_client()


async def test_a_recording(client: Any, path: str, simulator: Simulator, recorded: Session, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    response = await client.get(path)
    assert response.status == 200
    assert len(await response.read()) == recorded.video_size
    headers = response.headers
    assert headers["Content-Type"] == "video/webm"
    assert headers["Content-Length"] == str(recorded.video_size)
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'; media-src 'self'"
    assert simulator.downloads == [f"/video/{recorded.id}.webm"]
    assert simulator.key_leaks == 0
    assert simulator.key not in str(headers)
    assert simulator.root not in str(headers)
    assert f"apikey={simulator.key}" not in caplog.text
    assert f"/video/{recorded.id}.webm" not in caplog.text


async def test_ranges(client: Any, path: str, recorded: Session) -> None:
    size = recorded.video_size
    assert size is not None
    whole = await (await client.get(path)).read()
    for asked, start, stop in (("0-99", 0, 100), ("1000-1999", 1000, 2000), (f"{size - 10}-", size - 10, size), ("-500", size - 500, size)):
        response = await client.get(path, headers={"Range": f"bytes={asked}"})
        assert response.status == 206
        assert response.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{size}"
        assert response.headers["Content-Length"] == str(stop - start)
        assert await response.read() == whole[start:stop]
    response = await client.get(path, headers={"Range": f"bytes={size + 1}-"})
    assert response.status == 416
    assert response.headers["Content-Range"] == f"bytes */{size}"
    assert await response.read() == b""


async def test_head(client: Any, path: str, recorded: Session) -> None:
    """A browser that only asks what there is; the connection is good for the next request."""
    for _ in range(2):
        response = await client.head(path)
        assert response.status == 200
        assert response.headers["Content-Length"] == str(recorded.video_size)
        assert response.headers["Content-Type"] == "video/webm"
        assert await response.read() == b""
    response = await client.head(path, headers={"Range": "bytes=0-9"})
    assert (response.status, response.headers["Content-Length"]) == (206, "10")


async def test_what_is_sent_on(client: Any, path: str, film: RecordingServer, film_url: str, simulator: Simulator) -> None:
    """The range, but nothing of what the browser says of its user, and not the key, since this is not the API's port."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(
            body=b"a film", content_type="video/mp4", headers={"Set-Cookie": "a=b", "X-Secret": simulator.key, "ETag": '"1"'}
        )

    film.handler = answer
    response = await client.get(
        path, headers={"Range": "bytes=0-5", "If-Range": '"abc"', "Cookie": "user=secret", "Referer": "http://home/"}
    )
    assert (response.status, await response.read()) == (200, b"a film")
    assert not {"Set-Cookie", "X-Secret"} & set(response.headers)
    (request,) = film.requests
    assert dict(request.query) == {"token": "a b"}
    assert (request.method, request.headers["Range"], request.headers["If-Range"]) == ("GET", "bytes=0-5", '"abc"')
    assert request.headers["Accept-Encoding"] == "identity"
    assert not {"Cookie", "Authorization", "Referer", "X-Api-Key"} & set(request.headers)


async def test_a_film_is_passed_on_as_it_comes(client: Any, path: str, film: RecordingServer, film_url: str) -> None:
    """The first bytes arrive while the server has not sent the last, and a film is never held as a whole."""
    go_on = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
        await response.prepare(request)
        await response.write(b"first")
        await go_on.wait()
        await response.write(b"last")
        return response

    film.handler = answer
    response = await client.get(path)
    assert await response.content.readexactly(5) == b"first"
    go_on.set()
    assert await response.read() == b"last"
    assert "Content-Length" not in response.headers
    # By the ending of the address.
    assert response.headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize("cancelling", [True, False])
async def test_a_browser_that_does_not_read(hass: HomeAssistant, path: str, film: RecordingServer, film_url: str, cancelling: bool) -> None:
    """The server is not asked for more than a few buffers; when the browser leaves, so do we."""
    sent = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "video/mp4", "Content-Length": str(2**32)})
        await response.prepare(request)
        while True:
            await response.write(bytes(65_536))
            sent += 65_536

    film.handler = answer
    runner, port = await serve(hass.http.app, cancelling=cancelling)
    reader, writer = await open_recording(hass, path, port)
    assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
    seen, turns = 0, 0
    # Until nothing more is sent, however often everybody has the opportunity.
    while turns < 100:
        assert sent < 32 * 1024 * 1024
        await asyncio.sleep(0)
        seen, turns = sent, turns + 1 if 0 < sent == seen else 0
    writer.transport.abort()
    await until(film.gone.is_set)
    await runner.cleanup()


async def test_a_browser_that_leaves_while_the_server_is_silent(
    hass: HomeAssistant, path: str, film: RecordingServer, film_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not because there is an end to the patience with a server.
    monkeypatch.setattr(http, "_TIMEOUT", ClientTimeout())

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
        await response.prepare(request)
        await response.write(b"first")
        await asyncio.Event().wait()
        return response

    film.handler = answer
    runner, port = await serve(hass.http.app)
    reader, writer = await open_recording(hass, path, port)
    await reader.readuntil(b"first")
    writer.close()
    await until(film.gone.is_set)
    await runner.cleanup()


async def test_a_server_that_fails_in_the_middle(client: Any, path: str, film: RecordingServer, film_url: str) -> None:
    """What is missing does not look like the end, even where nobody knew the length."""
    fail = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
        await response.prepare(request)
        await response.write(b"first")
        await fail.wait()
        assert request.transport is not None
        request.transport.abort()
        return response

    film.handler = answer
    response = await client.get(path)
    assert await response.content.readexactly(5) == b"first"
    fail.set()
    with pytest.raises(ClientError):
        await response.read()


@pytest.mark.parametrize(
    ("status", "kind", "headers", "expected"),
    [
        (200, "text/html", {}, 502),
        (206, "image/svg+xml", {}, 502),
        (200, "video/mp4", {"Content-Encoding": "gzip"}, 502),
        (204, "video/mp4", {}, 502),
        (304, "video/mp4", {}, 502),
        (410, "text/html", {}, 404),
        (302, "video/mp4", {}, 502),
    ],
)
async def test_what_is_no_film(
    client: Any, path: str, film: RecordingServer, film_url: str, status: int, kind: str, headers: dict[str, str], expected: int
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, content_type=kind, headers=headers)

    film.handler = answer
    response = await client.get(path)
    assert response.status == expected
    assert response.headers.get("Content-Type") != kind


async def test_a_range_that_cannot_be_had(client: Any, path: str, film: RecordingServer, film_url: str) -> None:
    """The page in which the server says so is not for the browser."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=416, text="<h1>no</h1>", content_type="text/html", headers={"Content-Range": "bytes */7"})

    film.handler = answer
    response = await client.get(path, headers={"Range": "bytes=9-"})
    assert (response.status, response.headers["Content-Range"], await response.read()) == (416, "bytes */7", b"")
    assert response.headers.get("Content-Type") != "text/html"


async def test_redirects(client: Any, path: str, film: RecordingServer, film_url: str, simulator: Simulator) -> None:
    """Three are followed, without the key, even where they repeat it; the range goes along."""

    async def answer(request: web.Request) -> web.Response:
        hop = len(film.requests)
        if hop > 3:
            return web.Response(body=b"a film", content_type="video/mp4")
        where = f"{film_url}/hop?n={hop}&apikey={simulator.key}" if hop % 2 else f"/hop?n={hop}"
        return web.Response(status=(301, 302, 307)[hop - 1], headers={"Location": where})

    film.handler = answer
    response = await client.get(path, headers={"Range": "bytes=0-"})
    assert (response.status, await response.read()) == (200, b"a film")
    assert [dict(request.query) for request in film.requests[1:]] == [{"n": "1"}, {"n": "2"}, {"n": "3"}]
    assert all(request.headers["Range"] == "bytes=0-" for request in film.requests)


@pytest.mark.parametrize("where", ["/again", "ftp://127.0.0.1/film", "http://[::1", "file:///etc/passwd"])
async def test_redirects_that_lead_nowhere(client: Any, path: str, film: RecordingServer, film_url: str, where: str) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": where})

    film.handler = answer
    assert (await client.get(path)).status == 502
    assert len(film.requests) <= 4


async def test_a_film_on_an_encrypted_server(client: Any, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be anywhere; this one is out of reach."""
    point_to(monkeypatch, "https://127.0.0.1:1/film")
    assert (await client.get(path)).status == 502


@pytest.fixture
async def net(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Internet]:
    """Put Home Assistant into an Internet of its own, in which there are films."""

    async def play(_request: web.Request) -> web.Response:
        return web.Response(body=b"a film", content_type="video/mp4")

    async with internet_of(play, simulator.port, monkeypatch, tmp_path) as net:
        yield net


@pytest.fixture
def play_from(
    hass: HomeAssistant, entry: MockConfigEntry, recorded: Session, hass_client: ClientSessionGenerator, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], Awaitable[int]]:
    """Return what sets up the account with a server, and returns the status with which a film is played from an address."""

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
    ("url", "knows_key"),
    [
        ("https://files.getscreen.me/film", True),
        ("https://files.getscreen.me:8443/film", True),
        ("https://elsewhere.example/film", False),
        ("https://notgetscreen.me/film", False),
        ("https://getscreen.me.elsewhere.example/film", False),
        ("https://files.getscreen.ru/film", False),
        ("https://elsewhere.example/film?apikey=a-key", False),
    ],
)
async def test_who_knows_the_key(net: Internet, play_from: Callable[[str, str], Awaitable[int]], url: str, knows_key: bool) -> None:
    """The whole domain of a public server, and nobody else; the film is played all the same."""
    assert await play_from(API, url) == 200
    assert [request.query.get("apikey") for request in net.requests] == ["a-key" if knows_key else None]


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
async def test_who_knows_the_key_of_a_server_of_ones_own(
    net: Internet, play_from: Callable[[str, str], Awaitable[int]], recorded: Session, url: str, status: int
) -> None:
    """The very host and port."""
    net.names["home.example"] = net.names["api.getscreen.me"]
    assert await play_from("https://home.example/v1", url.format(id=recorded.id)) == status


@pytest.mark.parametrize(
    "where",
    [
        "http://elsewhere.example/film",
        "https://127.0.0.1/film",
        "https://home.example/film",
        "https://[::1]/film",
        "ftp://elsewhere.example/",
    ],
)
async def test_films_do_not_lead_into_the_home_network(net: Internet, play_from: Callable[[str, str], Awaitable[int]], where: str) -> None:
    net.names["home.example"] = [["192.168.1.1"]]

    async def redirect(_request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": where})

    net.handler = redirect
    assert await play_from(API, "https://files.getscreen.me/film") == 502
    assert len(net.requests) == 1
    assert not {address for address in net.reached if address.startswith(("127", "192", "::1")) and address.endswith((":443", ":80"))}


class RawServer:
    """A server that says what a test wants, byte by byte."""

    def __init__(self) -> None:
        self.answer = b""
        self.asked: list[dict[str, str]] = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and hang up."""
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        self.asked.append(dict(line.split(": ", 1) for line in lines))
        writer.write(self.answer)
        writer.close()

    def say(self, status: int, body: bytes, *headers: str) -> None:
        """Answer from now on with these headers."""
        self.answer = "\r\n".join([f"HTTP/1.1 {status} -", *headers, "", ""]).encode() + body


@pytest.fixture
async def raw(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RawServer]:
    """Serve whatever a test wants, as the films of the history."""
    raw = RawServer()
    server = await asyncio.start_server(raw.handle, "127.0.0.1", 0)
    point_to(monkeypatch, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/film.mp4")
    yield raw
    server.close()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (["Content-Type: video/mp4"], "video/mp4"),
        (["Content-Type: VIDEO/WebM"], "video/webm"),
        (['Content-Type: video/webm; codecs="vp8, vorbis"'], "video/webm"),
        (["Content-Type: video/x-matroska"], "video/x-matroska"),
        (["Content-Type: application/mp4"], "video/mp4"),
        (["Content-Type: binary/octet-stream"], "video/mp4"),
        (["Content-Type: application/octet-stream"], "video/mp4"),
        (["Content-Type: video/of-a-kind-that-nobody-knows"], "video/mp4"),
        (["Content-Type: "], "video/mp4"),
        ([], "video/mp4"),
        (["Content-Type: video/mp4", "Content-Encoding: identity"], "video/mp4"),
        (["Content-Type: video/mp4", "Content-Encoding: "], "video/mp4"),
        (["Content-Type: video/mp4", "Content-Encoding: gzip"], None),
        (["Content-Type: video/mp4", "Content-Encoding: identity", "Content-Encoding: br"], None),
        (["Content-Type: video/mp4, text/html"], None),
        (["Content-Type: video/mp4,text/html"], None),
        (["Content-Type: video/mp4;,text/html"], None),
        (["Content-Type: video/mp4", "Content-Type: text/html"], None),
        (["Content-Type: application/octet-stream, text/html"], None),
        (["Content-Type: video/mp4, image/svg+xml"], None),
        (["Content-Type: video/mp4 text/html"], None),
        (["Content-Type: text/html"], None),
        (["Content-Type: text/html; video/mp4"], None),
        (["Content-Type: image/svg+xml"], None),
        (["Content-Type: application/xhtml+xml"], None),
        (["Content-Type: multipart/byteranges; boundary=x"], None),
        (["Content-Type: video"], None),
        (["Content-Type: video/"], None),
        (["Content-Type: \u017fvideo/mp4"], None),
    ],
)
async def test_types(client: Any, path: str, raw: RawServer, said: list[str], kind: str | None) -> None:
    """The browser is told one of a few types, never what the server says. What cannot be read or is no video is not passed on."""
    raw.say(200, b"<script>", "Content-Length: 8", *said)
    response = await client.get(path)
    assert response.status == (200 if kind else 502)
    assert kind is None or response.headers.getall("Content-Type") == [kind]
    assert await response.read() == (b"<script>" if kind else b"")


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("a.webm", "video/webm"),
        ("a.MKV?b.mp4", "video/x-matroska"),
        ("a.html", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
async def test_types_by_the_ending_of_the_address(
    client: Any, path: str, film: RecordingServer, film_url: str, file: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=b"a film", content_type="binary/octet-stream")

    film.handler = answer
    point_to(monkeypatch, f"{film_url}/{file}")
    assert (await client.get(path)).headers["Content-Type"] == kind


@pytest.mark.parametrize(
    ("asked", "status", "said", "passed_on", "place"),
    [
        (None, 200, ["Content-Length: 7"], 200, None),
        (None, 200, ["Content-Length: 7", "Content-Range: bytes 0-6/7"], 200, None),
        (None, 206, ["Content-Length: 7", "Content-Range: bytes 0-6/7"], 200, None),
        (None, 206, ["Content-Length: 7", "Content-Range: bytes 0-6/9"], 502, None),
        (None, 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9"], 502, None),
        (None, 206, ["Content-Length: 7", "Content-Range: bytes 0-6/*"], 502, None),
        (None, 206, ["Content-Length: 7"], 502, None),
        ("bytes=2-", 200, ["Content-Length: 7"], 200, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9"], 206, "bytes 2-8/9"),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/*"], 206, "bytes 2-8/*"),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/99"], 206, "bytes 2-8/99"),
        ("bytes=2-8", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/99"], 206, "bytes 2-8/99"),
        ("bytes=2-50", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/99"], 206, "bytes 2-8/99"),
        ("bytes=-7", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9"], 206, "bytes 2-8/9"),
        ("bytes=-100", 206, ["Content-Length: 7", "Content-Range: bytes 0-6/7"], 206, "bytes 0-6/7"),
        ("bytes=0-9,20-29", 206, ["Content-Length: 7", "Content-Range: bytes 0-6/7"], 200, None),
        # Another part than was asked for: it overlaps, is longer, is not the end, lies beyond the end, is of another length than it says.
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 0-6/7"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 3-9/10"], 502, None),
        ("bytes=2-5", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9"], 502, None),
        ("bytes=-3", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9"], 502, None),
        ("bytes=-7", 206, ["Content-Length: 7", "Content-Range: bytes 0-6/9"], 502, None),
        ("bytes=-7", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/*"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/8"], 502, None),
        ("bytes=9-", 206, ["Content-Length: 7", "Content-Range: bytes 9-1/0"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-9/10"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: items 2-8/9"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", f"Content-Range: {'x' * 7000}"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9, bytes 0-6/9"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9", "Content-Range: bytes 0-6/9"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7"], 502, None),
        ("bytes=9-", 416, ["Content-Length: 7", "Content-Range: bytes */7"], 416, "bytes */7"),
        ("bytes=9-", 416, ["Content-Length: 7", "Content-Range: bytes */<script>"], 416, None),
        ("bytes=9-", 416, ["Content-Length: 7"], 416, None),
        (None, 416, ["Content-Length: 7", "Content-Range: bytes */7"], 502, None),
    ],
)
async def test_odd_ranges(
    client: Any, path: str, raw: RawServer, asked: str | None, status: int, said: list[str], passed_on: int, place: str | None
) -> None:
    """A browser that asks for a part gets that part; one that asks for all gets all."""
    raw.say(status, b"a movie", "Content-Type: video/mp4", "Accept-Ranges: <script>", *said)
    response = await client.get(path, headers={"Range": asked} if asked else {})
    assert (response.status, response.headers.get("Content-Range")) == (passed_on, place)
    assert await response.read() == (b"a movie" if passed_on < 400 else b"")
    assert "Accept-Ranges" not in response.headers


@pytest.mark.parametrize("body", [b"7\r\na movie\r\n0\r\n\r\n", b"3\r\na m\r\n0\r\n\r\n", b"9\r\na movie..\r\n0\r\n\r\n"])
async def test_parts_without_a_length(client: Any, path: str, raw: RawServer, body: bytes) -> None:
    """Their place tells how long they are. One that is shorter or longer does not look whole."""
    raw.say(206, body, "Content-Type: video/mp4", "Content-Range: bytes 2-8/9", "Transfer-Encoding: chunked", "Accept-Ranges: bytes")
    response = await client.get(path, headers={"Range": "bytes=2-"})
    assert (response.status, response.headers["Content-Length"], response.headers["Accept-Ranges"]) == (206, "7", "bytes")
    if body.startswith(b"3"):
        with pytest.raises(ClientError):
            await response.read()
    else:
        assert await response.read() == b"a movie"


@pytest.mark.parametrize(
    ("asked", "condition", "sent", "condition_sent"),
    [
        ("bytes=0-5", None, "bytes=0-5", None),
        ("bytes=007-", None, "bytes=7-", None),
        ("bytes=-5", '"abc"', "bytes=-5", '"abc"'),
        ("bytes=0-", 'W/"abc"', "bytes=0-", 'W/"abc"'),
        ("bytes=0-", "Sat, 29 Oct 1994 19:43:31 GMT", "bytes=0-", "Sat, 29 Oct 1994 19:43:31 GMT"),
        ("bytes=0-", "whatever I like", "bytes=0-", None),
        (None, '"abc"', None, None),
        ("bytes=0-5,7-9", '"abc"', None, None),
        ("bytes=5-2", None, None, None),
        ("bytes=-0", None, None, None),
        ("bytes=-", None, None, None),
        ("bytes=0-5\u0660", None, None, None),
        (f"bytes=0-{'9' * 30}", None, None, None),
        ("items=0-5", None, None, None),
    ],
)
async def test_which_ranges_are_sent_on(
    client: Any, path: str, raw: RawServer, asked: str | None, condition: str | None, sent: str | None, condition_sent: str | None
) -> None:
    """One that makes sense, and its condition with it. Any other is ignored, as HTTP allows."""
    raw.say(200, b"", "Content-Length: 0", "Content-Type: video/mp4")
    headers = {name: value for name, value in (("Range", asked), ("If-Range", condition)) if value is not None}
    assert (await client.get(path, headers=headers)).status == 200
    assert (raw.asked[0].get("Range"), raw.asked[0].get("If-Range")) == (sent, condition_sent)


async def test_why_a_recording_is_not_played(client: Any, path: str, raw: RawServer, caplog: pytest.LogCaptureFixture) -> None:
    """The log says so to whoever looks for it, without the address and the key."""
    caplog.set_level(logging.DEBUG, "custom_components.getscreen")
    raw.say(200, b"", "Content-Length: 0", "Content-Type: text/html")
    await client.get(path)
    assert "of owner@example.com cannot be played: no video" in caplog.text
    raw.answer = b"nonsense"
    await client.get(path)
    assert "of owner@example.com cannot be played: ClientResponseError" in caplog.text
    assert "film.mp4" not in caplog.text


async def test_unknown_recordings(client: Any, simulator: Simulator, account: Account, recorded: Session, entry: MockConfigEntry) -> None:
    """Ids of nothing, of a session without recording, and what is no number."""
    plain = next(session for session in reversed(account.history) if not session.video_size)
    simulator.downloads.clear()
    start = recorded.start
    for place in (
        recording_path(entry.entry_id, start, 999_999),
        recording_path(entry.entry_id, 99_999_999_999, recorded.id),
        recording_path(entry.entry_id, plain.start, plain.id),
        recording_path(entry.entry_id, 0, 0),
        recording_path(entry.entry_id, -1, recorded.id),
        recording_path(entry.entry_id, "1e9", recorded.id),
        recording_path(entry.entry_id, 100_000_000_000, recorded.id),
        recording_path(entry.entry_id, start, "9" * 19),
        recording_path(entry.entry_id, start, "one"),
        recording_path("nobody", start, recorded.id),
    ):
        assert (await client.get(place)).status == 404, place
    assert simulator.downloads == []


async def test_another_account(hass: HomeAssistant, client: Any, recorded: Session) -> None:
    """A recording is found in its own account only; another integration's entry is none."""
    foreign = MockConfigEntry(domain="sun")
    foreign.add_to_hass(hass)
    assert (await client.get(recording_path(foreign.entry_id, recorded.start, recorded.id))).status == 404
    async with Simulator(Account(devices=2, seed=7), key="other-key") as other:
        entry = MockConfigEntry(domain="getscreen", unique_id="other", data={"api_key": other.key, "url": other.url})
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        assert (await client.get(recording_path(entry.entry_id, recorded.start, recorded.id))).status == 404
        assert other.downloads == []
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_an_account_that_is_not_set_up(hass: HomeAssistant, client: Any, path: str, entry: MockConfigEntry) -> None:
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert (await client.get(path)).status == 404


async def test_who_may_watch(hass: HomeAssistant, path: str, simulator: Simulator, hass_client_no_auth: ClientSessionGenerator) -> None:
    """Nobody without a login or a path that was signed for them, for as long as that is good, and for that recording only."""
    client = await hass_client_no_auth()
    assert (await client.get(path)).status == 401
    assert (await client.head(path)).status == 401
    signed = async_sign_path(hass, path, timedelta(minutes=1))
    assert (await client.get(signed, headers={"Range": "bytes=0-9"})).status == 206
    other = signed.replace(f"{path}?", f"{path}0?")
    assert (await client.get(other)).status == 401
    expired = async_sign_path(hass, path, timedelta(seconds=-60))
    assert (await client.get(expired)).status == 401
    assert len(simulator.downloads) == 1


async def test_before_any_account_is_set_up(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> None:
    assert await async_setup_component(hass, "getscreen", {})
    client = await hass_client()
    assert (await client.get(recording_path("nobody", 1, 1))).status == 404
