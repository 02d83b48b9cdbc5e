"""Client of the Getscreen.me HTTP API. It does not depend on Home Assistant."""

from .client import MAX_AGENTS, MAX_INVITATIONS, GetscreenClient
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
    ResponseFault,
)
from .hardware import Disk, Hardware, Monitor, NetworkAdapter, VideoCard, read_hardware
from .history import HistoryPage, HistoryQuery, HistoryRecord, Video
from .invitation import Invitation, InvitationList, InvitationStatus
from .models import Agent, AgentDetails, AgentList, Client, Geo, OperatingSystem, Session
from .once import InFlight, Once
from .reader import END_OF_TIME, Notes, Reader
from .requester import DEFAULT_URL, SERVERS, Gate, MethodReport, keeps_query_private

__all__ = [
    "DEFAULT_URL",
    "END_OF_TIME",
    "MAX_AGENTS",
    "MAX_INVITATIONS",
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
    "Gate",
    "Geo",
    "GetscreenClient",
    "GetscreenConnectionError",
    "GetscreenError",
    "Hardware",
    "HistoryPage",
    "HistoryQuery",
    "HistoryRecord",
    "InFlight",
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
    "ResponseFault",
    "Session",
    "Video",
    "VideoCard",
    "keeps_query_private",
    "read_hardware",
]
