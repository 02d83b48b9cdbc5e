"""Diagnostics contain useful data and nothing secret or personal."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_dumps
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen.diagnostics import async_get_config_entry_diagnostics, async_get_device_diagnostics
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .helpers import account_device, device_of, pass_time


def personal(account: Account, simulator: Simulator) -> set[str]:
    """Return the texts that must not be disclosed: the key, names, addresses, links."""
    found = {simulator.key, simulator.url, account.owner}
    for agent in account.agents.values():
        found |= {agent.name, agent.geo.ip, agent.geo.city, agent.permanent_url or "", agent.group or "", account.onetime_link(agent.id)}
        hardware: dict[str, Any] = agent.hardware or {}
        found.add(hardware.get("ComputerName") or "")
        found |= {address.partition("/")[0] for address in hardware.get("ComputerIP") or ()}
        found |= {adapter.get("MACAddress") or "" for adapter in hardware.get("NetAdapters") or ()}
    return found - {""}


async def test_of_an_account(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    account.start_session(1)
    account.agents[1].extra = {"os_user": "marta", "color": "secretly blue"}
    simulator.fail(Fault.NOT_FOUND, "agents/info", times=1)
    entry = await set_up(search="e", group_id="")
    diagnostics: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    text = json_dumps(diagnostics)
    for secret in personal(account, simulator) | {"marta", "secretly blue"}:
        assert secret not in text, secret
    assert diagnostics["options"] == {"search": "**REDACTED**", "group_id": ""}
    assert diagnostics["last_update_success"] is True
    assert [agent["id"] for agent in diagnostics["agents"]] == list(entry.runtime_data.agents.data)
    methods = diagnostics["methods"]
    assert methods["agents/list"]["requests"] == 1
    assert methods["agents/list"]["last_code"] == 200
    assert methods["agents/list"]["verb"] == "GET"
    assert "color: str" in methods["agents/list"]["unknown_fields"]
    assert methods["agents/info"]["requests"] == len(entry.runtime_data.agents.data)
    assert "agents/wake" not in methods
    simulator.fail(Fault.WRONG_ITEMS, "agents/list")
    await pass_time(hass)
    simulator.fail(Fault.SERVER_ERROR, "agents/list")
    await pass_time(hass)
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert diagnostics["last_error"] == "UpdateFailed"
    assert diagnostics["methods"]["agents/list"]["last_code"] == 500
    assert diagnostics["methods"]["agents/list"]["skipped_records"] == 5
    assert "sessions: str" in diagnostics["methods"]["agents/list"]["unexpected_fields"]


async def test_of_an_account_that_cannot_be_set_up(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, simulator: Simulator, set_up: SetUp
) -> None:
    """Users need diagnostics most in this case."""
    simulator.fail(Fault.WRONG_TYPES)
    entry = await set_up()
    diagnostics: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert diagnostics["last_update_success"] is False
    assert diagnostics["methods"]["agents/list"]["last_code"] == 200
    assert diagnostics["agents"] == []


async def test_of_an_account_that_never_was_set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    assert await async_get_config_entry_diagnostics(hass, entry) == {}


async def test_of_a_device(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    diagnostics: Any = await get_diagnostics_for_device(hass, hass_client, entry, device)
    assert diagnostics["id"] == 1
    assert diagnostics["hardware"]["cpu"] == (account.agents[1].hardware or {})["CPU"]
    for secret in personal(account, simulator):
        assert secret not in json_dumps(diagnostics), secret
    assert await get_diagnostics_for_device(hass, hass_client, entry, account_device(hass, entry)) == {}


async def test_of_a_device_of_an_account_that_is_off(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    await hass.config_entries.async_unload(entry.entry_id)
    assert await async_get_device_diagnostics(hass, entry, device) == {}


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
async def test_the_log(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture, level: str
) -> None:
    """The key and links that control a machine are never logged, at any level."""
    caplog.set_level(level)
    entry = await set_up()
    for fault in (Fault.SERVER_ERROR, Fault.REDIRECT, Fault.HTML, Fault.WRONG_TYPES, Fault.DROPPED):
        simulator.fail(fault)
        await pass_time(hass)
        simulator.heal()
        await pass_time(hass)
    simulator.key = "another"
    await pass_time(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    for secret in ("a-key", *(account.onetime_link(agent_id) for agent_id in account.agents)):
        assert secret not in caplog.text
