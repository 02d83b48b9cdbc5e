"""Recordings as a browser gets them: in ranges, as they come, and never with the key."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
import logging
from typing import Any

from aiohttp import ClientError, ClientTimeout, web
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen import http
from custom_components.getscreen.recordings import recording_path
from simulator import Account, Session, Simulator, pages

from .answers import change_history
from .conftest import SetUp
from .helpers import until

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FilmServer:
    """A server of films that a test writes; it records what came in."""

    def __init__(self) -> None:
        """Serve nothing yet."""
        self.requests: list[web.Request] = []
        self.handler: Handler | None = None
        self.gone = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer as the test wants."""
        self.requests.append(request)
        assert self.handler is not None
        try:
            return await self.handler(request)
        except asyncio.CancelledError, ConnectionError:
            self.gone.set()
            raise


@pytest.fixture(autouse=True)
def _quick_films(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make films that nobody can watch: real ones take a second each."""
    monkeypatch.setattr(pages, "film", lambda *arguments: b"".join(place.to_bytes(4) for place in range(arguments[-1]))[: arguments[-1]])


@pytest.fixture
def film() -> FilmServer:
    """Return the server that the recordings are on when a test says so."""
    return FilmServer()


@pytest.fixture
async def film_url(film: FilmServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Serve films there, and let the history say so."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", film.handle)
    runner, port = await serve(app)
    point_to(monkeypatch, f"http://127.0.0.1:{port}/film.mp4?token=a%20b")
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


async def serve(app: web.Application, *, cancelling: bool = True) -> tuple[web.AppRunner, int]:
    """Serve as Home Assistant does: a client that leaves takes its request with it. Returns the runner and the port."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=cancelling, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


async def open_film(hass: HomeAssistant, path: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Ask for a film on a connection of one's own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    signed = async_sign_path(hass, path, timedelta(minutes=1))
    writer.write(f"GET {signed} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return reader, writer


def point_to(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Let the history say that the recordings are there."""
    change_history(monkeypatch, lambda answer: [row.update(video={"url": url, "size": 7}) for row in answer["data"]])


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


async def test_what_is_sent_on(client: Any, path: str, film: FilmServer, film_url: str, simulator: Simulator) -> None:
    """The key and the ranges; nothing of what the browser says of its user. The address keeps the query that it has."""

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
    assert dict(request.query) == {"token": "a b", "apikey": simulator.key}
    assert (request.method, request.headers["Range"], request.headers["If-Range"]) == ("GET", "bytes=0-5", '"abc"')
    assert request.headers["Accept-Encoding"] == "identity"
    assert not {"Cookie", "Authorization", "Referer", "X-Api-Key"} & set(request.headers)


async def test_a_film_is_passed_on_as_it_comes(client: Any, path: str, film: FilmServer, film_url: str) -> None:
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
    assert response.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("cancelling", [True, False])
async def test_a_browser_that_does_not_read(hass: HomeAssistant, path: str, film: FilmServer, film_url: str, cancelling: bool) -> None:
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
    reader, writer = await open_film(hass, path, port)
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
    hass: HomeAssistant, path: str, film: FilmServer, film_url: str, monkeypatch: pytest.MonkeyPatch
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
    reader, writer = await open_film(hass, path, port)
    await reader.readuntil(b"first")
    writer.close()
    await until(film.gone.is_set)
    await runner.cleanup()


async def test_a_server_that_fails_in_the_middle(client: Any, path: str, film: FilmServer, film_url: str) -> None:
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
    client: Any, path: str, film: FilmServer, film_url: str, status: int, kind: str, headers: dict[str, str], expected: int
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, content_type=kind, headers=headers)

    film.handler = answer
    response = await client.get(path)
    assert response.status == expected
    assert response.headers.get("Content-Type") != kind


async def test_a_range_that_cannot_be_had(client: Any, path: str, film: FilmServer, film_url: str) -> None:
    """The page in which the server says so is not for the browser."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=416, text="<h1>no</h1>", content_type="text/html", headers={"Content-Range": "bytes */7"})

    film.handler = answer
    response = await client.get(path, headers={"Range": "bytes=9-"})
    assert (response.status, response.headers["Content-Range"], await response.read()) == (416, "bytes */7", b"")
    assert response.headers.get("Content-Type") != "text/html"


async def test_redirects(client: Any, path: str, film: FilmServer, film_url: str, simulator: Simulator) -> None:
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
async def test_redirects_that_lead_nowhere(client: Any, path: str, film: FilmServer, film_url: str, where: str) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": where})

    film.handler = answer
    assert (await client.get(path)).status == 502
    assert len(film.requests) <= 4


@pytest.mark.parametrize("url", ["http://localhost:{port}/film", "http://192.0.2.1/film"])
async def test_addresses_that_may_not_know_the_key(
    client: Any, path: str, film: FilmServer, film_url: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key goes over encrypted ways only, or to where the API itself is."""
    point_to(monkeypatch, url.format(port=film_url.rpartition(":")[2]))
    assert (await client.get(path)).status == 502
    assert film.requests == []


async def test_a_film_on_an_encrypted_server(client: Any, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be anywhere; this one is out of reach."""
    point_to(monkeypatch, "https://127.0.0.1:1/film")
    assert (await client.get(path)).status == 502


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
