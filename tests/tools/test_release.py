"""A release requires a consistent version, and has the same bytes wherever it is built."""

import ast
from datetime import date
import json
from pathlib import Path
import re
import shutil
import subprocess
from zipfile import ZipFile

import pytest

from release import ARCHIVE, BUILT, Section, disagreements, pack, sections
from release.__main__ import REPOSITORY, main

VERSION = "1.2.3"
MANIFEST = "custom_components/getscreen/manifest.json"
HEADING = f"## {VERSION} - 2026-12-31"
CHANGELOG = f"# Changelog\n\nWords.\n\n{HEADING}\n\n- New.\n\n### Fixed\n\n- Old.\n\n## 1.2.2 - 2026-12-01\n\n- Older.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the integration with cards and the files that name its version, all of which say the same."""
    root = tmp_path / "repository"
    shutil.copytree(REPOSITORY / "custom_components", root / "custom_components", ignore=shutil.ignore_patterns("cards"))
    for name in BUILT:
        path = root / "custom_components/getscreen" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"Built: {name}")
    for name in ("LICENSE", "pyproject.toml", "uv.lock"):
        shutil.copy(REPOSITORY / name, root)
    (root / "CHANGELOG.md").write_text(CHANGELOG)
    old = json.loads((root / MANIFEST).read_text())["version"]
    replace(root / MANIFEST, f'"version": "{old}"', f'"version": "{VERSION}"')
    for name in ("pyproject.toml", "uv.lock"):
        replace(
            root / name,
            f'name = "getscreen-home-assistant"\nversion = "{old}"',
            f'name = "getscreen-home-assistant"\nversion = "{VERSION}"',
        )
    return root


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_the_system_python_is_enough() -> None:
    """The archive that is attested is packed without any Python that was downloaded, so also without a newer one."""
    paths = sorted((REPOSITORY / "tools/release").glob("*.py"))
    assert paths
    for path in paths:
        ast.parse(path.read_text(), feature_version=(3, 11))
    command = (REPOSITORY / "scripts/release").read_text()
    assert "exec python3 -m release" in command
    assert not re.search(r"\buv\b|scripts/(python|setup)|curl", command)


def test_agreement(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert disagreements(root, VERSION) == []
    assert main([VERSION], root) == 0
    assert capsys.readouterr().out == "release: all files name version 1.2.3, dated 2026-12-31.\n"


def test_pre_release(root: Path) -> None:
    for name in (MANIFEST, "pyproject.toml", "uv.lock", "CHANGELOG.md"):
        path = root / name
        path.write_text(path.read_text().replace(f'version": "{VERSION}"', f'version": "{VERSION}b1"'))
        path.write_text(path.read_text().replace(f'assistant"\nversion = "{VERSION}"', f'assistant"\nversion = "{VERSION}b1"'))
        path.write_text(path.read_text().replace(f"## {VERSION} ", f"## {VERSION}b1 "))
    assert disagreements(root, f"{VERSION}b1") == []


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        (MANIFEST, '"version": "1.2.3"', '"version": "1.2.2"', f"{MANIFEST} says 1.2.2, not 1.2.3."),
        (MANIFEST, '"version": "1.2.3"', '"iot_class": "cloud_polling"', f"{MANIFEST} names no version."),
        (MANIFEST, '"version"', "version", f"{MANIFEST} names no version."),
        ("pyproject.toml", '\nversion = "1.2.3"', '\nversion = "1.3.0"', "pyproject.toml says 1.3.0, not 1.2.3."),
        ("pyproject.toml", "[project]", "[project", "pyproject.toml names no version."),
        ("uv.lock", 'assistant"\nversion = "1.2.3"', 'assistant"\nversion = "0.1.0"', "uv.lock says 0.1.0, not 1.2.3."),
        ("uv.lock", 'source = { virtual = "." }', 'source = { registry = "." }', "uv.lock names no version."),
        (
            "CHANGELOG.md",
            HEADING,
            f"## Unreleased\n\n- Newer.\n\n{HEADING}",
            "The newest section of CHANGELOG.md is Unreleased, not 1.2.3.",
        ),
        ("CHANGELOG.md", "## 1.2.3 ", "## 1.2.4 ", "The newest section of CHANGELOG.md is 1.2.4, not 1.2.3."),
        (
            "CHANGELOG.md",
            HEADING,
            "## 1.2.3",
            "The section 1.2.3 of CHANGELOG.md has no date: its heading has to be ## 1.2.3 - YYYY-MM-DD.",
        ),
        (
            "CHANGELOG.md",
            HEADING,
            "## 1.2.3 - 2026-02-30",
            "The section 1.2.3 of CHANGELOG.md has no date: its heading has to be ## 1.2.3 - YYYY-MM-DD.",
        ),
        ("CHANGELOG.md", "\n\n- New.\n\n### Fixed\n\n- Old.", "", "The section 1.2.3 of CHANGELOG.md is empty."),
        ("CHANGELOG.md", CHANGELOG, "# Changelog\n", "CHANGELOG.md has no section."),
    ],
)
def test_disagreement(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, sentence: str) -> None:
    replace(root / name, old, new)
    assert disagreements(root, VERSION) == [sentence]
    assert main([VERSION, str(tmp_path / "dist")], root) == 1
    assert capsys.readouterr().err == f"release: {sentence}\n"
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize("tag", ["v1.2.3", "1.2", "1.2.3-beta.1", "1.2.3b0", "01.2.3", "1.2.3\n", ""])
def test_other_tags(root: Path, tag: str) -> None:
    first, *others = disagreements(root, tag)
    assert first == f"The tag {tag} is not of the form 0.1.0, or 0.1.0b1 for a pre-release."
    assert len(others) == 4


