"""A fictional fleet: 25 computers of a family business, then any number of numbered ones."""

from dataclasses import dataclass
from random import Random

from .hardware import hardware
from .models import Agent, Geo, Oddity

GROUPS: dict[int | str, str] = {1: "Office", 2: "Workshop", 3: "Family", 4: "Servers", 5: "Shop"}
"""The names of the groups by the id for `group_id`."""

PLACES = (
    Geo("203.0.113.17", "Ireland", "Leinster", "Dublin"),
    Geo("203.0.113.64", "Ireland", "Munster", "Cork"),
    Geo("198.51.100.23", "Portugal", "Lisboa", "Lisbon"),
    Geo("198.51.100.80", "Germany", "Bayern", "München"),
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A template for computers."""

    name: str
    group: str
    os: str = "win"
    online: bool = True
    wakeable: bool = True
    oddities: frozenset[Oddity] = frozenset({Oddity.NULLS})
    disabled: bool = False
    favorite: bool = False


_EXTRA = frozenset({Oddity.DOUBLED_SCHEME, Oddity.EXTRA, Oddity.EMPTY_STRINGS})
_ROSTER = (
    _Kind("Reception PC", "Office", oddities=_EXTRA, favorite=True),
    _Kind("Marta's MacBook", "Family", "mac", wakeable=False, oddities=frozenset({Oddity.EMPTY_STRINGS, Oddity.NULL_LAST})),
    _Kind("Server room NAS", "Servers", "linux", online=False, oddities=frozenset({Oddity.NULLS, Oddity.NULL_SESSIONS})),
    _Kind("Workshop laptop", "Workshop", wakeable=False),
    _Kind("Grandpa's tablet", "Family", "android", wakeable=False, oddities=frozenset({Oddity.MISSING})),
    _Kind("Accounting PC", "Office", oddities=_EXTRA),
    _Kind("Till 1", "Shop"),
    _Kind("Till 2", "Shop", oddities=_EXTRA),
    _Kind("CNC controller", "Workshop", online=False, oddities=frozenset({Oddity.EMPTY_STRINGS})),
    _Kind("Home office Jonas", "Office", favorite=True),
    _Kind("Media centre", "Family", "linux"),
    _Kind("Old spare laptop", "", online=False, wakeable=False, disabled=True, oddities=frozenset({Oddity.MISSING})),
    _Kind("Backup server", "Servers", "linux", oddities=_EXTRA),
    _Kind("Warehouse scanner", "Workshop", "android", wakeable=False, oddities=frozenset({Oddity.EMPTY_STRINGS})),
    _Kind("Design iMac", "Office", "mac"),
    _Kind("Lena's gaming PC", "Family", online=False, oddities=frozenset({Oddity.MISSING, Oddity.EXTRA})),
    _Kind("Shop window display", "Shop", "linux", wakeable=False),
    _Kind("Meeting room", "Office"),
    _Kind("Paint mixing station", "Workshop"),
    _Kind("Mail server", "Servers", "linux", favorite=True),
    _Kind("Mum's laptop", "Family", wakeable=False, oddities=frozenset({Oddity.NULLS, Oddity.DOUBLED_SCHEME})),
    _Kind("Surveillance recorder", "Servers", oddities=frozenset({Oddity.MISSING})),
    _Kind("Office Mac mini", "Office", "mac"),
    _Kind("Delivery van tablet", "Workshop", "android", online=False, wakeable=False),
    _Kind("Apprentice's bench PC", "Workshop", oddities=_EXTRA),
)
_NUMBERED = (
    _Kind("Till", "Shop", oddities=frozenset({Oddity.NULLS, Oddity.EXTRA})),
    _Kind("Office PC", "Office", oddities=_EXTRA),
    _Kind("Workshop terminal", "Workshop", "linux", oddities=frozenset({Oddity.EMPTY_STRINGS, Oddity.NULL_LAST})),
    _Kind("Field tablet", "", "android", wakeable=False, oddities=frozenset({Oddity.MISSING, Oddity.EXTRA})),
    _Kind("Laptop", "Office", wakeable=False, oddities=frozenset({Oddity.NULLS, Oddity.NULL_SESSIONS, Oddity.EXTRA})),
    _Kind("Studio Mac", "Office", "mac", oddities=frozenset({Oddity.NULLS, Oddity.EXTRA})),
    _Kind("Branch server", "Servers", "linux", oddities=frozenset({Oddity.DOUBLED_SCHEME, Oddity.EXTRA})),
)
_FEATURES = ("black_screen", "block_input", "clipboard", "file_transfer", "printing", "sound", "terminal", "two_way_audio", "wake_on_lan")
_VERSIONS = ("3.9.2", "3.9.1", "3.8.10", "2.21.4")


def make_agent(number: int, random: Random, now: float, owner: str, name: str | None = None) -> Agent:
    """Return agent `number` (from 1) of the fleet, added to the account some time before `now` (Unix seconds)."""
    kind, title = _kind(number)
    title = name or title
    age = random.randint(90, 900) * 86400
    agent = Agent(
        id=number,
        device_id=f"{100_000_000 + number * 7_919_357 % 900_000_000}",
        name=title,
        os=kind.os,
        version=_VERSIONS[0] if random.random() < 0.6 else random.choice(_VERSIONS),
        group=kind.group or None,
        owner=owner,
        geo=PLACES[0] if number <= 3 else random.choice(PLACES),
        link_time=int(now) - age,
        last_time=int(now) - random.randint(0, 60) if kind.online else int(now) - random.randint(7200, 400_000),
        online=kind.online and (number <= len(_ROSTER) or random.random() < 0.85),
        disabled=kind.disabled,
        limited=number % 29 == 0,
        favorite=kind.favorite,
        oddities=kind.oddities,
        preview_time=0 if kind.os == "android" or number % 11 == 0 else int(now) - random.randint(10, 200),
        hardware=hardware(number, title, kind.os, wakeable=kind.wakeable),
    )
    if Oddity.EXTRA in kind.oddities:
        agent.extra = {"os_user": "reception" if number == 1 else f"user{number}", "features": dict.fromkeys(_FEATURES, True)}
    if number % 4 == 1:
        agent.permanent_name = f"{''.join(filter(str.isalpha, title.split()[0].lower()))}-{number}"
        agent.permanent_url = permanent_url(agent)
    return agent


def permanent_url(agent: Agent) -> str:
    """Return the permanent link for the agent's `permanent_name`, with a doubled scheme if the agent has that oddity."""
    scheme = "https://https://" if Oddity.DOUBLED_SCHEME in agent.oddities else "https://"
    return f"{scheme}go.getscreen.me/{agent.permanent_name}"


def _kind(number: int) -> tuple[_Kind, str]:
    if number <= len(_ROSTER):
        kind = _ROSTER[number - 1]
        return kind, kind.name
    kind = _NUMBERED[number % len(_NUMBERED)]
    return kind, f"{kind.name} {number}"
