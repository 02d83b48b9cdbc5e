"""All repair issues: the request limit of the plan, and accounts with too many entities."""

from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval

from .const import DOMAIN
from .entry import GetscreenConfigEntry

_REQUEST_LIMIT = "request_limit"
_TOO_MANY_ENTITIES = "too_many_entities"
# Home Assistant adds no more entities to one config entry, and does not say so.
_MOST_ENTITIES = 10_000
_WARN_AT = 9_000
_COUNT_INTERVAL = timedelta(hours=1)


@callback
def async_report_request_limit(hass: HomeAssistant, entry: GetscreenConfigEntry, plan: str) -> None:
    """Create the repair issue that the plan's request limit is used up; `plan`: what is known of it."""
    _async_create(hass, entry, _REQUEST_LIMIT, plan=plan)


@callback
def async_clear_request_limit(hass: HomeAssistant, entry: GetscreenConfigEntry) -> None:
    """Delete the repair issue of the request limit, if there is one."""
    _async_delete(hass, entry, _REQUEST_LIMIT)


@callback
def async_watch_entities(hass: HomeAssistant, entry: GetscreenConfigEntry) -> CALLBACK_TYPE:
    """Warn before an account has more enabled entities than Home Assistant adds; return what ends that."""

    @callback
    def count(_now: datetime | None = None) -> None:
        entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        enabled = sum(entity.disabled_by is None for entity in entities)
        if enabled < _WARN_AT:
            _async_delete(hass, entry, _TOO_MANY_ENTITIES)
        else:
            _async_create(hass, entry, _TOO_MANY_ENTITIES, count=str(enabled), most=str(_MOST_ENTITIES))

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
        # For the title, which is plain text. Descriptions are Markdown, which would make a link to write a mail of most names.
        translation_placeholders={"account": entry.title, **placeholders},
    )


@callback
def _async_delete(hass: HomeAssistant, entry: GetscreenConfigEntry, key: str) -> None:
    ir.async_delete_issue(hass, DOMAIN, f"{key}_{entry.entry_id}")
