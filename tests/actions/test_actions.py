"""The table of the actions: what is registered, and what the interface offers."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict
import pytest
import voluptuous as vol

from custom_components.getscreen.actions import ACTIONS
from custom_components.getscreen.actions.fields import TARGET
from custom_components.getscreen.const import DOMAIN
from reference.markdown import INTEGRATION

from ..conftest import SetUp
from ..helpers import device_id_of, registered

SERVICES: dict[str, Any] = load_yaml_dict(str(INTEGRATION / "services.yaml"))
ABOUT_COMPUTERS = {"wake", "reboot", "logout", "refresh_hardware", "get_connection_link", "update_device", "get_device_info", "get_history"}


@pytest.mark.parametrize("action", SERVICES)
async def test_options_of_selectors(hass: HomeAssistant, set_up: SetUp, action: str) -> None:
    """Selectors offer every computer by an entity enabled in every fleet, but not the account's own device, where actions fail."""
    entry = await set_up()
    described = SERVICES[action] or {}
    filters = [described["target"]["entity"]] if "target" in described else []
    if device := described.get("fields", {}).get("device_id"):
        filters += device["selector"]["device"]["entity"]
    for wanted in filters:
        # The frontend offers the devices that have an entity which matches.
        entities = [each for each in registered(hass, entry) if (each.platform, each.domain) == (wanted["integration"], wanted["domain"])]
        assert "online" in {entity.translation_key for entity in entities}
        assert {entity.device_id for entity in entities} == {device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)}
    assert bool(filters) is (action in ABOUT_COMPUTERS)


async def test_every_action_is_registered_as_described(hass: HomeAssistant) -> None:
    """The interface shows the fields that an action accepts, required if they are required in the code."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.async_services_for_domain(DOMAIN).keys() == SERVICES.keys() == {action.name for action in ACTIONS}
    for action in ACTIONS:
        described = SERVICES[action.name] or {}
        fields = {field: bool(described["fields"][field].get("required")) for field in described.get("fields", {})}
        taken = {str(field): isinstance(field, vol.Required) for field in action.fields}
        targets = {str(field) for field in TARGET} if "target" in described else set()
        assert taken.keys() == fields.keys() | targets, action.name
        required = {field for field, is_required in taken.items() if is_required}
        # Without its confirmation, `logout` fails with an error of its own.
        assert {field for field, is_required in fields.items() if is_required} == required | ({"confirm"} & fields.keys()), action.name
        assert hass.services.supports_response(DOMAIN, action.name) is action.response
