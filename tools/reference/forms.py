"""The tables of the setup form, the options and the blueprints."""

from typing import Any
from urllib.parse import quote

from homeassistant.helpers.selector import NumberSelector
from homeassistant.util.yaml import load_yaml_dict
import voluptuous as vol

from custom_components.getscreen.config_flow import OPTIONS_SCHEMA, USER_SCHEMA
from custom_components.getscreen.options import DEFAULT_OPTIONS
from reference.markdown import INTEGRATION, TEXTS, code, table

_BADGE = "https://my.home-assistant.io/badges/blueprint_import.svg"
_IMPORT = "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url="


def set_up_fields() -> str:
    """Return the table of the fields in the setup form."""
    texts = TEXTS["config"]["step"]["user"]
    rows = ([texts["data"][str(field)], texts["data_description"][str(field)]] for field in USER_SCHEMA.schema)
    return table(["Field", "What it is"], rows)


def options() -> str:
    """Return the table of the options."""
    texts = TEXTS["options"]["step"]["init"]
    rows = (
        [texts["data"][str(field)], code(field), _default(str(field), kind), texts["data_description"][str(field)]]
        for field, kind in OPTIONS_SCHEMA.schema.items()
    )
    return table(["Option", "Name", "Default", "What it does"], rows)


def blueprints() -> str:
    """Return the table of the blueprints, each with a button to import it."""
    root = INTEGRATION.parent.parent
    rows = []
    for path in sorted(root.glob("blueprints/automation/getscreen/*.yaml")):
        about: dict[str, Any] = load_yaml_dict(str(path))["blueprint"]
        name = about["name"].partition(": ")[2]
        button = f"[![Import]({_BADGE})]({_IMPORT}{quote(about['source_url'], safe='')})"
        rows.append([f"[{name[0].upper()}{name[1:]}]({about['source_url']})", about["description"], button])
    return table(["Blueprint", "What it does", ""], rows)


def _default(name: str, kind: Any) -> str:
    """Return the default of an option, with its unit and range if it is a number."""
    default = DEFAULT_OPTIONS[name]
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(kind, vol.All):
        (number,) = (part for part in kind.validators if isinstance(part, NumberSelector))
        config = number.config
        unit = f" {config['unit_of_measurement']}" if "unit_of_measurement" in config else ""
        return f"{default}{unit} ({config['min']:g} to {config['max']:g})"
    return str(default)
