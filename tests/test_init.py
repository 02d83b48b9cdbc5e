"""Setting up, unloading and removing an account, also in the middle of something."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator

from .conftest import SetUp
from .helpers import account_device, act, device_id_of, until


async def test_removing_a_device_by_hand(hass: HomeAssistant, account: Account, set_up: SetUp, hass_ws_client: WebSocketGenerator) -> None:
    """Only the device of a removed computer can be removed. Otherwise the error says why and what to do."""
    assert await async_setup_component(hass, "config", {})
    entry = await set_up()
    client = await hass_ws_client(hass)

    async def remove(device_id: str) -> str | None:
        await client.send_json_auto_id(
            {"type": "config/device_registry/remove_config_entry", "config_entry_id": entry.entry_id, "device_id": device_id}
        )
        answer = await client.receive_json()
        return None if answer["success"] else answer["error"]["message"]

    computer, service = device_id_of(hass, entry, 1), account_device(hass, entry).id
    assert "Reception PC still belongs to the account owner@example.com" in str(await remove(computer))
    assert "delete the account's entry" in str(await remove(service))
    # While a record is unreadable, the device of a computer that left stays.
    gone = device_id_of(hass, entry, 2)
    await hass.config_entries.async_unload(entry.entry_id)
    assert "is not loaded" in str(await remove(computer))
    account.remove_agent(2)
    account.agents[3].extra = {**account.agents[3].extra, "id": "garbled"}
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dr.async_get(hass).async_get(gone) is not None
    assert await remove(gone) is None
    assert dr.async_get(hass).async_get(gone) is None


@pytest.mark.parametrize("end", ["async_reload", "async_remove"])
@pytest.mark.parametrize(
    ("action", "method", "data"),
    [
        ("get_device_info", "agents/info", {}),
        ("refresh_hardware", "agents/info", {}),
        ("update_device", "devices/update", {"name": "Renamed"}),
    ],
)
async def test_an_account_removed_during_an_action(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, end: str, action: str, method: str, data: dict[str, Any]
) -> None:
    """The error says what happened, and nothing is written for the removed entry."""
    entry = await set_up()
    simulator.requests.clear()
    device_id = device_id_of(hass, entry, 1)
    with simulator.hold(method):
        call = asyncio.create_task(act(hass, action, response=action == "get_device_info", device_id=device_id, **data))
        await until(lambda: simulator.count(method))
        await getattr(hass.config_entries, end)(entry.entry_id)
    with pytest.raises(HomeAssistantError) as error:
        await call
    assert error.value.translation_key == "interrupted"
    assert str(error.value).startswith("Reception PC: the account was reloaded or removed")
    await hass.async_block_till_done(wait_background_tasks=True)
    if end == "async_remove":
        assert not dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)


@pytest.mark.parametrize("end", ["async_reload", "async_remove"])
@pytest.mark.parametrize(
    ("action", "method", "data"),
    [
        ("wake", "agents/wake", {}),
        ("logout", "agents/logout", {"confirm": True}),
        ("get_connection_link", "agents/connect", {}),
        ("create_invitation", "support/create", {}),
    ],
)
async def test_a_completed_command_does_not_fail(
    hass: HomeAssistant,
    simulator: Simulator,
    set_up: SetUp,
    caplog: pytest.LogCaptureFixture,
    end: str,
    action: str,
    method: str,
    data: dict[str, Any],
) -> None:
    entry = await set_up()
    target = {"config_entry_id": entry.entry_id} if action == "create_invitation" else {"device_id": device_id_of(hass, entry, 3)}
    with simulator.hold(method):
        call = asyncio.create_task(act(hass, action, response=action == "get_connection_link", **target, **data))
        await until(lambda: simulator.count(method))
        await getattr(hass.config_entries, end)(entry.entry_id)
    await call
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [record.getMessage() for record in caplog.records if record.name == "custom_components.getscreen" and record.levelno > 20] == []


async def test_removing_an_account_that_never_was_set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    entry.add_to_hass(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.config_entries.async_entries(DOMAIN)
