"""The outcome of each fault: for an account, for its parts, and for what a user requests."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN

from simulator import Fault

# How an account, or a part of it, recovers once the server has.
BY_ITSELF = "by itself"
NEXT_DAY = "the next day, or when asked for"

RETRY, LOADED = ConfigEntryState.SETUP_RETRY, ConfigEntryState.LOADED

# The translation key of the error for each fault, and words in its text. A list of unreadable items is no error.
SAID = {
    Fault.BAD_REQUEST: ("refused", "told to answer 400"),
    Fault.PAYMENT_REQUIRED: ("request_limit", "request limit"),
    Fault.FORBIDDEN: ("access_denied", "API key"),
    Fault.NOT_FOUND: ("invalid_response", "HTTP 404"),
    Fault.METHOD_NOT_ALLOWED: ("invalid_response", "HTTP 405"),
    Fault.TOO_MANY_REQUESTS: ("cannot_connect", "HTTP 429"),
    Fault.SERVER_ERROR: ("cannot_connect", "HTTP 500"),
    Fault.BAD_GATEWAY: ("cannot_connect", "HTTP 502"),
    Fault.UNAVAILABLE: ("cannot_connect", "HTTP 503"),
    Fault.HTML: ("invalid_response", "the response is not JSON"),
    Fault.HTML_BAD_GATEWAY: ("cannot_connect", "HTTP 502"),
    Fault.CUT_JSON: ("invalid_response", "the response is not JSON"),
    Fault.CUT_CONNECTION: ("cannot_connect", "the connection failed or was lost"),
    Fault.EMPTY: ("invalid_response", "the response contains unexpected data"),
    Fault.WRONG_TYPES: ("invalid_response", "the response contains unexpected data"),
    Fault.NULL: ("invalid_response", "the response contains unexpected data"),
    Fault.HUGE: ("invalid_response", "the response is too large"),
    Fault.HANG: ("cannot_connect", "did not answer in time"),
    Fault.DROPPED: ("cannot_connect", "could not be reached"),
    Fault.LOST_ANSWER: ("cannot_connect", "could not be reached"),
    Fault.REDIRECT: ("invalid_response", "HTTP 302"),
}

# The state of the config entry after set-up. Computers whose records are unreadable appear as soon as they are readable.
AGENTS_AT_SET_UP = dict.fromkeys(Fault, RETRY) | {Fault.WRONG_ITEMS: LOADED}

# A computer's state in mid-life. A list of unreadable records is an answer, but does not say how each computer is.
AGENTS_IN_MID_LIFE = dict.fromkeys(Fault, STATE_UNAVAILABLE) | {Fault.WRONG_ITEMS: STATE_UNKNOWN}

# The number of open invitations, and the words in the one line of the log (None: no line), at set-up.
INVITATIONS_AT_SET_UP: dict[Fault, tuple[str, str | None]] = {
    **{fault: (STATE_UNAVAILABLE, words) for fault, (_, words) in SAID.items()},
    Fault.FORBIDDEN: (STATE_UNAVAILABLE, "denies access"),
    Fault.WRONG_ITEMS: ("0", None),
}

# The same in mid-life: known invitations do not count as closed because of unreadable ones.
INVITATIONS_IN_MID_LIFE = INVITATIONS_AT_SET_UP | {Fault.WRONG_ITEMS: ("2", None)}

# When hardware is read again: soon where the server is in trouble, else a day later.
HARDWARE = dict.fromkeys(Fault, BY_ITSELF) | {Fault.BAD_REQUEST: NEXT_DAY, Fault.FORBIDDEN: NEXT_DAY}

# The translation key of the error of an action, before the exceptions below.
ACTION_FAILURES = {fault: key for fault, (key, _) in SAID.items()}

DONE = "done"
# A command with HTTP code 200 is done unless its status says otherwise.
COMMAND = {Fault.EMPTY: DONE, Fault.NULL: DONE, Fault.WRONG_ITEMS: DONE}

# Closing an invitation has no status, so the HTTP code decides.
CODE_ALONE = COMMAND | {Fault.WRONG_TYPES: DONE}

# A method that returns an object fails without one.
OBJECT = {Fault.WRONG_ITEMS: "invalid_response"}

# A method that returns a list skips unreadable items.
LIST = {Fault.WRONG_ITEMS: DONE}

# What the media browser says of a month; an unreadable history is an empty one.
MEDIA = ACTION_FAILURES | LIST

# Whether there is a picture, and whether the entity stays available. It does not where another try is useless.
PICTURE, NONE_NOW, NONE = (True, True), (False, True), (False, False)
NO_PICTURES = (
    *(Fault.NOT_FOUND, Fault.HTML, Fault.CUT_JSON, Fault.EMPTY, Fault.WRONG_TYPES, Fault.WRONG_ITEMS, Fault.NULL),
    Fault.REDIRECT,  # to a web page
)
PREVIEW = {
    **dict.fromkeys(Fault, NONE_NOW),
    **dict.fromkeys(NO_PICTURES, NONE),
    # A download has no effect after which its answer could be lost.
    Fault.LOST_ANSWER: PICTURE,
}

# The HTTP code that a browser gets for a recording; with an error there is no body.
VIDEO = dict.fromkeys(Fault, 502) | {Fault.NOT_FOUND: 404, Fault.LOST_ANSWER: 200}

# The HTTP code for a recording that has to be found in a history that fails.
VIDEO_OF_A_FAILING_HISTORY = dict.fromkeys(Fault, 502) | {Fault.WRONG_ITEMS: 404}
