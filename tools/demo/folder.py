"""Home Assistant's configuration folder: what has to be there before the first start, and what later starts remember."""

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

logger:
  default: warning
  logs:
    custom_components.getscreen: info
    # Asks for programs that nothing here uses.
    haffmpeg: fatal
    homeassistant.components.camera.img_util: fatal
"""
# The steps left out would set up weather, radio and speech, which want packages and a network.
_ONBOARDING = {"done": ["core_config", "analytics", "integration"]}


HARMLESS = re.compile(r"which has not been tested by Home Assistant|is taking over|took longer than|took [\d.]+ seconds")
"""What Home Assistant says of every custom integration, and of a busy machine."""


class Folder:
    """A configuration folder of the demo; `memory` is stored in it from start to start."""

    def __init__(self, path: Path) -> None:
        """Use the folder at this path, which need not exist yet."""
        self.path = path.resolve()
        # Not home-assistant.log: Home Assistant moves a file of that name away.
        self.log = self.path / "demo.log"
        self._memory_file = self.path / "demo.json"
        self.memory: dict[str, Any] = json.loads(self._memory_file.read_text()) if self._memory_file.exists() else {}

    def remember(self, **values: Any) -> None:
        """Store values for this start and the later ones."""
        self.memory |= values
        self._memory_file.touch(mode=0o600)  # holds a token
        self._memory_file.write_text(json.dumps(self.memory, indent=2) + "\n")

    def remove(self) -> None:
        """Delete the folder; raises DemoError if the demo did not make it."""
        if not self.path.exists():
            return
        if not self._memory_file.exists() and any(self.path.iterdir()):
            raise DemoError(f"{self.path} was not made by the demo, so it is not deleted. Name another with --folder.")
        shutil.rmtree(self.path)
        self.memory = {}

    def prepare(self, port: int, components: Path) -> None:
        """Write what Home Assistant reads before it serves its first page, and leave its own files as they are."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.remember()
        configuration = self.path / "configuration.yaml"
        if not configuration.exists():
            configuration.write_text(_CONFIGURATION)
        link = self.path / "custom_components"
        link.unlink(missing_ok=True)
        link.symlink_to(components.resolve(), target_is_directory=True)
        # The port may be another one at each start.
        self._store("http", version=3, data=_http(port))
        if not (self.path / ".storage" / "onboarding").exists():
            self._store("onboarding", version=4, data=_ONBOARDING)

    def log_tail(self, lines: int = 15) -> str:
        """Return the last lines of Home Assistant's log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def complaints(self) -> list[str]:
        """Return the warnings and errors in the log that name the integration, Home Assistant's own about it among them."""
        # The folder's own name may have the word in it.
        lines = self.log.read_text(errors="replace").replace(str(self.path), "").splitlines()
        serious = [line for line in lines if "getscreen" in line and (" WARNING " in line or " ERROR " in line)]
        return [line for line in serious if not HARMLESS.search(line)]

    def _store(self, key: str, version: int, data: dict[str, Any]) -> None:
        store = self.path / ".storage" / key
        store.parent.mkdir(exist_ok=True)
        store.write_text(json.dumps({"version": version, "minor_version": 1, "key": key, "data": data}, indent=2))


def _http(port: int) -> dict[str, Any]:
    """Return the server's settings as confirmed ones: those in YAML are reverted unless a user confirms them."""
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
