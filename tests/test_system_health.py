"""The account in Home Assistant's page *System information*."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, get_system_health_info

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .helpers import pass_time


async def health(hass: HomeAssistant) -> dict[str, Any]:
    """Return the values on the page."""
    assert await async_setup_component(hass, "system_health", {})
    info: dict[str, Any] = await get_system_health_info(hass, DOMAIN)
    return {key: await value if asyncio.iscoroutine(value) else value for key, value in info.items()}


async def test_one_account(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    requests = simulator.count()
    found = await health(hass)
    pace = {"update_interval": "60 s", "plan": "?"}
    assert found == {"devices": 3, "requests_today": requests, **pace, "last_error": None, "server": "ok"}
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert (await health(hass))["last_error"] == "agents/list: HTTP 500"
    with patch("custom_components.getscreen.api.GetscreenClient.list_agents", side_effect=RuntimeError("at 192.0.2.7")):
        await pass_time(hass)
    assert (await health(hass))["last_error"] == "RuntimeError"


async def test_no_account(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    info = await health(hass)
    assert info["devices"] == 0
    assert "server" not in info


async def test_an_account_that_cannot_be_set_up(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The page shows the reason, because users open it in this case."""
    simulator.fail(Fault.SERVER_ERROR)
    await set_up()
    pace = {"update_interval": "60 s", "plan": "?"}
    assert await health(hass) == {"devices": 0, "requests_today": 1, **pace, "last_error": "agents/list: HTTP 500", "server": "ok"}


async def test_a_server_that_cannot_be_reached(hass: HomeAssistant) -> None:
    """The page does not show the address of the server."""
    entry = MockConfigEntry(domain=DOMAIN, unique_id="gone", data={"api_key": "k", "url": "http://127.0.0.1:1/v1"})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert (await health(hass))["last_error"] == "GetscreenConnectionError: refused"


async def test_two_accounts(hass: HomeAssistant, set_up: SetUp) -> None:
    """The page has a label for each value, for any number of servers, and shows each server's answer."""
    await set_up()
    async with Simulator(Account(devices=2), key="b") as other:
        second = MockConfigEntry(domain=DOMAIN, unique_id="second", data={"api_key": "b", "url": other.url})
        second.add_to_hass(hass)
        assert await hass.config_entries.async_setup(second.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        info = await health(hass)
        assert info["devices"] == 5
        assert info["server"] == "ok"
        assert other.url not in str(info)
        labels = await async_get_translations(hass, "en", "system_health", {DOMAIN})
        assert {f"component.{DOMAIN}.system_health.info.{key}" for key in info} == labels.keys()
        assert await hass.config_entries.async_unload(second.entry_id)
    server = (await health(hass))["server"]
    assert server["type"] == "failed"
    assert sorted(server["error"].split(", ")) == ["ok", "unreachable"]
