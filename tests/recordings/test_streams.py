"""The number of simultaneous streams of recordings, and the events that end a stream."""

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


class EndlessRecording:
    """An endless recording on a server, and browsers that play it through Home Assistant."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, path: str, port: int) -> None:
        self.hass = hass
        self.entry = entry
        self.path = path
        self.port = port
        self.running = 0
        """How many requests the server is answering."""
        self.sent = 0
        self.silent = False
        self.writers: list[asyncio.StreamWriter] = []

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Send as fast as the recording is read."""
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
        """Send 100 bytes at a time, until `silent` is set."""
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
        """Request the recording. Return the connection, and the status line of the answer, of which nothing more is read."""
        reader, writer = await open_recording(self.hass, self.path, self.port, token, verb)
        self.writers.append(writer)
        return reader, await reader.readline()

    async def leave(self) -> None:
        """Close the connections of all browsers."""
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()
        await until(lambda: not self.running)


@pytest.fixture
async def endless(
    hass: HomeAssistant, set_up: SetUp, account: Account, recording_server: RecordingServer
) -> AsyncIterator[EndlessRecording]:
    """Set up the account, with a recording without an end."""
    entry = await set_up()
    session = next(session for session in account.history if session.video_size)
    runner, port = await serve(hass.http.app)
    endless = EndlessRecording(hass, entry, recording_path(entry.entry_id, session.start, session.id), port)
    recording_server.handler = endless.send
    yield endless
    await endless.leave()
    await runner.cleanup()


type LogIn = Callable[[], Awaitable[RefreshToken]]


@pytest.fixture
def log_in(hass: HomeAssistant) -> LogIn:
    """Return a function that adds a user and logs the user in."""

    async def log_in() -> RefreshToken:
        user = MockUser().add_to_hass(hass)
        return await hass.auth.async_create_refresh_token(user, "https://client.example")

    return log_in


async def ended(reader: asyncio.StreamReader) -> None:
    """Read until the connection is closed."""
    try:
        while await reader.read(65_536):
            pass
    except ConnectionResetError:
        pass


async def test_one_user_with_many_browsers_that_read_nothing(endless: EndlessRecording, log_in: LogIn) -> None:
    """Four streams are served, and further ones get a 503 with Retry-After. Polls continue."""
    token = await log_in()
    lines = [line for _, line in await asyncio.gather(*(endless.watch(token) for _ in range(MANY)))]
    assert sorted(line.split()[1] for line in lines) == [b"200"] * streams.MAX_PER_USER + [b"503"] * (MANY - streams.MAX_PER_USER)
    assert endless.running == streams.MAX_PER_USER
    await endless.entry.runtime_data.agents.async_refresh()
    assert endless.entry.runtime_data.agents.last_update_success
    refused, _ = await endless.watch(token)
    assert b"Retry-After: 30\r\n" in await refused.readuntil(b"\r\n\r\n")
    # Other users may watch, and this user again as soon as a stream has ended.
    assert b"200" in (await endless.watch(await log_in()))[1]
    await endless.leave()
    assert b"200" in (await endless.watch(token))[1]


async def test_many_users(endless: EndlessRecording, log_in: LogIn) -> None:
    """An account has at most sixteen streams."""
    for _ in range(4):
        token = await log_in()
        assert [b"200" in (await endless.watch(token))[1] for _ in range(4)] == [True] * 4
    assert b"503" in (await endless.watch(await log_in()))[1]
    assert endless.running == 16


async def unload(endless: EndlessRecording, _token: RefreshToken) -> None:
    """Unload the account."""
    await endless.hass.config_entries.async_unload(endless.entry.entry_id)


async def reload(endless: EndlessRecording, _token: RefreshToken) -> None:
    """Reload the account."""
    await endless.hass.config_entries.async_reload(endless.entry.entry_id)


async def remove(endless: EndlessRecording, _token: RefreshToken) -> None:
    """Remove the account."""
    await endless.hass.config_entries.async_remove(endless.entry.entry_id)


async def disable(endless: EndlessRecording, _token: RefreshToken) -> None:
    """Disable the account."""
    await endless.hass.config_entries.async_set_disabled_by(endless.entry.entry_id, ConfigEntryDisabler.USER)


async def stop(endless: EndlessRecording, _token: RefreshToken) -> None:
    """Fire the event with which Home Assistant stops."""
    endless.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)


async def revoke(endless: EndlessRecording, token: RefreshToken) -> None:
    """Log the user out."""
    endless.hass.auth.async_remove_refresh_token(token)


async def deactivate(endless: EndlessRecording, token: RefreshToken) -> None:
    """Deactivate the user."""
    await endless.hass.auth.async_deactivate_user(token.user)


async def remove_user(endless: EndlessRecording, token: RefreshToken) -> None:
    """Remove the user."""
    await endless.hass.auth.async_remove_user(token.user)


