"""The integrations that are measured: ours, and two of Home Assistant's own that poll one list of devices as ours does."""

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

# Before Home Assistant starts, or the test kit's own custom_components would hide ours.
import custom_components.getscreen  # noqa: F401 - only to be there first
from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.options import CONF_HARDWARE_INTERVAL

from .server import KEY
from .server_process import RunningServer

# Above this size, ours enables few entities but *Online* by default; the peers then get their binary sensor alone.
_LARGE_FLEET = 2000


@dataclass(frozen=True, slots=True)
class Integration:
    """How to set an integration up, and where its coordinator is."""

    domain: str
    data: Callable[[RunningServer], dict[str, Any]]
    coordinator: Callable[[ConfigEntry], DataUpdateCoordinator[Any]]
    options: dict[str, Any]
    has_last_seen: bool = True

    def entry(self, server: RunningServer) -> MockConfigEntry:
        """Return an entry, not set up yet."""
        return MockConfigEntry(domain=self.domain, unique_id="benchmark", data=self.data(server), options=self.options)


INTEGRATIONS = {
    integration.domain: integration
    for integration in (
        Integration(
            DOMAIN,
            lambda server: {CONF_API_KEY: KEY, CONF_URL: server.api},
            lambda entry: entry.runtime_data.agents,
            # Neither peer reads hardware.
            {CONF_HARDWARE_INTERVAL: 0},
        ),
        Integration("uptimerobot", lambda _: {CONF_API_KEY: KEY}, lambda entry: entry.runtime_data, {}, has_last_seen=False),
        Integration("scorpiontrack", lambda _: {"share_token": "token"}, lambda entry: entry.runtime_data, {}),
    )
}


@contextmanager
def pointed_at(server: RunningServer, devices: int) -> Iterator[None]:
    """Point the peers' clients to our server, and give the peers about as many entities as ours has by default."""
    few = (Platform.BINARY_SENSOR,)
    with (
        patch("pyuptimerobot.decorator.API_BASE_URL", f"{server.peers}/v3"),
        patch.dict(pyscorpiontrack.ScorpionTrackClient.__init__.__kwdefaults__, base_url=f"{server.peers}/v1"),
    ):
        if devices <= _LARGE_FLEET:
            yield
        else:
            # Both set up and unloaded by the one name that each has imported.
            with (
                patch("homeassistant.components.uptimerobot.PLATFORMS", few),
                patch("homeassistant.components.scorpiontrack.PLATFORMS", few),
            ):
                yield
