"""Converts the computers of an account to answers of the peers' services, with the fields of those services."""

from collections.abc import Iterable
from datetime import UTC, datetime

import orjson

from simulator import Agent


def monitors(agents: Iterable[Agent]) -> bytes:
    """Return the answer for UptimeRobot's client (JSON): a monitor for each computer, with the fields of API version 3."""
    return orjson.dumps({"data": [_monitor(agent) for agent in agents]})


def location_share(agents: Iterable[Agent]) -> bytes:
    """Return the answer for ScorpionTrack's client (JSON): one share with a vehicle for each computer."""
    user = {"first_name": "Nora", "last_name": "Owner", "distance_units": "km"}
    vehicles = [_vehicle(agent) for agent in agents]
    return orjson.dumps({"data": {"id": 1, "token": "token", "title": "Fleet", "user": user, "vehicles": vehicles}})


def _monitor(agent: Agent) -> dict[str, object]:
    # The client reads six of these fields; with the others, the answer has the size of a real one.
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
