"""The titles of recordings: the start, the computer, the users and the duration, if known."""

from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util
import pytest

from custom_components.getscreen.api import GetscreenClient, HistoryQuery
from custom_components.getscreen.recordings import async_recording_title
from simulator import Account, Client, Geo, Session, Simulator

from ..conftest import SetUp

START = 1_764_000_000


@pytest.mark.parametrize(
    ("unknown", "title"),
    [
        ({}, "{start}, Reception PC, jonas@example.com, 1 h 2 min"),
        ({"end": None}, "{start}, Reception PC, jonas@example.com"),
        ({"start": None}, "Reception PC, jonas@example.com"),
        ({"clients": ()}, "{start}, Reception PC, 1 h 2 min"),
    ],
    ids=["complete", "no end", "no start", "no user"],
)
async def test_title(
    hass: HomeAssistant, account: Account, set_up: SetUp, simulator: Simulator, unknown: dict[str, Any], title: str
) -> None:
    """The start is in local time."""
    jonas = Client(Geo("192.0.2.14", "Ireland", "Leinster", "Dublin"), "Firefox", "jonas@example.com")
    account.history = [Session(1, account.agents[1], jonas, START, START + 3725, video_size=700_000)]
    entry = await set_up()
    client = GetscreenClient(async_get_clientsession(hass), simulator.key, simulator.url)
    (record,) = (await client.list_history(HistoryQuery(limit=1))).records
    start = f"{dt_util.as_local(dt_util.utc_from_timestamp(START)):%Y-%m-%d %H:%M}"
    assert async_recording_title(hass, entry, replace(record, **unknown)) == title.format(start=start)