ENDS = [unload, reload, remove, disable, stop, revoke, deactivate]


@pytest.mark.parametrize("end", ENDS)
async def test_events_that_end_a_paused_stream(
    endless: EndlessRecording, log_in: LogIn, end: Callable[[EndlessRecording, RefreshToken], Awaitable[None]]
) -> None:
    """Both connections are closed, although the browser reads nothing."""
    token = await log_in()
    reader, line = await endless.watch(token)
    assert b"200" in line
    await end(endless, token)
    await until(lambda: not endless.running)
    await ended(reader)


@pytest.mark.parametrize("end", [*ENDS, remove_user])
async def test_events_that_end_a_watched_stream(
    endless: EndlessRecording,
    recording_server: RecordingServer,
    log_in: LogIn,
    end: Callable[[EndlessRecording, RefreshToken], Awaitable[None]],
) -> None:
    recording_server.handler = endless.trickle
    token = await log_in()
    reader, _ = await endless.watch(token)
    watching = asyncio.create_task(ended(reader))
    await until(lambda: endless.sent > 3)
    await end(endless, token)
    await watching
    await until(lambda: not endless.running)


async def test_a_user_whose_token_disappears_without_a_callback(
    hass: HomeAssistant, endless: EndlessRecording, recording_server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a user is removed from Home Assistant before 2026.10."""
    recording_server.handler = endless.trickle
    reader, _ = await endless.watch()
    monkeypatch.setattr(hass.auth, "async_get_refresh_token", lambda _token_id: None)
    await ended(reader)


async def test_a_user_without_a_token(
    endless: EndlessRecording, recording_server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home Assistant's supervisor has no token. Its stream ends with the account."""
    monkeypatch.setattr(streams, "KEY_HASS_REFRESH_TOKEN_ID", "nothing")
    recording_server.handler = endless.trickle
    reader, _ = await endless.watch()
    assert await reader.read(100)
    assert await endless.hass.config_entries.async_unload(endless.entry.entry_id)
    await ended(reader)


async def test_events_that_end_a_pending_stream(endless: EndlessRecording, recording_server: RecordingServer) -> None:
    """The browser gets an error instead of waiting for a server that does not answer."""
    asked = asyncio.Event()

    async def wait(_request: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    recording_server.handler = wait
    watching = asyncio.create_task(endless.watch())
    await asked.wait()
    assert await endless.hass.config_entries.async_unload(endless.entry.entry_id)
    assert b"502" in (await watching)[1]
    await until(recording_server.gone.is_set)


async def test_the_logout_of_another_user(endless: EndlessRecording, log_in: LogIn) -> None:
    """Only the streams of the user who logged out end."""
    _, line = await endless.watch(await log_in())
    endless.hass.auth.async_remove_refresh_token(await log_in())
    await endless.entry.runtime_data.agents.async_refresh()
    assert b"200" in line
    assert endless.running == 1


async def test_a_browser_that_reads_nothing_for_long(endless: EndlessRecording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "UNREAD_SECONDS", 0.3)
    reader, line = await endless.watch()
    assert b"200" in line
    await until(lambda: not endless.running)
    await ended(reader)


async def test_each_part_that_is_read_gives_more_time(
    endless: EndlessRecording, recording_server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time counts from the last part, not from the first."""
    recording_server.handler = endless.trickle
    reader, _ = await endless.watch()
    assert await reader.read(100)
    monkeypatch.setattr(streams, "UNREAD_SECONDS", 0.3)
    sent = endless.sent
    await until(lambda: endless.sent > sent)
    endless.silent = True
    await ended(reader)


@pytest.mark.parametrize("verb", ["GET", "HEAD"])
@pytest.mark.parametrize("again", [b"X-More: 1\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_headers_without_an_end(
    hass: HomeAssistant, set_up: SetUp, account: Account, verb: str, again: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time limit covers all headers. The connection to the server is closed, and the browser gets an error."""
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
    point_to(monkeypatch, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/recording.mp4")
    entry = await set_up()
    session = next(session for session in account.history if session.video_size)
    runner, port = await serve(hass.http.app)
    endless = EndlessRecording(hass, entry, recording_path(entry.entry_id, session.start, session.id), port)
    assert b"502" in (await endless.watch(verb=verb))[1]
    await closed.wait()
    await endless.leave()
    await runner.cleanup()
    server.close()


@pytest.mark.parametrize("days", [2, -2])
async def test_a_jump_of_the_clock(
    endless: EndlessRecording, recording_server: RecordingServer, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streams go on."""
    recording_server.handler = endless.trickle
    reader, _ = await endless.watch()
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + days * 86_400)
    sent = endless.sent
    while endless.sent < sent + 20:
        assert await reader.read(1000)
    assert endless.running == 1
