"""Helpers that read Home Assistant's states as a user does, act in it, and let time pass."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
import time
from typing import Any

from homeassistant.core import HomeAssistant, State, SupportsResponse
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.getscreen.const import DOMAIN
from simulator import Simulator


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds, even while the clock is frozen. Fails only if it would never hold."""
    for _ in range(3000):
        if condition():
            return
        await asyncio.to_thread(time.sleep, 0.01)
    pytest.fail("It has not come about")


def end_timers(seconds: float) -> None:
    """Fire the event loop's timers of the next `seconds`, without Home Assistant."""
    loop = asyncio.get_running_loop()
    for timer in list(get_scheduled_timer_handles(loop)):
        if not timer.cancelled() and timer.when() <= loop.time() + seconds:
            timer._run()  # noqa: SLF001 - asyncio has no public name for it
            timer.cancel()


async def pass_time(hass: HomeAssistant, seconds: float = 61) -> None:
    """Fire Home Assistant's timers of the next `seconds`, and wait for their effects."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done(wait_background_tasks=True)


def device_of(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int) -> dr.DeviceEntry | None:
    """Return the device of an agent."""
    return dr.async_get(hass).async_get_device_by_identifier((DOMAIN, f"{entry.unique_id}_{agent_id}"), entry.entry_id)


def account_device(hass: HomeAssistant, entry: MockConfigEntry) -> dr.DeviceEntry:
    """Return the account's own device."""
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, str(entry.unique_id)), entry.entry_id)
    assert device is not None
    return device


def device_id_of(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int) -> str:
    """Return the id of an agent's device."""
    device = device_of(hass, entry, agent_id)
    assert device is not None
    return device.id


def entity_id_of(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int, key: str, *, off: bool = False) -> str:
    """Return an entity, found by its device and translation key as dashboards do; also a disabled one, if `off`."""
    device_id = device_id_of(hass, entry, agent_id)
    entities = er.async_entries_for_device(er.async_get(hass), device_id, include_disabled_entities=off)
    found = [entity.entity_id for entity in entities if entity.translation_key == key]
    assert len(found) == 1, found
    return found[0]


def state_of(hass: HomeAssistant, entry: MockConfigEntry, agent_id: int, key: str) -> State:
    """Return the state of an entity of an agent."""
    state = hass.states.get(entity_id_of(hass, entry, agent_id, key))
    assert state is not None
    return state


def account_state(hass: HomeAssistant, entry: MockConfigEntry, key: str, platform: str = "sensor") -> State:
    """Return the state of an entity of the account."""
    entity_id = er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{entry.unique_id}_{key}")
    assert entity_id is not None
    state = hass.states.get(entity_id)
    assert state is not None
    return state


def registered(hass: HomeAssistant, entry: MockConfigEntry) -> list[er.RegistryEntry]:
    """Return all entities of an account, also disabled ones."""
    return er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)


def repairs(hass: HomeAssistant) -> list[str]:
    """Return the translation keys of the integration's repair issues."""
    return [str(issue.translation_key) for issue in ir.async_get(hass).issues.values() if issue.domain == DOMAIN and issue.active]


def states(hass: HomeAssistant) -> dict[str, str]:
    """Return the states of all entities except those that change with requests and reads."""
    moving = ("requests_today", "last_seen", "preview")
    return {state.entity_id: state.state for state in hass.states.async_all() if not state.entity_id.endswith(moving)}


async def act(hass: HomeAssistant, action: str, *, response: bool = False, **data: Any) -> Any:
    """Call an action of ours and wait for its end."""
    return await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=response)


def commanded(simulator: Simulator, action: str) -> list[int]:
    """Return the agents that a command was sent to, in order of their ids."""
    return sorted(int(request.parameters["id"]) for request in simulator.requests if request.method == f"agents/{action}")


async def ask(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Call one of the integration's actions, and return its response if it can have one."""
    return await act(hass, action, response=hass.services.supports_response(DOMAIN, action) is not SupportsResponse.NONE, **data)
