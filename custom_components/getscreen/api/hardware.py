"""The hardware of `agents/info`, whose field names come from Windows; sizes in MiB, every field may be None (or empty).

Each class describes how its fields are read: a field is annotated with its name in the answer, and read by the method of Reader that
fits its type, or by the function after the name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Annotated, Any, get_args, get_type_hints

from .reader import LONGEST_NAME, MAX_FIELDS, MAX_TEXTS, Reader

# File systems, in lower case, that are always full (images and read-only discs) or in memory.
_NO_STORAGE = frozenset(
    {"aufs", "cd9660", "cdfs", "cramfs", "devfs", "devtmpfs", "efivarfs", "erofs", "fuse.snapfuse", "fuse.squashfuse", "iso9660", "isofs"}
    | {"joliet", "overlay", "overlayfs", "ramfs", "romfs", "rootfs", "squashfs", "squashfuse", "tmpfs", "udf", "unionfs"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A physical drive."""

    model: Annotated[str | None, "Model"]
    size: Annotated[int | None, "Size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A logical disk. `label`: its letter or mount point, or else its name. `name`: the volume name."""

    label: Annotated[str | None, "Disk", _label]
    name: Annotated[str | None, "Name"]
    file_system: Annotated[str | None, "FileSystem"]
    size: Annotated[int | None, "Size"]
    free: Annotated[int | None, "FreeSpace"]

    @property
    def is_storage(self) -> bool:
        """Whether the disk stores files permanently: its file system is neither one that is always full nor one in memory."""
        return (self.file_system or "").strip().lower() not in _NO_STORAGE

    @property
    def usage(self) -> float | None:
        """The used part of the disk in percent; None if it is unknown."""
        return _used(self.free, self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """A monitor; width and height in pixels."""

    name: Annotated[str | None, "Name"]
    width: Annotated[int | None, "ScreenWidth"]
    height: Annotated[int | None, "ScreenHeight"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAdapter:
    """A network adapter; `speed` in the server's own unit, which the reference does not name."""

    name: Annotated[str | None, "Name"]
    manufacturer: Annotated[str | None, "Manufacturer"]
    mac_address: Annotated[str | None, "MACAddress"]
    addresses: Annotated[tuple[str, ...], "Addresses"]
    dns: Annotated[tuple[str, ...], "DNS"]
    dhcp: Annotated[bool | None, "DCHP"]  # the server's spelling
    cable: Annotated[bool | None, "Cable"]
    speed: Annotated[int | None, "Speed"]
    wake_on_lan: Annotated[bool | None, "WoL"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryBank:
    """A memory module; `data_width` in bits."""

    bank: Annotated[str | None, "Bank"]
    capacity: Annotated[int | None, "Capacity"]
    data_width: Annotated[int | None, "DataWidth"]
    locator: Annotated[str | None, "Locator"]
    manufacturer: Annotated[str | None, "Manufacturer"]
    part_number: Annotated[str | None, "PartNumber"]
    serial_number: Annotated[str | None, "SerialNumber"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoCard:
    """A graphics adapter."""

    name: Annotated[str | None, "Name"]
    memory: Annotated[int | None, "RAM"]
    integrated: Annotated[bool | None, "Integrated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """The hardware of a computer. `cpu_speed` in MHz, `timezone` in minutes east of UTC."""

    bios: Annotated[str | None, "BIOS"]
    bios_date: Annotated[str | None, "BIOSDate"]
    bios_version: Annotated[str | None, "BIOSVersion"]
    cpu: Annotated[str | None, "CPU"]
    cpu_cores: Annotated[int | None, "CPUCores"]
    cpu_cores_logical: Annotated[int | None, "CPUCoresLogical"]
    cpu_family: Annotated[str | None, "CPUFamily"]
    cpu_speed: Annotated[int | None, "CPUSpeed"]
    computer_domain: Annotated[str | None, "ComputerDomain"]
    computer_model: Annotated[str | None, "ComputerModel"]
    computer_name: Annotated[str | None, "ComputerName"]
    computer_workgroup: Annotated[str | None, "ComputerWorkgroup"]
    ip_addresses: Annotated[tuple[str, ...], "ComputerIP", _addresses]
    drives: Annotated[tuple[Drive, ...], "HDD"]
    disks: Annotated[tuple[Disk, ...], "LogicalDisks"]
    locale: Annotated[str | None, "Locale"]
    country: Annotated[str | None, "LocaleCountry"]
    currency: Annotated[str | None, "LocaleCurrency"]
    date_format: Annotated[str | None, "LocaleFormatDate"]
    time_format: Annotated[str | None, "LocaleFormatTime"]
    oem_code_page: Annotated[str | None, "LocaleOemPage"]
    timezone: Annotated[int | None, "LocaleTimezone"]
    monitors: Annotated[tuple[Monitor, ...], "Monitors"]
    network_adapters: Annotated[tuple[NetworkAdapter, ...], "NetAdapters"]
    os_name: Annotated[str | None, "OSName"]
    os_version: Annotated[str | None, "OSVersion"]
    memory_banks: Annotated[tuple[MemoryBank, ...], "RAMBanks"]
    page_file: Annotated[int | None, "RAMPageFile"]
    memory_total: Annotated[int | None, "RAMPhys"]
    memory_free: Annotated[int | None, "RAMPhysAvail"]
    virtual_memory_total: Annotated[int | None, "RAMVirt"]
    virtual_memory_free: Annotated[int | None, "RAMVirtAvail"]
    sound_devices: Annotated[tuple[str, ...], "SoundDevices", _sound_devices]
    video_cards: Annotated[tuple[VideoCard, ...], "VideoCards"]
    video_name: Annotated[str | None, "VideoName"]
    video_memory: Annotated[int | None, "VideoRAM"]

    @property
    def storage(self) -> dict[str, Disk]:
        """The logical disks that store files, by label. A drive without a medium, which has a size of 0, is omitted."""
        return {disk.label: disk for disk in self.disks if disk.label and disk.size and disk.is_storage}

    @property
    def disk_usage(self) -> float | None:
        """The used part of the fullest disk in percent; None if it is unknown."""
        return max((disk.usage for disk in self.storage.values() if disk.usage is not None), default=None)

    @property
    def memory_usage(self) -> float | None:
        """The used part of the memory in percent; None if it is unknown."""
        return _used(self.memory_free, self.memory_total)

    @property
    def wake_on_lan(self) -> bool | None:
        """Whether any network adapter listens for Wake-on-LAN; None if this is unknown for all of them."""
        known = [adapter.wake_on_lan for adapter in self.network_adapters if adapter.wake_on_lan is not None]
        return any(known) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _SoundDevice:
    name: Annotated[str | None, "Name"]


type _Read = Callable[[Reader, str], object]
_READ_BY_TYPE: Mapping[object, _Read] = {
    str | None: Reader.name,
    int | None: Reader.integer,
    bool | None: Reader.flag,
    tuple[str, ...]: Reader.texts,
}


def read_hardware(reader: Reader) -> Hardware:
    """Return the hardware that a JSON object describes. A field that is missing or unusable is None (or empty)."""
    return _read(Hardware, reader)


def _used(free: int | None, size: int | None) -> float | None:
    """Return the used part of a size in percent; None if a number is missing or impossible."""
    if free is None or not size or not 0 <= free <= size:
        return None
    return round(100 * (1 - free / size), 1)


def bounded(value: Any, depth: int = 4) -> Any:
    """Return hardware as it was received, cut to the bounds of reading it. `depth`: how many levels of objects and lists it may have."""
    if isinstance(value, dict):
        return {key: bounded(inner, depth - 1) for key, inner in islice(value.items(), MAX_FIELDS)} if depth else {}
    if isinstance(value, list):
        return [bounded(inner, depth - 1) for inner in value[:MAX_TEXTS]] if depth else []
    return value[:LONGEST_NAME] if isinstance(value, str) else value


def _read[T](part: Callable[..., T], reader: Reader) -> T:
    fields = {name: read(reader, key) for name, (key, read) in _table(part).items()}
    reader.close()
    return part(**fields)


@cache
def _table(part: Callable[..., object]) -> Mapping[str, tuple[str, _Read]]:
    """Return, for each field of a class, its name in the answer and the function that reads it."""
    table = {}
    for name, hint in get_type_hints(part, include_extras=True).items():
        declared, key, *read = get_args(hint)
        table[name] = (key, read[0] if read else _READ_BY_TYPE.get(declared) or partial(_read_list, get_args(declared)[0]))
    return table


def _read_list[T](part: Callable[..., T], reader: Reader, key: str) -> tuple[T, ...]:
    return tuple(_read(part, record) for record in reader.records(key))


def _label(reader: Reader, key: str) -> str | None:
    """Return a disk's letter or mount point, or its name, because some disks have nothing else."""
    return reader.name(key) or reader.name("Name")


def _addresses(reader: Reader, key: str) -> tuple[str, ...]:
    """Return IP addresses. Some servers write "IP/MAC"; the MAC address is part of the network adapter anyway."""
    return tuple(ip for address in reader.texts(key) if (ip := address.partition("/")[0]))


def _sound_devices(reader: Reader, key: str) -> tuple[str, ...]:
    return tuple(device.name for device in _read_list(_SoundDevice, reader, key) if device.name)
