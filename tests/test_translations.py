"""Every text that is used exists, every one that exists is used, and hassfest's rules for them hold."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

from homeassistant import components
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import validate_selector

# Home Assistant has no public name for the schema of services.yaml.
from homeassistant.helpers.service import _SERVICES_SCHEMA as SERVICES_SCHEMA
from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.getscreen import config_flow
from custom_components.getscreen.condition import CONDITIONS
from custom_components.getscreen.trigger import TRIGGERS
from reference.actions import actions
from reference.entities import DESCRIPTIONS

FOLDER = Path(config_flow.__file__).parent
ENGLISH = json.loads((FOLDER / "translations/en.json").read_text())
LANGUAGES = sorted(path.stem for path in (FOLDER / "translations").glob("*.json"))
# The texts that are in English only so far, one path in translations/en.json per line.
UNTRANSLATED = set((Path(__file__).parent / "untranslated.txt").read_text().split())
ICONS = json.loads((FOLDER / "icons.json").read_text())
SERVICES = load_yaml_dict(str(FOLDER / "services.yaml"))
MODULES = sorted(FOLDER.rglob("*.py"))
CARDS = sorted((FOLDER.parents[1] / "frontend/src").rglob("*.ts"))
ERRORS = ("BrowseError", "ConfigEntryError", "HomeAssistantError", "ServiceValidationError", "Unresolvable")


def texts(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Return all texts with their paths."""
    if isinstance(node, str):
        yield path, node
    else:
        for key, value in node.items():
            yield from texts(value, f"{path}.{key}" if path else key)


def strings_of(*modules: str) -> set[str]:
    """Return every string that stands in the code of modules."""
    nodes = [node for module in modules for node in ast.walk(ast.parse((FOLDER / f"{module}.py").read_text()))]
    return {str(node.value) for node in nodes if isinstance(node, ast.Constant)}


def translation_keys() -> set[str]:
    """Return the translation keys that exceptions are raised with anywhere."""
    found: set[str] = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("failed", "invalid"):
                found |= {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)}
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS:
                found |= {str(k.value.value) for k in node.keywords if k.arg == "translation_key" and isinstance(k.value, ast.Constant)}
    return found


def test_languages() -> None:
    assert sorted(["cs", "de", "en", "es", "fr", "it", "nl", "pl", "pt-BR", "ru", "tr", "uk"]) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_agree(language: str) -> None:
    """Every language has the English texts, except those that UNTRANSLATED lists: Home Assistant shows these in English."""
    english = dict(texts(ENGLISH))
    other = dict(texts(json.loads((FOLDER / f"translations/{language}.json").read_text())))
    assert set(english) >= UNTRANSLATED
    assert list(other) == [path for path in english if language == "en" or path not in UNTRANSLATED]
    for path, text in other.items():
        assert text, path
        assert text.count("**") == english[path].count("**"), path
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", english[path])), path
        assert not re.search(r"https?://|www\.", text), path
        assert not re.search(r"'{\w+}'", text), path
        assert text == text.strip(), path
        assert re.fullmatch(r"[a-z0-9_.]+", path), path


def test_exceptions() -> None:
    errors = ast.parse((FOLDER / "exceptions.py").read_text())
    keys = {
        node.value.value
        for node in ast.walk(errors)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and getattr(node.targets[0], "id", "") == "key"
    }
    assert translation_keys() | {str(key) for key in keys} == ENGLISH["exceptions"].keys()


def test_flow() -> None:
    used = strings_of("config_flow", "account_check")
    config, options = ENGLISH["config"], ENGLISH["options"]
    assert config["error"].keys() | config["abort"].keys() | options["abort"].keys() <= used | {
        "already_configured"
    }  # Home Assistant's own helper uses it.
    for step, schema in (
        (config["step"]["user"], config_flow.USER_SCHEMA),
        (config["step"]["filter"], config_flow.FILTER_SCHEMA),
        (config["step"]["reauth_confirm"], config_flow.REAUTH_SCHEMA),
        (config["step"]["reconfigure"], config_flow.RECONFIGURE_SCHEMA),
        (options["step"]["init"], config_flow.OPTIONS_SCHEMA),
    ):
        fields = {str(field) for field in schema.schema}
        assert step["data"].keys() == step["data_description"].keys() == fields
    assert config["create_entry"].keys() - {"default"} <= used
    assert config["step"]["same_account"]["menu_options"].keys() <= used


