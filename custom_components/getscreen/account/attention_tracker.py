"""Tracks which computers of an account need attention. Only computers that changed are checked."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from homeassistant.core import Event, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import EVENT_DEVICE_REGISTRY_UPDATED, EventDeviceRegistryUpdatedData
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.util import dt as dt_util

from ..api import Agent, OperatingSystem
from .agents import AgentsCoordinator
from .attention import Version, long_offline_at, newest_versions, reasons
from .identifiers import agent_id_of, attention_signal, hardware_signal
from .registry import async_agent_device

_SHOWN = frozenset({"name", "name_by_user", "disabled_by"})


class AttentionTracker:
    """The `reasons` why computers need attention, by agent id. Computers that need none, or whose device is disabled, are not included.

    The signal `attention_signal` notifies of changes, and of a new name of a computer that needs attention.
    """

    def __init__(self, agents: AgentsCoordinator, disk_threshold: int) -> None:
        self.reasons: dict[int, list[str]] = {}
        self._agents = agents
        self._disk_threshold = disk_threshold
        self._previous: Mapping[int, Agent] = {}
        self._newest: Mapping[OperatingSystem, Version] = {}
        # By agent id: when a computer that is offline now will have been offline for a long time.
        self._due: dict[int, datetime] = {}
        self._next_due: datetime | None = None

    @callback
    def async_start(self) -> None:
        """Track the account's computers until it is unloaded."""
        agents, entry = self._agents, self._agents.config_entry
        self._handle_poll()
        entry.async_on_unload(agents.async_add_listener(self._handle_poll))
        entry.async_on_unload(async_dispatcher_connect(agents.hass, hardware_signal(entry), self._handle_hardware))
        entry.async_on_unload(agents.hass.bus.async_listen(EVENT_DEVICE_REGISTRY_UPDATED, self._handle_device_update))
        agents.poll_listeners.append(self._handle_time)

    @callback
    def _handle_poll(self) -> None:
        before, self._previous = self._previous, self._agents.data
        now = self._previous
        changed = set(self._agents.changed) if before else set(now)
        if any(_version_of(before.get(agent_id)) != _version_of(now.get(agent_id)) for agent_id in changed):
            newest, known = newest_versions(now.values()), self._newest
            self._newest = newest
            # When the first computer has a new version, the others become outdated.
            if systems := {system for system in newest.keys() | known.keys() if newest.get(system) != known.get(system)}:
                changed.update(agent.id for agent in now.values() if agent.operating_system in systems)
        self._update(changed)

    @callback
    def _handle_hardware(self, agent_id: int) -> None:
        self._update((agent_id,))

    @callback
    def _handle_device_update(self, event: Event[EventDeviceRegistryUpdatedData]) -> None:
        """Update a computer whose device was disabled, enabled or renamed."""
        data = event.data
        if data["action"] != "update" or not _SHOWN & data["changes"].keys():
            return
        device, entry = dr.async_get(self._agents.hass).async_get(data["device_id"]), self._agents.config_entry
        if not isinstance(device, dr.DeviceEntry) or device.config_entry_id != entry.entry_id:
            return
        agent_id = agent_id_of(entry, device)
        if agent_id is not None:
            self._update((agent_id,), renamed=agent_id in self.reasons)

    @callback
    def _handle_time(self) -> None:
        """Update the computers that by now have been offline for a long time."""
        now = dt_util.utcnow()
        if self._next_due is not None and now >= self._next_due:
            self._update([agent_id for agent_id, due in self._due.items() if now >= due])

    @callback
    def _update(self, agent_ids: Iterable[int], *, renamed: bool = False) -> None:
        """Update the reasons of some computers, and notify if they changed (or if the computer was `renamed`)."""
        now, changed = dt_util.utcnow(), set()
        for agent_id in agent_ids:
            found = self._find(agent_id, now)
            if renamed or found != self.reasons.get(agent_id, []):
                changed.add(agent_id)
            if found:
                self.reasons[agent_id] = found
            else:
                self.reasons.pop(agent_id, None)
        self._next_due = min(self._due.values(), default=None)
        if changed:
            async_dispatcher_send(self._agents.hass, attention_signal(self._agents.config_entry), changed)

    def _find(self, agent_id: int, now: datetime) -> list[str]:
        """Return the reasons of a computer, and note when it will have been offline for a long time."""
        self._due.pop(agent_id, None)
        if (agent := self._agents.data.get(agent_id)) is None:
            return []
        if (due := long_offline_at(agent)) is not None and due > now:
            self._due[agent_id] = due
        record = self._agents.store.hardware.get(agent_id)
        found = reasons(agent, record.hardware if record else None, self._newest, now, self._disk_threshold)
        if not found:
            return []
        device = async_agent_device(self._agents.hass, self._agents.config_entry, agent_id)
        return [] if device is None or device.disabled else found


def _version_of(agent: Agent | None) -> tuple[OperatingSystem | None, str | None]:
    return (agent.operating_system, agent.version) if agent else (None, None)
