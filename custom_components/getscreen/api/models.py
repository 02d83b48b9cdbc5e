"""The agents of `agents/list` and `agents/info`, and their sessions, as frozen records.

Every field may be None (or empty): the server omits what it does not know, and a field that cannot be read counts as missing. Times are
timezone-aware, in UTC.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from .hardware import Hardware
from .reader import Notes, Reader, differs_in_query, without_query

_LAST_SEEN_STEP = 15 * 60
_LAST_TIME = "last_time"
_PREVIEW = "preview_url"


class OperatingSystem(StrEnum):
    """The operating systems that the reference names."""

    WINDOWS = "win"
    MAC = "mac"
    LINUX = "linux"
    ANDROID = "android"


@dataclass(frozen=True, slots=True, kw_only=True)
class Geo:
    """A public IP address and its location."""

    ip: str | None
    country: str | None
    region: str | None
    city: str | None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Return the location of a `geo` object."""
        geo = cls(ip=reader.name("ip"), country=reader.name("country"), region=reader.name("region"), city=reader.name("city"))
        reader.close()
        return geo


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The operator's side of a session: login (only in the history), browser and location."""

    login: str | None
    user_agent: str | None
    geo: Geo

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Return the client of a session. Its location is in the object itself, or under `geo` (in the history)."""
        login, user_agent = reader.name("login"), reader.name("user_agent")
        if nested := reader.record("geo"):
            reader.close()
            return cls(login=login, user_agent=user_agent, geo=Geo.read(nested))
        return cls(login=login, user_agent=user_agent, geo=Geo.read(reader))


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A remote session; `end` is None while it runs.

    `end_assumed`: the server sent no end, but the agent has been offline since, which ends a session.
    """

    id: int | None
    start: datetime
    end: datetime | None
    client: Client
    end_assumed: bool = field(default=False, compare=False)

    @property
    def duration(self) -> int | None:
        """Length of the session in seconds; None while it runs."""
        return int((self.end - self.start).total_seconds()) if self.end else None

    def with_assumed_end(self, end: datetime | None) -> Self:
        """Return this session with an assumed end: `end`, or the session's start if `end` is None or earlier."""
        return replace(self, end=max(end or self.start, self.start), end_assumed=True)

    def is_continued(self, before: Self) -> bool:
        """Return whether this is the same session as `before`, whose end was assumed, and the server still has not sent its end."""
        same = (self.id, self.start) == (before.id, before.start)
        return same and before.end_assumed and self.end != before.end and (self.end is None or self.end_assumed)

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """Return the session of a `sessions.last` object; None if it has no start."""
        start, end = read_span(reader, "start_time", "stop_time")
        session_id, client = reader.id("id"), Client.read(reader.record("client"))
        reader.close()
        if start is None:
            return None
        return cls(id=session_id, start=start, end=end, client=client)


