"""How many recordings are streamed at a time, and what ends a stream."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import time

from aiohttp import web
from homeassistant.auth.models import RefreshToken
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.getscreen.recordings import streams
from custom_components.getscreen.recordings.ids import recording_path
from simulator import Account

from ..conftest import SetUp
from ..helpers import until
from ..recording_server import RecordingServer, open_recording, point_to, serve

MANY = 120


class Cinema:
    """A server of recordings without an end, and those who watch them through Home Assistant."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, path: str, port: int) -> None:
        self.hass = hass
        self.entry = entry
        self.path = path
        self.port = port
        self.running = 0
        """How many recordings the server is sending."""
        self.sent = 0
        self.silent = False
        self.writers: list[asyncio.StreamWriter] = []

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Send as much as is taken."""
        self.running += 1
        try:
            response = web.StreamResponse(headers={"Content-Type": "video/mp4", "Content-Length": str(2**40)})
            await response.prepare(request)
            while True:
                await response.write(bytes(65_536))
                self.sent += 1
        finally:
            self.running -= 1

    async def trickle(self, request: web.Request) -> web.StreamResponse:
        """Send a little, again and again."""
        self.running += 1
        try:
            response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
            await response.prepare(request)
            while not self.silent:
                await response.write(b"x" * 100)
                self.sent += 1
                await asyncio.sleep(0.01)  # a stream that goes on, but does not fill the machine
            await asyncio.Event().wait()
            return response
        finally:
            self.running -= 1

    async def watch(self, token: RefreshToken | None = None, verb: str = "GET") -> tuple[asyncio.StreamReader, bytes]:
        """Ask for the recording and read no more than the first line of the answer, which is returned with the connection."""
        reader, writer = await open_recording(self.hass, self.path, self.port, token, verb)
        self.writers.append(writer)
        return reader, await reader.readline()

    async def leave(self) -> None:
        """Let all browsers leave."""
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()
        await until(lambda: not self.running)


@pytest.fixture
async def film(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RecordingServer]:
    """Serve recordings, and let the history say so."""
    film = RecordingServer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", film.handle)
    runner, port = await serve(app)
    point_to(monkeypatch, f"http://127.0.0.1:{port}/film.mp4")
    yield film
    await runner.cleanup()


@pytest.fixture
async def cinema(hass: HomeAssistant, set_up: SetUp, account: Account, film: RecordingServer) -> AsyncIterator[Cinema]:
    """Set up the account, with recordings without an end."""
    entry = await set_up()
    session = next(session for session in account.history if session.video_size)
    runner, port = await serve(hass.http.app)
    cinema = Cinema(hass, entry, recording_path(entry.entry_id, session.start, session.id), port)
    film.handler = cinema.send
    yield cinema
    await cinema.leave()
    await runner.cleanup()


type LogIn = Callable[[], Awaitable[RefreshToken]]


@pytest.fixture
def log_in(hass: HomeAssistant) -> LogIn:
    """Return what logs somebody new in."""

    async def log_in() -> RefreshToken:
        user = MockUser().add_to_hass(hass)
        return await hass.auth.async_create_refresh_token(user, "https://client.example")

    return log_in


async def ended(reader: asyncio.StreamReader) -> None:
    """Wait until a connection is cut, whatever came before."""
    try:
        while await reader.read(65_536):
            pass
    except ConnectionResetError:
        pass


async def test_one_user_with_many_browsers_that_read_nothing(cinema: Cinema, log_in: LogIn) -> None:
    """Four are served, the others asked to come back; polls do not notice."""
    token = await log_in()
    lines = [line for _, line in await asyncio.gather(*(cinema.watch(token) for _ in range(MANY)))]
    assert sorted(line.split()[1] for line in lines) == [b"200"] * streams.MOST_OF_USER + [b"503"] * (MANY - streams.MOST_OF_USER)
    assert cinema.running == streams.MOST_OF_USER
    await cinema.entry.runtime_data.agents.async_refresh()
    assert cinema.entry.runtime_data.agents.last_update_success
    refused, _ = await cinema.watch(token)
    assert b"Retry-After: 30\r\n" in await refused.readuntil(b"\r\n\r\n")
    # Others may watch, and this user again as soon as a place is free.
    assert b"200" in (await cinema.watch(await log_in()))[1]
    await cinema.leave()
    assert b"200" in (await cinema.watch(token))[1]


async def test_many_users(cinema: Cinema, log_in: LogIn) -> None:
    """Sixteen streams of an account in all."""
    for _ in range(4):
        token = await log_in()
        assert [b"200" in (await cinema.watch(token))[1] for _ in range(4)] == [True] * 4
    assert b"503" in (await cinema.watch(await log_in()))[1]
    assert cinema.running == 16


async def unload(cinema: Cinema, _token: RefreshToken) -> None:
    """Unload the account."""
    await cinema.hass.config_entries.async_unload(cinema.entry.entry_id)


async def reload(cinema: Cinema, _token: RefreshToken) -> None:
    """Reload the account."""
    await cinema.hass.config_entries.async_reload(cinema.entry.entry_id)


async def remove(cinema: Cinema, _token: RefreshToken) -> None:
    """Remove the account."""
    await cinema.hass.config_entries.async_remove(cinema.entry.entry_id)


async def disable(cinema: Cinema, _token: RefreshToken) -> None:
    """Disable the account."""
    await cinema.hass.config_entries.async_set_disabled_by(cinema.entry.entry_id, ConfigEntryDisabler.USER)


async def stop(cinema: Cinema, _token: RefreshToken) -> None:
    """Let Home Assistant say that it stops."""
    cinema.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)


async def revoke(cinema: Cinema, token: RefreshToken) -> None:
    """Log the user out."""
    cinema.hass.auth.async_remove_refresh_token(token)


async def deactivate(cinema: Cinema, token: RefreshToken) -> None:
    """Deactivate the user."""
    await cinema.hass.auth.async_deactivate_user(token.user)


async def remove_user(cinema: Cinema, token: RefreshToken) -> None:
    """Remove the user."""
    await cinema.hass.auth.async_remove_user(token.user)


ENDS = [unload, reload, remove, disable, stop, revoke, deactivate]


@pytest.mark.parametrize("end", ENDS)
async def test_what_ends_a_paused_stream(cinema: Cinema, log_in: LogIn, end: Callable[[Cinema, RefreshToken], Awaitable[None]]) -> None:
    """On both sides, although the browser reads nothing."""
    token = await log_in()
    reader, line = await cinema.watch(token)
    assert b"200" in line
    await end(cinema, token)
    await until(lambda: not cinema.running)
    await ended(reader)


@pytest.mark.parametrize("end", [*ENDS, remove_user])
async def test_what_ends_a_stream_that_is_watched(
    cinema: Cinema, film: RecordingServer, log_in: LogIn, end: Callable[[Cinema, RefreshToken], Awaitable[None]]
) -> None:
    film.handler = cinema.trickle
    token = await log_in()
    reader, _ = await cinema.watch(token)
    watching = asyncio.create_task(ended(reader))
    await until(lambda: cinema.sent > 3)
    await end(cinema, token)
    await watching
    await until(lambda: not cinema.running)


async def test_a_user_whose_token_is_gone_without_a_word(
    hass: HomeAssistant, cinema: Cinema, film: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a user is removed from Home Assistant before 2026.10."""
    film.handler = cinema.trickle
    reader, _ = await cinema.watch()
    monkeypatch.setattr(hass.auth, "async_get_refresh_token", lambda _token_id: None)
    await ended(reader)


