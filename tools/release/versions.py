"""Checks that all files name the same version."""

from collections.abc import Callable
import json
from pathlib import Path
import re
import tomllib
from typing import Any

from release.changelog import sections

# HACS compares the tag with the manifest, so there is no "v". 0.2.0b1 is a pre-release in the only form that uv.lock does not change.
_TAG = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(b[1-9]\d*)?", re.ASCII)


def disagreements(root: Path, tag: str) -> list[str]:
    """Return a sentence for each reason why the repository at `root` cannot be released as `tag`; empty if it can be released.

    Raises nothing: a missing or unreadable file counts as a file without a version.
    """
    found = [] if _TAG.fullmatch(tag) else [f"The tag {tag} is not of the form 0.1.0, or 0.1.0b1 for a pre-release."]
    for name, read in _VERSIONS.items():
        try:
            version = read((root / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, LookupError, TypeError, StopIteration):
            version = None
        if version is None:
            found.append(f"{name} names no version.")
        elif version != tag:
            found.append(f"{name} says {version}, not {tag}.")
    return found + _changelog(root, tag)


def _lock(text: str) -> Any:
    packages = tomllib.loads(text)["package"]
    return next(package["version"] for package in packages if "virtual" in package["source"])


_VERSIONS: dict[str, Callable[[str], Any]] = {
    "custom_components/getscreen/manifest.json": lambda text: json.loads(text)["version"],
    "pyproject.toml": lambda text: tomllib.loads(text)["project"]["version"],
    "uv.lock": _lock,
}


def _changelog(root: Path, tag: str) -> list[str]:
    try:
        newest = sections((root / "CHANGELOG.md").read_text(encoding="utf-8"))[0]
    except (OSError, ValueError, IndexError):
        return ["CHANGELOG.md has no section."]
    if newest.version != tag:
        return [f"The newest section of CHANGELOG.md is {newest.version}, not {tag}."]
    found = []
    if newest.date is None:
        found.append(f"The section {tag} of CHANGELOG.md has no date: its heading has to be ## {tag} - YYYY-MM-DD.")
    if not newest.text:
        found.append(f"The section {tag} of CHANGELOG.md is empty.")
    return found