def test_missing_files(root: Path) -> None:
    for name in (MANIFEST, "pyproject.toml", "uv.lock", "CHANGELOG.md"):
        (root / name).unlink()
    assert disagreements(root, VERSION) == [
        f"{MANIFEST} names no version.",
        "pyproject.toml names no version.",
        "uv.lock names no version.",
        "CHANGELOG.md has no section.",
    ]


def test_sections() -> None:
    assert sections(CHANGELOG) == [
        Section("1.2.3", date(2026, 12, 31), "- New.\n\n### Fixed\n\n- Old."),
        Section("1.2.2", date(2026, 12, 1), "- Older."),
    ]


def test_archive_is_built(root: Path, tmp_path: Path) -> None:
    assert main([VERSION, str(tmp_path / "new/dist")], root) == 0
    assert (tmp_path / "new/dist/notes.md").read_text() == "- New.\n\n### Fixed\n\n- Old.\n"
    with ZipFile(tmp_path / "new/dist" / ARCHIVE) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("manifest.json"))["version"] == VERSION
        assert archive.read("LICENSE") == (REPOSITORY / "LICENSE").read_bytes()
        assert archive.read("cards/getscreen.js.map") == b"Built: cards/getscreen.js.map"
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 12, 31, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())


@pytest.mark.parametrize("name", BUILT)
def test_not_built(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """There is no release without cards; without a folder, nothing needs a build."""
    (root / "custom_components/getscreen" / name).unlink()
    assert main([VERSION], root) == 0
    assert main([VERSION, str(tmp_path / "dist")], root) == 1
    assert capsys.readouterr().err == (
        f"release: {name} is missing from custom_components/getscreen. Run scripts/frontend and then this again.\n"
    )
    assert not (tmp_path / "dist" / ARCHIVE).exists()


def test_the_cards_of_a_release_are_built_for_it() -> None:
    """An existing build may come from other sources. npm installs the versions of the lock file."""
    command = (REPOSITORY / "scripts/release").read_text()
    assert command.index("scripts/frontend build\n") < command.index("exec python3 -m release")
    assert "npm ci " in (REPOSITORY / "scripts/frontend").read_text()
    packages = json.loads((REPOSITORY / "frontend/package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    assert [name for name, package in packages.items() if name and not package.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_same_bytes(root: Path, tmp_path: Path) -> None:
    """Files of Python, desktops and older cards change nothing, and neither do their time, owner and order."""
    pack(root, tmp_path / "one.zip", date(2026, 12, 31))
    other = tmp_path / "other"
    for path in sorted((path for path in root.rglob("*") if path.is_file()), reverse=True):
        copy = other / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        copy.chmod(0o600)
    for left in (
        "__pycache__/sensor.cpython-314.pyc",
        "api/__pycache__/client.cpython-314.pyc",
        ".DS_Store",
        "api/.idea/workspace.xml",
        "cards/.getscreen.js.4711",
        "cards/device-card.js",
    ):
        path = other / "custom_components/getscreen" / left
        path.parent.mkdir(exist_ok=True)
        path.write_text("left")
    pack(other, tmp_path / "two.zip", date(2026, 12, 31))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="no clone")
def test_archive_is_the_folder(root: Path, tmp_path: Path) -> None:
    """HACS unpacks the archive into the integration's folder, so it contains the files in git, the cards and the license."""
    names = pack(root, tmp_path / ARCHIVE, date(2026, 12, 31))
    folder = REPOSITORY / "custom_components/getscreen"
    git = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - whichever git there is
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    files = {name for name in git.stdout.split("\0") if name and (folder / name).exists()}
    assert names == sorted(files | {*BUILT, "LICENSE"})
    with ZipFile(tmp_path / ARCHIVE) as archive:
        assert archive.namelist() == names
        for name in files - {"manifest.json"}:
            assert archive.read(name) == (folder / name).read_bytes()
