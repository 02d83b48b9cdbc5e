"""The hardware of `agents/info`, whose names are Windows' own; sizes in MiB, every field may be None (or empty)."""

from dataclasses import dataclass

from .reader import Reader


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


def read_hardware(reader: Reader) -> Hardware:
    """Return the hardware; every field may be missing."""
    hardware = Hardware(
        bios=reader.text("BIOS"),
        bios_date=reader.text("BIOSDate"),
        bios_version=reader.text("BIOSVersion"),
        cpu=reader.text("CPU"),
        cpu_cores=reader.integer("CPUCores"),
        cpu_cores_logical=reader.integer("CPUCoresLogical"),
        cpu_family=reader.text("CPUFamily"),
        cpu_speed=reader.integer("CPUSpeed"),
        computer_domain=reader.text("ComputerDomain"),
        computer_model=reader.text("ComputerModel"),
        computer_name=reader.text("ComputerName"),
        computer_workgroup=reader.text("ComputerWorkgroup"),
        # Seen as "IP/MAC" too; the adapters carry the MAC.
        ip_addresses=tuple(ip for address in reader.texts("ComputerIP") if (ip := address.partition("/")[0])),
        drives=tuple(_drive(drive) for drive in reader.records("HDD")),
        disks=tuple(_disk(disk) for disk in reader.records("LogicalDisks")),
        locale=reader.text("Locale"),
        country=reader.text("LocaleCountry"),
        currency=reader.text("LocaleCurrency"),
        date_format=reader.text("LocaleFormatDate"),
        time_format=reader.text("LocaleFormatTime"),
        oem_code_page=reader.text("LocaleOemPage"),
        timezone=reader.integer("LocaleTimezone"),
        monitors=tuple(_monitor(monitor) for monitor in reader.records("Monitors")),
        network_adapters=tuple(_network_adapter(adapter) for adapter in reader.records("NetAdapters")),
        os_name=reader.text("OSName"),
        os_version=reader.text("OSVersion"),
        memory_banks=tuple(_memory_bank(bank) for bank in reader.records("RAMBanks")),
        page_file=reader.integer("RAMPageFile"),
        memory_total=reader.integer("RAMPhys"),
        memory_free=reader.integer("RAMPhysAvail"),
        virtual_memory_total=reader.integer("RAMVirt"),
        virtual_memory_free=reader.integer("RAMVirtAvail"),
        sound_devices=tuple(name for device in reader.records("SoundDevices") if (name := _name(device))),
        video_cards=tuple(_video_card(card) for card in reader.records("VideoCards")),
        video_name=reader.text("VideoName"),
        video_memory=reader.integer("VideoRAM"),
    )
    reader.close()
    return hardware


def _drive(reader: Reader) -> Drive:
    drive = Drive(model=reader.text("Model"), size=reader.integer("Size"))
    reader.close()
    return drive


def _disk(reader: Reader) -> Disk:
    label, name = reader.text("Disk"), reader.text("Name")
    disk = Disk(
        label=label or name,
        name=name,
        file_system=reader.text("FileSystem"),
        size=reader.integer("Size"),
        free=reader.integer("FreeSpace"),
    )
    reader.close()
    return disk


def _monitor(reader: Reader) -> Monitor:
    monitor = Monitor(name=reader.text("Name"), width=reader.integer("ScreenWidth"), height=reader.integer("ScreenHeight"))
    reader.close()
    return monitor


def _network_adapter(reader: Reader) -> NetworkAdapter:
    adapter = NetworkAdapter(
        name=reader.text("Name"),
        manufacturer=reader.text("Manufacturer"),
        mac_address=reader.text("MACAddress"),
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
        bank=reader.text("Bank"),
        capacity=reader.integer("Capacity"),
        data_width=reader.integer("DataWidth"),
        locator=reader.text("Locator"),
        manufacturer=reader.text("Manufacturer"),
        part_number=reader.text("PartNumber"),
        serial_number=reader.text("SerialNumber"),
    )
    reader.close()
    return bank


def _video_card(reader: Reader) -> VideoCard:
    card = VideoCard(name=reader.text("Name"), memory=reader.integer("RAM"), integrated=reader.flag("Integrated"))
    reader.close()
    return card


def _name(reader: Reader) -> str | None:
    name = reader.text("Name")
    reader.close()
    return name
