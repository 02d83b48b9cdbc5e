"""Past sessions of an account: who connected to which computer and when, and whether the session was recorded."""

from collections.abc import Sequence
from random import Random

from .models import Agent, Client, Geo, Session

_DAYS = 60
_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
)
_OPERATORS = ("owner@example.com", "jonas@example.com", "help@desk.example", "")
_HOMES = (Geo("192.0.2.14", "Ireland", "Leinster", "Dublin"), Geo("192.0.2.200", "Poland", "Małopolskie", "Kraków"))
_GUESTS = ("DESKTOP-4KQ7T2", "Noras-iPad", "LAPTOP-HENRIK", "frontdesk-hotel")


def make_client(random: Random) -> Client:
    """Return the client of a random operator."""
    return Client(random.choice(_HOMES), random.choice(_BROWSERS), random.choice(_OPERATORS))


def recording_size(random: Random) -> int:
    """Return the size of a recording in bytes: larger than any generated one, which is padded to this size."""
    return random.randint(400_000, 900_000)


def past_sessions(agents: Sequence[Agent], random: Random, now: float, rows: int) -> list[Session]:
    """Return `rows` sessions of the last 60 days, oldest first; each agent gets its last session and its number of sessions."""
    starts = sorted(int(now) - random.randint(7200, _DAYS * 86400) for _ in range(rows))
    return [_past_session(number, start, agents, random) for number, start in enumerate(starts, 1)]


def _past_session(number: int, start: int, agents: Sequence[Agent], random: Random) -> Session:
    invited = random.random() < 0.1
    session = Session(
        id=number,
        agent=None if invited or not agents else random.choice(agents),
        client=make_client(random),
        start=start,
        stop=start + random.choice((45, 300, 900, 3600, 7000)) + random.randint(0, 180),
        video_size=recording_size(random) if random.random() < 0.35 else None,
    )
    if session.agent is None:
        session.support_id, session.guest = number, random.choice(_GUESTS)
    else:
        session.agent.session = session
        session.agent.sessions_total += 1
    return session
