"""The titles of recordings."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..account import GetscreenConfigEntry
from ..account.registry import async_session_name
from ..api import HistoryRecord
from ..texts import duration_text


@callback
def async_recording_title(hass: HomeAssistant, entry: GetscreenConfigEntry, record: HistoryRecord) -> str:
    """Return the title of a session's recording, such as "Reception PC, 2026-11-24 14:05, 12 min, owner@example.com"."""
    parts = [async_session_name(hass, entry, record.agent_id, record.agent_name)]
    if record.start:
        parts.append(f"{dt_util.as_local(record.start):%Y-%m-%d %H:%M}")
        if record.end:
            parts.append(duration_text(record.end - record.start))
    return ", ".join(parts + [client.login for client in record.clients if client.login])
