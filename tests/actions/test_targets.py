"""The account and the computers of an action, and failures of some of them."""

from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import floor_registry as fr
from homeassistant.helpers import label_registry as lr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.getscreen.api import GetscreenClient, RequestRefusedError
from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import account_device, act, ask, commanded, device_id_of, entity_id_of

ABOUT_A_DEVICE = ("get_connection_link", "update_device", "get_device_info", "get_history")
ABOUT_AN_ACCOUNT = ("find_devices", "create_invitation", "list_invitations", "get_invitation", "close_invitation", "get_history")


async def test_every_kind_of_target(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Devices, entities, areas, floors and labels reach a device, each one once."""
    entry = await set_up()
    devices, entities = dr.async_get(hass), er.async_get(hass)
    floor = fr.async_get(hass).async_create("Upstairs")
    area = ar.async_get(hass).async_create("Office", floor_id=floor.floor_id)
    label = lr.async_get(hass).async_create("Servers")
    devices.async_update_device(device_id_of(hass, entry, 1), area_id=area.id)
    devices.async_update_device(device_id_of(hass, entry, 3), labels={label.label_id})
    entity_label = lr.async_get(hass).async_create("Watched")
    entities.async_update_entity(entity_id_of(hass, entry, 2, "session"), labels={entity_label.label_id})
    for target, reached in (
        ({"device_id": [device_id_of(hass, entry, 1), device_id_of(hass, entry, 2)]}, [1, 2]),
        ({"entity_id": entity_id_of(hass, entry, 2, "reboot")}, [2]),
        ({"entity_id": [entity_id_of(hass, entry, 2, key) for key in ("online", "session", "wake")]}, [2]),
        ({"area_id": area.id}, [1]),
        ({"floor_id": floor.floor_id}, [1]),
        ({"label_id": label.label_id}, [3]),
        ({"label_id": entity_label.label_id}, [2]),
        ({"area_id": area.id, "device_id": device_id_of(hass, entry, 1), "label_id": [label.label_id]}, [1, 3]),
    ):
        simulator.requests.clear()
        await act(hass, "wake", **target)
        assert commanded(simulator, "wake") == reached, target


async def test_a_target_without_computers(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Unknown ids, the account itself, devices of other integrations and disabled ones are an error, before any request."""
    entry = await set_up()
    foreign_entry = MockConfigEntry(domain="other")
    foreign_entry.add_to_hass(hass)
    foreign = dr.async_get(hass).async_get_or_create(config_entry_id=foreign_entry.entry_id, identifiers={("other", "account_1")})
    lamp = er.async_get(hass).async_get_or_create("light", "other", "lamp", config_entry=foreign_entry, device_id=foreign.id)
    disabled = device_id_of(hass, entry, 3)
    dr.async_get(hass).async_update_device(disabled, disabled_by=dr.DeviceEntryDisabler.USER)
    simulator.requests.clear()
    for action in ("wake", "reboot", "logout", "refresh_hardware"):
        for target in (
            {},
            {"device_id": "unknown"},
            {"entity_id": "light.unknown"},
            {"entity_id": "all"},
            {"area_id": "unknown", "floor_id": "unknown", "label_id": "unknown"},
            {"device_id": foreign.id},
            {"entity_id": lamp.entity_id},
            {"device_id": account_device(hass, entry).id},
            {"device_id": disabled},
        ):
            data: dict[str, Any] = {**target, "confirm": True} if action == "logout" else {**target}
            with pytest.raises(ServiceValidationError) as error:
                await act(hass, action, **data)
            assert error.value.translation_key == "no_devices"
            assert "The account's own device is not a computer" in str(error.value)
    assert simulator.count() == 0


async def test_without_an_account(hass: HomeAssistant) -> None:
    """The actions are registered without any account, so that automations can be checked."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "wake", device_id="unknown")
    assert error.value.translation_key == "no_devices"


async def test_an_account_that_is_not_set_up(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "wake", device_id=device_id)
    assert error.value.translation_key == "not_loaded"
    assert "Reception PC" in str(error.value)
    assert entry.title in str(error.value)


async def test_one_failure_does_not_stop_the_others(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)]
    dr.async_get(hass).async_update_device(devices[1], name_by_user="Her laptop")
    simulator.command_status[1] = 7
    simulator.refuse(2)
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=devices)
    assert error.value.translation_key == "several_failed"
    assert "Reception PC: " in str(error.value)
    assert "Her laptop: " in str(error.value)
    assert account.agents[3].name not in str(error.value)
    assert commanded(simulator, "wake") == [1, 2, 3]
    assert account.agents[3].online


async def test_several_failures_in_the_language_of_home_assistant(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    hass.config.language = "de"
    entry = await set_up()
    simulator.command_status[1] = 7
    simulator.refuse(3)
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=[device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)])
    failures = (error.value.translation_placeholders or {})["failures"]
    assert ("Reception PC: Der Befehl wurde nicht ausgeführt; der Server antwortete mit Status 7.") in failures
    assert "Server room NAS: Der Server verweigert den Zugriff." in failures


async def test_many_failures(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """The error names fifty computers and counts the others, and long server texts are cut."""
    for number in range(57):
        account.add_agent(f"PC {number:02}")
    entry = await set_up()
    for agent_id in account.agents:
        simulator.command_status[agent_id] = 7
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=[device_id_of(hass, entry, agent_id) for agent_id in account.agents])
    text = str(error.value)
    assert text.count("status 7") == 50
    assert text.endswith("; other computers that failed: 10")
    simulator.heal()
    refusal = RequestRefusedError("HTTP 400", "x" * 100_000)
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=refusal), pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=[device_id_of(hass, entry, agent_id) for agent_id in (1, 2)])
    assert len(str(error.value)) < 1500


async def test_an_unexpected_failure_of_all_is_raised_as_it_is(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=RuntimeError("boom")), pytest.raises(RuntimeError):
        await act(hass, "wake", device_id=[device_id_of(hass, entry, agent_id) for agent_id in (1, 2)])


async def test_an_unexpected_failure_does_not_hide_the_others(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    """The error names the unexpected failure and the others, and the log has its traceback."""
    entry = await set_up()
    simulator.command_status[1] = 7
    wake = GetscreenClient.wake

    async def some_wake(client: GetscreenClient, agent_id: int) -> None:
        if agent_id == 1:
            return await wake(client, agent_id)
        raise {2: RuntimeError("boom"), 3: HomeAssistantError("Something of Home Assistant")}[agent_id]

    devices = [device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)]
    with patch("custom_components.getscreen.api.GetscreenClient.wake", some_wake), pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=devices)
    assert error.value.translation_key == "several_failed"
    assert "Reception PC: the server did not carry out the command" in str(error.value)
    assert "Marta's MacBook: an unexpected error occurred (RuntimeError)" in str(error.value)
    assert "Server room NAS: Something of Home Assistant" in str(error.value)
    assert "boom" in caplog.text
    both = [RuntimeError("first"), RuntimeError("second")]
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=both), pytest.raises(RuntimeError, match="first"):
        await act(hass, "wake", device_id=devices[:2])
    assert "RuntimeError: second" in caplog.text


async def test_failures_whose_text_is_missing(hass: HomeAssistant, set_up: SetUp) -> None:
    """An error without a translation, or with a value missing, appears with the text that Home Assistant itself would show."""
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)]
    errors = [
        HomeAssistantError("Plain"),
        HomeAssistantError(translation_domain=DOMAIN, translation_key="unheard_of"),
        HomeAssistantError(translation_domain=DOMAIN, translation_key="wait_timeout", translation_placeholders={"name": "x"}),
    ]
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=errors), pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=devices)
    for text in ("Plain", "unheard_of", "{name}"):
        assert text in str(error.value)


def fields_of(action: str) -> dict[str, Any]:
    """Return the fields that an action requires, besides its device."""
    if action == "update_device":
        return {"name": "New name"}
    return {"invitation_id": 7001} if action in ("get_invitation", "close_invitation") else {}


@pytest.mark.parametrize("action", ABOUT_A_DEVICE)
async def test_a_device_other_than_a_computer(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str) -> None:
    """An unknown device and the account's own device are rejected."""
    entry = await set_up()
    simulator.requests.clear()
    for device_id in ("unknown", account_device(hass, entry).id):
        with pytest.raises(ServiceValidationError) as error:
            await ask(hass, action, device_id=device_id, **fields_of(action))
        assert error.value.translation_key == "unknown_device"
    assert simulator.count() == 0


@pytest.mark.parametrize("action", ABOUT_AN_ACCOUNT)
async def test_which_account(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str) -> None:
    """The account is optional if there is only one. Otherwise it must be a loaded account of this integration."""
    entry = await set_up()
    await ask(hass, action, **fields_of(action))
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", data=entry.data)
    other.add_to_hass(hass)
    foreign = MockConfigEntry(domain="other")
    foreign.add_to_hass(hass)
    simulator.requests.clear()
    for data in ({}, {"config_entry_id": "unknown"}, {"config_entry_id": other.entry_id}, {"config_entry_id": foreign.entry_id}):
        with pytest.raises(ServiceValidationError):
            await ask(hass, action, **data, **fields_of(action))
    assert simulator.count() == 0


@pytest.mark.parametrize("action", ["get_invitation", "close_invitation"])
async def test_an_invalid_invitation_id(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str) -> None:
    await set_up()
    simulator.requests.clear()
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, action, invitation_id=0)
    assert error.value.translation_key == "invalid_invitation"
    for wrong in (True, 1.5, float("inf"), "one", None):
        with pytest.raises(vol.Invalid):
            await ask(hass, action, invitation_id=wrong)
    assert simulator.count() == 0
