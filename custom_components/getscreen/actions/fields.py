"""The fields of the actions, and the checks of their values."""

from datetime import timedelta
import re
from typing import Any
from unicodedata import category

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID, ATTR_NAME
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import ATTR_INVITATION_ID
from ..options import CONF_GROUP_ID, CONF_SEARCH

ATTR_CLIENT_NAME = "client_name"
ATTR_CONFIRM = "confirm"
ATTR_END = "end"
ATTR_GROUP = "group"
ATTR_LIMIT = "limit"
ATTR_LINK = "permanent_link"
ATTR_LINK_PASSWORD = "permanent_link_password"  # noqa: S105 - the name of a field
ATTR_LINK_PATH = "permanent_link_path"
ATTR_RECORD_VIDEO = "record_video"
ATTR_SAFE_MODE = "safe_mode"
ATTR_START = "start"
ATTR_WAIT = "wait"
ATTR_WITH_VIDEO = "with_video"

LONGEST_TEXT = 255
_LARGEST_NUMBER = 2**63 - 1


def is_text(value: str) -> bool:
    """Return whether a text can be sent: at most 255 characters, without control characters and lone surrogates."""
    return len(value) <= LONGEST_TEXT and not any(category(character) in ("Cc", "Cs") for character in value)


def _whole_number(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST_NUMBER and value == int(value):
        return int(value)
    raise vol.Invalid("expected a whole number")


def _duration(value: Any) -> timedelta:
    try:
        return cv.positive_time_period(value)
    except OverflowError:
        raise vol.Invalid("expected a shorter duration") from None


TARGET = cv.TARGET_SERVICE_FIELDS
WAIT = {vol.Optional(ATTR_WAIT): _duration}
SAFE_MODE = {vol.Optional(ATTR_SAFE_MODE, default=False): cv.boolean}
CONFIRM = {vol.Optional(ATTR_CONFIRM, default=False): cv.boolean}
RECORD_VIDEO = {vol.Optional(ATTR_RECORD_VIDEO): cv.boolean}
CLIENT_NAME = {vol.Optional(ATTR_CLIENT_NAME, default=""): cv.string}
DEVICE = {vol.Required(ATTR_DEVICE_ID): cv.string}
ACCOUNT = {vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string}
TARGET_OR_GROUP = {**TARGET, vol.Optional(ATTR_GROUP, default=""): cv.string, **ACCOUNT}
FILTER = {vol.Optional(CONF_SEARCH, default=""): cv.string, vol.Optional(CONF_GROUP_ID, default=""): cv.string}
INVITATION = {**ACCOUNT, vol.Required(ATTR_INVITATION_ID): _whole_number}

CHANGES = {
    vol.Optional(ATTR_NAME): cv.string,
    vol.Optional(ATTR_LINK): cv.boolean,
    vol.Optional(ATTR_LINK_PATH): cv.string,
    vol.Optional(ATTR_LINK_PASSWORD): cv.string,
}
HISTORY = {
    **ACCOUNT,
    vol.Optional(ATTR_DEVICE_ID): cv.string,
    vol.Optional(ATTR_INVITATION_ID): _whole_number,
    vol.Optional(ATTR_START): cv.datetime,
    vol.Optional(ATTR_END): cv.datetime,
    vol.Optional(ATTR_WITH_VIDEO): cv.boolean,
    vol.Optional(ATTR_LIMIT, default=20): _whole_number,
}
