"""Setting up, unloading and removing an account, also in the middle of something."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator

from .conftest import SetUp
from .helpers import account_device, act, device_id_of, device_of, pass_time, state_of, until


async def test_every_computer_becomes_a_device(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    assert entry.state is ConfigEntryState.LOADED
    service = account_device(hass, entry)
    assert service.entry_type is DeviceEntryType.SERVICE
    for agent in account.agents.values():
        device = device_of(hass, entry, agent.id)
        assert device is not None
        assert device.name == agent.name
        assert device.via_device_id == service.id
        assert state_of(hass, entry, agent.id, "online").state == ("on" if agent.online else "off")
    assert len(dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)) == 1 + len(account.agents)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {CONF_API_KEY: "a-key"},
        {CONF_API_KEY: 7, CONF_URL: "https://api.getscreen.me/v1"},
        *(
            {CONF_API_KEY: "a-key", CONF_URL: url}
            for url in ("", "nonsense", "https://", "http://[", "https://getscreen.example.com:99999/v1")
        ),
    ],
)
async def test_an_entry_that_was_edited(hass: HomeAssistant, caplog: pytest.LogCaptureFixture, data: dict[str, Any]) -> None:
    """The user reads what is wrong, and can mend it."""
    entry = MockConfigEntry(domain=DOMAIN, title="Office", data=data)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert "stored API key or server address cannot be used" in str(entry.reason)
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "reconfigure"
    # Home Assistant complains of the entry, as it should.
    caplog.clear()


async def test_removing_a_device_by_hand(hass: HomeAssistant, account: Account, set_up: SetUp, hass_ws_client: WebSocketGenerator) -> None:
    """Only one that is not in the account goes, the others would be back at the next start; the user reads why and what to do."""
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
    # A garbled answer of the server keeps the device of a computer that left.
    gone = device_id_of(hass, entry, 2)
    await hass.config_entries.async_unload(entry.entry_id)
    assert "is not loaded" in str(await remove(computer))
    name = account.agents[2].name
    account.remove_agent(2)
    account.agents[3].name = None  # type: ignore[assignment]
    with patch("custom_components.getscreen.account.agents.AgentsCoordinator._remove_all_but"):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert dr.async_get(hass).async_get(gone) is not None, name
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
async def test_an_account_that_goes_in_the_middle_of_an_action(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, end: str, action: str, method: str, data: dict[str, Any]
) -> None:
    """The user reads what happened, and nothing is written for an entry that is gone."""
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
async def test_what_is_done_by_then_is_no_failure(
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


async def test_stopping_ends_all_waiting(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Nobody keeps Home Assistant from stopping, neither one who waits already nor one who begins to."""
    account.wake_seconds = 3600
    entry = await set_up()
    device_id = device_id_of(hass, entry, 3)
    call = asyncio.create_task(act(hass, "wake", device_id=device_id, wait=3600))
    await until(lambda: entry.runtime_data.agents.quick)
    errors: list[str | None] = []

    async def wait_late(_event: Event) -> None:
        for waiting in (call, act(hass, "wake", device_id=device_id, wait=3600)):
            with pytest.raises(HomeAssistantError) as error:
                await waiting
            errors.append(error.value.translation_key)

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, wait_late)
    await hass.async_stop(force=True)
    assert errors == ["wait_interrupted"] * 2


async def test_a_poll_that_is_answered_after_the_account_was_reloaded(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    """Its list may have been filtered in another way, so nothing leaves because of it."""
    entry = await set_up(hardware_interval=0)
    agents = entry.runtime_data.agents
    with simulator.hold("agents/list"):
        poll = asyncio.create_task(agents.async_refresh())
        await until(lambda: simulator.count("agents/list") == 2)
        await hass.config_entries.async_unload(entry.entry_id)
        account.remove_agent(1)
    await poll
    assert device_of(hass, entry, 1) is not None


async def test_removing_an_account_whose_files_cannot_be_deleted(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    """All the rest is forgotten, and the user reads which files are left; the same account can be added again."""
    entry = await set_up()
    await pass_time(hass, 3601)
    with patch("homeassistant.helpers.storage.Store.async_remove", side_effect=PermissionError):
        await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.config_entries.async_entries(DOMAIN)
    left = [record.getMessage() for record in caplog.records if "could not be deleted" in record.getMessage()]
    assert [message.split()[2] for message in left] == [f"{DOMAIN}.{entry.entry_id}", f"{DOMAIN}.{entry.entry_id}.hardware"]
    simulator.requests.clear()
    await pass_time(hass, 4000)
    assert simulator.count() == 0
