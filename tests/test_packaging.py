"""What hassfest and HACS demand of the files around the code."""

import json
from pathlib import Path
import re
import tomllib

from PIL import Image
import pytest

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "custom_components/getscreen"
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())


def test_manifest() -> None:
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(key for key in keys if key not in ("domain", "name"))]
    assert MANIFEST["domain"] == "getscreen"
    assert MANIFEST["name"] == "Getscreen.me"
    assert MANIFEST["integration_type"] == "hub"
    assert MANIFEST["iot_class"] == "cloud_polling"
    assert MANIFEST["config_flow"] is True
    assert not MANIFEST.get("requirements")
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])
    assert MANIFEST["documentation"].startswith("https://")
    assert MANIFEST["issue_tracker"].startswith("https://")
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == MANIFEST["version"]


def test_hacs() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert hacs == {"name": MANIFEST["name"], "homeassistant": "2026.8.0"}
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