async def test_somebody_without_a_token(cinema: Cinema, film: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Home Assistant's supervisor has none; its stream ends with the account."""
    monkeypatch.setattr(streams, "KEY_HASS_REFRESH_TOKEN_ID", "nothing")
    film.handler = cinema.trickle
    reader, _ = await cinema.watch()
    assert await reader.read(100)
    assert await cinema.hass.config_entries.async_unload(cinema.entry.entry_id)
    await ended(reader)


async def test_what_ends_one_that_is_not_open_yet(cinema: Cinema, film: RecordingServer) -> None:
    """The browser is not left waiting for a server that does not answer."""
    asked = asyncio.Event()

    async def wait(_request: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    film.handler = wait
    watching = asyncio.create_task(cinema.watch())
    await asked.wait()
    assert await cinema.hass.config_entries.async_unload(cinema.entry.entry_id)
    assert b"502" in (await watching)[1]
    await until(film.gone.is_set)


async def test_the_end_of_others(cinema: Cinema, log_in: LogIn) -> None:
    """Somebody else's logout ends nothing."""
    _, line = await cinema.watch(await log_in())
    cinema.hass.auth.async_remove_refresh_token(await log_in())
    await cinema.entry.runtime_data.agents.async_refresh()
    assert b"200" in line
    assert cinema.running == 1


async def test_a_browser_that_reads_nothing_for_long(cinema: Cinema, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "UNREAD_SECONDS", 0.3)
    reader, line = await cinema.watch()
    assert b"200" in line
    await until(lambda: not cinema.running)
    await ended(reader)


async def test_each_part_that_is_read_gives_more_time(cinema: Cinema, film: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time counts from the last part, not from the first."""
    film.handler = cinema.trickle
    reader, _ = await cinema.watch()
    assert await reader.read(100)
    monkeypatch.setattr(streams, "UNREAD_SECONDS", 0.3)
    sent = cinema.sent
    await until(lambda: cinema.sent > sent)
    cinema.silent = True
    await ended(reader)


@pytest.mark.parametrize("verb", ["GET", "HEAD"])
@pytest.mark.parametrize("again", [b"X-More: 1\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_headers_without_an_end(
    hass: HomeAssistant, set_up: SetUp, account: Account, verb: str, again: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time limit is for all of them; the server is not held, and the browser is told."""
    monkeypatch.setattr(streams, "OPENING_SECONDS", 0.5)
    closed = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"" if again.startswith(b"HTTP") else b"HTTP/1.1 200 OK\r\n")
        try:
            while True:
                writer.write(again)
                await writer.drain()
                await asyncio.sleep(0.05)  # slowly, as the attack is: headers of a bounded size that never end
        except OSError:
            closed.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    point_to(monkeypatch, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/film.mp4")
    entry = await set_up()
    session = next(session for session in account.history if session.video_size)
    runner, port = await serve(hass.http.app)
    cinema = Cinema(hass, entry, recording_path(entry.entry_id, session.start, session.id), port)
    assert b"502" in (await cinema.watch(verb=verb))[1]
    await closed.wait()
    await cinema.leave()
    await runner.cleanup()
    server.close()


@pytest.mark.parametrize("days", [2, -2])
async def test_a_jump_of_the_clock(cinema: Cinema, film: RecordingServer, days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams go on."""
    film.handler = cinema.trickle
    reader, _ = await cinema.watch()
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + days * 86_400)
    sent = cinema.sent
    while cinema.sent < sent + 20:
        assert await reader.read(1000)
    assert cinema.running == 1
