"""Requirements of hassfest, HACS and GitHub for the files around the code, and their consistency."""

import json
import os
from pathlib import Path
import re
import tomllib
from typing import Any

from awesomeversion import AwesomeVersion
from homeassistant.util.yaml import parse_yaml
from PIL import Image
import pytest

from release import ARCHIVE, sections

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "custom_components/getscreen"
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())
GITHUB = sorted((ROOT / ".github").rglob("*.yml"))
WORKFLOWS = [path for path in GITHUB if path.parent.name == "workflows"]


def test_manifest() -> None:
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(key for key in keys if key not in ("domain", "name"))]
    assert MANIFEST["domain"] == "getscreen"
    assert MANIFEST["name"] == "Getscreen.me"
    assert MANIFEST["integration_type"] == "hub"
    assert MANIFEST["iot_class"] == "cloud_polling"
    assert MANIFEST["config_flow"] is True
    assert not MANIFEST.get("requirements")
    assert re.fullmatch(r"\d+\.\d+\.\d+(b\d+)?", MANIFEST["version"])
    assert MANIFEST["documentation"].startswith("https://")
    assert MANIFEST["issue_tracker"].startswith("https://")
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (locked,) = [package for package in lock() if package["name"] == project["name"]]
    released = next(section for section in sections((ROOT / "CHANGELOG.md").read_text()) if section.version != "Unreleased")
    assert project["version"] == MANIFEST["version"] == locked["version"] == released.version
    assert released.date
    assert released.text


def lock() -> list[dict[str, Any]]:
    packages: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return packages


