"""Escapes texts from outside where Home Assistant renders Markdown."""

import re

# What could begin a link, a picture, HTML, code or an emphasis. An underscore within a word is harmless, as in most e-mail addresses.
_SPECIAL = re.compile(r"[\\`*\[\]()<>!|~#&]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.", re.IGNORECASE)


def escape_markdown(text: str) -> str:
    """Return a text, in one line, so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
