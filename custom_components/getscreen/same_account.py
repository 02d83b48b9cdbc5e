"""Recognizes an account by its computers: the API has no account id, but the id of a computer is unique on its server."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant, callback

from .account.registry import async_agent_devices
from .const import DOMAIN
from .entry import GetscreenConfigEntry
from .options import CONF_GROUP_ID, CONF_SEARCH, option
from .server_url import is_same_server


@callback
def async_has_computer_of(hass: HomeAssistant, entry: GetscreenConfigEntry, agent_ids: Collection[int]) -> bool | None:
    """Return whether an entry has a computer among agents of its server; None if that cannot be decided because either has none.

    The entry's computers are taken from the device registry, so the entry may be disabled, not loaded or without a connection.
    """
    known = async_agent_devices(hass, entry).keys()
    return not known.isdisjoint(agent_ids) if known and agent_ids else None


@callback
def async_entries_of_account(hass: HomeAssistant, data: Mapping[str, Any], agent_ids: Collection[int]) -> list[GetscreenConfigEntry]:
    """Return the entries, disabled ones included, that have a computer of the same account as the agents.

    `data`: the account's key and server. Entries with the key come first, then those whose user is asked for another key.
    """

    def urgency(entry: GetscreenConfigEntry) -> tuple[bool, bool]:
        return entry.data.get(CONF_API_KEY) != data.get(CONF_API_KEY), not any(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))

    entries = [entry for entry in _entries_on(hass, data.get(CONF_URL)) if async_has_computer_of(hass, entry, agent_ids)]
    return sorted(entries, key=urgency)


@callback
def async_is_set_up(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    options: Mapping[str, Any],
    agent_ids: Collection[int],
    exclude: GetscreenConfigEntry | None = None,
) -> bool:
    """Return whether an entry other than `exclude` has computers of the account and the filter in `options`, whatever its key is."""
    others = [entry for entry in async_entries_of_account(hass, data, agent_ids) if entry is not exclude]
    return (options[CONF_SEARCH], options[CONF_GROUP_ID]) in map(filter_of, others)


@callback
def async_unique_values(hass: HomeAssistant, data: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the values that no two entries may share: the key, the filter, and the server in each spelling that an entry has.

    The data may be damaged, for example by an edited file.
    """
    for url in (data.get(CONF_URL), *(entry.data[CONF_URL] for entry in _entries_on(hass, data.get(CONF_URL)))):
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
