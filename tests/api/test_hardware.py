"""The hardware: every field of the reference, gaps and oddities."""

from dataclasses import fields
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
import orjson
import pytest

from custom_components.getscreen.api import Disk, GetscreenClient, Monitor, NetworkAdapter, VideoCard
from custom_components.getscreen.api.hardware import Drive, Hardware, MemoryBank, read_hardware
from custom_components.getscreen.api.reader import Notes, Reader

from .checks import assert_impersonal, assert_is_a_model, decoded
from .helpers import Canned
from .strategies import HARDWARE, JSON, MANY, NAMES

_TEXTS = {
    "BIOS": "bios",
    "BIOSDate": "bios_date",
    "BIOSVersion": "bios_version",
    "CPU": "cpu",
    "CPUFamily": "cpu_family",
    "ComputerDomain": "computer_domain",
    "ComputerModel": "computer_model",
    "ComputerName": "computer_name",
    "ComputerWorkgroup": "computer_workgroup",
    "Locale": "locale",
    "LocaleCountry": "country",
    "LocaleCurrency": "currency",
    "LocaleFormatDate": "date_format",
    "LocaleFormatTime": "time_format",
    "LocaleOemPage": "oem_code_page",
    "OSName": "os_name",
    "OSVersion": "os_version",
    "VideoName": "video_name",
}
_NUMBERS = {
    "CPUCores": "cpu_cores",
    "CPUCoresLogical": "cpu_cores_logical",
    "CPUSpeed": "cpu_speed",
    "LocaleTimezone": "timezone",
    "RAMPageFile": "page_file",
    "RAMPhys": "memory_total",
    "RAMPhysAvail": "memory_free",
    "RAMVirt": "virtual_memory_total",
    "RAMVirtAvail": "virtual_memory_free",
    "VideoRAM": "video_memory",
}
_ADAPTER = {
    "Addresses": ["192.168.0.3", "fe80::1"],
    "Cable": True,
    "DCHP": False,
    "DNS": ["192.168.0.1"],
    "MACAddress": "9C:7B:EF:00:00:01",
    "Manufacturer": "Intel",
    "Name": "I219-LM",
    "Speed": 1000,
    "WoL": True,
}
_BANK = {
    "Bank": "BANK 0",
    "Capacity": 16384,
    "DataWidth": 64,
    "Locator": "DIMM0",
    "Manufacturer": "Kingston",
    "PartNumber": "KF432",
    "SerialNumber": "00C0FFEE",
}
_MONITOR = Monitor(name="P2422H", width=1920, height=1080)
_CARD = VideoCard(name="UHD 750", memory=1024, integrated=True)
_LISTS: dict[str, tuple[str, list[dict[str, Any]], tuple[object, ...]]] = {
    "HDD": ("drives", [{"Model": "980 PRO", "Size": 488382}], (Drive(model="980 PRO", size=488382),)),
    "LogicalDisks": (
        "disks",
        [
            {"Disk": "C:", "FileSystem": "NTFS", "FreeSpace": 5, "Name": "Windows", "Size": 10},
            {"FileSystem": "", "FreeSpace": 0, "Name": "volume1", "Size": 0},
        ],
        (
            Disk(label="C:", name="Windows", file_system="NTFS", size=10, free=5),
            Disk(label="volume1", name="volume1", file_system=None, size=0, free=0),
        ),
    ),
    "Monitors": (
        "monitors",
        [{"Name": "P2422H", "ScreenHeight": 1080, "ScreenWidth": 1920}],
        (_MONITOR,),
    ),
    "NetAdapters": (
        "network_adapters",
        [_ADAPTER],
        (
            NetworkAdapter(
                name="I219-LM",
                manufacturer="Intel",
                mac_address="9C:7B:EF:00:00:01",
                addresses=("192.168.0.3", "fe80::1"),
                dns=("192.168.0.1",),
                dhcp=False,
                cable=True,
                speed=1000,
                wake_on_lan=True,
            ),
        ),
    ),
    "RAMBanks": (
        "memory_banks",
        [_BANK],
        (
            MemoryBank(
                bank="BANK 0",
                capacity=16384,
                data_width=64,
                locator="DIMM0",
                manufacturer="Kingston",
                part_number="KF432",
                serial_number="00C0FFEE",
            ),
        ),
    ),
    "SoundDevices": ("sound_devices", [{"Name": "Realtek"}, {"Name": ""}, {}], ("Realtek",)),
    "VideoCards": (
        "video_cards",
        [{"Integrated": True, "Name": "UHD 750", "RAM": 1024}],
        (_CARD,),
    ),
}