def read_span(reader: Reader, start_key: str, end_key: str) -> tuple[datetime | None, datetime | None]:
    """Return when a session started and ended. An end before the start is returned as None: the session still runs."""
    start, end = reader.moment(start_key), reader.moment(end_key)
    return start, None if start and end and end < start else end


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A computer of the account, as `agents/list` describes it.

    Equality ignores what changes at every poll: `last_seen`, and the query of `preview_url`, which some servers sign anew in each answer.
    Instead of `last_seen`, it compares `last_seen_rounded`. While the agent is online, this time moves in steps of 15 minutes, which begin
    at a different second for each agent, so that not all agents change at once. While the agent is offline, it equals `last_seen`.

    `source` is the record as it was received. If a later record equals it, nothing changed. `last_seen` and `preview_url` are read from
    `source`, and are the only fields that are updated in it.

    The last session of an offline agent counts as ended, even if the server sent no end.
    """

    id: int
    name: str | None
    group: str | None
    blocked: bool | None
    limited: bool | None
    linked_at: datetime | None
    last_seen_rounded: datetime | None
    geo: Geo
    permanent_link: str | None = field(repr=False)
    preview_address: str | None = field(repr=False)
    """The link to the preview, without query and fragment."""
    operating_system: OperatingSystem | None
    version: str | None
    online: bool | None
    installed: bool | None
    favorite: bool | None
    owner: str | None
    user: str | None
    last_session: Session | None
    session_count: int | None
    source: dict[str, Any] = field(compare=False, repr=False)

    @property
    def last_seen(self) -> datetime | None:
        """When the server last heard from the agent."""
        return Reader(self.source, Notes()).moment(_LAST_TIME)

    @property
    def preview_url(self) -> str | None:
        """The newest link to the preview, a PNG of the desktop."""
        return Reader(self.source, Notes()).link(_PREVIEW)

    def updated_from(self, record: dict[str, Any], notes: Notes) -> Self | None:
        """Return the agent of a newer record; None if the record has no id.

        Returns `self` if nothing changed but `last_time` (within a step) and the query of the preview's link; `source` is updated.
        """
        seen = record.get(_LAST_TIME)
        if (moved := self.source.get(_LAST_TIME) != seen) and _LAST_TIME in self.source:
            self.source[_LAST_TIME] = seen
        if self.preview_address is not None and differs_in_query(self.source[_PREVIEW], link := record.get(_PREVIEW)):
            self.source[_PREVIEW] = link
        if self.source != record:
            now = self.from_dict(record, notes)
        elif not moved:
            return self
        else:
            # For most agents, only `last_time` changes from poll to poll, so this path has to be fast.
            rounded = _rounded(Reader(record, notes).moment(_LAST_TIME), self.id, online=self.online)
            now = self if rounded == self.last_seen_rounded else replace(self, last_seen_rounded=rounded)
        return now and now.corrected_by(self)

    def corrected_by(self, earlier: Self) -> Self:
        """Return this agent, which was read from a newer record than `earlier`, without two changes that would be wrong.

        `last_seen_rounded` does not go back, although a step would take it back. A session with an assumed end does not run again because
        the agent is back online; only an end from the server replaces the assumed one.
        """
        changes: dict[str, Any] = {}
        if _steps_back(earlier.last_seen_rounded, self.last_seen_rounded, self.last_seen):
            changes["last_seen_rounded"] = earlier.last_seen_rounded
        session, before = self.last_session, earlier.last_session
        if session and before and session.is_continued(before):
            changes["last_session"] = session.with_assumed_end(before.end)
        return replace(self, **changes) if changes else self

    def as_unconfirmed(self) -> Self:
        """Return this agent with an unknown online state, after an unreadable answer. Its next record counts as changed."""
        return replace(self, online=None, source={key: self.source.get(key) for key in (_LAST_TIME, _PREVIEW)})

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the last answer had unreadable records and did not contain this agent."""
        return "id" not in self.source

    @property
    def in_session(self) -> bool:
        """Whether a remote session is running."""
        return self.last_session is not None and self.last_session.end is None

    @classmethod
    def from_dict(cls, record: dict[str, Any], notes: Notes) -> Self | None:
        """Return the agent of a record; None if the record has no id."""
        reader = Reader(record, notes)
        agent_id, online, sessions = reader.id("id"), reader.flag("online"), reader.record("sessions")
        if agent_id is None:
            return None
        seen, session = reader.moment(_LAST_TIME), Session.read(sessions.record("last"))
        if online is False and session and session.end is None:
            session = session.with_assumed_end(seen)
        agent = cls(
            id=agent_id,
            name=reader.text("name"),
            group=reader.text("group"),
            blocked=reader.flag("disabled"),
            limited=reader.flag("limited"),
            linked_at=reader.moment("link_time"),
            last_seen_rounded=_rounded(seen, agent_id, online=online),
            geo=Geo.read(reader.record("geo")),
            permanent_link=reader.link("permanent_url"),
            preview_address=without_query(reader.link(_PREVIEW)),
            operating_system=reader.choice("os", OperatingSystem),
            version=reader.text("version"),
            online=online,
            installed=reader.flag("installed"),
            favorite=reader.flag("favorite"),
            owner=reader.text("owner"),
            user=reader.text("os_user"),
            last_session=session,
            session_count=sessions.integer("total"),
            source=record,
        )
        sessions.close()
        reader.close()
        return agent


def _rounded(seen: datetime | None, agent_id: int, *, online: bool | None) -> datetime | None:
    if seen and online is not False:
        return seen - timedelta(seconds=(int(seen.timestamp()) + agent_id) % _LAST_SEEN_STEP)
    return seen


def _steps_back(before: datetime | None, rounded: datetime | None, seen: datetime | None) -> bool:
    """Return whether `last_seen_rounded` would go back although the agent was seen later, as happens when an agent comes online."""
    return before is not None and rounded is not None and seen is not None and rounded < before <= seen


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDetails:
    """One agent, as `agents/info` describes it. `source` is the hardware as it was received, cut to the bounds of reading it.

    The one-time link of the answer is not read: anyone with that link controls the computer.
    """

    agent: Agent
    hardware: Hardware | None
    source: dict[str, Any] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentList:
    """An answer of `agents/list`: the agents by id.

    `skipped`: number of records that could not be used. `cut`: how many of those exceeded the bound of the list.
    """

    agents: dict[int, Agent]
    skipped: int
    cut: int
