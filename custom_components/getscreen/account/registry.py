"""The account's devices in the device registry: a service device for the account, and a device for each computer."""

import asyncio
from collections.abc import Container, Iterable, Mapping
from itertools import batched

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntry, DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send

from ..api import Agent, Hardware, OperatingSystem
from ..const import NAME
from ..entry import GetscreenConfigEntry
from ..options import CONF_SHOW_LINK, option
from ..server_url import website
from ..texts import async_text, short
from .identifiers import account_identifier, agent_id_of, agent_identifier, hardware_signal
from .store import AccountStore

# Thousands of devices written in one go would block the event loop.
_BATCH_SIZE = 50

# Names in the makers' spelling, which is the same in every language.
SYSTEM_NAMES = {
    OperatingSystem.WINDOWS: "Windows",
    OperatingSystem.MAC: "macOS",
    OperatingSystem.LINUX: "Linux",
    OperatingSystem.ANDROID: "Android",
}


@callback
def async_agent_device(hass: HomeAssistant, entry: GetscreenConfigEntry, agent_id: int) -> DeviceEntry | None:
    """Return the device of a computer; None if there is none."""
    return dr.async_get(hass).async_get_device_by_identifier(agent_identifier(entry, agent_id), entry.entry_id)


@callback
def async_agent_devices(hass: HomeAssistant, entry: GetscreenConfigEntry) -> dict[int, DeviceEntry]:
    """Return the devices of the account's computers by agent id."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {agent_id: device for device in devices if (agent_id := agent_id_of(entry, device)) is not None}


@callback
def async_device_name(hass: HomeAssistant, entry: GetscreenConfigEntry, agent_id: int) -> str:
    """Return the name of a computer's device, if possible the user's own name for it; a name with the agent id if there is no device."""
    device = async_agent_device(hass, entry, agent_id)
    return (device and (device.name_by_user or device.name)) or f"{NAME} {agent_id}"


@callback
def async_session_name(hass: HomeAssistant, entry: GetscreenConfigEntry, agent_id: int | None, name: str | None) -> str:
    """Return the name of a session's computer: that of its device, or if there is no device, `name`, which the server uses.

    For a quick-support session, which has no computer of the account, `agent_id` is None.
    """
    if agent_id is None:
        return name or async_text(hass, "support_title")
    return async_device_name(hass, entry, agent_id) if name is None or async_agent_device(hass, entry, agent_id) else name


def account_device_info(entry: GetscreenConfigEntry) -> DeviceInfo:
    """Return the device info of the account's own device. The devices of computers are connected via this device."""
    return DeviceInfo(
        identifiers={account_identifier(entry)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=NAME,
        name=entry.title,
        configuration_url=website(str(entry.data.get(CONF_URL, ""))),
    )


class AgentDevices:
    """Writes and removes the devices of an account."""

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry, store: AccountStore) -> None:
        """Write the account's own device, now and whenever the account is renamed."""
        self._hass = hass
        self._entry = entry
        self._store = store
        self._registry = dr.async_get(hass)
        self._account_device_id = self._async_write_account().id
        entry.async_on_unload(async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_handle_entry_change))

    async def async_write_changed(self, known: Mapping[int, Agent], agents: Mapping[int, Agent], newer: Container[int]) -> None:
        """Write the devices of computers that appeared or changed since `known`, but not of those in `newer`."""
        changed = [
            agent
            for agent_id, agent in agents.items()
            if (before := known.get(agent_id)) is not agent and (before is None or _shown(before) != _shown(agent))
        ]
        for some in batched(changed, _BATCH_SIZE, strict=False):
            for agent in some:
                if agent.id not in newer:
                    self.async_write(agent)
            await asyncio.sleep(0)

    @callback
    def async_write(self, agent: Agent) -> None:
        """Write the device of a computer."""
        record = self._store.hardware.get(agent.id)
        info = self._info(agent, record.hardware if record else None)
        self._registry.async_get_or_create(config_entry_id=self._entry.entry_id, **info)

    async def async_remove_all_but(self, agent_ids: Iterable[int]) -> None:
        """Remove the devices of all other computers, including those that left the account while Home Assistant was not running."""
        left = (async_agent_devices(self._hass, self._entry).keys() | self._store.hardware.keys()) - set(agent_ids)
        for some in batched(left, _BATCH_SIZE, strict=False):
            for agent_id in some:
                self.async_remove(agent_id)
            await asyncio.sleep(0)

    @callback
    def async_remove(self, agent_id: int) -> None:
        """Remove the device of a computer, and its stored hardware."""
        if device := async_agent_device(self._hass, self._entry, agent_id):
            self._registry.async_remove_device(device.id)
        self._store.async_set_hardware(agent_id, None)
        async_dispatcher_send(self._hass, hardware_signal(self._entry), agent_id)

    @callback
    def _async_handle_entry_change(self, _change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.entry_id == self._entry.entry_id:
            self._async_write_account()

    @callback
    def _async_write_account(self) -> DeviceEntry:
        return self._registry.async_get_or_create(config_entry_id=self._entry.entry_id, **account_device_info(self._entry))

    def _info(self, agent: Agent, hardware: Hardware | None) -> DeviceInfo:
        info = DeviceInfo(
            identifiers={agent_identifier(self._entry, agent.id)},
            # An earlier version wrote these fields, but the API does not have the computer's manufacturer, model number or revision.
            manufacturer=None,
            model_id=None,
            hw_version=None,
            # A long name is shortened, because it is part of the names and ids of all entities of the computer.
            name=short(agent.name) if agent.name else f"{NAME} {agent.id}",
            sw_version=agent.version,
            # Anyone who sees the device's page can open a session with this link, so the user has to enable it.
            configuration_url=agent.permanent_link if option(self._entry, CONF_SHOW_LINK, bool) else None,
            via_device_id=self._account_device_id,
        )
        # Until the hardware is read, the device shows the model that an earlier run of Home Assistant wrote.
        if hardware or not async_agent_device(self._hass, self._entry, agent.id):
            system = SYSTEM_NAMES[agent.operating_system] if agent.operating_system else None
            info["model"] = (hardware and hardware.computer_model) or system
        return info


def _shown(agent: Agent) -> tuple[object, ...]:
    """Return the fields of an agent that its device shows."""
    return (agent.name, agent.version, agent.operating_system, agent.permanent_link)
