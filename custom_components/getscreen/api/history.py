"""The sessions of `history/list`; every field may be None (or empty), times are aware, in UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from .models import Client, Geo, read_span
from .reader import Notes, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A recording; `size` in bytes. It is fetched from `url` with the key."""

    url: str = field(repr=False)
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRecord:
    """A past or running session, as `history/list` has it: `end` is None while it runs.

    `agent_id` is None for a quick-support session, `invitation_id` for one with a computer of the account.
    """

    id: int
    start: datetime | None
    end: datetime | None
    invitation_id: int | None
    clients: tuple[Client, ...]
    agent_id: int | None
    agent_name: str | None
    agent_group: str | None
    agent_owner: str | None
    agent_version: str | None
    agent_os: str | None
    agent_geo: Geo
    video: Video | None

    @property
    def duration(self) -> int | None:
        """How long it took, in seconds."""
        return int((self.end - self.start).total_seconds()) if self.start and self.end else None

    @classmethod
    def from_dict(cls, record: dict[str, Any], notes: Notes) -> Self | None:
        """Read a record of `history/list`; None without an id."""
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
            agent_owner=agent.text("owner"),
            agent_version=agent.text("version"),
            agent_os=agent.text("os"),
            agent_geo=Geo.read(agent.record("geo")),
            video=Video(url=url, size=size) if url else None,
        )
        for part in (agent, video, reader):
            part.close()
        return history


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """A page of `history/list`; `total` is how many records there are in all."""

    records: tuple[HistoryRecord, ...]
    total: int | None
