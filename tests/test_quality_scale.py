"""Every rule of the Integration Quality Scale has an answer, and the manifest claims the resulting tier."""

import json
import re

from homeassistant.util.yaml import load_yaml_dict

from reference.markdown import INTEGRATION

RULES = {
    "bronze": """
        action-setup appropriate-polling brands common-modules config-flow config-flow-test-coverage
        dependency-transparency docs-actions docs-conditions docs-high-level-description docs-installation-instructions
        docs-removal-instructions docs-triggers entity-event-setup entity-unique-id has-entity-name runtime-data
        test-before-configure test-before-setup unique-config-entry
    """,
    "silver": """
        action-exceptions config-entry-unloading docs-configuration-parameters docs-installation-parameters
        entity-unavailable integration-owner log-when-unavailable parallel-updates reauthentication-flow test-coverage
    """,
    "gold": """
        devices diagnostics discovery discovery-update-info docs-data-update docs-examples docs-known-limitations
        docs-supported-devices docs-supported-functions docs-troubleshooting docs-use-cases dynamic-devices
        entity-category entity-device-class entity-disabled-by-default entity-translations exception-translations
        icon-translations reconfiguration-flow repair-issues stale-devices
    """,
    "platinum": "async-dependency inject-websession strict-typing",
}
EXEMPT = {"discovery", "discovery-update-info"}


def test_every_rule_is_answered() -> None:
    answers = load_yaml_dict(str(INTEGRATION / "quality_scale.yaml"))["rules"]
    assert isinstance(answers, dict)
    assert list(answers) == [rule for level in RULES.values() for rule in level.split()]
    assert len(answers) == 54
    for rule, answer in answers.items():
        assert answer.keys() == {"status", "comment"}, rule
        assert answer["status"] == ("exempt" if rule in EXEMPT else "done"), rule
        assert answer["comment"], rule
    assert json.loads((INTEGRATION / "manifest.json").read_text())["quality_scale"] == "platinum"


def test_platforms_set_parallel_updates() -> None:
    """As `parallel-updates` demands."""
    platforms = [
        path for path in INTEGRATION.glob("*.py") if "\nasync def async_setup_entry(" in path.read_text() and path.stem != "__init__"
    ]
    assert len(platforms) == 7
    assert [path.name for path in platforms if "\nPARALLEL_UPDATES = " not in path.read_text()] == []


def test_comments_name_files_that_exist() -> None:
    """A file or folder that a comment names exists."""
    roots = (INTEGRATION, INTEGRATION.parents[1])
    text = (INTEGRATION / "quality_scale.yaml").read_text()
    named = set(re.findall(r"[\w/]+/(?:[\w*]+\.\w+)?", text))
    assert named
    assert [path for path in named if not any(list(root.glob(path)) for root in roots)] == []
