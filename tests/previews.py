"""A user who views the preview of a computer."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Account, Agent
from simulator.pictures import desktop_png

from .helpers import entity_id_of

PNG = b"\x89PNG\r\n\x1a\n..."


def expected(agent: Agent) -> bytes:
    """Return the picture that the simulator serves for an agent now."""
    return desktop_png(agent.id, agent.name, agent.os, agent.preview_time)


class Viewer:
    """A browser that requests the preview of the first computer."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, client: Any) -> None:
        self.path = f"/api/image_proxy/{entity_id_of(hass, entry, 1, 'preview')}"
        self.client = client

    async def request(self, kind: str = "image/png") -> bytes | None:
        """Return the picture, or None if there is none."""
        response = await self.client.get(self.path)
        if response.status == 500:
            return None
        assert response.status == 200
        assert response.content_type == kind
        return bytes(await response.read())


type OpenViewer = Callable[[], Awaitable[tuple[MockConfigEntry, Viewer]]]
"""Sets up the account and returns it with a viewer."""


def starts_session(account: Account) -> None:
    """Connect to the first computer, with the preview unchanged."""
    preview = account.agents[1].preview_time
    account.start_session(1)
    account.agents[1].preview_time = preview
