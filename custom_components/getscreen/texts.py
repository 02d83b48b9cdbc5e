"""Texts for users: translations, places, durations and sessions, shortened or escaped where that is needed."""

from collections.abc import Iterable
from datetime import timedelta
import re

from homeassistant.const import MAX_LENGTH_STATE_STATE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations

from .api import Client, Geo
from .const import DOMAIN
from .user_agents import read_user_agent

# A group may have 10,000 characters, and a session any number of clients.
_LONGEST_DESCRIPTION = 2000
# Characters that could begin a link, an image, HTML, code or emphasis. An underscore within a word is harmless.
_MARKDOWN = re.compile(r"[\\`*\[\]()<>!|~#&]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.", re.IGNORECASE)


@callback
def async_text(hass: HomeAssistant, key: str, **values: object) -> str:
    """Return a text of `common` in Home Assistant's language; raises KeyError if the translations are not loaded."""
    texts = async_get_cached_translations(hass, hass.config.language, "common", DOMAIN)
    return texts[f"component.{DOMAIN}.common.{key}"].format(**values)


@callback
def async_plan_text(hass: HomeAssistant, requests: int = 0, window: str = "unknown", reset: int | None = None) -> str:
    """Return a sentence on what a plan allows: `requests` per `window` (hour, day, month or unknown).

    `reset`: the hour (UTC) at which a day begins, if it is known.
    """
    key = "plan_day_from" if window == "day" and reset is not None else f"plan_{window}"
    try:
        return async_text(hass, key, requests=requests, time=f"{reset or 0:02}:00")
    except KeyError:
        # If the setup fails, the translations may not be loaded yet.
        return f"{requests} / {window}" if requests else ""


def short(text: str, max_length: int = MAX_LENGTH_STATE_STATE) -> str:
    """Return a text, cut to `max_length` characters (by default the limit of a state) with an ellipsis at the end."""
    return text if len(text) <= max_length else f"{text[: max_length - 1]}…"


def escape_markdown(text: str) -> str:
    """Return a text as one line that Markdown shows unchanged."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


@callback
def async_session_text(hass: HomeAssistant, clients: Iterable[Client], group: str | None, duration: timedelta | None = None) -> str | None:
    """Return a session's duration, its clients (user, place, browser) and the computer's group, one labeled line each.

    Unknown values are skipped; None if all are unknown.
    """
    lines = [("calendar_duration", async_duration_text(hass, duration) if duration is not None else None)]
    for client in clients:
        browser = _browser(hass, client.user_agent) if client.user_agent else None
        lines += [("calendar_user", client.login), ("calendar_place", place_text(client.geo)), ("calendar_browser", browser)]
    lines.append(("calendar_group", group))
    shown = [async_text(hass, key, value=short(value)) for key, value in lines if value]
    return short("\n".join(shown), _LONGEST_DESCRIPTION) or None


def _browser(hass: HomeAssistant, user_agent: str) -> str | None:
    """Return a browser and its system, such as "Safari on macOS"; None if the browser is unknown."""
    browser, system = read_user_agent(user_agent)
    return async_text(hass, "calendar_browser_on", browser=browser, system=system) if browser and system else browser


def place_text(geo: Geo) -> str:
    """Return a place, the city first; empty if it is unknown."""
    return ", ".join(filter(None, (geo.city, geo.region, geo.country)))


@callback
def async_duration_text(hass: HomeAssistant, duration: timedelta) -> str:
    """Return a duration in its two largest units: "2 h 5 min", "40 s"."""
    if duration < timedelta(minutes=1):
        return async_text(hass, "duration_seconds", count=duration.seconds)
    hours, minutes = divmod(duration // timedelta(minutes=1), 60)
    parts = (("duration_hours", hours), ("duration_minutes", minutes))
    return " ".join(async_text(hass, key, count=count) for key, count in parts if count)