def test_hacs() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text())
    # HACS looks for the archive among the releases only, so there is nothing to install from the default branch.
    assert hacs == {
        "name": MANIFEST["name"],
        "filename": ARCHIVE,
        "hide_default_branch": True,
        "homeassistant": "2026.8.0",
        "zip_release": True,
    }
    assert [path.name for path in (ROOT / "custom_components").iterdir() if path.is_dir()] == ["getscreen"]
    assert "MIT License" in (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("prefix", ["", "dark_"])
@pytest.mark.parametrize(("name", "scale"), [("", 1), ("@2x", 2)])
def test_brand(prefix: str, name: str, scale: int) -> None:
    with Image.open(FOLDER / f"brand/{prefix}icon{name}.png") as icon:
        assert icon.format == "PNG"
        assert icon.size == (256 * scale, 256 * scale)
        assert icon.getbbox() == (0, 0, *icon.size) or icon.getchannel("A").getbbox() is not None
        assert icon.mode in ("RGBA", "P", "LA")
    with Image.open(FOLDER / f"brand/{prefix}logo{name}.png") as logo:
        assert 128 * scale <= min(logo.size) <= 256 * scale


def test_oldest_home_assistant() -> None:
    """The minimum version in HACS, the README and the tests is the same month."""
    oldest = json.loads((ROOT / "hacs.json").read_text())["homeassistant"].removesuffix(".0")
    (tested,) = re.findall(r"^oldest = \[ # Home Assistant (.+)$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert f"Home Assistant {oldest} or newer" in (ROOT / "README.md").read_text()
    assert tested.startswith(f"{oldest}.")
    locked = [package["version"] for package in lock() if package["name"] == "homeassistant"]
    assert tested == min(locked, key=AwesomeVersion)


def test_dependabot_leaves_home_assistant_alone() -> None:
    """An environment pins the same versions as its Home Assistant."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    packages = {item for group in groups.values() for item in group if isinstance(item, str)}
    pinned = {package.split("==")[0] for package in packages if "==" in package}
    (uv,) = [update for update in parse(ROOT / ".github/dependabot.yml")["updates"] if update["package-ecosystem"] == "uv"]
    assert {rule["dependency-name"] for rule in uv["allow"]} == {package for package in packages if "==" not in package} - pinned


def parse(path: Path) -> dict[str, Any]:
    content = parse_yaml(path.read_text())
    assert isinstance(content, dict)
    return content


def ids(path: Path) -> str:
    return path.name


def test_github_files() -> None:
    """The tests below read these files, and would not notice if there were none."""
    assert {path.name for path in WORKFLOWS} == {"ci.yml", "nightly.yml", "release.yml"}
    assert {path.name for path in GITHUB if path.parent.name == "ISSUE_TEMPLATE"} == {"bug.yml", "config.yml", "feature.yml", "probe.yml"}


@pytest.mark.parametrize("path", [path for path in GITHUB if path.parent.name == "ISSUE_TEMPLATE" and path.name != "config.yml"], ids=ids)
def test_forms(path: Path) -> None:
    form = parse(path)
    assert form["name"]
    assert form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert all(field["attributes"]["label"] for field in fields)
    assert len({field["id"] for field in fields}) == len(fields) > 0


@pytest.mark.parametrize("path", WORKFLOWS, ids=ids)
def test_workflows(path: Path) -> None:
    """Each has a limit of time, the least rights, actions that cannot change, and nothing from outside in a command."""
    workflow, text = parse(path), path.read_text()
    assert workflow["permissions"] in ({}, {"contents": "read"})
    assert all("timeout-minutes" in job or job["uses"].startswith("./.github/workflows/") for job in workflow["jobs"].values())
    for action in re.findall(r"uses: (.+)", text):
        assert re.fullmatch(r"\./\.github/workflows/\w+\.yml|[\w./-]+@[0-9a-f]{40} # \S+", action), action
        assert not action.startswith("./") or (ROOT / action).is_file()
    for job in workflow["jobs"].values():
        for step in job.get("steps", []):
            assert "${{" not in step.get("run", ""), step
            assert not step.get("uses", "").startswith("actions/checkout@") or step["with"] == {"persist-credentials": False}


def test_publishing_jobs_run_no_repository_code() -> None:
    """A job with write access gets only the archive: no checkout, script or package that could change what is attested."""
    publishing = 0
    for path in WORKFLOWS:
        for name, job in parse(path)["jobs"].items():
            if "write" not in (job.get("permissions") or {}).values():
                continue
            publishing += 1
            steps = job["steps"]
            actions = {step["uses"].partition("@")[0] for step in steps if "uses" in step}
            assert actions <= {"actions/download-artifact", "actions/attest"}, (path.name, name)
            commands = "\n".join(step.get("run", "") for step in steps)
            assert not re.search(r"scripts/|\buv\b|\bpip\b|\bnpm\b|\bpython|curl|wget|apt-get", commands), (path.name, name)
    assert publishing


@pytest.mark.parametrize(
    "path", [*WORKFLOWS, ROOT / ".devcontainer/devcontainer.json", ROOT / "CONTRIBUTING.md", ROOT / "README.md"], ids=ids
)
def test_scripts_exist(path: Path) -> None:
    names = set(re.findall(r"\bscripts/[a-z]+", path.read_text()))
    assert names
    assert all(os.access(ROOT / name, os.X_OK) for name in names)


def test_dev_container() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    dockerfile = (ROOT / ".devcontainer" / container["build"]["dockerfile"]).read_text()
    assert container["postCreateCommand"] == "scripts/setup"
    assert f"USER {container['remoteUser']}\n" in dockerfile
    # Podman and Docker know Debian by its short name.
    assert re.match(r"FROM debian:\w+\n", dockerfile)


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ".github/ISSUE_TEMPLATE/config.yml"])
def test_repository(name: str) -> None:
    """Every occurrence of the repository's address is that of the manifest."""
    text = (ROOT / name).read_text().replace("%2F", "/").replace("%3A", ":")
    found = re.findall(r"https://github\.com/([\w.-]+/[\w.-]+)|--repo ([\w.-]+/[\w.-]+)", text)
    assert found
    assert {f"https://github.com/{''.join(repository)}" for repository in found} == {MANIFEST["documentation"]}
    assert MANIFEST["issue_tracker"] == f"{MANIFEST['documentation']}/issues"
