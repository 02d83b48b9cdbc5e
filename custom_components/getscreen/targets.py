"""Which computers an action reaches, and how several are commanded at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids

from .const import DOMAIN, LOGGER
from .coordinator import GetscreenConfigEntry, GetscreenData
from .devices import agent_id_of, async_device_name
from .errors import failed, invalid

# Commands to hundreds of computers are not to look like an attack.
_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Target:
    """A device that an action reached, and the agent behind it."""

    hass: HomeAssistant
    device_id: str
    entry: GetscreenConfigEntry
    agent_id: int

    @property
    def name(self) -> str:
        """The device's name as the user knows it."""
        return async_device_name(self.hass, self.entry, self.agent_id)

    @property
    def account(self) -> GetscreenData:
        """The account that the device belongs to."""
        if self.entry.state is not ConfigEntryState.LOADED:
            raise invalid("not_loaded", name=self.name, account=self.entry.title)
        return self.entry.runtime_data


def target_of(call: ServiceCall) -> Target:
    """Return the one device that an action is about."""
    device_id = call.data[ATTR_DEVICE_ID]
    if (target := _target(call.hass, device_id)) is None:
        raise invalid("unknown_device", device_id=device_id)
    return target


def targets_of(call: ServiceCall) -> list[Target]:
    """Return the devices that a target reaches, each once: directly, through their entities, areas, floors and labels."""
    hass = call.hass
    selected = async_extract_referenced_entity_ids(hass, TargetSelection(call.data))
    entities = er.async_get(hass)
    selected.log_missing({entity_id for entity_id in selected.referenced if not entities.async_get(entity_id)}, LOGGER)
    device_ids = set(selected.referenced_devices)
    for entity_id in selected.referenced | selected.indirectly_referenced:
        if (entity := entities.async_get(entity_id)) and entity.device_id and entity.platform == DOMAIN:
            device_ids.add(entity.device_id)
    targets = [target for device_id in sorted(device_ids) if (target := _target(hass, device_id))]
    if not targets:
        raise invalid("no_devices")
    return targets


def _target(hass: HomeAssistant, device_id: str) -> Target | None:
    device = dr.async_get(hass).async_get(device_id)
    if not isinstance(device, dr.DeviceEntry) or device.disabled:
        return None
    entry = hass.config_entries.async_get_entry(device.config_entry_id)
    if entry is None or entry.domain != DOMAIN or (agent_id := agent_id_of(entry, device)) is None:
        return None
    return Target(hass, device.id, entry, agent_id)


def few_at_once[T](command: Callable[[Target], Awaitable[T]]) -> Callable[[Target], Awaitable[T]]:
    """Return a command that waits for its turn."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def gated(target: Target) -> T:
        async with gate:
            return await command(target)

    return gated


async def for_each[T](call: ServiceCall, act: Callable[[Target], Awaitable[T]]) -> list[T]:
    """Act on every device that the call's target reaches, side by side, and tell all failures at the end."""
    results = await asyncio.gather(*(act(target) for target in targets_of(call)), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        if not isinstance(failure, HomeAssistantError):
            raise failure
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise failed("several_failed", failures="; ".join(str(failure) for failure in failures))
    return cast("list[T]", results)
