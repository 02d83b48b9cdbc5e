"""The sections of the changelog."""

from dataclasses import dataclass
from datetime import date
import re


@dataclass(frozen=True)
class Section:
    """What changed with one version; its date is None where the heading has none that exists."""

    version: str
    date: date | None
    text: str


def sections(changelog: str) -> list[Section]:
    """Return the sections from top to bottom, so the newest first. Raises nothing; a text without headings has none."""
    _, *parts = re.split(r"^## (.+)$", changelog, flags=re.MULTILINE)
    return [_section(heading, text) for heading, text in zip(parts[::2], parts[1::2], strict=True)]


def _section(heading: str, text: str) -> Section:
    version, _, day = heading.strip().partition(" - ")
    try:
        released = date.fromisoformat(day)
    except ValueError:
        released = None
    return Section(version, released, text.strip())