def test_entities() -> None:
    for platform, descriptions in DESCRIPTIONS.items():
        assert ENGLISH["entity"][platform].keys() == {description.key for description in descriptions}
    assert ENGLISH["entity"].keys() == ICONS["entity"].keys() == DESCRIPTIONS.keys()


def test_icons_of_entities() -> None:
    """Each entity has an icon: its own, or that of its device class, which ours does not repeat."""
    for platform, descriptions in DESCRIPTIONS.items():
        ours = dict(ICONS["entity"][platform])
        classes = json.loads((Path(components.__path__[0]) / platform / "icons.json").read_text())["entity_component"]
        for description in descriptions:
            default = classes.get(description.device_class or "_", classes["_"])["default"]
            assert ours.pop(description.key, {"default": description.device_class and default})["default"], description.key
            assert ICONS["entity"][platform].get(description.key, {}).get("default") != default, description.key
        assert not ours


def test_actions() -> None:
    """Each action and each field has a description, an existing selector, a text and an icon."""
    described = SERVICES_SCHEMA(SERVICES)
    registered = actions()
    assert described.keys() == registered.keys() == ENGLISH["services"].keys() == ICONS["services"].keys()
    for name, service in described.items():
        fields = service.get("fields", {})
        taken = {str(field) for field in registered[name].schema.schema}
        if "target" in service:
            assert "device" not in service["target"]
            taken -= {str(field) for field in cv.TARGET_SERVICE_FIELDS}
        assert fields.keys() == ENGLISH["services"][name].get("fields", {}).keys() == taken
        for field in fields.values():
            validate_selector(field["selector"])


@pytest.mark.parametrize(("kind", "known"), [("triggers", TRIGGERS), ("conditions", CONDITIONS)])
async def test_triggers_and_conditions(hass: HomeAssistant, kind: str, known: dict[str, Any]) -> None:
    """Each has texts, an icon, computers as its target, and takes the fields that are described, with their defaults."""
    described = {name: value for name, value in load_yaml_dict(str(FOLDER / f"{kind}.yaml")).items() if not name.startswith(".")}
    assert described.keys() == known.keys() == ENGLISH[kind].keys() == ICONS[kind].keys()
    for name, description in described.items():
        (target,) = description["target"]["entity"]
        assert (target["integration"], target["domain"]) == ("getscreen", "binary_sensor")
        assert ENGLISH[kind][name].keys() == {"name", "description", "fields"}
        assert ICONS[kind][name].keys() == {kind.removesuffix("s")}
        assert description["fields"].keys() == ENGLISH[kind][name]["fields"].keys() == {"behavior", "for"}
        for field, value in description["fields"].items():
            validate_selector(value["selector"])
            assert ENGLISH[kind][name]["fields"][field].keys() == {"name", "description"}
        defaults = {field: value["default"] for field, value in description["fields"].items()}
        await known[name].async_validate_config(hass, {"target": {"entity_id": "binary_sensor.pc"}, "options": defaults})


def test_icons_are_material_design() -> None:
    assert all(icon.startswith("mdi:") for _, icon in texts(ICONS))


def test_issues() -> None:
    assert ENGLISH["issues"].keys() == {"request_limit", "too_many_entities"}


def test_common() -> None:
    """Cards and media source use each text of `common`, by its whole key or as the rest of a template, and no others."""
    assert CARDS
    cards = "".join(path.read_text() for path in CARDS)
    code = "".join(path.read_text() for path in MODULES) + cards
    words = set(re.findall(r"\w+", code)) | {str(month) for month in range(1, 13)}
    prefixes = set(re.findall(r"[`\"]([a-z_]+_)\$?{[\w.]+}[`\"]", code))
    keys = ENGLISH["common"].keys()
    used = {key for key in keys if key in words or any(key.startswith(p) and key.removeprefix(p) in words for p in prefixes)}
    assert keys - used == set()
    called = (
        set(re.findall(r"[tT]ext\([\w.]+, \"(\w+)\"", code)),
        set(re.findall(r"translate\(\"(\w+)\"", cards)),
        {f"support_{key}" for key in re.findall(r"\.text\(\"(\w+)\"", cards)},
    )
    assert all(called)
    assert set.union(*called) <= keys
