"""The actions: what each takes, which devices a target reaches, and how errors of several devices are told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
import time
from typing import cast

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from .const import ATTR_AGENT_ID, DOMAIN, LOGGER
from .coordinator import GetscreenConfigEntry, GetscreenData
from .devices import agent_id_of, async_device_name
from .turns import Turn

ATTR_CONFIRM = "confirm"
ATTR_SAFE_MODE = "safe_mode"
ATTR_WAIT = "wait"

# Commands to hundreds of computers are not to look like an attack.
_AT_ONCE = 10

_WAIT = {vol.Optional(ATTR_WAIT): cv.positive_time_period}
WAKE_SCHEMA = vol.Schema({**cv.TARGET_SERVICE_FIELDS, **_WAIT})
REBOOT_SCHEMA = vol.Schema({**cv.TARGET_SERVICE_FIELDS, **_WAIT, vol.Optional(ATTR_SAFE_MODE, default=False): cv.boolean})
LOGOUT_SCHEMA = vol.Schema({**cv.TARGET_SERVICE_FIELDS, vol.Optional(ATTR_CONFIRM, default=False): cv.boolean})
REFRESH_HARDWARE_SCHEMA = vol.Schema(cv.TARGET_SERVICE_FIELDS)


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
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="not_loaded",
                translation_placeholders={"name": self.name, "account": self.entry.title},
            )
        return self.entry.runtime_data


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, handler, schema, response in (
        ("wake", _wake, WAKE_SCHEMA, SupportsResponse.OPTIONAL),
        ("reboot", _reboot, REBOOT_SCHEMA, SupportsResponse.OPTIONAL),
        ("logout", _logout, LOGOUT_SCHEMA, SupportsResponse.NONE),
        ("refresh_hardware", _refresh_hardware, REFRESH_HARDWARE_SCHEMA, SupportsResponse.NONE),
    ):
        hass.services.async_register(DOMAIN, name, handler, schema, response)


async def _wake(call: ServiceCall) -> ServiceResponse:
    awaited = bool(call.data.get(ATTR_WAIT))
    return await _turn(call, lambda target: target.account.agents.async_wake(target.agent_id, awaited=awaited))


async def _reboot(call: ServiceCall) -> ServiceResponse:
    awaited, safe_mode = bool(call.data.get(ATTR_WAIT)), call.data[ATTR_SAFE_MODE]
    return await _turn(call, lambda target: target.account.agents.async_reboot(target.agent_id, safe_mode=safe_mode, awaited=awaited))


async def _logout(call: ServiceCall) -> None:
    if not call.data[ATTR_CONFIRM]:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="confirmation_required")
    await _for_each(call, _few_at_once(lambda target: target.account.agents.async_logout(target.agent_id)))


async def _refresh_hardware(call: ServiceCall) -> None:
    await _for_each(call, _few_at_once(lambda target: target.account.hardware.async_read(target.agent_id)))


async def _turn(call: ServiceCall, command: Callable[[Target], Awaitable[Turn]]) -> ServiceResponse:
    """Give a command that makes devices come online, wait for that as long as the call says, and return how they are."""
    wait: timedelta | None = call.data.get(ATTR_WAIT)
    give_command = _few_at_once(command)

    async def turn(target: Target) -> JsonObjectType:
        start = time.monotonic()
        following = await give_command(target)
        if wait:
            await _wait(target, following, wait)
        agent = target.account.agents.data.get(target.agent_id)
        return {
            ATTR_DEVICE_ID: target.device_id,
            ATTR_AGENT_ID: target.agent_id,
            ATTR_NAME: target.name,
            "online": agent.online if agent else None,
            "seconds": round(time.monotonic() - start, 1) if wait else None,
        }

    return {"devices": list(await _for_each(call, turn))}


async def _wait(target: Target, turn: Turn, wait: timedelta) -> None:
    try:
        async with asyncio.timeout(wait.total_seconds()):
            await turn.done.wait()
    except TimeoutError:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="wait_timeout",
            translation_placeholders={"name": target.name, "seconds": f"{wait.total_seconds():g}"},
        ) from None
    finally:
        target.account.agents.leave(turn)


def _few_at_once[T](command: Callable[[Target], Awaitable[T]]) -> Callable[[Target], Awaitable[T]]:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def gated(target: Target) -> T:
        async with gate:
            return await command(target)

    return gated


async def _for_each[T](call: ServiceCall, act: Callable[[Target], Awaitable[T]]) -> list[T]:
    """Act on every device that the call's target reaches, side by side, and tell all failures at the end."""
    targets = _targets(call)
    results = await asyncio.gather(*(act(target) for target in targets), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        if not isinstance(failure, HomeAssistantError):
            raise failure
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="several_failed",
            translation_placeholders={"failures": "; ".join(str(failure) for failure in failures)},
        )
    return cast("list[T]", results)


def _targets(call: ServiceCall) -> list[Target]:
    """Return the devices that a target reaches, each once: directly, through their entities, areas, floors and labels."""
    hass = call.hass
    selected = async_extract_referenced_entity_ids(hass, TargetSelection(call.data))
    entities = er.async_get(hass)
    entity_ids = selected.referenced | selected.indirectly_referenced
    selected.log_missing({entity_id for entity_id in selected.referenced if not entities.async_get(entity_id)}, LOGGER)
    device_ids = set(selected.referenced_devices)
    for entity_id in entity_ids:
        if (entity := entities.async_get(entity_id)) and entity.device_id and entity.platform == DOMAIN:
            device_ids.add(entity.device_id)
    targets = [target for device_id in sorted(device_ids) if (target := _target(hass, device_id))]
    if not targets:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_devices")
    return targets


def _target(hass: HomeAssistant, device_id: str) -> Target | None:
    device = dr.async_get(hass).async_get(device_id)
    if not isinstance(device, dr.DeviceEntry) or device.disabled:
        return None
    entry = hass.config_entries.async_get_entry(device.config_entry_id)
    if entry is None or entry.domain != DOMAIN or (agent_id := agent_id_of(entry, device)) is None:
        return None
    return Target(hass, device.id, entry, agent_id)
