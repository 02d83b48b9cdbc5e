"""The identifiers of recordings: valid ones for the media source, and invalid texts."""

from dataclasses import replace

from homeassistant.components.media_source import Unresolvable, async_resolve_media
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
import pytest

from custom_components.getscreen.api import GetscreenClient, HistoryQuery
from custom_components.getscreen.recordings import recording_media_id
from simulator import Account, Simulator

from ..conftest import SetUp

ROOT = "media-source://getscreen"


@pytest.fixture(autouse=True)
async def _media_source(hass: HomeAssistant) -> None:
    """Set up the media sources."""
    assert await async_setup_component(hass, "media_source", {})


async def test_a_recording_has_an_id_that_plays(hass: HomeAssistant, account: Account, set_up: SetUp, simulator: Simulator) -> None:
    """A session without a recording or a start has no id."""
    account.history = account.history[-2:]
    older, newer = account.history
    older.video_size, newer.video_size = None, 700_000
    entry = await set_up()
    client = GetscreenClient(async_get_clientsession(hass), simulator.key, simulator.url)
    recorded, unrecorded = (await client.list_history(HistoryQuery(limit=2))).records
    media_content_id = recording_media_id(entry.entry_id, recorded)
    assert media_content_id == f"{ROOT}/{entry.entry_id}/recording/{newer.start}-{newer.id}"
    assert (await async_resolve_media(hass, media_content_id, None)).mime_type == "video/webm"
    assert recording_media_id(entry.entry_id, unrecorded) is None
    assert recording_media_id(entry.entry_id, replace(recorded, start=None)) is None


@pytest.mark.parametrize("key", ["", "x", "1", "-", "1-", "999999999999-1", "1-1-1", "one-two"])
async def test_invalid_ids(hass: HomeAssistant, set_up: SetUp, simulator: Simulator, key: str) -> None:
    """Invalid ids are rejected without a request to the server."""
    entry = await set_up()
    simulator.requests.clear()
    for media_content_id in (f"{ROOT}/{entry.entry_id}/recording/{key}", ROOT):
        with pytest.raises(Unresolvable):
            await async_resolve_media(hass, media_content_id, None)
    assert simulator.count() == 0
