"""Describes sessions: in names, places and numbers, which need no translation, and the few texts that do."""

from collections.abc import Iterable
from datetime import timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations
from homeassistant.util import dt as dt_util

from .account.registry import async_agent_device, async_device_name
from .api import Client, Geo, HistoryRecord
from .const import DOMAIN, short

# A user agent alone may have 10,000 characters, and a session any number of clients.
_LONGEST_DESCRIPTION = 2000


@callback
def async_text(hass: HomeAssistant, key: str, **values: object) -> str:
    """Return a text of `common` in the translations, in Home Assistant's language."""
    texts = async_get_cached_translations(hass, hass.config.language, "common", DOMAIN)
    return texts[f"component.{DOMAIN}.common.{key}"].format(**values)


@callback
def async_quick_support(hass: HomeAssistant) -> str:
    """Return what the service calls a session without a computer of the account."""
    return async_text(hass, "support_title")


@callback
def async_session_name(hass: HomeAssistant, entry: ConfigEntry, agent_id: int | None, name: str | None) -> str:
    """Return what a session was with: the device as the user knows it, else `name` as the server knows it."""
    if agent_id is None:
        return name or async_quick_support(hass)
    return async_device_name(hass, entry, agent_id) if name is None or async_agent_device(hass, entry, agent_id) else name


@callback
def async_session_title(hass: HomeAssistant, entry: ConfigEntry, record: HistoryRecord) -> str:
    """Return a session in a line: "Reception PC, 2026-11-24 14:05, 12 min, owner@example.com"."""
    parts = [async_session_name(hass, entry, record.agent_id, record.agent_name)]
    if record.start:
        parts.append(f"{dt_util.as_local(record.start):%Y-%m-%d %H:%M}")
        if record.end:
            parts.append(duration_text(record.end - record.start))
    return ", ".join(parts + [client.login for client in record.clients if client.login])


def session_text(clients: Iterable[Client], group: str | None, duration: timedelta | None = None) -> str | None:
    """Return what is known of a session, a line each: how long, who, from where, with what, and the device's group."""
    lines = [duration_text(duration) if duration is not None else None]
    for client in clients:
        lines += [client.login, place_text(client.geo), client.user_agent and short(client.user_agent)]
    return short("\n".join(filter(None, [*lines, group])), _LONGEST_DESCRIPTION) or None


def place_text(geo: Geo) -> str:
    """Return a place, the nearest first; empty where nothing is known."""
    return ", ".join(filter(None, (geo.city, geo.region, geo.country)))


def duration_text(duration: timedelta) -> str:
    """Return a duration in the two largest units that matter."""
    if duration < timedelta(minutes=1):
        return f"{duration.seconds} s"
    hours, minutes = divmod(duration // timedelta(minutes=1), 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "")))
