"""Common rules of all blueprints: Home Assistant loads them, defaults are enough, and device classes do not matter."""

from typing import Any

from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint import Blueprint
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import selector
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import extract_inputs
import pytest

from ..conftest import SetUp
from ..helpers import device_id_of, entity_id_of
from .helpers import FOLDER, GO, home

# What a beginner has to fill in, by blueprint.
REQUIRED: dict[str, set[str]] = {
    "session_alert": {"events"},
    "wake_then": {"triggers", "computers"},
    "offline_alert": {"computers"},
    "reboot_at_night": {"computers"},
    "invite": {"triggers"},
    "maintenance_window": set(),
    "weekly_report": set(),
    "wake_by_voice": set(),
}
NAMES = tuple(REQUIRED)


@pytest.mark.parametrize("name", NAMES)
async def test_a_file(hass: HomeAssistant, name: str) -> None:
    """Home Assistant loads the file, every input has texts and is used, and its selector accepts every default."""
    blueprint: Blueprint = await async_get_blueprints(hass).async_get_blueprint(f"getscreen/{name}.yaml")
    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"].endswith(f"/main/blueprints/automation/getscreen/{name}.yaml")
    assert blueprint.metadata["homeassistant"] == {"min_version": "2026.8.0"}
    assert blueprint.metadata["description"]
    assert blueprint.metadata["author"]
    body = {key: value for key, value in blueprint.data.items() if key != "blueprint"}
    assert {"triggers", "actions", "mode"} <= body.keys()
    assert extract_inputs(body) == set(blueprint.inputs)
    assert {key for key, value in blueprint.inputs.items() if "default" not in value} == REQUIRED[name]
    for value in blueprint.inputs.values():
        assert value["name"]
        # Selectors do not take nothing, which stands for "none chosen" where there is a default for it.
        if value.get("default"):
            check: Any = selector(value["selector"])
            check(value["default"])


def test_all_files_are_tested() -> None:
    assert {path.stem for path in FOLDER.glob("**/*.yaml")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
async def test_no_device_class_is_asked_for(hass: HomeAssistant, name: str) -> None:
    """The user can change the device class with "Show as", so no selector or template may depend on it."""
    blueprint: Blueprint = await async_get_blueprints(hass).async_get_blueprint(f"getscreen/{name}.yaml")
    assert "device_class" not in (FOLDER / "getscreen" / f"{name}.yaml").read_text()
    for value in blueprint.inputs.values():
        for kind in ("entity", "device"):
            chosen = value["selector"].get(kind) or {}
            assert not any("device_class" in wanted for wanted in chosen.get("filter", []) + chosen.get("entity", []))


@pytest.mark.parametrize("name", NAMES)
async def test_defaults_are_enough(hass: HomeAssistant, set_up: SetUp, name: str) -> None:
    """An automation with only the required inputs is valid."""
    entry = await set_up()
    chosen = {
        "events": [home(hass, entry)],
        "triggers": [GO],
        "computers": [entity_id_of(hass, entry, 1, "online") if name == "offline_alert" else device_id_of(hass, entry, 1)],
    }
    use = {"path": f"getscreen/{name}.yaml", "input": {key: chosen[key] for key in REQUIRED[name]}}
    assert await async_setup_component(hass, "automation", {})
    config = await async_validate_config_item(hass, name, {"id": name, "alias": name, "use_blueprint": use})
    assert config is not None
    assert config.validation_status == "ok", config.validation_error
