"""Which computers need attention."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.getscreen.account.attention import newest_versions, reasons
from custom_components.getscreen.api import Agent, Hardware, Notes, Reader, read_hardware

NOW = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
MONTH = 30 * 86400


def agent(**record: Any) -> Agent:
    """Return an agent, online unless the record says otherwise."""
    found = Agent.from_dict({"id": 1, "online": True, **record}, Notes())
    assert found
    return found


def hardware(*disks: dict[str, Any]) -> Hardware:
    """Return the hardware of a computer with some disks."""
    return read_hardware(Reader({"LogicalDisks": list(disks)}, Notes()))


def seen(seconds_ago: float) -> int:
    """Return the time at which a computer was seen, as the server writes it."""
    return int(NOW.timestamp() - seconds_ago)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, []),
        ({"disabled": True, "limited": True}, ["blocked", "limited"]),
        ({"disabled": False, "limited": False}, []),
        ({"online": False, "last_time": seen(MONTH)}, ["offline_long"]),
        ({"online": False, "last_time": seen(MONTH - 1)}, []),
        ({"online": True, "last_time": seen(2 * MONTH)}, []),
        ({"online": None, "last_time": seen(2 * MONTH)}, []),
        ({"online": False}, []),
    ],
)
def test_the_computer_itself(record: dict[str, Any], expected: list[str]) -> None:
    assert reasons(agent(**record), None, {}, NOW, 90) == expected


@pytest.mark.parametrize(
    ("disks", "expected"),
    [
        ([], []),
        ([{"Disk": "C:", "Size": 1000, "FreeSpace": 99}], ["disk_almost_full"]),
        ([{"Disk": "C:", "Size": 1000, "FreeSpace": 100}], []),
        ([{"Disk": "C:", "Size": 1000, "FreeSpace": 900}, {"Disk": "D:", "Size": 1000, "FreeSpace": 0}], ["disk_almost_full"]),
        ([{"Disk": "/snap", "Size": 1000, "FreeSpace": 0, "FileSystem": "squashfs"}], []),
        ([{"Disk": "E:", "Size": 0, "FreeSpace": 0}], []),
        ([{"Disk": "C:", "Size": 1000}], []),
        ([{"Disk": "C:", "Size": 1000, "FreeSpace": 1001}], []),
    ],
    ids=["no disk", "just above", "exactly", "one of two", "full by nature", "no medium", "free space unknown", "impossible"],
)
def test_the_disks(disks: list[dict[str, Any]], expected: list[str]) -> None:
    assert reasons(agent(), hardware(*disks), {}, NOW, 90) == expected


def test_another_threshold() -> None:
    half_full = hardware({"Disk": "C:", "Size": 1000, "FreeSpace": 500})
    assert reasons(agent(), half_full, {}, NOW, 49) == ["disk_almost_full"]
    assert reasons(agent(), half_full, {}, NOW, 50) == []


def outdated(*fleet: tuple[str | None, str | None]) -> list[tuple[str | None, str | None]]:
    """Return those computers of a fleet of systems and versions that are outdated."""
    agents = [(each, agent(os=each[0], version=each[1])) for each in fleet]
    newest = newest_versions(found for _, found in agents)
    return [each for each, found in agents if reasons(found, None, newest, NOW, 90) == ["agent_outdated"]]


def test_versions_are_compared_as_numbers_and_within_a_system() -> None:
    fleet = [("win", "3.9.2"), ("win", "3.10"), ("win", "3.10.0"), ("win", "v3.10"), ("mac", "2.0"), ("mac", "2"), ("linux", "1.0")]
    assert outdated(*fleet) == [("win", "3.9.2")]


@pytest.mark.parametrize("version", [None, "", "beta", "٣.٤", "." * 10_000, "9" * 5000], ids=lambda text: str(text)[:5])
def test_versions_without_a_number(version: str | None) -> None:
    """Such versions are not outdated and make no other version outdated."""
    assert outdated(("win", version), ("win", "3.1"), ("win", "3.2")) == [("win", "3.1")]


def test_a_system_that_is_unknown() -> None:
    assert outdated((None, "1.0"), (None, "2.0"), ("beos", "3.0"), ("win", "1.0")) == []


def test_the_order_of_reasons() -> None:
    """All reasons are returned in the order in which they are shown."""
    full = hardware({"Disk": "C:", "Size": 1000, "FreeSpace": 0})
    newest = newest_versions(_fleet())
    everything = agent(online=False, last_time=seen(MONTH), disabled=True, limited=True, os="win", version="1.0")
    expected = ["offline_long", "disk_almost_full", "blocked", "limited", "agent_outdated"]
    assert reasons(everything, full, newest, NOW, 90) == expected
    later = NOW - timedelta(seconds=1)
    assert reasons(everything, full, newest, later, 90) == expected[1:]


def _fleet() -> Iterable[Agent]:
    return [agent(os="win", version="1.1")]
