"""The sessions of `history/list`. Every field may be None (or empty); times are timezone-aware, in UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from .models import Client, read_span
from .reader import Notes, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """Which sessions to list. A filter that is None does not apply.

    `start` and `end`: the first and last moment, inclusive, at which a session may have begun (timezone-aware; fractions of a second are
    cut, and a time before 1970 counts as 1970). `with_video`: True for sessions with a recording only, False for those without. `offset`:
    how many of the newest sessions to skip. `limit`: how many sessions to return at most.
    """

    agent_id: int | None = None
    invitation_id: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    with_video: bool | None = None
    offset: int = 0
    limit: int = 20

    def parameters(self) -> dict[str, int | bool | None]:
        """Return the parameters of `history/list`, by their names in the API."""
        return {
            "agent_id": self.agent_id,
            "support_id": self.invitation_id,
            "date_from": _seconds(self.start),
            "date_to": _seconds(self.end),
            "video": self.with_video,
            "offset": self.offset,
            "limit": self.limit,
        }


def _seconds(moment: datetime | None) -> int | None:
    """Return Unix seconds; 0 for a time before 1970, because the server does not accept negative numbers."""
    return None if moment is None else max(0, int(moment.timestamp()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A recording; `size` in bytes. Downloading it from `url` needs the API key."""

    url: str = field(repr=False)
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRecord:
    """A past or running session; `end` is None while it runs.

    `agent_id` is None for a quick-support session, `invitation_id` for a session with an agent of the account.
    """

    id: int
    start: datetime | None
    end: datetime | None
    invitation_id: int | None
    clients: tuple[Client, ...]
    agent_id: int | None
    agent_name: str | None
    agent_group: str | None
    video: Video | None

    @property
    def duration(self) -> int | None:
        """Length of the session in seconds; None while it runs, or if its start is unknown."""
        return int((self.end - self.start).total_seconds()) if self.start and self.end else None

    @classmethod
    def from_dict(cls, record: dict[str, Any], notes: Notes) -> Self | None:
        """Return the session of a record; None if the record has no id."""
        reader = Reader(record, notes)
        record_id = reader.id("id")
        if record_id is None:
            return None
        start, end = read_span(reader, "start", "stop")
        clients = reader.records("clients") + reader.records("client")
        agent, video = reader.record("agent"), reader.record("video")
        url, size = video.link("url"), video.integer("size")
        history = cls(
            id=record_id,
            start=start,
            end=end,
            invitation_id=reader.id("support_id") or None,
            clients=tuple(Client.read(client) for client in clients),
            agent_id=agent.id("id") or None,
            agent_name=agent.text("name"),
            agent_group=agent.text("group"),
            video=Video(url=url, size=size) if url else None,
        )
        # `agents/list` has newer values of these fields.
        agent.ignore("owner", "version", "os", "geo")
        for part in (agent, video, reader):
            part.close()
        return history


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """A page of `history/list`. `total`: number of sessions on all pages, None if unknown."""

    records: tuple[HistoryRecord, ...]
    total: int | None
