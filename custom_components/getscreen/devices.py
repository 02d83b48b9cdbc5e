"""What the device registry knows of an account: a service device for it, and a device for each agent."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntry, DeviceEntryType, DeviceInfo

from .api import Agent, Hardware, OperatingSystem
from .const import DOMAIN, NAME

# How the makers write them; the same in every language.
_SYSTEM_NAMES = {
    OperatingSystem.WINDOWS: "Windows",
    OperatingSystem.MAC: "macOS",
    OperatingSystem.LINUX: "Linux",
    OperatingSystem.ANDROID: "Android",
}


def account_key(entry: ConfigEntry) -> str:
    """Return what identifies the account in unique ids: it stays when the key is changed."""
    return entry.unique_id or entry.entry_id


def agent_name(agent: Agent) -> str:
    """Return a name for people."""
    return agent.name or f"{NAME} {agent.id}"


@callback
def async_create_account_device(hass: HomeAssistant, entry: ConfigEntry) -> DeviceEntry:
    """Return the account's own device, which its computers hang on."""
    return dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, account_key(entry))},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=NAME,
        name=entry.title,
    )


def agent_device_info(entry: ConfigEntry, account_device_id: str, agent: Agent, hardware: Hardware | None) -> DeviceInfo:
    """Return what is known of an agent's computer."""
    system = _SYSTEM_NAMES.get(agent.operating_system) if agent.operating_system else None
    return DeviceInfo(
        identifiers={(DOMAIN, f"{account_key(entry)}_{agent.id}")},
        manufacturer=NAME,
        model=(hardware and hardware.computer_model) or system,
        name=agent_name(agent),
        sw_version=agent.version,
        via_device_id=account_device_id,
    )


def agent_id_of(entry: ConfigEntry, device: DeviceEntry) -> int | None:
    """Return the agent behind a device; None for the account's own."""
    prefix = f"{account_key(entry)}_"
    for domain, identifier in device.identifiers:
        if domain == DOMAIN and identifier.startswith(prefix) and (number := identifier.removeprefix(prefix)).lstrip("-").isdecimal():
            return int(number)
    return None


@callback
def async_agent_devices(hass: HomeAssistant, entry: ConfigEntry) -> dict[int, DeviceEntry]:
    """Return the account's devices by agent id."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {agent_id: device for device in devices if (agent_id := agent_id_of(entry, device)) is not None}
