"""The titles of recordings."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..account.registry import async_session_name
from ..api import HistoryRecord
from ..entry import GetscreenConfigEntry
from ..texts import async_duration_text


@callback
def async_recording_title(hass: HomeAssistant, entry: GetscreenConfigEntry, record: HistoryRecord, *, with_name: bool = True) -> str:
    """Return the title of a session's recording, such as "2026-11-24 14:05, Reception PC, owner@example.com, 12 min".

    What distinguishes recordings comes first, because Home Assistant cuts titles after about twenty characters.
    """
    parts = [f"{dt_util.as_local(record.start):%Y-%m-%d %H:%M}"] if record.start else []
    if with_name or not parts:
        parts.append(async_session_name(hass, entry, record.agent_id, record.agent_name))
    parts += [client.login for client in record.clients if client.login]
    if record.start and record.end:
        parts.append(async_duration_text(hass, record.end - record.start))
    return ", ".join(parts)
