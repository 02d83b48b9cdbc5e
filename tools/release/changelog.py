"""The sections of the changelog."""

from dataclasses import dataclass
from datetime import date
import re


@dataclass(frozen=True)
class Section:
    """The section of one version; `date` is None if the heading has no valid date."""

    version: str
    date: date | None
    text: str


def sections(changelog: str) -> list[Section]:
    """Return the sections from top to bottom, that is the newest first; empty for a text without headings. Raises nothing."""
    _, *parts = re.split(r"^## (.+)$", changelog, flags=re.MULTILINE)
    return [_section(heading, text) for heading, text in zip(parts[::2], parts[1::2], strict=True)]


def _section(heading: str, text: str) -> Section:
    version, _, day = heading.strip().partition(" - ")
    try:
        released = date.fromisoformat(day)
    except ValueError:
        released = None
    return Section(version, released, text.strip())
