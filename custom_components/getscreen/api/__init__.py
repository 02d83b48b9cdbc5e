"""Client of the Getscreen.me HTTP API; knows nothing of Home Assistant."""

from .client import DEFAULT_URL, SERVERS, AgentList, GetscreenClient, InvitationList, MethodReport
from .errors import (
    AccessDeniedError,
    CommandFailedError,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
    RequestRefusedError,
)
from .hardware import Disk, Hardware, Monitor, NetworkAdapter, VideoCard
from .models import (
    Agent,
    AgentDetails,
    Client,
    Geo,
    HistoryPage,
    HistoryRecord,
    Invitation,
    InvitationStatus,
    OperatingSystem,
    Session,
    Video,
)

__all__ = [
    "DEFAULT_URL",
    "SERVERS",
    "AccessDeniedError",
    "Agent",
    "AgentDetails",
    "AgentList",
    "Client",
    "CommandFailedError",
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
    "OperatingSystem",
    "RequestLimitError",
    "RequestRefusedError",
    "Session",
    "Video",
    "VideoCard",
]
