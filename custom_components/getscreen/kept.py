"""What is kept of an account beyond a reload of its entry, until it is removed or Home Assistant stops."""

from dataclasses import dataclass, field
from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .api import Hardware
from .const import DOMAIN
from .limit import Limit
from .requests import RequestCounter

_KEPT: HassKey[dict[str, Kept]] = HassKey(DOMAIN)


@dataclass(frozen=True, slots=True)
class HardwareRecord:
    """What a computer is made of, and when that was read."""

    hardware: Hardware
    updated: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What has cost requests, or tells how many may be made; by agent id where it concerns one computer."""

    limit: Limit
    requests: RequestCounter = field(default_factory=RequestCounter)
    hardware: dict[int, HardwareRecord] = field(default_factory=dict)
    hardware_due: dict[int, datetime] = field(default_factory=dict)


@callback
def async_kept(hass: HomeAssistant, entry: ConfigEntry) -> Kept:
    """Return what is kept of an account."""
    kept = hass.data.setdefault(_KEPT, {})
    if entry.entry_id not in kept:
        kept[entry.entry_id] = Kept(Limit(hass, entry))
    return kept[entry.entry_id]


@callback
def async_forget(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget an account that is removed."""
    if kept := hass.data.get(_KEPT, {}).pop(entry.entry_id, None):
        kept.limit.forget()
