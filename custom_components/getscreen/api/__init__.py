"""Client of the Getscreen.me HTTP API; knows nothing of Home Assistant."""

from .client import DEFAULT_URL, SERVERS, AgentList, GetscreenClient, InvitationList, MethodReport, keeps_query_private
from .errors import (
    AccessBlockedError,
    AccessDeniedError,
    CommandFailedError,
    ConnectionCause,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
    RequestRefusedError,
)
from .hardware import Disk, Hardware, Monitor, NetworkAdapter, VideoCard, read_hardware
from .history import HistoryPage, HistoryRecord, Video
from .models import Agent, AgentDetails, Client, Geo, Invitation, InvitationStatus, OperatingSystem, Session
from .once import Once
from .reader import Notes, Reader

__all__ = [
    "DEFAULT_URL",
    "SERVERS",
    "AccessBlockedError",
    "AccessDeniedError",
    "Agent",
    "AgentDetails",
    "AgentList",
    "Client",
    "CommandFailedError",
    "ConnectionCause",
    "Disk",
    "Geo",
    "GetscreenClient",
    "GetscreenConnectionError",
    "GetscreenError",
    "Hardware",
    "HistoryPage",
    "HistoryRecord",
    "InvalidResponseError",
    "Invitation",
    "InvitationList",
    "InvitationStatus",
    "MethodReport",
    "Monitor",
    "NetworkAdapter",
    "Notes",
    "Once",
    "OperatingSystem",
    "Reader",
    "RequestLimitError",
    "RequestRefusedError",
    "Session",
    "Video",
    "VideoCard",
    "keeps_query_private",
    "read_hardware",
]
