"""The recipes of the documentation: Home Assistant's and custom cards that show the integration's entities."""

from collections.abc import Iterator
from pathlib import Path
import re
from typing import Any

from homeassistant.util.yaml import parse_yaml

_PAGE = Path(__file__).parent.parent / "docs/dashboards.md"

# What the documentation of these cards names: auto-entities 1.16, Mushroom 5.2, Bubble Card 3.2 (by `card_type`).
OPTIONS = {
    "custom:auto-entities": {"card", "card_param", "filter", "sort"},
    "custom:mushroom-template-card": {"entity", "icon", "color", "primary", "secondary", "tap_action"},
    "button": {"card_type", "button_type", "name", "icon", "button_action", "show_state", "show_last_changed"},
    "pop-up": {"card_type", "hash", "name", "icon", "cards"},
}
FILTERS = {"integration", "domain", "state", "attributes", "options"}
SORTS = {"method", "attribute", "reverse"}
METHODS = {"name", "attribute"}
BUTTON_TYPES = {"switch", "slider", "state", "name"}


def recipes() -> list[dict[str, Any]]:
    """Return the configuration of each recipe."""
    section = re.split(r"^## ", _PAGE.read_text().partition("## Together with other cards\n")[2], flags=re.MULTILINE)[0]
    return [parse_yaml(found) for found in re.findall(r"^```yaml\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)]  # type: ignore[misc]


def of_core(recipe: dict[str, Any]) -> bool:
    """Return whether Home Assistant itself has the card of a recipe."""
    return not str(recipe["type"]).startswith("custom:")


def check_recipe(config: dict[str, Any]) -> None:
    """Check that a custom card's documentation contains all options that a recipe uses."""
    kind = str(config["card_type"] if config["type"] == "custom:bubble-card" else config["type"])
    assert config.keys() - {"type"} <= OPTIONS[kind]
    assert config.get("button_type", "switch") in BUTTON_TYPES
    if kind == "custom:auto-entities":
        assert config["sort"].keys() <= SORTS
        assert config["sort"]["method"] in METHODS
        for rules in filters(config):
            assert rules.keys() <= FILTERS
            assert rules["integration"] == "getscreen"
            options = rules.get("options", {})
            if options.get("type") == "custom:bubble-card":
                check_recipe(options)


def filters(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the filters of auto-entities, and check that none excludes entities."""
    assert config["filter"].keys() == {"include"}
    yield from config["filter"]["include"]
