"""The type of the integration's config entries, for modules of every layer."""

from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry

if TYPE_CHECKING:
    from .account import GetscreenAccount

type GetscreenConfigEntry = ConfigEntry[GetscreenAccount]
