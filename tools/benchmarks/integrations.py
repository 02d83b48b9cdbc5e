"""The measured integrations: this one, and two of Home Assistant's own ("peers") that also poll one list of devices."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_API_KEY, CONF_URL, Platform
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
import pyscorpiontrack
from pytest_homeassistant_custom_component.common import MockConfigEntry

# Imported before Home Assistant starts, because the test kit's own custom_components would hide the integration.
import custom_components.getscreen  # noqa: F401 - has to be imported first
from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.options import CONF_HARDWARE_INTERVAL

from .server import KEY
from .server_process import RunningServer

# In larger fleets, this integration enables few entities except *Online* by default, so the peers get only their binary sensor.
_LARGE_FLEET = 2000


@dataclass(frozen=True, slots=True)
class Integration:
    """How to set up an integration, and how to get its coordinator."""

    domain: str
    data: Callable[[RunningServer], dict[str, Any]]
    coordinator: Callable[[ConfigEntry], DataUpdateCoordinator[Any]]
    options: dict[str, Any]
    has_last_seen: bool = True

    def entry(self, server: RunningServer) -> MockConfigEntry:
        """Return a config entry that is not set up yet."""
        return MockConfigEntry(domain=self.domain, unique_id="benchmark", data=self.data(server), options=self.options)


INTEGRATIONS = {
    integration.domain: integration
    for integration in (
        Integration(
            DOMAIN,
            lambda server: {CONF_API_KEY: KEY, CONF_URL: server.api},
            lambda entry: entry.runtime_data.agents,
            # Disabled, because the peers read no hardware.
            {CONF_HARDWARE_INTERVAL: 0},
        ),
        Integration("uptimerobot", lambda _: {CONF_API_KEY: KEY}, lambda entry: entry.runtime_data, {}, has_last_seen=False),
        Integration("scorpiontrack", lambda _: {"share_token": "token"}, lambda entry: entry.runtime_data, {}),
    )
}


@contextmanager
def pointed_at(server: RunningServer, devices: int) -> Iterator[None]:
    """Connect the peers' clients to the benchmark's server, and give the peers about as many entities as this integration has."""
    few = (Platform.BINARY_SENSOR,)
    with (
        patch("pyuptimerobot.decorator.API_BASE_URL", f"{server.peers}/v3"),
        patch.dict(pyscorpiontrack.ScorpionTrackClient.__init__.__kwdefaults__, base_url=f"{server.peers}/v1"),
    ):
        if devices <= _LARGE_FLEET:
            yield
        else:
            # Each peer uses the imported name PLATFORMS both to set up and to unload.
            with (
                patch("homeassistant.components.uptimerobot.PLATFORMS", few),
                patch("homeassistant.components.scorpiontrack.PLATFORMS", few),
            ):
                yield
