"""Functions for Markdown, and the English texts for the tables."""

from collections.abc import Iterable
import json
from pathlib import Path
from typing import Any

INTEGRATION = Path(__file__).parents[2] / "custom_components/getscreen"
TEXTS: dict[str, Any] = json.loads((INTEGRATION / "translations/en.json").read_text())


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', r'\|') for cell in line)} |\n" for line in lines)


def code(text: object) -> str:
    """Return a value as inline code; empty for an empty value."""
    return f"`{text}`" if text not in ("", None) else ""
