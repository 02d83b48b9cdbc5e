"""A busy account: random changes between two polls, and the return to its initial state for counting."""

from collections.abc import Callable
from random import Random

from simulator import Account, Agent, Fault, Simulator

_FAULTS = (
    Fault.SERVER_ERROR,
    Fault.BAD_GATEWAY,
    Fault.HTML,
    Fault.CUT_JSON,
    Fault.CUT_CONNECTION,
    Fault.DROPPED,
    Fault.EMPTY,
    Fault.WRONG_ITEMS,
    Fault.NULL,
    Fault.REDIRECT,
)
_LIMITS = (Fault.PAYMENT_REQUIRED, Fault.TOO_MANY_REQUESTS)
_MOST_STRANGERS = 60


class Churn:
    """Changes an account at random, with a fixed seed."""

    def __init__(self, account: Account, simulator: Simulator) -> None:
        self._account = account
        self._simulator = simulator
        self._random = Random(1)
        self._home: dict[int, Agent] = {}
        self._next = 1_000_000
        # How often each change happens in a thousand polls.
        self._happenings: dict[Callable[[], None], int] = {
            self._turn: 500,
            self._session: 400,
            self._see: 1000,
            self._rename: 50,
            self._leave: 60,
            self._come_back: 40,
            self._stranger: 40,
            self._invitation: 100,
            self._fault: 20,
            self._limit: 4,
            self._empty: 2,
        }

    def happen(self) -> None:
        """Make the random changes between two polls."""
        for act, often in self._happenings.items():
            if self._random.randrange(1000) < often:
                act()

    def calm(self, devices: int) -> None:
        """Return the account to its first computers, all online, without running sessions and faults."""
        self._simulator.heal()
        for agent_id in [agent_id for agent_id in self._account.agents if agent_id > devices]:
            self._account.remove_agent(agent_id)
        self._account.agents |= self._home
        self._home.clear()
        for agent in self._account.agents.values():
            self._account.come(agent)
            agent.name = f"Device {agent.id}"
            # Each computer has had a session, as it would after a long time.
            self._account.start_session(agent.id)
            self._account.end_session(agent.id)
        for invitation in self._account.invitations.values():
            self._account.close(invitation)
        self._account.invitations.clear()
        self._account.remain = 20
        # Restore the initial order of the ids.
        self._account.agents = dict(sorted(self._account.agents.items()))
        del self._account.history[:-200]

    def _any(self) -> Agent:
        return self._random.choice(list(self._account.agents.values()))

    def _turn(self) -> None:
        agent = self._any()
        (self._account.go if agent.online else self._account.come)(agent)

    def _session(self) -> None:
        agent = self._any()
        if agent.in_session:
            self._account.end_session(agent.id)
        elif agent.online:
            self._account.start_session(agent.id)

    def _see(self) -> None:
        for agent in self._account.agents.values():
            if agent.online:
                agent.last_time = int(self._account.now)

    def _rename(self) -> None:
        agent = self._any()
        agent.name = f"{agent.os} {self._random.randrange(1000)}"

    def _leave(self) -> None:
        agent = self._any()
        self._account.remove_agent(agent.id)
        if agent.id < self._next and agent.id < 1_000_000:
            self._home[agent.id] = agent

    def _come_back(self) -> None:
        if self._home:
            agent_id, agent = self._home.popitem()
            self._account.agents[agent_id] = agent

    def _stranger(self) -> None:
        """Add a computer that was never in the account before."""
        if sum(agent_id >= 1_000_000 for agent_id in self._account.agents) < _MOST_STRANGERS:
            self._next += 1
            self._account.add_agent(id=self._next)

    def _invitation(self) -> None:
        waiting = [invitation for invitation in self._account.invitations.values() if invitation.status < 3]
        if waiting and self._random.random() < 0.7:
            self._account.move_on(self._random.choice(waiting))
        else:
            self._account.remain = 20
            self._account.invite("Visitor")

    def _fault(self) -> None:
        self._simulator.fail(self._random.choice(_FAULTS), times=self._random.randrange(1, 5))

    def _limit(self) -> None:
        retry_after = self._random.choice((None, 30, 300))
        self._simulator.fail(self._random.choice(_LIMITS), times=self._random.randrange(1, 4), retry_after=retry_after)

    def _empty(self) -> None:
        """Remove half of the computers, until `calm` or `_come_back` adds them again."""
        for agent_id in list(self._account.agents)[: len(self._account.agents) // 2]:
            agent = self._account.agents[agent_id]
            self._account.remove_agent(agent_id)
            if agent_id < 1_000_000:
                self._home[agent_id] = agent
