"""The things in a Getscreen account, as plain objects that tests change by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

_stamps = count(1)


class Stamped:
    """An object that carries a new number after every assignment to a field, so that encoded answers know when they are stale."""

    __slots__ = ("stamp",)
    stamp: int

    def __setattr__(self, name: str, value: object) -> None:
        """Set the field and take a new stamp."""
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
    """Where an address is, as the server guesses it."""

    ip: str
    country: str
    region: str
    city: str


@dataclass(frozen=True, slots=True)
class Client:
    """Who connected in a session: the operator's address, browser and login (an e-mail address)."""

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
    """The name of the guest's computer, where the session came from an invitation and there is no agent."""
    video_size: int | None = None
    """Bytes of the recording; None where there is none."""


@dataclass(slots=True)
class Agent(Stamped):
    """One device. Times are Unix seconds. `permanent_url` is answered as it stands; `preview_time` 0 means that there is no preview."""

    id: int
    device_id: str
    """The public id on the device's card, nine digits."""
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
    """The last session, running or over."""
    sessions_total: int = 0
    oddities: frozenset[Oddity] = frozenset()
    extra: Mapping[str, object] = field(default_factory=dict)
    """Fields answered besides those of the reference. Assign a new mapping to change them."""
    hardware: dict[str, object] | None = None
    """The hardware block as answered; None where the device sends none."""

    @property
    def wakeable(self) -> bool:
        """Whether a network adapter of the device listens for Wake-on-LAN."""
        adapters = (self.hardware or {}).get("NetAdapters")
        return isinstance(adapters, list) and any(adapter.get("WoL") for adapter in adapters)

    @property
    def in_session(self) -> bool:
        """Whether a session is running."""
        return self.session is not None and self.session.stop is None

    def take_preview(self, now: float) -> None:
        """Replace the preview by one taken now, under a new URL; devices without previews stay without."""
        if self.preview_time:
            self.preview_time = max(self.preview_time + 1, int(now))


@dataclass(slots=True)
class Invitation:
    """One quick-support connection: status 0 waiting for the client, 1 for the operator, 2 active, 3 closed."""

    id: int
    create_time: int
    invite_code: str
    token: str
    """The secret part of the operator's link."""
    client_name: str = ""
    client_os: str = ""
    status: int = 0
    session: Session | None = None
