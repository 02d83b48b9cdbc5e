"""The options of an account: names, defaults, ranges."""

from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import ConfigEntry

CONF_CARDS = "cards"
CONF_GROUP_ID = "group_id"
CONF_HARDWARE_INTERVAL = "hardware_interval"
CONF_INVITATIONS = "invitations"
CONF_SCAN_INTERVAL = "scan_interval"
CONF_SEARCH = "search"
CONF_SHOW_LINK = "show_permanent_link"

# What the options are before the user changes them: seconds, hours, filters of the list of agents, and a switch.
DEFAULT_OPTIONS = {
    CONF_SCAN_INTERVAL: 60,
    CONF_HARDWARE_INTERVAL: 24,
    CONF_SEARCH: "",
    CONF_GROUP_ID: "",
    CONF_INVITATIONS: True,
    CONF_SHOW_LINK: False,
    CONF_CARDS: True,
}
# The least and the most of the options that are numbers.
OPTION_RANGES = {CONF_SCAN_INTERVAL: (30, 3600), CONF_HARDWARE_INTERVAL: (0, 720)}


def option[T](entry: ConfigEntry, name: str, kind: Callable[[Any], T]) -> T:
    """Return an option of the account as a `kind`; its default where it is missing or unusable."""
    value = entry.options.get(name, DEFAULT_OPTIONS[name])
    return kind(value if _is_usable(name, value) else DEFAULT_OPTIONS[name])


def unusable_options(entry: ConfigEntry) -> list[str]:
    """Return the names of the account's options that are of a wrong type or out of range, as in a file that was edited."""
    return [name for name, value in entry.options.items() if name in DEFAULT_OPTIONS and not _is_usable(name, value)]


def _is_usable(name: str, value: Any) -> bool:
    least, most = OPTION_RANGES.get(name, (value, value))
    return type(value) is type(DEFAULT_OPTIONS[name]) and bool(least <= value <= most)
