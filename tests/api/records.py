"""Records as the API has them, and the models that are read from them."""

from datetime import UTC, datetime
from typing import Any

from custom_components.getscreen.api import Agent, Geo, HistoryRecord
from custom_components.getscreen.api.reader import Notes

START = 1_765_000_000
STARTED = datetime.fromtimestamp(START, UTC)
GEO = {"ip": "192.0.2.1", "country": "Ireland", "region": "Leinster", "city": "Dublin"}
PLACE = Geo(ip="192.0.2.1", country="Ireland", region="Leinster", city="Dublin")
NOWHERE = Geo(ip=None, country=None, region=None, city=None)
LAST = {"id": 9, "start_time": START, "stop_time": START + 60, "client": GEO | {"user_agent": "Firefox"}}
ENDLESS = LAST | {"stop_time": 0}
RUNNING = {"last": ENDLESS, "total": 12}
AGENT: dict[str, Any] = {
    "id": 1,
    "name": "Reception PC",
    "group": "Office",
    "disabled": False,
    "limited": True,
    "link_time": START,
    "last_time": START + 1,
    "geo": GEO,
    "permanent_url": "https://https://go.getscreen.me/reception",
    "preview_url": "https://https://img.getscreen.me/1.png",
    "os": "win",
    "version": "3.9.2",
    "online": True,
    "installed": True,
    "favorite": False,
    "owner": "owner@example.com",
    "os_user": "reception",
    "sessions": {"last": LAST, "total": 12},
}
ROW: dict[str, Any] = {
    "id": 5,
    "start": START,
    "stop": START + 60,
    "support_id": None,
    "clients": [{"user_agent": "Firefox", "login": "owner@example.com", "geo": GEO}],
    "agent": {"id": 1, "name": "PC", "group": "Office", "geo": GEO, "os": "win", "version": "3.9.2", "owner": "owner@example.com"},
    "video": {"url": "https://https://video.getscreen.me/5.webm", "size": 1000},
}
INVITATION: dict[str, Any] = {
    "id": 7,
    "status": 1,
    "create_time": START,
    "invite_code": "123456789",
    "invite_url": "https://getscreen.me/invite",
    "connect_url": "https://https://go.getscreen.me/s3cret",
    "client_name": "Nora",
    "client_os": "win",
    "client_preview_url": "https://img.getscreen.me/7.png",
}


def read_agent(**changes: Any) -> tuple[Agent, Notes]:
    """Return the agent of AGENT with changes, and the notes about it."""
    notes = Notes()
    agent = Agent.from_dict(AGENT | changes, notes)
    assert agent is not None
    return agent, notes


def read_row(**changes: Any) -> tuple[HistoryRecord, Notes]:
    """Return the session of ROW with changes, and the notes about it."""
    notes = Notes()
    row = HistoryRecord.from_dict(ROW | changes, notes)
    assert row is not None
    return row, notes


def later(agent: Agent, **changes: Any) -> Agent:
    """Return an agent updated by a newer record with changes."""
    later = agent.updated_from(agent.source | changes, Notes())
    assert later is not None
    return later
