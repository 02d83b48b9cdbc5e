"""Names that several modules share."""

import logging

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import MAX_LENGTH_STATE_STATE

DOMAIN = "getscreen"
NAME = "Getscreen.me"
LOGGER = logging.getLogger(__package__)

# How many previews and recordings of an account may be fetched from the server at the same time.
MOST_PREVIEWS = 8
MOST_RECORDINGS = 16

CONF_KEY_IN_QUERY = "key_in_query"

ATTR_AGENT_ID = "agent_id"
ATTR_INVITATION_ID = "invitation_id"

UNLOADED = (ConfigEntryState.UNLOAD_IN_PROGRESS, ConfigEntryState.NOT_LOADED)


def short(text: str, most: int = MAX_LENGTH_STATE_STATE) -> str:
    """Return a text of at most `most` characters, by default those that a state may have."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
