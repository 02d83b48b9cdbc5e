"""The simulation: Home Assistants that share one service plan. Times are Unix seconds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count
from math import inf

from simulator import ServicePlan

from .policy import Make, Method, Policy, Request, Settings

DAY = 86_400.0
START = 1_772_619_600.0
"""Wednesday, 2026-03-04, 10:20 UTC."""
MIDNIGHT = START - START % DAY
"""The midnight (UTC) before the start."""

_APART = 17.0
# How many seconds a computer takes to come online after a wake command.
_BOOT = 60.0
_MOST_AT_ONCE = 10_000


class FakeClock:
    """A clock that the simulation moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        """Return the time in Unix seconds."""
        return self.now


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was sent, and whether the plan allowed it."""

    at: float
    request: Request
    accepted: bool
    explanation: str


@dataclass(slots=True)
class Home:
    """One Home Assistant: its sent requests, and the times of the user's requests that it did not send."""

    policy: Policy
    sent: list[Sent] = field(default_factory=list)
    refused_here: list[float] = field(default_factory=list)
    online_at: float = inf


class World:
    """Runs Home Assistants, each with its own policy, and the actions of users."""

    def __init__(self, make: Make, settings: Sequence[Settings], plan: Callable[[FakeClock], ServicePlan] | None = None) -> None:
        """Start a Home Assistant for each of the settings, 17 seconds apart; without `plan`, there is no limit."""
        self.clock = FakeClock()
        self.plan = plan and plan(self.clock)
        self.homes: list[Home] = []
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        self._order = count()
        for number, one in enumerate(settings):
            self.at(START + number * _APART, partial(self._begin, make, one))

    def _begin(self, make: Make, settings: Settings) -> None:
        self.homes.append(Home(make(self.clock, settings)))

    def at(self, moment: float, act: Callable[[], object]) -> None:
        """Call `act` at a moment."""
        heappush(self._events, (moment, next(self._order), act))

    def daily(self, hour: float, days: int, act: Callable[[], object]) -> None:
        """Call `act` at an hour (UTC) of each day, for the first time after the start."""
        first = 1 if MIDNIGHT + hour * 3600 < START else 0
        for day in range(first, days + 1):
            self.at(MIDNIGHT + day * DAY + hour * 3600, act)

    def run(self, until: float) -> None:
        """Run the simulation until a moment; raises RuntimeError if a policy sends requests without end."""
        at_once = 0
        while True:
            polls = [(home.policy.due(), home) for home in self.homes]
            (due, request), home = min(polls, key=lambda poll: poll[0][0], default=((inf, Request(Method.LIST)), None))
            event = self._events[0][0] if self._events else inf
            moment = max(self.clock.now, min(due, event))
            if moment > until:
                self.clock.now = until
                return
            at_once = at_once + 1 if moment == self.clock.now else 0
            if at_once > _MOST_AT_ONCE:
                raise RuntimeError(f"the policy repeats {request.method} endlessly at {moment}")
            self.clock.now = moment
            if event <= due or home is None:
                heappop(self._events)[2]()
            elif home.policy.due()[0] <= moment:  # at this moment, the policy may have postponed it
                self._send(home, request)

    def ask(self, home: Home, method: Method) -> bool:
        """Send a request of a user, unless the policy refuses it; return whether the plan allowed it."""
        request = Request(method, asked=True)
        if not home.policy.admits(request):
            home.refused_here.append(self.clock.now)
            return False
        return self._send(home, request)

    def wake(self, home: Home) -> bool:
        """Send a wake command as a user does; return whether the policy and the plan allowed it."""
        if accepted := self.ask(home, Method.WAKE):
            home.online_at = self.clock.now + _BOOT
            home.policy.woke()
        return accepted

    def _send(self, home: Home, request: Request) -> bool:
        accepted = self.plan is None or self.plan.take()
        home.sent.append(Sent(self.clock.now, request, accepted, "" if accepted else home.policy.explain()))
        home.policy.answered(request, accepted=accepted)
        if accepted and request == Request(Method.LIST) and home.online_at <= self.clock.now:
            home.online_at = inf
            home.policy.arrived()
        return accepted
