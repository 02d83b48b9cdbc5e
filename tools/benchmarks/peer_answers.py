"""The devices of an account as the peers' services would answer them: as many, changing in the same moments, with fields of their kind."""

from collections.abc import Iterable
from datetime import UTC, datetime

import orjson

from simulator import Agent


def monitors(agents: Iterable[Agent]) -> bytes:
    """Return the answer that UptimeRobot's client asks for: its monitors, with the fields of the real service's v3."""
    return orjson.dumps({"data": [_monitor(agent) for agent in agents]})


def location_share(agents: Iterable[Agent]) -> bytes:
    """Return the answer that ScorpionTrack's client asks for: one share with a vehicle for each device."""
    user = {"first_name": "Nora", "last_name": "Owner", "distance_units": "km"}
    vehicles = [_vehicle(agent) for agent in agents]
    return orjson.dumps({"data": {"id": 1, "token": "token", "title": "Fleet", "user": user, "vehicles": vehicles}})


def _monitor(agent: Agent) -> dict[str, object]:
    # The client takes six of these; the others are there so that the answer is as long as a real one.
    return {
        "id": agent.id,
        "friendlyName": agent.name,
        "url": f"https://{agent.device_id}.example.com",
        "type": "HTTP",
        "status": "UP" if agent.online else "DOWN",
        "interval": 300,
        "timeout": 30,
        "gracePeriod": 0,
        "httpMethodType": "HEAD",
        "authType": "NONE",
        "checkSSLErrors": True,
        "sslExpirationReminder": False,
        "followRedirections": True,
        "successHttpResponseCodes": ["2xx", "3xx"],
        "createDateTime": _iso(agent.link_time),
        "tags": [],
        "assignedAlertContacts": [],
        "maintenanceWindows": [],
        "lastIncident": None,
    }


def _vehicle(agent: Agent) -> dict[str, object]:
    position = {
        "lat": 51 + agent.id / 10_000,
        "lng": 1 + agent.id / 10_000,
        "timestamp": _iso(agent.last_time),
        "speed": 0,
        "ignition": agent.online,
        "bearing": agent.id % 360,
        "address": f"{agent.id} High Street, {agent.geo.city}, {agent.geo.country}",
    }
    return {
        "id": agent.id,
        "name": agent.name,
        "registration": f"AB{agent.id:05}",
        "make": "Ford",
        "model": "Transit",
        "latest_position": position,
    }


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
