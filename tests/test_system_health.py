"""The page about the system, and the warning before Home Assistant leaves entities out."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, get_system_health_info

from custom_components.getscreen import repairs as entity_limit
from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .helpers import pass_time, registered


async def health(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the page says."""
    assert await async_setup_component(hass, "system_health", {})
    info: dict[str, Any] = await get_system_health_info(hass, DOMAIN)
    return {key: await value if asyncio.iscoroutine(value) else value for key, value in info.items()}


async def test_one_account(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    requests = simulator.count()
    assert await health(hass) == {"devices": 3, "requests_today": requests, "last_error": None, "server": "ok"}
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert (await health(hass))["last_error"] == "agents/list: HTTP 500"
    entry.runtime_data.agents.last_exception = RuntimeError("at 192.0.2.7")
    assert (await health(hass))["last_error"] == "RuntimeError"


async def test_an_account_that_cannot_be_set_up(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """That is when people look."""
    simulator.fail(Fault.SERVER_ERROR)
    await set_up()
    assert await health(hass) == {"devices": 0, "requests_today": 1, "last_error": "agents/list: HTTP 500", "server": "ok"}


async def test_a_server_that_cannot_be_reached(hass: HomeAssistant) -> None:
    """Where it is, is nobody's business who is shown the page."""
    entry = MockConfigEntry(domain=DOMAIN, unique_id="gone", data={"api_key": "k", "url": "http://127.0.0.1:1/v1"})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert (await health(hass))["last_error"] == "GetscreenConnectionError: refused"


async def test_two_accounts(hass: HomeAssistant, set_up: SetUp) -> None:
    await set_up()
    async with Simulator(Account(devices=2), key="b") as other:
        second = MockConfigEntry(domain=DOMAIN, unique_id="second", data={"api_key": "b", "url": other.url})
        second.add_to_hass(hass)
        assert await hass.config_entries.async_setup(second.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        info = await health(hass)
        assert info["devices"] == 5
        assert info["server 1"] == info["server 2"] == "ok"
        assert other.url not in str(info)
        assert await hass.config_entries.async_unload(second.entry_id)


async def test_too_many_entities(hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The warning comes in time, and goes with what it is about."""
    entry = await set_up()
    enabled = [entity for entity in registered(hass, entry) if not entity.disabled_by]
    monkeypatch.setattr(entity_limit, "_WARN_AT", len(enabled))
    await pass_time(hass, 3601)
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_key == "too_many_entities"
    assert issue.translation_placeholders == {"account": entry.title, "count": str(len(enabled)), "most": "10000"}
    er.async_get(hass).async_update_entity(enabled[0].entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    await pass_time(hass, 3601)
    assert not ir.async_get(hass).issues
    er.async_get(hass).async_update_entity(enabled[0].entity_id, disabled_by=None)
    await pass_time(hass, 3601)
    assert ir.async_get(hass).issues
    await hass.config_entries.async_unload(entry.entry_id)
    assert not ir.async_get(hass).issues
