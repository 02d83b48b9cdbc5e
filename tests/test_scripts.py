"""The scripts of the repository, run as a user would in a new clone."""

from pathlib import Path
import shutil
import subprocess
import sys

import pytest

from demo.arguments import parse_arguments

ROOT = Path(__file__).parent.parent


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a copy of the scripts and tools, as they are in a new clone: without an environment."""
    for folder in ("scripts", "tools"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--port", "8124", "--help"]], ids=" ".join)
def test_help_of_the_demo_installs_nothing(clone: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    files = sorted(clone.rglob("*"))
    shown = subprocess.run([clone / "scripts/demo", *words], check=True, capture_output=True, text=True)  # noqa: S603 - our own script
    assert sorted(clone.rglob("*")) == files
    assert shown.stderr == ""
    assert f"(default:{clone.resolve()}/.demo)" in "".join(shown.stdout.split())
    monkeypatch.setattr(sys, "argv", ["scripts/demo"])
    options = [f"--{name.replace('_', '-')}" for name in vars(parse_arguments())]
    assert "--fresh" in options
    assert [option for option in options if f"\n  {option} " not in shown.stdout] == []
