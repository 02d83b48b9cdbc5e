"""A simulated account: its computers, sessions and invitations, and the effects of commands on them."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from random import Random
import time
from typing import Any, Literal

from .fleet import GROUPS, make_agent, permanent_url
from .history import make_client, past_sessions, recording_size
from .life import Life
from .models import Agent, Client, Invitation, Session

_HISTORY_ROWS = 200
_FIRST_INVITATIONS = (("Nora at the hotel", 0), ("Henrik", 1))


def _system_clock() -> float:
    return time.time()  # looked up at each call, so that a test that freezes time also freezes the account


class Account:
    """A seeded account of `devices` agents, numbered from 1; the same seed and clock make the same account.

    Everything that takes time happens in `advance()`, which the server calls before each answer. With `living=False`, only commands and
    method calls change the account. Times are Unix seconds, durations seconds.
    """

    def __init__(
        self,
        devices: int = 3,
        seed: int = 1,
        *,
        living: bool = False,
        owner: str = "owner@example.com",
        wake_seconds: float = 0,
        reboot_seconds: tuple[float, float] = (0, 30),
        clock: Callable[[], float] = _system_clock,
        bare_lists: bool = False,
        verbs: dict[str, str] | None = None,
        wrong_verb_code: Literal[404, 405] = 405,
        json_commands: bool = False,
        signed_previews: bool = False,
        remain: int = 20,
    ) -> None:
        """Create the account.

        `reboot_seconds`: how long after the command a computer goes offline, and how long after the command it is online again.
        `bare_lists`: agents/list returns the bare array. `verbs`: the HTTP verb by API method, where it is not the default one.
        `json_commands`: agents/reboot, agents/wake and agents/logout accept their parameters only as a JSON body.
        `signed_previews`: the query of a preview's link has a new signature in every answer.
        `remain`: how many quick-support connections the plan has left, in addition to the two open ones.
        """
        self.owner = owner
        self.wake_seconds, self.reboot_seconds = wake_seconds, reboot_seconds
        self.clock = clock
        self.bare_lists = bare_lists
        self.verbs, self.wrong_verb_code = verbs or {}, wrong_verb_code
        self.json_commands, self.signed_previews = json_commands, signed_previews
        self.remain = remain + len(_FIRST_INVITATIONS)
        self._random = Random(seed)
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._moment: float | None = None
        self._links: dict[str, int | None] = {}
        self._onetime: dict[int, str] = {}
        now = clock()
        self.agents: dict[int, Agent] = {number: make_agent(number, self._random, now, owner) for number in range(1, devices + 1)}
        self.history: list[Session] = past_sessions(list(self.agents.values()), self._random, now, max(_HISTORY_ROWS, 2 * devices))
        self.invitations: dict[int, Invitation] = {}
        self._invite_first()
        self.groups = dict(GROUPS)
        self._life = Life(self, Random(seed)) if living else None

    @property
    def now(self) -> float:
        """The time in this account: that of the clock, or of the past event that `advance()` is processing."""
        return self.clock() if self._moment is None else self._moment

    def advance(self) -> None:
        """Process all events that are due by now."""
        until = self.clock()
        while self._due and self._due[0][0] <= until:
            self._moment, _, act = heappop(self._due)
            act()
        self._moment = None

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Call `act` after some seconds; immediately if `seconds` is not positive."""
        if seconds <= 0:
            act()
        else:
            heappush(self._due, (self.now + seconds, next(self._order), act))

    # Computers

    def add_agent(self, name: str | None = None, **fields: Any) -> Agent:
        """Add a computer to the account and return it; `fields`: values for fields of Agent, which may include `id`."""
        number = fields.pop("id", max(self.agents, default=0) + 1)
        agent = make_agent(number, self._random, self.now, self.owner, name)
        agent.link_time = int(self.now)
        for field, value in fields.items():
            setattr(agent, field, value)
        self.agents[number] = agent
        return agent

    def remove_agent(self, agent_id: int) -> None:
        """Remove a computer from the account; its sessions stay in the history."""
        self.end_session(agent_id)
        del self.agents[agent_id]
        self._onetime.pop(agent_id, None)

    def come(self, agent: Agent) -> None:
        """Set a computer online, unless it was removed from the account."""
        if self.agents.get(agent.id) is agent and not agent.online:
            agent.online = True
            agent.last_time = int(self.now)
            agent.take_preview(self.now)

    def go(self, agent: Agent) -> None:
        """Set a computer offline and end its session, unless it was removed from the account."""
        if self.agents.get(agent.id) is agent:
            self.end_session(agent.id)
            agent.online = False
            agent.last_time = int(self.now)

    def wake(self, agent: Agent) -> None:
        """Wake a computer: it comes online after `wake_seconds` if it supports Wake-on-LAN."""
        if agent.wakeable:
            self.later(self.wake_seconds, lambda: self.come(agent))

    def reboot(self, agent: Agent) -> None:
        """Reboot a computer: it goes offline and comes online again after `reboot_seconds`."""
        gone, back = self.reboot_seconds
        self.later(gone, lambda: self.go(agent))
        self.later(back, lambda: self.come(agent))

    def update(
        self, agent: Agent, *, name: str | None = None, enable: bool | None = None, link: str | None = None, password: str | None = None
    ) -> None:
        """Change a computer's name and permanent link. `link` is the whole link or its last part; None leaves a value unchanged."""
        if name is not None:
            agent.name = name
        if link is not None:
            agent.permanent_name = link.rstrip("/").rpartition("/")[2]
        if password is not None:
            agent.permanent_password = password
        if enable is not None or (link is not None and agent.permanent_url):
            agent.permanent_name = agent.permanent_name or f"device-{agent.device_id}"
            agent.permanent_url = None if enable is False else permanent_url(agent)

    # Sessions

    def start_session(self, agent_id: int, client: Client | None = None) -> Session:
        """Start a session on a computer, which comes online if necessary; a running session is ended first."""
        self.end_session(agent_id)
        agent = self.agents[agent_id]
        self.come(agent)
        session = self._enter(Session(self._next_row(), agent, client or make_client(self._random), int(self.now)))
        agent.session = session
        agent.sessions_total += 1
        agent.take_preview(self.now)
        return session

    def end_session(self, agent_id: int, *, video: bool = False) -> None:
        """End the running session on a computer, if there is one; `video`: the session has a recording."""
        agent = self.agents[agent_id]
        if agent.session is not None and agent.session.stop is None:
            self._stop(agent.session, video=video)
            agent.take_preview(self.now)

    def make_link(self, agent_id: int) -> str:
        """Return a new token that connects to a computer once."""
        token = f"{self._random.getrandbits(120):030x}"
        self._links[token] = agent_id
        return token

    def onetime_link(self, agent_id: int) -> str:
        """Return the token of the one-time link in agents/info. It stays the same until it is used."""
        token = self._onetime.get(agent_id)
        if token is None or self._links[token] is None:
            token = self._onetime[agent_id] = self.make_link(agent_id)
        return token

    def use_link(self, token: str) -> Agent | None:
        """Use a token, start a session if its computer is online, and return the computer; None if the token was used or it is gone.

        Raises KeyError for an unknown token.
        """
        agent_id, self._links[token] = self._links[token], None
        agent = self.agents.get(agent_id) if agent_id is not None else None
        if agent is not None and agent.online and not agent.disabled:
            self.start_session(agent.id)
        return agent

    # Invitations

    def invite(self, client_name: str = "") -> Invitation:
        """Create an invitation, which uses one of the plan's connections."""
        number = max(self.invitations, default=7000) + 1
        code = f"{self._random.randrange(10**8, 10**9)}"
        invitation = Invitation(number, int(self.now), code, f"{self._random.getrandbits(96):024x}", client_name)
        self.invitations[number] = invitation
        self.remain = max(0, self.remain - 1)
        return invitation

    def move_on(self, invitation: Invitation) -> None:
        """Move an invitation to its next status: the client joins, the operator connects, the session ends."""
        if invitation.status == 0:
            invitation.client_os = self._random.choice(("win", "mac", "android"))
            invitation.client_name = invitation.client_name or "Visitor"
        elif invitation.status == 1:
            session = Session(self._next_row(), None, make_client(self._random), int(self.now), support_id=invitation.id)
            session.guest = invitation.client_name
            invitation.session = self._enter(session)
        elif invitation.status == 2:
            self.close(invitation)
            return
        invitation.status = min(invitation.status + 1, 3)

    def close(self, invitation: Invitation) -> None:
        """Close an invitation and end its session; its status may be any."""
        if invitation.session is not None and invitation.session.stop is None:
            self._stop(invitation.session, video=self._random.random() < 0.5)
        invitation.status = 3

    def _invite_first(self) -> None:
        for name, steps in _FIRST_INVITATIONS:
            invitation = self.invite(name)
            invitation.create_time -= 300 * (2 - steps)
            for _ in range(steps):
                self.move_on(invitation)

    def _next_row(self) -> int:
        return self.history[-1].id + 1 if self.history else 1

    def _enter(self, session: Session) -> Session:
        self.history.append(session)
        return session

    def _stop(self, session: Session, *, video: bool) -> None:
        session.stop = max(int(self.now), session.start)
        session.video_size = recording_size(self._random) if video else None
