"""The details that a computer's dialog shows in addition to its record, from stored data, without a request."""

from typing import Any

from ..account.hardware_record import HardwareRecord
from ..api import Agent, Hardware, OperatingSystem
from ..texts import short

ANDROID = "android"
NO_WAKE_ON_LAN = "no_wake_on_lan"


def details(agent: Agent, record: HardwareRecord | None) -> dict[str, Any]:
    """Return the details of a computer: sizes in MiB, times in ISO 8601; None or an empty list for unknown values."""
    hardware = record.hardware if record else None
    return {
        "computer_name": hardware and hardware.computer_name,
        "computer_model": hardware and hardware.computer_model,
        "os_name": hardware and hardware.os_name,
        "os_version": hardware and hardware.os_version,
        "cpu": hardware and hardware.cpu,
        "cpu_cores": hardware and hardware.cpu_cores,
        "memory_total": hardware and hardware.memory_total,
        "memory_free": hardware and hardware.memory_free,
        "disks": _disks(hardware) if hardware else [],
        "network_adapters": _adapters(hardware) if hardware else [],
        "ip_addresses": list(hardware.ip_addresses) if hardware else [],
        "ip_address": agent.geo.ip,
        "owner": agent.owner and short(agent.owner),
        "user": agent.user and short(agent.user),
        "linked_at": agent.linked_at and agent.linked_at.isoformat(),
        "session_count": agent.session_count,
        "hardware_updated": record.updated.isoformat() if record and record.updated else None,
        "agent_version": agent.version and short(agent.version),
        "wake_problem": wake_problem(agent, hardware),
    }


def wake_problem(agent: Agent, hardware: Hardware | None) -> str | None:
    """Return why a computer cannot be woken (ANDROID or NO_WAKE_ON_LAN); None if it can be woken or that is unknown."""
    if agent.operating_system is OperatingSystem.ANDROID:
        return ANDROID
    return NO_WAKE_ON_LAN if hardware and hardware.wake_on_lan is False else None


def _disks(hardware: Hardware) -> list[dict[str, Any]]:
    disks = hardware.storage.values()
    return [{"label": disk.label, "file_system": disk.file_system, "size": disk.size, "free": disk.free} for disk in disks]


def _adapters(hardware: Hardware) -> list[dict[str, Any]]:
    adapters = hardware.network_adapters
    return [{"name": each.name, "mac_address": each.mac_address, "wake_on_lan": each.wake_on_lan} for each in adapters]
