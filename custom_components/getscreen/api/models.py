"""What the API speaks of: frozen records with units and Python's own types.

Every field may be None (or empty): the server leaves out what it does not know, and a field that cannot be understood
reads as one that is missing. Times are aware, in UTC. Sizes are in MiB unless named otherwise.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Self

from .hardware import Hardware
from .reader import Notes, Reader, differs_in_query, without_query

_STEP = 15 * 60
_LAST_TIME = "last_time"
_PREVIEW = "preview_url"


class OperatingSystem(StrEnum):
    """The operating systems that the reference names."""

    WINDOWS = "win"
    MAC = "mac"
    LINUX = "linux"
    ANDROID = "android"


class InvitationStatus(IntEnum):
    """Where a quick-support session stands."""

    WAITING_FOR_CLIENT = 0
    CLIENT_JOINED = 1
    ACTIVE = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Geo:
    """An address on the Internet and where it is."""

    ip: str | None
    country: str | None
    region: str | None
    city: str | None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read a `geo` object."""
        geo = cls(ip=reader.name("ip"), country=reader.name("country"), region=reader.name("region"), city=reader.name("city"))
        reader.close()
        return geo


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who connected: the operator's login (in the history only), browser and place."""

    login: str | None
    user_agent: str | None
    geo: Geo

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read a client of a session, whose place lies in the object itself, or of the history, where it is under `geo`."""
        login, user_agent = reader.name("login"), reader.name("user_agent")
        if nested := reader.record("geo"):
            reader.close()
            return cls(login=login, user_agent=user_agent, geo=Geo.read(nested))
        return cls(login=login, user_agent=user_agent, geo=Geo.read(reader))


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A remote session: `end` is None while it runs.

    `end_assumed`: the server wrote no end, but the session cannot run any more, as its computer is (or was) offline.
    """

    id: int | None
    start: datetime
    end: datetime | None
    client: Client
    end_assumed: bool = field(default=False, compare=False)

    @property
    def duration(self) -> int | None:
        """How long it took, in seconds."""
        return int((self.end - self.start).total_seconds()) if self.end else None

    def over(self, end: datetime | None) -> Self:
        """Return this session with an assumed end: `end`, or its start if `end` is None or earlier."""
        return replace(self, end=max(end or self.start, self.start), end_assumed=True)

    def is_continued(self, before: Self) -> bool:
        """Return whether this is the session `before`, whose end was assumed, and the server still has not written an end."""
        same = (self.id, self.start) == (before.id, before.start)
        return same and before.end_assumed and self.end != before.end and (self.end is None or self.end_assumed)

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """Read `sessions.last`; a session without a start is none."""
        start, end = read_span(reader, "start_time", "stop_time")
        session_id, client = reader.id("id"), Client.read(reader.record("client"))
        reader.close()
        if start is None:
            return None
        return cls(id=session_id, start=start, end=end, client=client)


