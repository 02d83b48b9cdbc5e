"""Names that several modules share."""

from collections.abc import Callable
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntry

DOMAIN = "getscreen"
NAME = "Getscreen.me"
LOGGER = logging.getLogger(__package__)

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

# How many previews and recordings of an account may be fetched from the server at the same time.
MOST_PREVIEWS = 8
MOST_RECORDINGS = 16

ATTR_AGENT_ID = "agent_id"
ATTR_INVITATION_ID = "invitation_id"


def option[T](entry: ConfigEntry, name: str, kind: Callable[[Any], T]) -> T:
    """Return an option of the account, or its default, as a `kind`."""
    return kind(entry.options.get(name, DEFAULT_OPTIONS[name]))
