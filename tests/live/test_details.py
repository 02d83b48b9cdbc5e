"""Details of a computer in its dialog, beyond its record."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from custom_components.getscreen.account.hardware_record import HardwareRecord
from custom_components.getscreen.api import Agent, Notes, Reader, read_hardware
from custom_components.getscreen.live.details import details

READ = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def found(hardware: dict[str, Any] | None, **record: Any) -> dict[str, Any]:
    """Return the details of a computer."""
    agent = Agent.from_dict({"id": 1, **record}, Notes())
    assert agent
    read = read_hardware(Reader(hardware, Notes())) if hardware else None
    return details(agent, HardwareRecord(requested=READ, updated=READ if read else None, hardware=read))


def test_every_field() -> None:
    system = {"ComputerName": "BR-293", "ComputerModel": "OptiPlex", "OSName": "Windows 11 Pro", "OSVersion": "24H2"}
    hardware = {
        **system,
        "CPU": "i5",
        "CPUCores": 6,
        "RAMPhys": 8140,
        "RAMPhysAvail": 2000,
        "ComputerIP": ["192.168.1.20", "10.0.0.1"],
        "LogicalDisks": [{"Disk": "C:", "FileSystem": "NTFS", "Size": 1000, "FreeSpace": 100}],
        "NetAdapters": [{"Name": "eth0", "MACAddress": "00:11:22:33:44:55", "WoL": True}],
    }
    record = {"os": "win", "owner": "owner@example.com", "os_user": "maria", "version": "3.9", "link_time": 1_700_000_000}
    assert found(hardware, **record, geo={"ip": "198.51.100.7"}, sessions={"total": 4}) == {
        "computer_name": "BR-293",
        "computer_model": "OptiPlex",
        "os_name": "Windows 11 Pro",
        "os_version": "24H2",
        "cpu": "i5",
        "cpu_cores": 6,
        "memory_total": 8140,
        "memory_free": 2000,
        "disks": [{"label": "C:", "file_system": "NTFS", "size": 1000, "free": 100}],
        "network_adapters": [{"name": "eth0", "mac_address": "00:11:22:33:44:55", "wake_on_lan": True}],
        "ip_addresses": ["192.168.1.20", "10.0.0.1"],
        "ip_address": "198.51.100.7",
        "owner": "owner@example.com",
        "user": "maria",
        "linked_at": datetime.fromtimestamp(1_700_000_000, UTC).isoformat(),
        "session_count": 4,
        "hardware_updated": READ.isoformat(),
        "agent_version": "3.9",
        "wake_problem": None,
    }


def test_unknown_values() -> None:
    lists: dict[str, Any] = {"disks": [], "network_adapters": [], "ip_addresses": []}
    unknown = found(None)
    assert unknown == {**dict.fromkeys(unknown), **lists}


def test_only_real_disks() -> None:
    """Drives without a medium, and file systems that are always full, are omitted."""
    disks = [
        {"Disk": "C:", "Size": 1000, "FreeSpace": 100},
        {"Disk": "E:", "Size": 0, "FreeSpace": 0},
        {"Disk": "F:"},
        {"Disk": "/snap", "Size": 1000, "FreeSpace": 0, "FileSystem": "squashfs"},
    ]
    assert [disk["label"] for disk in found({"LogicalDisks": disks})["disks"]] == ["C:"]


@pytest.mark.parametrize(
    ("system", "adapters", "expected"),
    [
        ("win", [{"WoL": False}], "no_wake_on_lan"),
        ("win", [{"WoL": False}, {"WoL": True}], None),
        ("win", [{"Name": "eth0"}], None),
        ("win", [], None),
        ("android", [], "android"),
        ("android", [{"WoL": True}], "android"),
    ],
)
def test_why_a_computer_cannot_be_woken(system: str, adapters: list[dict[str, Any]], expected: str | None) -> None:
    assert found({"CPU": "i5", "NetAdapters": adapters}, os=system)["wake_problem"] == expected


def test_an_android_device_without_hardware() -> None:
    assert found(None, os="android")["wake_problem"] == "android"


def test_no_secrets_and_bounded_texts() -> None:
    """Secrets are removed and texts are cut, whatever the server and a computer send."""
    long = "long" * 20_000
    many = {
        "LogicalDisks": [{"Disk": f"{long[:200]}{n}", "Size": 1, "FreeSpace": 1} for n in range(5000)],
        "NetAdapters": [{"Name": long}] * 5000,
    }
    links = {
        "permanent_url": "https://go.getscreen.me/secret",
        "preview_url": "https://example.com/secret.png",
        "owner": long,
        "version": long,
    }
    text = orjson.dumps(found({**many, "CPU": long}, **links)).decode()
    assert "secret" not in text
    assert len(text) < 100_000