def read_span(reader: Reader, start_key: str, end_key: str) -> tuple[datetime | None, datetime | None]:
    """Read when a session began and ended; what ends before it began is still running."""
    start, end = reader.moment(start_key), reader.moment(end_key)
    return start, None if start and end and end < start else end


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A computer of the account, as `agents/list` has it.

    Two agents are equal if nothing changed that happens rarely. What moves all the time does not count: neither `last_seen`, of which
    `last_seen_about` counts, in steps of a quarter of an hour unless the computer is offline (each agent's steps come at a moment of
    its own, or a whole fleet would change at once); nor the query of `preview_url`, which may be signed anew in every answer.
    `source` is the record as it was received, by which an unchanged one is recognized. `last_seen` and `preview_url` are read from
    `source`, and only these two fields are updated in it.

    The session of a computer that is offline is over, even if the server wrote no end.
    """

    id: int
    name: str | None
    group: str | None
    blocked: bool | None
    limited: bool | None
    linked_at: datetime | None
    last_seen_about: datetime | None
    geo: Geo
    permanent_link: str | None = field(repr=False)
    preview_address: str | None = field(repr=False)
    """The preview's link without query and fragment."""
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
        """When the server last heard of the computer."""
        return Reader(self.source, Notes()).moment(_LAST_TIME)

    @property
    def preview_url(self) -> str | None:
        """The newest link to the preview."""
        return Reader(self.source, Notes()).link(_PREVIEW)

    def renewed(self, record: dict[str, Any], notes: Notes) -> Self | None:
        """Return this agent as a later record has it, itself where nothing changed; None without an id."""
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
            # Of most computers of an account it is all that moves, and all of them move at every poll.
            about = _about(Reader(record, notes).moment(_LAST_TIME), self.id, online=self.online)
            now = self if about == self.last_seen_about else replace(self, last_seen_about=about)
        return now and now.after(self)

    def after(self, earlier: Self) -> Self:
        """Return this agent, read from a later record, with what must not change since an earlier one.

        `last_seen_about` does not go back, which a step could. A session with an assumed end is over until the server writes
        another end, even if the computer is back.
        """
        changes: dict[str, Any] = {}
        if _steps_back(earlier.last_seen_about, self.last_seen_about, self.last_seen):
            changes["last_seen_about"] = earlier.last_seen_about
        session, before = self.last_session, earlier.last_session
        if session and before and session.is_continued(before):
            changes["last_session"] = session.over(before.end)
        return replace(self, **changes) if changes else self

    def in_doubt(self) -> Self:
        """Return this agent as one of which a garbled answer does not say how it is; its next record is read anew."""
        return replace(self, online=None, source={key: self.source.get(key) for key in (_LAST_TIME, _PREVIEW)})

    @property
    def is_in_doubt(self) -> bool:
        """Whether the last answer was garbled and did not name this agent."""
        return "id" not in self.source

    @property
    def in_session(self) -> bool:
        """Whether a remote session is open right now."""
        return self.last_session is not None and self.last_session.end is None

    @classmethod
    def from_dict(cls, record: dict[str, Any], notes: Notes) -> Self | None:
        """Read a record of `agents/list`; None without an id."""
        reader = Reader(record, notes)
        agent_id, online, sessions = reader.id("id"), reader.flag("online"), reader.record("sessions")
        if agent_id is None:
            return None
        seen, session = reader.moment(_LAST_TIME), Session.read(sessions.record("last"))
        if online is False and session and session.end is None:
            session = session.over(seen)
        agent = cls(
            id=agent_id,
            name=reader.text("name"),
            group=reader.text("group"),
            blocked=reader.flag("disabled"),
            limited=reader.flag("limited"),
            linked_at=reader.moment("link_time"),
            last_seen_about=_about(seen, agent_id, online=online),
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


def _about(seen: datetime | None, agent_id: int, *, online: bool | None) -> datetime | None:
    if seen and online is not False:
        return seen - timedelta(seconds=(int(seen.timestamp()) + agent_id) % _STEP)
    return seen


def _steps_back(before: datetime | None, about: datetime | None, seen: datetime | None) -> bool:
    """Return whether a step goes back though the computer was seen later: it does when a computer comes online."""
    return before is not None and about is not None and seen is not None and about < before <= seen


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDetails:
    """One computer, as `agents/info` has it; `source` is the hardware as it was received.

    The one-time link of the answer is left where it is: whoever holds it controls the machine.
    """

    agent: Agent
    hardware: Hardware | None
    source: dict[str, Any] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A quick-support session that a client is invited to. `connect_url` is the operator's: a secret."""

    id: int
    status: InvitationStatus | None
    created: datetime | None
    code: str | None
    invite_url: str | None = field(repr=False)
    connect_url: str | None = field(repr=False)
    client_name: str | None
    client_os: str | None
    client_preview_url: str | None = field(repr=False)

    @classmethod
    def from_dict(cls, record: dict[str, Any], notes: Notes) -> Self | None:
        """Read a record of `support/list`; None without an id."""
        reader = Reader(record, notes)
        invitation_id = reader.id("id")
        if invitation_id is None:
            return None
        invitation = cls(
            id=invitation_id,
            status=reader.choice("status", InvitationStatus),
            created=reader.moment("create_time"),
            code=reader.text("invite_code"),
            invite_url=reader.link("invite_url"),
            connect_url=reader.link("connect_url"),
            client_name=reader.text("client_name"),
            client_os=reader.text("client_os"),
            client_preview_url=reader.link("client_preview_url"),
        )
        reader.close()
        return invitation
