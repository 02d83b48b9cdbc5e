"""Calls functions when accounts are added, loaded, unloaded and removed."""

from collections.abc import Callable

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, SOURCE_IGNORE, ConfigEntry, ConfigEntryChange, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..account import GetscreenAccount
from ..const import DOMAIN
from ..entry import GetscreenConfigEntry


@callback
def async_while_loaded(
    hass: HomeAssistant, entry: GetscreenConfigEntry, start: Callable[[GetscreenAccount], CALLBACK_TYPE]
) -> CALLBACK_TYPE:
    """Call `start` whenever an account is loaded, also now; when it is unloaded, call the function that `start` returned.

    Return a function that stops this; if the account is loaded, it calls the function that `start` returned, too.
    """
    stop: CALLBACK_TYPE | None = None

    @callback
    def follow(_change: ConfigEntryChange | None, changed: ConfigEntry) -> None:
        nonlocal stop
        if changed is not entry:
            return
        is_loaded = entry.state is ConfigEntryState.LOADED
        if is_loaded and stop is None:
            stop = start(entry.runtime_data)
        elif not is_loaded:
            end()

    @callback
    def end() -> None:
        nonlocal stop
        ending, stop = stop, None
        if ending is not None:
            ending()

    disconnect = async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, follow)
    follow(None, entry)

    @callback
    def end_all() -> None:
        disconnect()
        end()

    return end_all


@callback
def async_for_each_account(
    hass: HomeAssistant, entry_id: str | None, start: Callable[[GetscreenConfigEntry], CALLBACK_TYPE]
) -> CALLBACK_TYPE:
    """Call `start` for the account `entry_id`, or for each enabled account if that is None, also for accounts that are added later.

    The function that `start` returned is called when the account is removed or, if `entry_id` is None, disabled. Return a function that
    stops this.
    """
    ends: dict[str, CALLBACK_TYPE] = {}

    @callback
    def follow(change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain != DOMAIN or entry_id not in (None, entry.entry_id) or entry.source == SOURCE_IGNORE:
            return
        if change is ConfigEntryChange.REMOVED or (entry_id is None and entry.disabled_by):
            if (end := ends.pop(entry.entry_id, None)) is not None:
                end()
        elif entry.entry_id not in ends:
            ends[entry.entry_id] = start(entry)

    disconnect = async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, follow)
    for entry in hass.config_entries.async_entries(DOMAIN):
        follow(ConfigEntryChange.UPDATED, entry)

    @callback
    def end_all() -> None:
        disconnect()
        for end in ends.values():
            end()
        ends.clear()

    return end_all
