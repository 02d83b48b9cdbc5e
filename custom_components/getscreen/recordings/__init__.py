"""The recordings of sessions: their identifiers and titles, and the view that streams them."""

from .ids import RECORDING, recording_identifier, recording_media_id, recording_numbers, recording_path, video_type
from .titles import async_recording_title
from .view import async_register_view

__all__ = [
    "RECORDING",
    "async_recording_title",
    "async_register_view",
    "recording_identifier",
    "recording_media_id",
    "recording_numbers",
    "recording_path",
    "video_type",
]
