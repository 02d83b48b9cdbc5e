"""The table of the actions: what is registered, and what the interface offers for it."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict
import pytest

from reference.markdown import INTEGRATION

from ..conftest import SetUp
from ..helpers import device_id_of, registered

SERVICES: dict[str, Any] = load_yaml_dict(str(INTEGRATION / "services.yaml"))


ABOUT_COMPUTERS = {"wake", "reboot", "logout", "refresh_hardware", "get_connection_link", "update_device", "get_device_info", "get_history"}


@pytest.mark.parametrize("action", SERVICES)
async def test_what_a_selector_offers(hass: HomeAssistant, set_up: SetUp, action: str) -> None:
    """Every computer, by the entity that is enabled in fleets of any size, but not the account's own device, where it can only fail."""
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