def _read(block: dict[str, Any]) -> tuple[Hardware, Notes]:
    notes = Notes()
    return read_hardware(Reader(block, notes, "hardware.")), notes


def test_every_field_of_the_reference() -> None:
    block: dict[str, Any] = {name: f"the {name}" for name in _TEXTS}
    block |= {name: number for number, name in enumerate(_NUMBERS)}
    block |= {name: records for name, (_, records, _) in _LISTS.items()}
    hardware, notes = _read(block | {"ComputerIP": ["192.168.0.3", "192.168.0.4/9C:7B:EF:00:00:01", "", "fe80::1"]})
    for name, attribute in _TEXTS.items():
        assert getattr(hardware, attribute) == f"the {name}"
    for number, attribute in enumerate(_NUMBERS.values()):
        assert getattr(hardware, attribute) == number
    for attribute, _, expected in _LISTS.values():
        assert getattr(hardware, attribute) == expected
    assert hardware.ip_addresses == ("192.168.0.3", "192.168.0.4", "fe80::1")
    assert (notes.unknown, notes.unexpected) == (set(), set())


def test_the_tables_above_name_every_field() -> None:
    named = {*_TEXTS.values(), *_NUMBERS.values(), *(attribute for attribute, _, _ in _LISTS.values()), "ip_addresses"}
    assert named == {field.name for field in fields(Hardware)}


@pytest.mark.parametrize("value", [None, "", {}, []])
def test_empty_hardware(value: object) -> None:
    hardware, _ = _read(dict.fromkeys((*_TEXTS, *_NUMBERS, *_LISTS, "ComputerIP"), value))
    empty, notes = _read({})
    assert hardware == empty
    assert set(_attributes(empty)) == {None, ()}
    assert notes.unexpected == set()


def _attributes(hardware: Hardware) -> list[object]:
    return [getattr(hardware, field.name) for field in fields(Hardware)]


@pytest.mark.parametrize("name", sorted((*_TEXTS, *_NUMBERS, *_LISTS, "ComputerIP")))
def test_one_bad_field_does_not_affect_others(name: str) -> None:
    hardware, notes = _read({"CPU": "Xeon", "OSName": "Debian", name: True})
    assert (hardware.cpu, hardware.os_name) == ("Xeon" if name != "CPU" else None, "Debian" if name != "OSName" else None)
    assert notes.unexpected == {f"hardware.{name}: bool"}


def test_unknown_fields_are_noted_wherever_they_are() -> None:
    _, notes = _read({"TPM": "2.0", **{name: [records[0] | {"New": 1}] for name, (_, records, _) in _LISTS.items()}})
    assert notes.unknown == {"hardware.TPM: str", *(f"hardware.{name}[].New: int" for name in _LISTS)}


@pytest.mark.parametrize(
    "file_system",
    [
        "squashfs",
        "SQUASHFS",
        "overlay",
        "overlayfs",
        "tmpfs",
        "devtmpfs",
        "ramfs",
        "CDFS",
        "UDF",
        "udf ",
        "iso9660",
        "ISO9660",
        "erofs",
        "efivarfs",
    ],
)
def test_file_systems_that_are_full_by_nature_are_no_storage(file_system: str) -> None:
    hardware, notes = _read({"LogicalDisks": [{"Disk": "/snap/core/1", "FileSystem": file_system, "Size": 100, "FreeSpace": 0}]})
    (disk,) = hardware.disks  # it is in the list nevertheless
    assert not disk.is_storage
    assert notes.unexpected == set()


