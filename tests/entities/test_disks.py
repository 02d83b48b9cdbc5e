"""The entities of disks are added and removed with their disk, for any number of disks with any label."""

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.getscreen.account.store import async_remove_store
from simulator import Account

from ..conftest import SetUp
from ..helpers import device_id_of, pass_time, state_of

IMAGES = ("squashfs", "overlay", "tmpfs", "devtmpfs", "CDFS", "UDF", "iso9660", "SquashFS", "ramfs")


def disk(label: str, file_system: str | None = "NTFS", size: int = 1000, free: int = 250) -> dict[str, object]:
    """Return a logical disk in the server's format."""
    return {"Disk": label, "FileSystem": file_system, "Size": size, "FreeSpace": free}


def with_disks(account: Account, *disks: dict[str, object]) -> None:
    """Give the first computer other disks."""
    account.agents[1].hardware = {**(account.agents[1].hardware or {}), "LogicalDisks": list(disks)}


def disk_entities(hass: HomeAssistant, entry: MockConfigEntry) -> list[er.RegistryEntry]:
    """Return the entities of the first computer's disks, also disabled ones."""
    entities = er.async_entries_for_device(er.async_get(hass), device_id_of(hass, entry, 1), include_disabled_entities=True)
    return [entity for entity in entities if entity.translation_key in ("disk_usage", "disk_free")]


