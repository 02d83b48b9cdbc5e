"""Reads the hardware of `agents/info`, whose names are Windows' own."""

from .models import Disk, Drive, Hardware, MemoryBank, Monitor, NetworkAdapter, VideoCard
from .reader import Reader


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
        ip_addresses=tuple(address.partition("/")[0] for address in reader.texts("ComputerIP")),
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
