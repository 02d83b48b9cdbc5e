"""Random changes of a living account: computers go online and offline, sessions start and end, invitations advance."""

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from .models import Agent

if TYPE_CHECKING:
    from .account import Account

_HAPPENING_SECONDS = 250.0
"""The average number of seconds between two changes of one computer; with 25 computers, something changes every ten seconds."""
_SLOWEST = 12.0
_PREVIEW_SECONDS = 240.0
_CATCH_UP = 900.0
"""Changes that were due longer ago than this (seconds) are skipped, so that the first request after a weekend is fast."""
_RENEWED = 20
"""How many connections the plan gets when none are left."""
_SAMPLE = 40
_GUESTS = ("Aunt Rosa", "Printer trouble", "Mr. Okafor", "New supplier", "")


class Life:
    """The random changes of one account. They have their own random source, so that requests do not influence them."""

    def __init__(self, account: Account, random: Random) -> None:
        self._account = account
        self._random = random
        self._turn = 0
        self._agents: list[Agent] = []
        self._agents_of = (0, 0)
        agents = self._all()
        for agent in random.sample(agents, len(agents) // 12):
            if agent.online and not agent.disabled:
                account.start_session(agent.id)
        self._again(self._something, _HAPPENING_SECONDS)
        self._again(self._preview, _PREVIEW_SECONDS)

    def _again(self, act: Callable[[], None], seconds_each: float) -> None:
        seconds = min(seconds_each / max(1, len(self._account.agents)), _SLOWEST) * self._random.uniform(0.4, 1.6)
        behind = self._account.clock() - self._account.now
        self._account.later(max(seconds, behind - _CATCH_UP), act)

    def _something(self) -> None:
        happening = self._random.choices((self._come_or_go, self._session, self._invitation), (40, 40, 20))[0]
        happening()
        self._again(self._something, _HAPPENING_SECONDS)

    def _preview(self) -> None:
        self._turn += 1
        agents = self._all()
        if agents and (agent := agents[self._turn % len(agents)]).online:
            agent.last_time = int(self._account.now)
            agent.take_preview(self._account.now)
        self._again(self._preview, _PREVIEW_SECONDS)

    def _find(self, wanted: Callable[[Agent], bool]) -> Agent | None:
        return next(filter(wanted, self._sample()), None)

    def _sample(self) -> list[Agent]:
        """Return a random sample of the computers in random order."""
        agents = self._all()
        return self._random.sample(agents, min(_SAMPLE, len(agents)))

    def _all(self) -> list[Agent]:
        """Return all computers. The list is cached until one is added or removed, because creating it is slow in a large fleet."""
        if self._agents_of != (key := (len(self._account.agents), next(reversed(self._account.agents), 0))):
            self._agents_of, self._agents = key, list(self._account.agents.values())
        return self._agents

    def _come_or_go(self) -> None:
        if self._random.random() < 0.5:
            if agent := self._find(lambda agent: not agent.online and not agent.disabled):
                self._account.come(agent)
        elif (agent := self._find(lambda agent: agent.online and not agent.in_session)) and self._mostly_online():
            self._account.go(agent)

    def _mostly_online(self) -> bool:
        agents = self._sample()
        return len(agents) < 2 or sum(agent.online for agent in agents) > 0.7 * len(agents)

    def _session(self) -> None:
        running = self._find(lambda agent: agent.in_session)
        if running and self._random.random() < 0.6:
            self._account.end_session(running.id, video=self._random.random() < 0.5)
        elif agent := self._find(lambda agent: agent.online and not agent.disabled and not agent.in_session):
            self._account.start_session(agent.id)

    def _invitation(self) -> None:
        waiting = [invitation for invitation in self._account.invitations.values() if invitation.status < 3]
        if len(waiting) < 2 or (len(waiting) < 5 and self._random.random() < 0.2):
            self._account.remain = self._account.remain or _RENEWED
            self._account.invite(self._random.choice(_GUESTS))
        else:
            self._account.move_on(self._random.choice(waiting))
