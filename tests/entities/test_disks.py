"""The disks of computers that have odd ones, very many, or others at every reading."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from simulator import Account

from ..conftest import SetUp
from ..helpers import device_id_of, state_of

IMAGES = ("squashfs", "overlay", "tmpfs", "devtmpfs", "CDFS", "UDF", "iso9660", "SquashFS", "ramfs")


def disk(label: str, file_system: str | None = "NTFS", size: int = 1000, free: int = 250) -> dict[str, object]:
    """Return a logical disk as the server has it."""
    return {"Disk": label, "FileSystem": file_system, "Size": size, "FreeSpace": free}


def with_disks(account: Account, *disks: dict[str, object]) -> None:
    """Give the first computer other disks."""
    account.agents[1].hardware = {**(account.agents[1].hardware or {}), "LogicalDisks": list(disks)}


def disk_entities(hass: HomeAssistant, entry: MockConfigEntry) -> list[er.RegistryEntry]:
    """Return the entities of the first computer's disks, those that are switched off too."""
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
    """They are no disks: neither do they have entities, nor are they in the summary of the hardware."""
    images = [disk(f"/snap/{number}", name, free=0) for number, name in enumerate(IMAGES)]
    with_disks(account, disk("/", "ext4"), *images, disk("/data", None), disk("/home", "zfs"))
    entry = await set_up()
    assert usage_labels(hass, entry) == {"/", "/data", "/home"}
    disks = state_of(hass, entry, 1, "online").attributes["disks"]
    assert [found["label"] for found in disks] == ["/", "/data", "/home"]


async def test_entities_of_such_file_systems_leave(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Those of an earlier version are removed at the next start, also where there is no other disk."""
    with_disks(account, disk("/"), disk("/snap/core"))
    entry = await set_up()
    assert usage_labels(hass, entry) == {"/", "/snap/core"}
    with_disks(account, disk("/", "overlay"), disk("/snap/core", "squashfs"))
    await read(hass, entry)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert disk_entities(hass, entry) == []


async def test_a_reading_without_any_disk(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The computer did not tell, so nothing leaves."""
    with_disks(account, disk("C:"))
    entry = await set_up()
    with_disks(account)
    await read(hass, entry)
    assert usage_labels(hass, entry) == {"C:"}


@pytest.mark.usefixtures("all_entities")
async def test_odd_labels(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Each disk has its entities once, whatever it is called; one without a name has none."""
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


async def test_other_disks_at_every_reading(hass: HomeAssistant, account: Account, set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    """A hostile computer fills neither the registry nor the time of others, also after a restart; a known disk keeps its entities."""
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
