"""The hardware of `agents/info`, whose names are Windows' own; sizes in MiB, every field may be None (or empty)."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from .reader import LONGEST_NAME, MOST_FIELDS, MOST_TEXTS, Reader

# File systems, in lower case, that are full by nature (images and discs that are only read) or that lie in memory.
_NO_STORAGE = frozenset(
    {"aufs", "cd9660", "cdfs", "cramfs", "devfs", "devtmpfs", "efivarfs", "erofs", "fuse.snapfuse", "fuse.squashfuse", "iso9660", "isofs"}
    | {"joliet", "overlay", "overlayfs", "ramfs", "romfs", "rootfs", "squashfs", "squashfuse", "tmpfs", "udf", "unionfs"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A drive: what the computer's disks are made of."""

    model: str | None
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A logical disk. `label` is its letter or mount point, `name` what the user called it."""

    label: str | None
    name: str | None
    file_system: str | None
    size: int | None
    free: int | None

    @property
    def is_storage(self) -> bool:
        """Whether files can be put there for good: not on a file system that is full by nature, or lies in memory."""
        return (self.file_system or "").strip().lower() not in _NO_STORAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """A monitor; width and height in pixels."""

    name: str | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAdapter:
    """A network adapter; `speed` in the server's own unit, which the reference does not name."""

    name: str | None
    manufacturer: str | None
    mac_address: str | None
    addresses: tuple[str, ...]
    dns: tuple[str, ...]
    dhcp: bool | None
    cable: bool | None
    speed: int | None
    wake_on_lan: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryBank:
    """A memory module; `data_width` in bits."""

    bank: str | None
    capacity: int | None
    data_width: int | None
    locator: str | None
    manufacturer: str | None
    part_number: str | None
    serial_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoCard:
    """A graphics adapter."""

    name: str | None
    memory: int | None
    integrated: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What a computer is made of, as `agents/info` has it. `cpu_speed` in MHz, `timezone` in minutes east of UTC."""

    bios: str | None
    bios_date: str | None
    bios_version: str | None
    cpu: str | None
    cpu_cores: int | None
    cpu_cores_logical: int | None
    cpu_family: str | None
    cpu_speed: int | None
    computer_domain: str | None
    computer_model: str | None
    computer_name: str | None
    computer_workgroup: str | None
    ip_addresses: tuple[str, ...]
    drives: tuple[Drive, ...]
    disks: tuple[Disk, ...]
    locale: str | None
    country: str | None
    currency: str | None
    date_format: str | None
    time_format: str | None
    oem_code_page: str | None
    timezone: int | None
    monitors: tuple[Monitor, ...]
    network_adapters: tuple[NetworkAdapter, ...]
    os_name: str | None
    os_version: str | None
    memory_banks: tuple[MemoryBank, ...]
    page_file: int | None
    memory_total: int | None
    memory_free: int | None
    virtual_memory_total: int | None
    virtual_memory_free: int | None
    sound_devices: tuple[str, ...]
    video_cards: tuple[VideoCard, ...]
    video_name: str | None
    video_memory: int | None


def bounded(value: Any, depth: int = 4) -> Any:
    """Return hardware as it was received, without what is beyond the bounds of reading it."""
    if isinstance(value, dict):
        return {key: bounded(inner, depth - 1) for key, inner in islice(value.items(), MOST_FIELDS)} if depth else {}
    if isinstance(value, list):
        return [bounded(inner, depth - 1) for inner in value[:MOST_TEXTS]] if depth else []
    return value[:LONGEST_NAME] if isinstance(value, str) else value


def read_hardware(reader: Reader) -> Hardware:
    """Return the hardware; every field may be missing."""
    hardware = Hardware(
        bios=reader.name("BIOS"),
        bios_date=reader.name("BIOSDate"),
        bios_version=reader.name("BIOSVersion"),
        cpu=reader.name("CPU"),
        cpu_cores=reader.integer("CPUCores"),
        cpu_cores_logical=reader.integer("CPUCoresLogical"),
        cpu_family=reader.name("CPUFamily"),
        cpu_speed=reader.integer("CPUSpeed"),
        computer_domain=reader.name("ComputerDomain"),
        computer_model=reader.name("ComputerModel"),
        computer_name=reader.name("ComputerName"),
        computer_workgroup=reader.name("ComputerWorkgroup"),
        # Seen as "IP/MAC" too; the adapters carry the MAC.
        ip_addresses=tuple(ip for address in reader.texts("ComputerIP") if (ip := address.partition("/")[0])),
        drives=tuple(_drive(drive) for drive in reader.records("HDD")),
        disks=tuple(_disk(disk) for disk in reader.records("LogicalDisks")),
        locale=reader.name("Locale"),
        country=reader.name("LocaleCountry"),
        currency=reader.name("LocaleCurrency"),
        date_format=reader.name("LocaleFormatDate"),
        time_format=reader.name("LocaleFormatTime"),
        oem_code_page=reader.name("LocaleOemPage"),
        timezone=reader.integer("LocaleTimezone"),
        monitors=tuple(_monitor(monitor) for monitor in reader.records("Monitors")),
        network_adapters=tuple(_network_adapter(adapter) for adapter in reader.records("NetAdapters")),
        os_name=reader.name("OSName"),
        os_version=reader.name("OSVersion"),
        memory_banks=tuple(_memory_bank(bank) for bank in reader.records("RAMBanks")),
        page_file=reader.integer("RAMPageFile"),
        memory_total=reader.integer("RAMPhys"),
        memory_free=reader.integer("RAMPhysAvail"),
        virtual_memory_total=reader.integer("RAMVirt"),
        virtual_memory_free=reader.integer("RAMVirtAvail"),
        sound_devices=tuple(name for device in reader.records("SoundDevices") if (name := _name(device))),
        video_cards=tuple(_video_card(card) for card in reader.records("VideoCards")),
        video_name=reader.name("VideoName"),
        video_memory=reader.integer("VideoRAM"),
    )
    reader.close()
    return hardware


def _drive(reader: Reader) -> Drive:
    drive = Drive(model=reader.name("Model"), size=reader.integer("Size"))
    reader.close()
    return drive


def _disk(reader: Reader) -> Disk:
    label, name = reader.name("Disk"), reader.name("Name")
    disk = Disk(
        label=label or name,
        name=name,
        file_system=reader.name("FileSystem"),
        size=reader.integer("Size"),
        free=reader.integer("FreeSpace"),
    )
    reader.close()
    return disk


def _monitor(reader: Reader) -> Monitor:
    monitor = Monitor(name=reader.name("Name"), width=reader.integer("ScreenWidth"), height=reader.integer("ScreenHeight"))
    reader.close()
    return monitor


def _network_adapter(reader: Reader) -> NetworkAdapter:
    adapter = NetworkAdapter(
        name=reader.name("Name"),
        manufacturer=reader.name("Manufacturer"),
        mac_address=reader.name("MACAddress"),
        addresses=reader.texts("Addresses"),
        dns=reader.texts("DNS"),
        dhcp=reader.flag("DCHP"),  # spelled so by the server
        cable=reader.flag("Cable"),
        speed=reader.integer("Speed"),
        wake_on_lan=reader.flag("WoL"),
    )
    reader.close()
    return adapter


def _memory_bank(reader: Reader) -> MemoryBank:
    bank = MemoryBank(
        bank=reader.name("Bank"),
        capacity=reader.integer("Capacity"),
        data_width=reader.integer("DataWidth"),
        locator=reader.name("Locator"),
        manufacturer=reader.name("Manufacturer"),
        part_number=reader.name("PartNumber"),
        serial_number=reader.name("SerialNumber"),
    )
    reader.close()
    return bank


def _video_card(reader: Reader) -> VideoCard:
    card = VideoCard(name=reader.name("Name"), memory=reader.integer("RAM"), integrated=reader.flag("Integrated"))
    reader.close()
    return card


def _name(reader: Reader) -> str | None:
    name = reader.name("Name")
    reader.close()
    return name
