"""The view that plays recordings: whole, in parts, without the API key in the browser, and for users who may watch them only."""

from datetime import timedelta
import logging
from typing import Any

from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen.recordings.ids import recording_path
from simulator import Account, Session, Simulator

from .raw_server import RawServer


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
    """A HEAD request gets the headers alone, and the connection serves further requests."""
    for _ in range(2):
        response = await client.head(path)
        assert response.status == 200
        assert response.headers["Content-Length"] == str(recorded.video_size)
        assert response.headers["Content-Type"] == "video/webm"
        assert await response.read() == b""
    response = await client.head(path, headers={"Range": "bytes=0-9"})
    assert (response.status, response.headers["Content-Length"]) == (206, "10")


async def test_why_a_recording_is_not_played(client: Any, path: str, raw: RawServer, caplog: pytest.LogCaptureFixture) -> None:
    """The debug log has the reason, without the address and the key."""
    caplog.set_level(logging.DEBUG, "custom_components.getscreen")
    raw.answer_with(200, b"", "Content-Length: 0", "Content-Type: text/html")
    await client.get(path)
    assert "of owner@example.com cannot be played: the content type is not a video" in caplog.text
    raw.answer = b"nonsense"
    await client.get(path)
    assert "of owner@example.com cannot be played: ClientResponseError" in caplog.text
    assert "recording.mp4" not in caplog.text


async def test_unknown_recordings(client: Any, simulator: Simulator, account: Account, recorded: Session, entry: MockConfigEntry) -> None:
    """Ids of no session, ids of a session without a recording, and texts that are no ids are not found."""
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
    """A recording is found in its own account only, and never in an entry of another integration."""
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
    """Only users with a login, or with a signed path: for that recording, until the signature expires."""
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
