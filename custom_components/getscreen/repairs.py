"""Warns before an account has more entities than Home Assistant adds for one: those beyond would be missing without a word."""

from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval

from .account.coordinator import GetscreenConfigEntry
from .const import DOMAIN
from .markdown import escape_markdown

_MOST_ENTITIES = 10_000
_WARN_AT = 9_000
_INTERVAL = timedelta(hours=1)


@callback
def async_watch_entities(hass: HomeAssistant, entry: GetscreenConfigEntry) -> CALLBACK_TYPE:
    """Look now and then how many entities are switched on, and tell the user in time; return what ends that."""
    issue_id = f"too_many_entities_{entry.entry_id}"

    @callback
    def look(_now: datetime | None = None) -> None:
        entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        count = sum(entity.disabled_by is None for entity in entities)
        if count < _WARN_AT:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
            return
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key="too_many_entities",
            translation_placeholders={"account": escape_markdown(entry.title), "count": str(count), "most": str(_MOST_ENTITIES)},
        )

    @callback
    def stop() -> None:
        stop_timer()
        ir.async_delete_issue(hass, DOMAIN, issue_id)

    look()
    stop_timer = async_track_time_interval(hass, look, _INTERVAL, cancel_on_shutdown=True)
    return stop
