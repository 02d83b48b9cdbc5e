"""Whether a computer is online and in a session; its hardware as attributes."""

from datetime import UTC, datetime

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest

from simulator import Account, Client, Geo

from .conftest import SetUp
from .helpers import act, device_id_of, device_of, pass_time, state_of


async def test_a_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    assert state_of(hass, entry, 1, "session").state == "off"
    account.start_session(1)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "session").state == "on"
    account.end_session(1)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "session").state == "off"


async def test_attributes_for_templates(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Only *Online* has `agent_id` and `last_seen`, only *Remote session* has `start`; no attribute changes without an event."""
    entry = await set_up()
    online, session = (state_of(hass, entry, 1, key) for key in ("online", "session"))
    assert (online.attributes["agent_id"], online.attributes["last_seen"]) == (1, None)
    assert "start" not in online.attributes
    assert session.attributes["start"] is None
    assert "agent_id" not in session.attributes
    account.agents[1].last_time += 3600
    running = account.start_session(1)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "session").attributes["start"] == datetime.fromtimestamp(running.start, UTC).isoformat()
    account.go(account.agents[1])
    await pass_time(hass)
    online, session = (state_of(hass, entry, 1, key) for key in ("online", "session"))
    assert online.attributes["last_seen"] == datetime.fromtimestamp(account.agents[1].last_time, UTC).isoformat()
    assert session.attributes["start"] is None
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online") is online


@pytest.mark.usefixtures("all_entities")
async def test_long_texts(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """States and attributes stay within bounds and contain only characters that every database accepts."""
    agent, long = account.agents[1], "long\0" * 20_000
    agent.name = agent.group = agent.owner = agent.version = long
    account.start_session(1, Client(Geo(long, long, long, long), long, long))
    long = "long\0" * 100
    parts = [{"Disk": f"{number}{long}", "Name": long, "Size": 9, "FileSystem": long, "MACAddress": long} for number in range(200)]
    lists = ("LogicalDisks", "Monitors", "NetAdapters", "VideoCards")
    agent.hardware = {"CPU": long, "OSName": long, "ComputerIP": [long] * 500, **dict.fromkeys(lists, parts)}
    entry = await set_up()
    online = state_of(hass, entry, 1, "online")
    assert len(online.attributes["disks"]) == 64
    for state in hass.states.async_all():
        assert len(state.entity_id) <= 255
        assert len(state.state) <= 255
        text = repr(dict(state.attributes))
        assert "\\x00" not in text, state.entity_id
        assert len(text) < (200_000 if state.entity_id == online.entity_id else 10_000), state.entity_id


async def test_an_offline_computer_is_not_unavailable(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    for agent in account.agents.values():
        agent.online = False
    entry = await set_up()
    for key, state in (("online", "off"), ("session", "off"), ("wake", STATE_UNKNOWN), ("reboot", STATE_UNKNOWN)):
        assert state_of(hass, entry, 1, key).state == state


async def test_a_computer_without_hardware(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Its entity has no attributes of hardware, and its operating system stands for its model."""
    account.agents[1].hardware = None
    entry = await set_up()
    attributes = state_of(hass, entry, 1, "online").attributes
    assert attributes["agent_id"] == 1
    assert "cpu" not in attributes
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.model == "Windows"


def disk(label: str, free: int, file_system: str = "NTFS") -> dict[str, object]:
    """Return a disk of 1,000 MiB."""
    return {"Disk": label, "FileSystem": file_system, "Size": 1000, "FreeSpace": free}


@pytest.mark.parametrize(
    ("disks", "state", "full"),
    [
        ([disk("C:", 100)], "off", []),
        ([disk("C:", 99)], "on", ["C:"]),
        ([disk("C:", 500), disk("D:", 0), disk("E:", 50)], "on", ["D:", "E:"]),
        ([disk("/", 500, "ext4"), disk("/snap", 0, "squashfs"), disk("/mnt/cd", 0, "iso9660")], "off", []),
        ([disk("/snap", 0, "squashfs")], STATE_UNKNOWN, []),
        ([{"Disk": "E:", "Size": 0, "FreeSpace": 0}], STATE_UNKNOWN, []),
        ([{"Disk": "C:", "Size": 1000}], STATE_UNKNOWN, []),
    ],
    ids=["exactly", "just above", "two of three", "full by nature", "no disk", "no medium", "free space unknown"],
)
async def test_a_disk_that_is_almost_full(
    hass: HomeAssistant, account: Account, set_up: SetUp, disks: list[dict[str, object]], state: str, full: list[str]
) -> None:
    account.agents[1].hardware = {"CPU": "i5", "LogicalDisks": disks}
    entry = await set_up()
    shown = state_of(hass, entry, 1, "disk_almost_full")
    assert shown.state == state
    assert [found["label"] for found in shown.attributes["disks"]] == full
    assert all(found.keys() == {"label", "file_system", "size", "free"} for found in shown.attributes["disks"])


async def test_threshold_of_the_disk_sensor(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The option applies, and the next reading of the hardware too. Without hardware, nothing is known."""
    account.agents[1].hardware = {"CPU": "i5", "LogicalDisks": [disk("C:", 399)]}
    account.agents[2].hardware = None
    entry = await set_up(disk_threshold=60)
    assert state_of(hass, entry, 1, "disk_almost_full").state == "on"
    assert state_of(hass, entry, 2, "disk_almost_full").state == STATE_UNKNOWN
    account.agents[1].hardware = {"CPU": "i5", "LogicalDisks": [disk("C:", 400)]}
    await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1))
    assert state_of(hass, entry, 1, "disk_almost_full").state == "off"


async def test_an_empty_drive(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """An empty drive is in no summary of the hardware."""
    account.agents[1].hardware = {"LogicalDisks": [disk("C:", 400), {"Disk": "D:", "Size": 0, "FreeSpace": 0}, {"Disk": "E:"}]}
    entry = await set_up()
    assert [found["label"] for found in state_of(hass, entry, 1, "online").attributes["disks"]] == ["C:"]
