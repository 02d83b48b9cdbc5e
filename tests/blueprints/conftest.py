"""Fixtures that the blueprint tests share."""

from collections.abc import AsyncIterator
from unittest.mock import PropertyMock, patch

from homeassistant.components.blueprint.models import DomainBlueprints
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from .helpers import FOLDER


@pytest.fixture(autouse=True)
async def _blueprints(hass: HomeAssistant) -> AsyncIterator[None]:
    """Let Home Assistant load the blueprints from the repository."""
    for core in ("homeassistant", "persistent_notification"):
        assert await async_setup_component(hass, core, {})
    with patch.object(DomainBlueprints, "blueprint_folder", new_callable=PropertyMock, return_value=FOLDER):
        yield
        if hass.services.has_service("automation", "turn_off"):
            await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)