def usage_labels(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the labels of the first computer's disks that have entities."""
    return {entity.unique_id.partition("disk_usage_")[2] for entity in disk_entities(hass, entry) if entity.translation_key == "disk_usage"}


async def read(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Have the first computer's hardware read."""
    action = {"device_id": device_id_of(hass, entry, 1)}
    await hass.services.async_call("getscreen", "refresh_hardware", action, blocking=True)
    await hass.async_block_till_done()


async def test_file_systems_that_are_full_by_nature(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Such file systems are no disks: they have no entities and are not in the summary of the hardware."""
    images = [disk(f"/snap/{number}", name, free=0) for number, name in enumerate(IMAGES)]
    with_disks(account, disk("/", "ext4"), *images, disk("/data", None), disk("/home", "zfs"))
    entry = await set_up()
    assert usage_labels(hass, entry) == {"/", "/data", "/home"}
    disks = state_of(hass, entry, 1, "online").attributes["disks"]
    assert [found["label"] for found in disks] == ["/", "/data", "/home"]


async def test_entities_of_such_file_systems_are_removed(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Such entities of an earlier version are removed at the next start, even if there is no other disk."""
    with_disks(account, disk("/"), disk("/snap/core"))
    entry = await set_up()
    assert usage_labels(hass, entry) == {"/", "/snap/core"}
    with_disks(account, disk("/", "overlay"), disk("/snap/core", "squashfs"))
    await read(hass, entry)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert disk_entities(hass, entry) == []


async def test_a_reading_without_any_disk(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The server does not know the disks at that moment, so none is removed."""
    with_disks(account, disk("C:"))
    entry = await set_up()
    with_disks(account)
    await read(hass, entry)
    assert usage_labels(hass, entry) == {"C:"}


@pytest.mark.usefixtures("all_entities")
async def test_odd_labels(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Each disk has its entities once, for any label. A disk without a name has none."""
    labels = [
        "",
        " ",
        "C:",
        "C:",
        "x" * 30_000,
        "x" * 30_000 + "y",
        "\0",
        "💾",
        "line\nbreak",
        "{{ 1 + 1 }}",
        "disk_usage_C:",
        "%s %",
    ]
    with_disks(account, *(disk(label) for label in labels))
    entry = await set_up()
    found = usage_labels(hass, entry)
    assert found == {" ", "C:", "x" * 255, "💾", "line\nbreak", "{{ 1 + 1 }}", "disk_usage_C:", "%s %"}
    for entity in disk_entities(hass, entry):
        state = hass.states.get(entity.entity_id)
        assert state is not None
        assert float(state.state) > 0
    await read(hass, entry)
    assert usage_labels(hass, entry) == found


async def test_different_disks_at_every_reading(
    hass: HomeAssistant, account: Account, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    """A hostile computer does not fill the registry or block others, even after a restart. A known disk keeps its entities."""
    registry = er.async_get(hass)
    with_disks(account, disk("C:"))
    entry = await set_up()
    others = len(registry.entities) + len(registry.deleted_entities)
    sizes, work = [], []
    changes = async_capture_events(hass, er.EVENT_ENTITY_REGISTRY_UPDATED)
    for reading in range(20):
        with_disks(account, disk("C:"), *(disk(f"{reading}-{number}") for number in range(3000)))
        changes.clear()
        await read(hass, entry)
        work.append(len(changes))
        sizes.append(len(registry.entities) + len(registry.deleted_entities) - others)
        assert len(disk_entities(hass, entry)) <= 2 * 64
        assert "C:" in usage_labels(hass, entry)
        if reading == 10:
            await hass.config_entries.async_reload(entry.entry_id)
            await hass.async_block_till_done(wait_background_tasks=True)
    assert max(sizes) == sizes[-1] == sizes[3] <= 2 * 128
    # The first readings register what there is room for; later ones have nothing to do.
    assert max(work) <= 4 * 128
    assert work[5:10] + work[11:] == [0] * 14
    assert usage_labels(hass, entry) == {"C:"}
    warnings = [record for record in caplog.records if "more than 128 disks" in record.getMessage()]
    assert len(warnings) == 2, "once for each set-up"


def disks(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int) -> dict[str, str]:
    """Return the states of a computer's disk sensors by unique id, without their common attributes."""
    found = {}
    for entity in er.async_entries_for_device(er.async_get(hass), device_id_of(hass, entry, agent_id)):
        key = entity.unique_id.removeprefix(f"{entry.unique_id}_{agent_id}_")
        if key.startswith(("disk_usage_", "disk_free_")) and (state := hass.states.get(entity.entity_id)):
            found[key] = state.state
    return found


@pytest.mark.usefixtures("all_entities")
async def test_disks_appear_and_leave(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Disks are identified by label. A drive without a medium is no disk, and a disk with impossible values is unknown."""
    with_disks(
        account,
        {"Disk": "C:", "Size": 1000, "FreeSpace": 250},
        {"Disk": "D:", "Size": 0, "FreeSpace": 0},
        {"Disk": "E:", "Size": 100, "FreeSpace": 200},
        {"Disk": "", "Size": 100, "FreeSpace": 50},
        {"Disk": "F:", "Size": None},
    )
    entry = await set_up()
    assert disks(hass, entry, 1) == {
        "disk_usage_C:": "75.0",
        "disk_free_C:": "0.244140625",
        "disk_usage_E:": STATE_UNKNOWN,
        "disk_free_E:": "0.1953125",
    }
    state = next(state for state in hass.states.async_all("sensor") if state.name == "Reception PC Usage of C:")
    assert state.attributes["unit_of_measurement"] == "%"
    with_disks(account, {"Disk": "C:", "Size": 1000, "FreeSpace": 500}, {"Disk": "G:", "Size": 10, "FreeSpace": 10})
    await read(hass, entry)
    assert disks(hass, entry, 1).keys() == {"disk_usage_C:", "disk_free_C:", "disk_usage_G:", "disk_free_G:"}
    assert disks(hass, entry, 1)["disk_usage_C:"] == "50.0"
    with_disks(account)
    await read(hass, entry)
    assert disks(hass, entry, 1)["disk_usage_C:"] == STATE_UNKNOWN


@pytest.mark.usefixtures("all_entities")
async def test_a_disk_that_left_while_home_assistant_was_off(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    with_disks(account, {"Disk": "C:", "Size": 1000, "FreeSpace": 500}, {"Disk": "G:", "Size": 10, "FreeSpace": 10})
    entry = await set_up()
    await hass.config_entries.async_unload(entry.entry_id)
    await async_remove_store(hass, entry)
    with_disks(account, {"Disk": "C:", "Size": 1000, "FreeSpace": 500})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert disks(hass, entry, 1).keys() == {"disk_usage_C:", "disk_free_C:"}


@pytest.mark.usefixtures("all_entities")
async def test_disks_of_a_computer_that_left_and_returns(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    before = disks(hass, entry, 1)
    assert before
    agent = account.agents[1]
    account.remove_agent(1)
    await pass_time(hass)
    account.agents[1] = agent
    await pass_time(hass)
    assert disks(hass, entry, 1) == before
