"""The objects in a simulated account. Tests change their fields directly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

_stamps = count(1)


class Stamped:
    """An object whose `stamp` changes with every assignment to a field, so that cached JSON of it can be recognized as stale."""

    __slots__ = ("stamp",)
    stamp: int

    def __setattr__(self, name: str, value: object) -> None:
        """Set the field and a new stamp."""
        object.__setattr__(self, name, value)
        object.__setattr__(self, "stamp", next(_stamps))


class Oddity(StrEnum):
    """One way in which an agent's answer differs from the reference."""

    DOUBLED_SCHEME = "links begin with https://https://"
    EMPTY_STRINGS = "unset texts are empty"
    NULLS = "unset texts are null"
    MISSING = "unset fields are left out"
    EXTRA = "fields the reference doesn't name"
    NULL_SESSIONS = "sessions is null while there are none"
    NULL_LAST = "sessions.last is null while there are none"


@dataclass(frozen=True, slots=True)
class Geo:
    """An IP address, and its location as the server guesses it."""

    ip: str
    country: str
    region: str
    city: str


@dataclass(frozen=True, slots=True)
class Client:
    """The operator who connected in a session: address, browser and login (an email address)."""

    geo: Geo
    user_agent: str
    login: str


@dataclass(slots=True)
class Session(Stamped):
    """One remote session; a row of the history. Times are Unix seconds; `stop` is None while it runs."""

    id: int
    agent: Agent | None
    client: Client
    start: int
    stop: int | None = None
    support_id: int | None = None
    guest: str = ""
    """The name of the client's computer in a quick-support session, which has no agent."""
    video_size: int | None = None
    """The size of the recording in bytes; None without a recording."""


@dataclass(slots=True)
class Agent(Stamped):
    """One computer. Times are Unix seconds. `permanent_url` is returned unchanged; `preview_time` 0 means that there is no preview."""

    id: int
    device_id: str
    """The public id of the computer, nine digits."""
    name: str
    os: str
    version: str
    group: str | None
    owner: str
    geo: Geo
    link_time: int
    last_time: int
    online: bool = True
    disabled: bool = False
    limited: bool = False
    installed: bool = True
    favorite: bool = False
    permanent_url: str | None = None
    permanent_name: str = ""
    """The last part of the permanent link, stored while the link is disabled."""
    permanent_password: str = ""
    preview_time: int = 0
    session: Session | None = None
    """The last session, which may still run."""
    sessions_total: int = 0
    oddities: frozenset[Oddity] = frozenset()
    extra: Mapping[str, object] = field(default_factory=dict)
    """Fields to return that the API's reference does not have. Assign a new mapping to change them."""
    hardware: dict[str, object] | None = None
    """The hardware block to return; None if the computer sends none."""

    @property
    def wakeable(self) -> bool:
        """Whether a network adapter of the computer supports Wake-on-LAN."""
        adapters = (self.hardware or {}).get("NetAdapters")
        return isinstance(adapters, list) and any(adapter.get("WoL") for adapter in adapters)

    @property
    def in_session(self) -> bool:
        """Whether a session is running."""
        return self.session is not None and self.session.stop is None

    def take_preview(self, now: float) -> None:
        """Replace the preview by one of `now` (Unix seconds) with a new URL, unless the computer has none."""
        if self.preview_time:
            self.preview_time = max(self.preview_time + 1, int(now))


@dataclass(slots=True)
class Invitation:
    """One quick-support invitation. `status`: 0 waiting for the client, 1 waiting for the operator, 2 active, 3 closed."""

    id: int
    create_time: int
    invite_code: str
    token: str
    """The secret part of the operator's link."""
    client_name: str = ""
    client_os: str = ""
    status: int = 0
    session: Session | None = None
