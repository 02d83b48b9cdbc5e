"""The calendar of an account, its events, and sessions to put into them."""

from datetime import datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from simulator import Account, Session
from simulator import Client as SimulatedClient
from simulator import Geo as SimulatedGeo

CLIENT = SimulatedClient(SimulatedGeo("192.0.2.14", "Ireland", "Leinster", "Dublin"), "Firefox", "jonas@example.com")


def calendar_of(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the calendar of the account."""
    entity_id = er.async_get(hass).async_get_entity_id("calendar", "getscreen", f"{entry.unique_id}_connection_history")
    assert entity_id is not None
    return entity_id


def past_session(account: Account, start: datetime, seconds: int, agent_id: int | None = 1, **fields: Any) -> Session:
    """Enter a session into the history."""
    agent = account.agents[agent_id] if agent_id else None
    began = int(start.timestamp())
    row = Session(account.history[-1].id + 1, agent, CLIENT, began, began + seconds)
    for name, value in fields.items():
        setattr(row, name, value)
    account.history.append(row)
    return row


async def events_of(hass: HomeAssistant, entry: MockConfigEntry, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Return the response of the action for a time range."""
    entity_id = calendar_of(hass, entry)
    answer = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": entity_id, "start_date_time": start, "end_date_time": end},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    found: Any = answer[entity_id]
    return list(found["events"])


async def tick(hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float = 61) -> None:
    """Let the clock go on, and everything happen that is due."""
    freezer.tick(seconds)
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)
