"""Recognizes browsers and operating systems by user agents."""

import re

# A hostile client may send a user agent of any length. Real ones have about a hundred characters.
_MAX_LENGTH = 500

# Most browsers also name others that they are compatible with, so the order matters: the first match counts.
_BROWSERS = {
    "Edge": "Edg|EdgA|EdgiOS|Edge",
    "Opera": "OPR|OPT|Opera",
    "Samsung Internet": "SamsungBrowser",
    "Vivaldi": "Vivaldi",
    "Yandex Browser": "YaBrowser",
    "Firefox": "Firefox|FxiOS",
    "Chrome": "Chrome|CriOS",
    "Safari": "Safari",
}
_SYSTEMS = {
    "iPadOS": "iPad",
    "iOS": "iPhone|iPod",
    "Android": "Android",
    "ChromeOS": "CrOS",
    "Windows": "Windows",
    "macOS": "Macintosh|Mac OS X",
    "Linux": "Linux",
}


def read_user_agent(user_agent: str) -> tuple[str | None, str | None]:
    """Return the browser and the operating system of a user agent; None for each that is unknown."""
    return _first(_BROWSERS, user_agent[:_MAX_LENGTH]), _first(_SYSTEMS, user_agent[:_MAX_LENGTH])


def _first(names: dict[str, str], text: str) -> str | None:
    return next((name for name, words in names.items() if re.search(rf"\b(?:{words})\b", text, re.ASCII)), None)
