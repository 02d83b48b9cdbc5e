"""The answers of a polite server: three computers, one invitation and two sessions, one of them recorded."""

from collections.abc import Mapping
import time
from typing import Any

PNG = b"\x89PNG\r\n\x1a\n" + b"a desktop"
RECORDING = b"\x1aE\xdf\xa3" + b"a video" * 1000
SECRETS = ("one-time-link", "operator-link", "invite-link", "permanent-link", "123456789")
"""Secrets, which may be in answers and nowhere else."""
COMPUTERS = (1, 2, 3)

_BEGAN = int(time.time()) - 86_400


def agent(number: int, root: str, **changes: Any) -> dict[str, Any]:
    """Return a computer in the format of agents/list; the third one is offline."""
    return {
        "id": number,
        "name": f"PC {number}",
        "group": "Office",
        "disabled": False,
        "limited": False,
        "link_time": _BEGAN - 86_400,
        "last_time": _BEGAN + 7_200,
        "geo": {"ip": "192.0.2.1", "country": "Ireland", "region": "Leinster", "city": "Dublin"},
        "permanent_url": f"{root}/permanent-link/{number}",
        "preview_url": f"{root}/preview/{number}.png",
        "os": "win",
        "version": "3.1.0",
        "online": number != 3,
        "installed": True,
        "favorite": False,
        "owner": "owner@example.com",
        "sessions": {"last": session(number), "total": 1},
        **changes,
    }


def session(number: int, **changes: Any) -> dict[str, Any]:
    """Return a computer's last session."""
    client = {"ip": "192.0.2.14", "country": "Ireland", "region": "", "city": "Dublin", "user_agent": "Firefox"}
    return {"id": number, "start_time": _BEGAN, "stop_time": _BEGAN + 600, "client": client, **changes}


def agents(root: str, **changes: Any) -> dict[str, Any]:
    """Return the answer of agents/list, with the first computer changed."""
    return {"data": [agent(number, root, **(changes if number == 1 else {})) for number in COMPUTERS]}


def hardware(**changes: Any) -> dict[str, Any]:
    """Return the hardware of a computer."""
    return {
        "ComputerName": "DESKTOP",
        "ComputerModel": "Model",
        "CPU": "A processor",
        "CPUCores": 4,
        "OSName": "Windows 11",
        "OSVersion": "10.0",
        "RAMPhys": 16_000,
        "RAMPhysAvail": 8_000,
        "LogicalDisks": [{"Disk": "C:", "FileSystem": "NTFS", "FreeSpace": 100, "Name": "", "Size": 1_000}],
        "NetAdapters": [{"Name": "LAN", "MACAddress": "00:00:5E:00:53:01", "WoL": True, "Addresses": ["192.0.2.7"]}],
        "Monitors": [{"Name": "Monitor", "ScreenWidth": 1920, "ScreenHeight": 1080}],
        **changes,
    }


def info(root: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return the answer of agents/info."""
    return {"data": {**agent(number, root), "hardware": hardware(**changes), "onetime_url": f"{root}/one-time-link"}}


def invitation(root: str, number: int = 7, **changes: Any) -> dict[str, Any]:
    """Return an invitation that waits for its client."""
    return {
        "id": number,
        "status": 0,
        "create_time": _BEGAN,
        "invite_code": "123456789",
        "invite_url": f"{root}/invite-link",
        "connect_url": f"{root}/operator-link",
        "client_name": "Nora",
        "client_os": "",
        "client_preview_url": "",
        **changes,
    }


def invitations(root: str, **changes: Any) -> dict[str, Any]:
    """Return the answer of support/list."""
    return {"data": [invitation(root, **changes)], "remain": 20}


def row(root: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a recorded session of the first computer in the format of history/list."""
    client = {"user_agent": "Firefox", "login": "jonas@example.com", "geo": {"ip": "192.0.2.14", "city": "Dublin"}}
    return {
        "id": number,
        "start": _BEGAN,
        "stop": _BEGAN + 600,
        "support_id": None,
        "clients": [client],
        "agent": {"id": 1, "name": "PC 1", "group": "Office"},
        "video": {"url": f"{root}/recording/{number}", "size": len(RECORDING)},
        **changes,
    }


def history(root: str, **changes: Any) -> dict[str, Any]:
    """Return the answer of history/list."""
    return {"data": [row(root, **changes)], "offset": 0, "limit": 20, "total": 1}


def answer(method: str, root: str, query: Mapping[str, str]) -> Any:
    """Return the answer to a method; None for an unknown method."""
    done = {"status": 0}
    return {
        "agents/list": agents(root),
        "agents/info": info(root, int(query.get("agent_id", 1))),
        "agents/connect": {"data": {"url": f"{root}/one-time-link"}},
        "agents/wake": done,
        "agents/reboot": done,
        "agents/logout": done,
        "devices/update": done,
        "support/list": invitations(root),
        "support/info": {"data": invitation(root)},
        "support/create": {"data": invitation(root)},
        "support/close": done,
        "history/list": history(root),
    }.get(method)
