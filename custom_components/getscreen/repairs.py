"""Creates and deletes the repair issues: a used-up request limit, and too many entities."""

from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval

from .const import DOMAIN
from .entry import GetscreenConfigEntry

_REQUEST_LIMIT = "request_limit"
_TOO_MANY_ENTITIES = "too_many_entities"
# Home Assistant silently adds no more entities than this to one config entry.
_MAX_ENTITIES = 10_000
_WARN_AT = 9_000
_COUNT_INTERVAL = timedelta(hours=1)


@callback
def async_report_request_limit(hass: HomeAssistant, entry: GetscreenConfigEntry, plan: str) -> None:
    """Create the repair issue that the plan's request limit is used up; `plan`: a sentence on what the plan allows."""
    _async_create(hass, entry, _REQUEST_LIMIT, plan=plan)


@callback
def async_clear_request_limit(hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
    """Delete the repair issue of the request limit, if there is one."""
    _async_delete(hass, entry, _REQUEST_LIMIT)


@callback
def async_watch_entities(hass: HomeAssistant, entry: GetscreenConfigEntry) -> CALLBACK_TYPE:
    """Create a repair issue while an account is near the most entities that Home Assistant adds; return a function that stops this."""

    @callback
    def count(_now: datetime | None = None) -> None:
        entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        enabled = sum(entity.disabled_by is None for entity in entities)
        if enabled < _WARN_AT:
            _async_delete(hass, entry, _TOO_MANY_ENTITIES)
        else:
            _async_create(hass, entry, _TOO_MANY_ENTITIES, count=str(enabled), most=str(_MAX_ENTITIES))

    @callback
    def stop() -> None:
        stop_timer()
        _async_delete(hass, entry, _TOO_MANY_ENTITIES)

    count()
    stop_timer = async_track_time_interval(hass, count, _COUNT_INTERVAL, cancel_on_shutdown=True)
    return stop


@callback
def _async_create(hass: HomeAssistant, entry: GetscreenConfigEntry, key: str, **placeholders: str) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{key}_{entry.entry_id}",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=key,
        # For the title, which is plain text. In a description, Markdown would turn most account names into email links.
        translation_placeholders={"account": entry.title, **placeholders},
    )


@callback
def _async_delete(hass: HomeAssistant, entry: GetscreenConfigEntry, key: str) -> None:
    ir.async_delete_issue(hass, DOMAIN, f"{key}_{entry.entry_id}")
