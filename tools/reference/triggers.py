"""The tables of triggers and conditions, from their texts."""

from reference.markdown import TEXTS, code, table


def triggers() -> str:
    """Return the table of the triggers."""
    return _table("Trigger", "triggers")


def conditions() -> str:
    """Return the table of the conditions."""
    return _table("Condition", "conditions")


def _table(head: str, kind: str) -> str:
    rows = ([code(f"getscreen.{name}"), texts["name"], texts["description"]] for name, texts in TEXTS[kind].items())
    return table([head, "In the editor", "What it does"], rows)
