"""The options of an account: names, defaults, ranges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .entry import GetscreenConfigEntry

CONF_CARDS = "cards"
CONF_DAILY_REQUESTS = "daily_requests"
CONF_DISK_THRESHOLD = "disk_threshold"
CONF_GROUP_ID = "group_id"
CONF_HARDWARE_INTERVAL = "hardware_interval"
CONF_INVITATIONS = "invitations"
CONF_SCAN_INTERVAL = "scan_interval"
CONF_SEARCH = "search"
CONF_SHOW_LINK = "show_permanent_link"


@dataclass(frozen=True, slots=True)
class Option:
    """An option: its default and, for a number, its range and its unit."""

    default: bool | int | str
    minimum: int = 0
    maximum: int = 0
    unit: str = ""

    def allows(self, value: Any) -> bool:
        """Return whether a value has the type of the default and, if it is a number, is in the range."""
        return type(value) is type(self.default) and (type(value) is not int or self.minimum <= value <= self.maximum)


OPTIONS = {
    CONF_SCAN_INTERVAL: Option(60, minimum=30, maximum=3600, unit="s"),
    CONF_DAILY_REQUESTS: Option(0, minimum=0, maximum=100_000),
    CONF_HARDWARE_INTERVAL: Option(24, minimum=0, maximum=720, unit="h"),
    CONF_SEARCH: Option(""),
    CONF_GROUP_ID: Option(""),
    CONF_INVITATIONS: Option(default=True),
    CONF_DISK_THRESHOLD: Option(90, minimum=50, maximum=99, unit="%"),
    CONF_SHOW_LINK: Option(default=False),
    CONF_CARDS: Option(default=True),
}
DEFAULT_OPTIONS = {name: known.default for name, known in OPTIONS.items()}


def option[T](entry: GetscreenConfigEntry, name: str, kind: Callable[[Any], T]) -> T:
    """Return an option of the account, converted by `kind`; the default if it is missing or unusable."""
    value = entry.options.get(name)
    return kind(value if OPTIONS[name].allows(value) else DEFAULT_OPTIONS[name])


def all_options(entry: GetscreenConfigEntry) -> dict[str, Any]:
    """Return every option of the account by name; the default if an option is missing or unusable."""
    return {name: option(entry, name, type(default)) for name, default in DEFAULT_OPTIONS.items()}


def unusable_options(entry: GetscreenConfigEntry) -> list[str]:
    """Return the names of the account's options that have a wrong type or are out of range, for example after the file was edited."""
    return [name for name, value in entry.options.items() if name in OPTIONS and not OPTIONS[name].allows(value)]


@callback
def async_store_all_options(hass: HomeAssistant) -> None:
    """Store every option of every account, disabled ones included, so that Home Assistant can compare entries.

    Entries of earlier versions have no options until the user saves some, and an edited file may have unusable ones. Both get the
    defaults, which were in use already, so nothing is reloaded.
    """
    for entry in hass.config_entries.async_entries(DOMAIN):
        hass.config_entries.async_update_entry(entry, options={**entry.options, **all_options(entry)})
