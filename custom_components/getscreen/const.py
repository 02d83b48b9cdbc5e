"""Names that several modules share."""

import logging

from homeassistant.config_entries import ConfigEntryState

DOMAIN = "getscreen"
NAME = "Getscreen.me"
LOGGER = logging.getLogger(__package__)

CONF_KEY_IN_QUERY = "key_in_query"

ATTR_AGENT_ID = "agent_id"
ATTR_INVITATION_ID = "invitation_id"

UNLOADED = (ConfigEntryState.UNLOAD_IN_PROGRESS, ConfigEntryState.NOT_LOADED)
