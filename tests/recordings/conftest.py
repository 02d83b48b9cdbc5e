"""A browser that plays the newest recording of an account, and servers that the recording can be on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen.recordings.ids import recording_path
from simulator import Account, Session, pages

from ..conftest import SetUp
from ..recording_server import RecordingServer, point_to, serve
from .raw_server import RawServer


@pytest.fixture(autouse=True)
def _quick_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make recordings that no browser can play: real ones take a second each."""
    monkeypatch.setattr(
        pages, "make_recording", lambda *arguments: b"".join(place.to_bytes(4) for place in range(arguments[-1]))[: arguments[-1]]
    )


@pytest.fixture
def recorded(account: Account) -> Session:
    """Return the newest session with a recording."""
    return next(session for session in reversed(account.history) if session.video_size)


@pytest.fixture
async def path(set_up: SetUp, recorded: Session) -> str:
    """Set up the account, and return the path at which its newest recording is played."""
    return recording_path((await set_up()).entry_id, recorded.start, recorded.id)


@pytest.fixture
async def client(path: str, hass_client: ClientSessionGenerator) -> Any:
    """Return a browser that is logged in."""
    return await hass_client()


@pytest.fixture
async def recording_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RecordingServer]:
    """Serve recordings as a test wants, and let the history link to them."""
    server = RecordingServer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner, port = await serve(app)
    server.url = f"http://127.0.0.1:{port}"
    point_to(monkeypatch, f"{server.url}/recording.mp4?token=a%20b")
    yield server
    await runner.cleanup()


@pytest.fixture
async def raw(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RawServer]:
    """Serve recordings as a test wants, byte by byte, and let the history link to them."""
    raw = RawServer()
    server = await asyncio.start_server(raw.handle, "127.0.0.1", 0)
    point_to(monkeypatch, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/recording.mp4")
    yield raw
    server.close()
