"""The documentation: its tables are as the code is, its examples are loaded as Home Assistant would, its links lead somewhere."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
import re
from typing import Any

from homeassistant.components.automation.config import async_validate_config_item as validate_automation
from homeassistant.components.lovelace import CONFIG_SCHEMA as LOVELACE_SCHEMA
from homeassistant.components.recorder import CONFIG_SCHEMA as RECORDER_SCHEMA
from homeassistant.components.script.config import async_validate_config_item as validate_script
from homeassistant.components.template.config import CONFIG_SECTION_SCHEMA as TEMPLATE_SCHEMA
from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import Secrets, load_yaml
import pytest

from custom_components.getscreen.api.hardware import Disk, Drive, Hardware, MemoryBank, Monitor, NetworkAdapter, VideoCard
from reference import ROOT, TABLES, documents, renewed
from reference.actions import actions
from reference.entities import DESCRIPTIONS
from reference.meanings import MEANINGS

from .recipes import check_recipe, of_core, recipes

TEXTS = {path: path.read_text() for path in {*documents(), *ROOT.glob("*.md")}}


def card_options() -> dict[str, set[str]]:
    """Return the options of each card by its type, as its code has them."""
    names = dict(re.findall(r'(\w+_CARD) = "(.+)";', (ROOT / "frontend/src/const.ts").read_text()))
    found = {}
    for path in ROOT.glob("frontend/src/components/*-card.ts"):
        ((options, kind),) = re.findall(r"OPTIONS = {(.+?)}.+define\((\w+_CARD),", path.read_text(), re.DOTALL)
        found[f"custom:{names[kind]}"] = set(re.findall(r"(\w+):", options))
    assert len(found) == len(names)
    return found


CARDS = card_options()


def examples() -> Iterator[Any]:
    """Return every YAML example with its page and line."""
    for path, text in sorted(TEXTS.items()):
        for found in re.finditer(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
            line = text.count("\n", 0, found.start()) + 1
            yield pytest.param(found[1], id=f"{path.name}:{line}")


def calls(node: Any) -> Iterator[dict[str, Any]]:
    """Return every call of an action of ours within an example."""
    if isinstance(node, dict):
        if str(node.get("action", "")).startswith("getscreen."):
            yield node
        for value in node.values():
            yield from calls(value)
    elif isinstance(node, list):
        for value in node:
            yield from calls(value)


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_generated_tables_are_current(path: Path) -> None:
    """`python -m reference` generates them."""
    assert renewed(TEXTS[path]) == TEXTS[path]


def test_every_table_is_shown() -> None:
    everything = "".join(TEXTS.values())
    assert [name for name in TABLES if f"<!-- table: {name} -->" not in everything] == []


def test_every_entity_has_a_meaning() -> None:
    assert MEANINGS.keys() == {description.key for descriptions in DESCRIPTIONS.values() for description in descriptions}


def test_there_are_examples() -> None:
    """Those of the README and of the page on automations are found, so the next test has something to check."""
    pages = {str(example.id).partition(":")[0] for example in examples()}
    assert {"README.md", "automations.md", "dashboards.md"} <= pages


@pytest.mark.parametrize("example", examples())
async def test_example(hass: HomeAssistant, tmp_path: Path, example: str) -> None:
    """Home Assistant accepts each example, and the integration's actions in it accept their fields."""
    (tmp_path / "secrets.yaml").write_text("recorder_db_url: postgresql://user:password@192.0.2.20/homeassistant\n")
    (tmp_path / "example.yaml").write_text(example)
    config = load_yaml(str(tmp_path / "example.yaml"), Secrets(tmp_path))
    assert isinstance(config, dict)
    await check(hass, config)
    described = actions()
    for call in calls(config):
        action = described[call["action"].removeprefix("getscreen.")]
        taken = {str(name) for name in action.schema.schema}
        assert call.get("data", {}).keys() | call.get("target", {}).keys() <= taken
        assert ("target" in action.described) == ("target" in call or "group" in call.get("data", {}))
        assert "response_variable" not in call or action.response is not SupportsResponse.NONE
        assert "response_variable" in call or action.response is not SupportsResponse.ONLY


async def check(hass: HomeAssistant, config: dict[str, Any]) -> None:
    """Validate an example with the part of Home Assistant that would read it."""
    assert await async_setup_component(hass, "automation", {})
    if "triggers" in config:
        validated = await validate_automation(hass, "example", config)
        assert validated is not None
        assert validated.validation_error is None
    elif "sequence" in config or "actions" in config:
        script = {"sequence": config.pop("actions")} if "actions" in config else config
        result = await validate_script(hass, "example", script)
        assert result is not None
        assert result.validation_error is None
    elif "recorder" in config:
        RECORDER_SCHEMA(config)
    elif "lovelace" in config:
        LOVELACE_SCHEMA(config)
    elif "template" in config:
        for section in config["template"]:
            TEMPLATE_SCHEMA(section)
    elif "strategy" in config:
        assert config["strategy"].keys() <= {"type", "account"}
        assert config["strategy"]["type"] == "custom:getscreen"
    elif "recorder_db_url" in config:
        RECORDER_SCHEMA({"recorder": {"db_url": config["recorder_db_url"]}})
    else:
        check_card(config)


def check_card(config: dict[str, Any]) -> None:
    """Check the options of a card; a browser loads those of Home Assistant itself."""
    if config["type"] in CARDS:
        assert config.keys() - {"type"} <= CARDS[config["type"]]
        return
    assert config in recipes()
    if not of_core(config):
        check_recipe(config)


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub creates them."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", sorted(TEXTS), ids=lambda path: path.name)
def test_links(path: Path) -> None:
    """The target of each link to a file of the project, and to a heading in it, exists."""
    text = TEXTS[path]
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)
    for target in targets:
        if re.match(r"https?:|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        page = (path.parent / name).resolve() if name else path
        assert page.exists(), target
        if anchor:
            assert anchor in anchors(page.read_text()), target


def test_card_options_are_documented() -> None:
    page = TEXTS[ROOT / "docs/dashboards.md"]
    assert CARDS.keys() == {"custom:getscreen-card", "custom:getscreen-history-card", "custom:getscreen-support-card"}
    for options in CARDS.values():
        assert [option for option in options if f"| `{option}` |" not in page] == []


def test_fields_of_responses_are_documented() -> None:
    """The fields of a computer's hardware and its parts are those of the client's records."""
    page = TEXTS[ROOT / "docs/actions.md"].partition("## Responses")[2]
    records = (Hardware, Disk, Drive, MemoryBank, Monitor, NetworkAdapter, VideoCard)
    assert [field.name for record in records for field in fields(record) if f"`{field.name}`" not in page] == []
