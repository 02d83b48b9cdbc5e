"""Decides which computers need attention, and why. It sends no requests and uses no clock."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
import re

from ..api import Agent, Hardware, OperatingSystem

LONG_OFFLINE = timedelta(days=30)

BLOCKED = "blocked"
LIMITED = "limited"
OFFLINE_LONG = "offline_long"
DISK_ALMOST_FULL = "disk_almost_full"
AGENT_OUTDATED = "agent_outdated"
REASONS = (OFFLINE_LONG, DISK_ALMOST_FULL, BLOCKED, LIMITED, AGENT_OUTDATED)

_NUMBERS = re.compile(r"\s*v?([0-9]{1,6}(?:\.[0-9]{1,6}){0,7})(?![0-9])", re.IGNORECASE | re.ASCII)

type Version = tuple[int, ...]


def reasons(
    agent: Agent,
    hardware: Hardware | None,
    newest: Mapping[OperatingSystem, Version],
    now: datetime,
    disk_threshold: float,
) -> list[str]:
    """Return why a computer needs attention, in the order of REASONS; empty if it needs none.

    `newest`: the result of `newest_versions` for the account. `disk_threshold`: the usage in percent above which a disk is almost full.
    """
    usage = hardware.disk_usage if hardware else None
    long_offline = long_offline_at(agent)
    found = {
        OFFLINE_LONG: long_offline is not None and now >= long_offline,
        DISK_ALMOST_FULL: is_almost_full(usage, disk_threshold),
        BLOCKED: agent.blocked is True,
        LIMITED: agent.limited is True,
        AGENT_OUTDATED: _is_outdated(agent, newest),
    }
    return [reason for reason in REASONS if found[reason]]


def long_offline_at(agent: Agent) -> datetime | None:
    """Return the time from which a computer counts as offline for a long time; None if it is not offline, or was never seen."""
    # While a computer is offline, `last_seen_rounded` is exactly when it was last seen.
    return agent.last_seen_rounded + LONG_OFFLINE if agent.online is False and agent.last_seen_rounded else None


def is_almost_full(usage: float | None, disk_threshold: float) -> bool:
    """Return whether a disk is fuller than the threshold, both in percent."""
    return usage is not None and usage > disk_threshold


def newest_versions(agents: Iterable[Agent]) -> dict[OperatingSystem, Version]:
    """Return the newest version of the agent by operating system. Versions without a number do not count."""
    # Thousands of computers have only a few versions, so each version is read once.
    known = {(agent.operating_system, agent.version) for agent in agents}
    newest: dict[OperatingSystem, Version] = {}
    for system, text in known:
        if system is not None and (version := _version(text)) and version > newest.get(system, ()):
            newest[system] = version
    return newest


def _is_outdated(agent: Agent, newest: Mapping[OperatingSystem, Version]) -> bool:
    if agent.operating_system is None or not (version := _version(agent.version)):
        return False
    return version < newest.get(agent.operating_system, ())


@lru_cache(maxsize=256)
def _version(text: str | None) -> Version:
    """Return the numbers at the start of a version, without zeros at the end: (2, 21) for "2.21.0"; empty if there are none."""
    match = _NUMBERS.match(text or "")
    numbers = [int(number) for number in match[1].split(".")] if match else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
