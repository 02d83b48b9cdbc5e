"""The hardware blocks of fictional computers: all fields of the API's reference, with the gaps and oddities of real answers."""

from random import Random

_GIB = 1024
"""The API's reference calls the unit of sizes MB, but they are mebibytes."""

type Block = dict[str, object]

_MACHINES: dict[str, tuple[tuple[str, str, int, int, int], ...]] = {
    "win": (
        ("Dell Inc. OptiPlex 7090", "Intel(R) Core(TM) i5-11500 CPU @ 2.70GHz", 6, 2712, 16),
        ("HP ProDesk 400 G7", "Intel(R) Core(TM) i3-10100 CPU @ 3.60GHz", 4, 3600, 8),
        ("LENOVO ThinkPad T14 Gen 3", "AMD Ryzen 7 PRO 6850U with Radeon Graphics", 8, 2701, 32),
    ),
    "mac": (("MacBookPro18,3", "Apple M1 Pro", 8, 3228, 16), ("Macmini9,1", "Apple M1", 8, 3204, 8)),
    "linux": (("Supermicro X11", "Xeon E-2236", 6, 3400, 64), ("Synology DS920+", "Intel(R) Celeron(R) J4125 CPU @ 2.00GHz", 4, 2000, 8)),
}
_SYSTEMS = {
    "win": (("Windows 11 Pro", "10.0.26100"), ("Windows 10 Pro", "10.0.19045")),
    "mac": (("macOS Sequoia", "15.7.1"), ("macOS Sonoma", "14.8")),
    "linux": (("Debian GNU/Linux 13", "6.12.48"), ("Ubuntu 24.04.3 LTS", "6.8.0-85-generic")),
}


def hardware(number: int, name: str, os: str, *, wakeable: bool) -> Block | None:
    """Return the hardware block of agent `number`; None for systems that send none (Android)."""
    if os not in _MACHINES:
        return None
    random = Random(number)
    machine = _MACHINES[os][number % len(_MACHINES[os])]
    block = (
        _board(random, name, os, machine)
        | _memory(random, machine[4])
        | _storage(random, number, os)
        | _network(number, os, wakeable=wakeable)
    )
    block |= _screen(number, os) | _locale()
    for missing in _missing(number, os):
        del block[missing]
    return block


def _missing(number: int, os: str) -> tuple[str, ...]:
    if os == "linux":
        return ("BIOSDate", "BIOSVersion", "ComputerDomain", "LocaleOemPage", "RAMPageFile", "VideoRAM")
    if os == "mac":
        return ("BIOS", "BIOSDate", "BIOSVersion", "LocaleOemPage", "RAMBanks")
    return ("RAMPhysAvail", "Monitors") if number % 7 == 5 else ()


def _board(random: Random, name: str, os: str, machine: tuple[str, str, int, int, int]) -> Block:
    model, cpu, cores, speed, _ = machine
    system, version = _SYSTEMS[os][random.randrange(2)]
    return {
        "BIOS": "American Megatrends Inc.",
        "BIOSDate": "2024-03-18",
        "BIOSVersion": "1.21.0",
        "CPU": cpu,
        "CPUCores": cores,
        "CPUCoresLogical": cores * 2,
        "CPUFamily": "Intel64 Family 6 Model 167 Stepping 1" if "Intel" in cpu else "",
        "CPUSpeed": speed,
        "ComputerDomain": "",
        "ComputerModel": model,
        "ComputerName": "".join(letter for letter in name.upper().replace(" ", "-") if letter.isalnum() or letter == "-")[:15],
        "ComputerWorkgroup": "WORKGROUP",
        "OSName": system,
        "OSVersion": version,
    }


def _memory(random: Random, gib: int) -> Block:
    physical = gib * _GIB - 52  # the firmware reserves some: 32 GiB are reported as 32716
    bank = gib * _GIB // 2
    return {
        "RAMBanks": [
            {
                "Bank": f"BANK {place}",
                "Capacity": bank,
                "DataWidth": 64,
                "Locator": f"DIMM{place}",
                "Manufacturer": "Kingston",
                "PartNumber": "KF432C16BB/8",
                "SerialNumber": f"{random.getrandbits(32):08X}",
            }
            for place in range(2)
        ],
        "RAMPageFile": physical + 2 * _GIB,
        "RAMPhys": physical,
        "RAMPhysAvail": int(physical * random.uniform(0.2, 0.7)),
        "RAMVirt": 134217727,
        "RAMVirtAvail": 134213571,
    }


def _storage(random: Random, number: int, os: str) -> Block:
    size = random.choice((244198, 488382, 976762))
    disks = {"win": ("C:", "NTFS", "Windows"), "mac": ("/", "apfs", "Macintosh HD"), "linux": ("/", "ext4", "")}
    disk, system, label = disks[os]
    logical: list[Block] = [
        {"Disk": disk, "FileSystem": system, "FreeSpace": int(size * random.uniform(0.08, 0.8)), "Name": label, "Size": size}
    ]
    if os == "linux":
        logical.append({"Disk": "/volume1", "FileSystem": "btrfs", "FreeSpace": 2_411_724, "Name": "volume1", "Size": 7_630_885})
    if number % 3 == 1:
        logical.append(
            {"Disk": "D:" if os == "win" else "/media/cdrom", "FileSystem": "", "FreeSpace": 0, "Name": "", "Size": 0}
        )  # an empty drive
    return {"HDD": [{"Model": "Samsung SSD 980 PRO", "Size": size}], "LogicalDisks": logical}


def _network(number: int, os: str, *, wakeable: bool) -> Block:
    mac = f"9C:7B:EF:{number >> 16 & 255:02X}:{number >> 8 & 255:02X}:{number & 255:02X}"
    address = f"192.168.{number // 250}.{number % 250 + 2}"
    adapter = {
        "Addresses": [address],
        "Cable": True,
        "DCHP": True,  # the API's own spelling
        "DNS": ["192.168.0.1"],
        "MACAddress": mac,
        "Manufacturer": "Intel",
        "Name": "Intel(R) Ethernet Connection I219-LM" if os == "win" else "en0",
        "Speed": 1000,
        "WoL": wakeable,
    }
    wireless = adapter | {"Addresses": [], "Cable": False, "MACAddress": mac.replace("9C", "9E"), "Name": "Wi-Fi", "Speed": 0, "WoL": False}
    return {"ComputerIP": [f"{address}/{mac}" if number % 2 == 0 else address], "NetAdapters": [adapter, wireless]}


def _screen(number: int, os: str) -> Block:
    card = "Apple M1" if os == "mac" else "Intel(R) UHD Graphics 750"
    screen = {"Name": "DELL P2422H", "ScreenHeight": 1080, "ScreenWidth": 1920}
    return {
        "Monitors": [screen] * (1 + number % 2) if os != "linux" else [],
        "SoundDevices": [{"Name": "Realtek High Definition Audio"}],
        "VideoCards": [{"Integrated": True, "Name": card, "RAM": 1024}],
        "VideoName": card,
        "VideoRAM": 1024,
    }


def _locale() -> Block:
    return {
        "Locale": "en-GB",
        "LocaleCountry": "Ireland",
        "LocaleCurrency": "EUR",
        "LocaleFormatDate": "dd/MM/yyyy",
        "LocaleFormatTime": "HH:mm:ss",
        "LocaleOemPage": "850",
        "LocaleTimezone": 60,
    }
