"""Recognizes an account by its computers: the API has no id of an account, but gives each computer of a server an id of its own."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant, callback

from .account.registry import async_agent_devices
from .api import Agent
from .const import DOMAIN
from .entry import GetscreenConfigEntry
from .options import CONF_GROUP_ID, CONF_SEARCH, option
from .server_url import is_same_server


@callback
def async_has_computer_of(hass: HomeAssistant, entry: GetscreenConfigEntry, agents: Mapping[int, Agent]) -> bool | None:
    """Return whether an entry has a computer among the agents of its server; None if either has none, which proves nothing.

    The device registry knows the computers also while the entry is disabled, is not loaded or cannot reach the server.
    """
    known = async_agent_devices(hass, entry).keys()
    return not known.isdisjoint(agents) if known and agents else None


@callback
def async_entries_of_account(hass: HomeAssistant, data: Mapping[str, Any], agents: Mapping[int, Agent]) -> list[GetscreenConfigEntry]:
    """Return the entries, disabled ones included, that have a computer of the account which `agents` belong to.

    `data`: the account's key and server. Entries that have the key come first, then those that ask for another one.
    """

    def urgency(entry: GetscreenConfigEntry) -> tuple[bool, bool]:
        return entry.data.get(CONF_API_KEY) != data[CONF_API_KEY], not any(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))

    entries = [entry for entry in _entries_on(hass, data[CONF_URL]) if async_has_computer_of(hass, entry, agents)]
    return sorted(entries, key=urgency)


@callback
def async_unique_values(hass: HomeAssistant, data: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the values that no two entries may share: the key, the filter, and the server as each entry on it spells its address."""
    spellings = {data.get(CONF_URL), *(entry.data[CONF_URL] for entry in _entries_on(hass, data.get(CONF_URL)))}
    for url in spellings:
        yield {
            CONF_API_KEY: data.get(CONF_API_KEY),
            CONF_URL: url,
            CONF_SEARCH: options[CONF_SEARCH],
            CONF_GROUP_ID: options[CONF_GROUP_ID],
        }


def filter_of(entry: GetscreenConfigEntry) -> tuple[str, str]:
    """Return the search and the group that an entry is limited to; empty if it is not."""
    return option(entry, CONF_SEARCH, str), option(entry, CONF_GROUP_ID, str)


def _entries_on(hass: HomeAssistant, url: Any) -> list[GetscreenConfigEntry]:
    entries: list[GetscreenConfigEntry] = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    return [entry for entry in entries if is_same_server(entry.data.get(CONF_URL), url)]