@pytest.mark.parametrize(
    "file_system", ["NTFS", "ext4", "APFS", "xfs", "btrfs", "zfs", "exFAT", "FAT32", "vfat", "fuseblk", "ReFS", "nfs4", "cifs", "", None]
)
def test_other_file_systems_are_storage(file_system: str | None) -> None:
    hardware, _ = _read({"LogicalDisks": [{"Disk": "C:", "FileSystem": file_system}]})
    assert hardware.disks[0].is_storage


def test_lists_of_hardware_have_a_bound() -> None:
    lists = {name: records * 65 for name, (_, records, _) in _LISTS.items()}
    hardware, notes = _read(lists | {"ComputerIP": ["192.0.2.1"] * 101, "CPU": "x" * 256})
    lengths = {attribute: len(getattr(hardware, attribute)) for attribute, _, _ in _LISTS.values()}
    assert max(lengths.values()) == lengths["disks"] == lengths["network_adapters"] == 64
    assert len(hardware.ip_addresses) == 100
    assert hardware.cpu == "x" * 255
    assert notes.cut == {f"hardware.{name}: list" for name in (*_LISTS, "ComputerIP")} | {"hardware.CPU: str"}


async def test_hardware_as_it_is_stored_is_bounded(canned: Canned, canned_client: GetscreenClient) -> None:
    deep: list[object] = []
    for _ in range(200):
        deep = [deep]
    hardware = {
        "LogicalDisks": [{"Disk": f"{number}:", "FileSystem": "x" * 1000} for number in range(3000)],
        "NetAdapters": [{"Addresses": ["a"] * 3000}],
        "CPU": "x" * 1000,
        "CPUCores": 4,
        "Monitors": deep,
        **{f"Extra{number}": number for number in range(3000)},
    }
    canned.reply_json({"data": {"id": 1, "hardware": hardware}})
    details = await canned_client.get_agent(1)
    assert details.hardware is not None
    assert len(details.hardware.disks) == 64
    assert len(orjson.dumps(details.source)) < 100_000
    again = read_hardware(Reader(details.source, Notes()))
    assert again == details.hardware


@MANY
@given(HARDWARE | st.dictionaries(NAMES, JSON))
def test_any_block_is_hardware(block: dict[str, Any]) -> None:
    notes = Notes()
    hardware = read_hardware(Reader(block, notes, "hardware."))
    assert_impersonal(notes)
    assert_is_a_model(hardware, read_hardware(Reader(decoded(block), Notes(), "hardware.")), Hardware)


@MANY
@given(st.lists(st.sampled_from(["192.0.2.1", "192.0.2.1/9C:7B:EF:00:00:01", "/9C:7B:EF:00:00:01", ""])))
def test_no_address_is_empty(addresses: list[str]) -> None:
    assert "" not in read_hardware(Reader({"ComputerIP": addresses}, Notes())).ip_addresses


@pytest.mark.parametrize(
    ("size", "free", "used"), [(1000, 250, 75.0), (3, 1, 66.7), (1000, 0, 100.0), (1000, 1000, 0.0), (0, 0, None), (1000, 1001, None)]
)
def test_how_full_memory_and_disks_are(size: int, free: int, used: float | None) -> None:
    """Usage is in percent, unknown if the numbers are impossible. The fullest disk counts."""
    other = {"Disk": "D:", "Size": size, "FreeSpace": size}
    record = {"RAMPhys": size, "RAMPhysAvail": free, "LogicalDisks": [{"Disk": "C:", "Size": size, "FreeSpace": free}, other]}
    hardware = read_hardware(Reader(record, Notes()))
    assert hardware.memory_usage == used
    assert hardware.disk_usage == (0.0 if used is None and size else used)
    assert [disk.usage for disk in hardware.storage.values()] == ([used, 0.0] if size else [])
