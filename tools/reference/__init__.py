"""Generates tables of the docs from the code: `python -m reference` writes them between their markers.

A marker is a pair of comments, `<!-- table: NAME -->` and `<!-- end -->`. The table replaces everything between them.
"""

from pathlib import Path
import re

from reference.actions import action_details, action_list, errors, permissions
from reference.entities import account_entities, agent_entities, main_entities
from reference.forms import blueprints, options, set_up_fields
from reference.triggers import conditions, triggers

ROOT = Path(__file__).parents[2]
TABLES = {
    "account entities": account_entities,
    "action details": action_details,
    "actions": action_list,
    "agent entities": agent_entities,
    "blueprints": blueprints,
    "conditions": conditions,
    "errors": errors,
    "main entities": main_entities,
    "options": options,
    "permissions": permissions,
    "set-up": set_up_fields,
    "triggers": triggers,
}
_MARKED = re.compile(r"(<!-- table: ([a-z -]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def documents() -> list[Path]:
    """Return the paths of the README and the docs."""
    return [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]


def renewed(text: str) -> str:
    """Return a page with its tables generated again; raises KeyError for an unknown table."""
    return _MARKED.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}{found[3]}", text)
