"""The identifiers, paths and types of recordings. They are made of ids, so no address of the server leaves Home Assistant."""

from pathlib import PurePosixPath
import re

from yarl import URL

from ..api import HistoryRecord
from ..const import DOMAIN

RECORDING = "recording"
# The session's start (Unix seconds), and its id.
_START = "[0-9]{1,11}"
_ID = "[0-9]{1,18}"

_TYPES_BY_ENDING = {
    ".m4v": "video/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp4": "video/mp4",
    ".ogg": "video/ogg",
    ".ogv": "video/ogg",
    ".webm": "video/webm",
}
VIDEO_TYPES = frozenset(_TYPES_BY_ENDING.values())
"""The MIME types that recordings are served with."""


def recording_identifier(entry_id: str, record: HistoryRecord) -> str | None:
    """Return the identifier of a session's recording in the media source; None if there is no playable recording."""
    if record.video is None or record.start is None:
        return None
    key = f"{int(record.start.timestamp())}-{record.id}"
    return f"{entry_id}/{RECORDING}/{key}" if recording_numbers(key) else None


def video_type(url: str) -> str | None:
    """Return the MIME type of a recording by the file extension in its URL; None if that is unknown."""
    return _TYPES_BY_ENDING.get(PurePosixPath(URL(url).path).suffix.lower())


def recording_numbers(key: str) -> tuple[int, int] | None:
    """Return the session's start (Unix seconds) and id from the last part of an identifier; None if that is invalid."""
    numbers = re.fullmatch(f"({_START})-({_ID})", key)
    return (int(numbers[1]), int(numbers[2])) if numbers else None


def recording_media_id(entry_id: str, record: HistoryRecord) -> str | None:
    """Return the media content id of a session's recording; None if there is no playable recording."""
    identifier = recording_identifier(entry_id, record)
    return identifier and f"media-source://{DOMAIN}/{identifier}"


def recording_path(entry_id: str, start: int | str, record_id: int | str) -> str:
    """Return the path at which Home Assistant serves a recording; `start` in Unix seconds."""
    return f"/api/{DOMAIN}/{RECORDING}/{entry_id}/{start}/{record_id}"


RECORDING_ROUTE = recording_path("{entry_id}", f"{{start:{_START}}}", f"{{record_id:{_ID}}}")
"""The aiohttp route of all these paths."""
