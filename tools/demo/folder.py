"""Home Assistant's configuration folder: the files for the first start, and the values that are stored for later starts."""

from datetime import UTC, datetime
import json
from pathlib import Path
import re
import shutil
from typing import Any

from demo.errors import DemoError

_CONFIGURATION = """\
# Written once by scripts/demo; change what you like.
homeassistant:
  name: Getscreen demo
  latitude: 51.4779
  longitude: -0.0015
  elevation: 46
  unit_system: metric
  currency: GBP
  country: GB
  language: en
  time_zone: Europe/London
  # Every connection to the loopback address is the owner's: no login.
  auth_providers:
    - type: trusted_networks
      trusted_networks: 127.0.0.1
      allow_bypass_login: true
    - type: homeassistant
  # The second factor wants packages of its own.
  auth_mfa_modules: []

# What the page needs, instead of default_config, which searches for devices and downloads more packages.
frontend:
config:
history:
logbook:
media_source:
my:
# What you create in the editors is stored in these files.
automation: !include automations.yaml
script: !include scripts.yaml
scene: !include scenes.yaml

logger:
  default: warning
  logs:
    custom_components.getscreen: info
    # Asks for programs that nothing here uses.
    haffmpeg: fatal
    homeassistant.components.camera.img_util: fatal
"""
_EDITED = ("automations.yaml", "scripts.yaml", "scenes.yaml")
# Steps that are not run: they would set up weather, radio and speech, which need packages and a network.
_ONBOARDING = {"done": ["core_config", "analytics", "integration"]}


HARMLESS = re.compile(r"which has not been tested by Home Assistant|is taking over|took longer than|took [\d.]+ seconds")
"""Warnings that Home Assistant logs for every custom integration and on a busy machine."""


class Folder:
    """A configuration folder of the demo; the values in `memory` are stored in it for later starts."""

    def __init__(self, path: Path) -> None:
        """Use the folder at this path, which does not have to exist yet."""
        self.path = path.resolve()
        # Not home-assistant.log, because Home Assistant renames a file with that name.
        self.log = self.path / "demo.log"
        self._memory_file = self.path / "demo.json"
        self.memory: dict[str, Any] = json.loads(self._memory_file.read_text()) if self._memory_file.exists() else {}

    def remember(self, **values: Any) -> None:
        """Store values for this start and later ones."""
        self.memory |= values
        self._memory_file.touch(mode=0o600)  # holds a token
        self._memory_file.write_text(json.dumps(self.memory, indent=2) + "\n")

    def remove(self) -> None:
        """Delete the folder; raises DemoError if the demo did not create it."""
        if not self.path.exists():
            return
        if not self._memory_file.exists() and any(self.path.iterdir()):
            raise DemoError(f"{self.path} was not created by the demo, so it is not deleted. Choose another folder with --folder.")
        shutil.rmtree(self.path)
        self.memory = {}

    def prepare(self, port: int, components: Path, blueprints: Path) -> None:
        """Write the files that Home Assistant reads at its start. Later starts only update the port, the link and the blueprints.

        `components`: the folder that custom_components links to. `blueprints`: the folder to copy the blueprints from.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        self.remember()
        configuration = self.path / "configuration.yaml"
        if not configuration.exists():
            configuration.write_text(_CONFIGURATION)
        for name in _EDITED:
            (self.path / name).touch()
        shutil.copytree(blueprints, self.path / "blueprints", dirs_exist_ok=True)
        link = self.path / "custom_components"
        link.unlink(missing_ok=True)
        link.symlink_to(components.resolve(), target_is_directory=True)
        # Written at each start, because the port may have changed.
        self._store("http", version=3, data=_http(port))
        if not (self.path / ".storage" / "onboarding").exists():
            self._store("onboarding", version=4, data=_ONBOARDING)

    def log_tail(self, lines: int = 15) -> str:
        """Return the last lines of Home Assistant's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def complaints(self) -> list[str]:
        """Return the lines with warnings and errors that name the integration, those of Home Assistant included."""
        # The path of the folder may contain the word.
        lines = self.log.read_text(errors="replace").replace(str(self.path), "").splitlines()
        serious = [line for line in lines if "getscreen" in line and (" WARNING " in line or " ERROR " in line)]
        return [line for line in serious if not HARMLESS.search(line)]

    def _store(self, key: str, version: int, data: dict[str, Any]) -> None:
        store = self.path / ".storage" / key
        store.parent.mkdir(exist_ok=True)
        store.write_text(json.dumps({"version": version, "minor_version": 1, "key": key, "data": data}, indent=2))


def _http(port: int) -> dict[str, Any]:
    """Return the settings of the web server, marked as confirmed: without that, Home Assistant waits for the user to confirm them."""
    stable = {
        "server_port": port,
        "server_host": ["127.0.0.1"],
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": datetime.now(UTC).isoformat(),
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}
