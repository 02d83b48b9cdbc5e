"""What the device registry knows of an account: a service device for it, and a device for each agent."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntry, DeviceEntryType, DeviceInfo

from .api import Agent, Hardware, OperatingSystem
from .const import DOMAIN, NAME, short
from .options import CONF_SHOW_LINK, option

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


def agent_identifier(entry: ConfigEntry, agent_id: int) -> tuple[str, str]:
    """Return what identifies an agent's device."""
    return (DOMAIN, f"{account_key(entry)}_{agent_id}")


@callback
def async_agent_device(hass: HomeAssistant, entry: ConfigEntry, agent_id: int) -> DeviceEntry | None:
    """Return the device of an agent."""
    return dr.async_get(hass).async_get_device_by_identifier(agent_identifier(entry, agent_id), entry.entry_id)


@callback
def async_device_name(hass: HomeAssistant, entry: ConfigEntry, agent_id: int) -> str:
    """Return an agent's name as the user knows it."""
    device = async_agent_device(hass, entry, agent_id)
    return (device and (device.name_by_user or device.name)) or f"{NAME} {agent_id}"


def account_device_info(entry: ConfigEntry) -> DeviceInfo:
    """Return what is known of the account's own device, which its computers hang on."""
    return DeviceInfo(identifiers={(DOMAIN, account_key(entry))}, entry_type=DeviceEntryType.SERVICE, manufacturer=NAME, name=entry.title)


def agent_device_info(
    hass: HomeAssistant, entry: ConfigEntry, account_device_id: str, agent: Agent, hardware: Hardware | None
) -> DeviceInfo:
    """Return what is known of an agent's computer."""
    info = DeviceInfo(
        identifiers={agent_identifier(entry, agent.id)},
        manufacturer=NAME,
        # It is in the names and ids of all its entities.
        name=short(agent.name) if agent.name else f"{NAME} {agent.id}",
        sw_version=agent.version,
        # It opens a session for whoever can see the page, so only if the user wants that.
        configuration_url=agent.permanent_link if option(entry, CONF_SHOW_LINK, bool) else None,
        via_device_id=account_device_id,
    )
    # As long as the hardware has not been read, what an earlier start knew of it is better than nothing.
    if hardware or not async_agent_device(hass, entry, agent.id):
        system = _SYSTEM_NAMES[agent.operating_system] if agent.operating_system else None
        system_version = " ".join(filter(None, (hardware.os_name, hardware.os_version))) if hardware else None
        info["model"] = (hardware and hardware.computer_model) or system
        info["model_id"] = hardware.computer_name if hardware else None
        info["hw_version"] = system_version or system
    return info


def differs(before: Agent, now: Agent) -> bool:
    """Return whether the device of an agent has something new to show."""
    return _shown(before) != _shown(now)


def _shown(agent: Agent) -> tuple[object, ...]:
    return (agent.name, agent.version, agent.operating_system, agent.permanent_link)


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
