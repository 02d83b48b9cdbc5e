"""The fields of the actions: accepted values, and values that are rejected before a request is sent."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
import voluptuous as vol

from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import act, device_id_of

NO_WHOLE_NUMBERS: tuple[Any, ...] = (1.5, True, "five", "1_0", "\u0661\u0660", 10**19, 1e300, float("nan"), float("inf"), None, [])


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("wake", {"wait": "a while"}),
        ("wake", {"wait": -5}),
        ("wake", {"color": "blue"}),
        ("reboot", {"safe_mode": "perhaps"}),
        ("reboot", {"wait": {"lightyears": 1}}),
        ("logout", {"confirm": "perhaps"}),
        ("refresh_hardware", {"wait": 5}),
        ("wake", {"group": ["Office"]}),
        ("logout", {"group": "Office", "confirm": True}),
    ],
)
async def test_invalid_fields(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str, data: dict[str, Any]) -> None:
    entry = await set_up()
    simulator.requests.clear()
    with pytest.raises(vol.Invalid):
        await act(hass, action, device_id=device_id_of(hass, entry, 1), **data)
    assert simulator.count() == 0


@pytest.mark.parametrize(
    ("action", "data"),
    [
        *(("get_history", {"limit": limit}) for limit in NO_WHOLE_NUMBERS),
        *(("get_history", {"start": start}) for start in ("yesterday", "2026-13-01", "", None)),
        *(("wake", {"wait": wait}) for wait in (1e300, {"days": 1e12}, float("inf"), -1)),
    ],
)
async def test_values_of_the_wrong_kind(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str, data: dict[str, Any]
) -> None:
    """The schema rejects the value."""
    entry = await set_up()
    simulator.requests.clear()
    target = {"device_id": device_id_of(hass, entry, 1)} if action == "wake" else {}
    with pytest.raises(vol.Invalid):
        await act(hass, action, response=True, **target, **data)
    assert simulator.count() == 0


@pytest.mark.parametrize("text", ["x" * 256, "x" * 10**6, "a\x00b", "a\nb", "a\x7fb", "\ud800", "PC \udfff"])
@pytest.mark.parametrize(
    ("action", "field"),
    [
        ("update_device", "name"),
        ("update_device", "permanent_link_path"),
        ("update_device", "permanent_link_password"),
        ("create_invitation", "client_name"),
        ("create_invitation", "config_entry_id"),
        ("find_devices", "search"),
        ("find_devices", "group_id"),
        ("reboot", "group"),
        ("get_history", "device_id"),
    ],
)
async def test_texts_that_cannot_be_sent(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str, field: str, text: str
) -> None:
    entry = await set_up()
    data = {"device_id": device_id_of(hass, entry, 1)} if action == "update_device" else {}
    simulator.requests.clear()
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, action, response=True, **{**data, field: text})
    assert error.value.translation_key == "invalid_text"
    assert field in str(error.value)
    assert len(str(error.value)) < 300
    assert simulator.count() == 0


@pytest.mark.parametrize("name", ["x" * 255, "Büro 💻 PC", "a'b\"c<d>&e={f}%00"])
async def test_texts_that_can_be_sent(hass: HomeAssistant, account: Account, set_up: SetUp, name: str) -> None:
    entry = await set_up()
    await act(hass, "update_device", device_id=device_id_of(hass, entry, 1), name=name)
    assert account.agents[1].name == name
    created = await act(hass, "create_invitation", response=True, client_name=name)
    assert created["client_name"] == name
    assert (await act(hass, "find_devices", response=True, search=name))["devices"][0]["name"] == name
