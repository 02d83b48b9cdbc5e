"""An account that polls by its schedule, with a server whose plan is unknown, in simulated time."""

from collections.abc import Callable
from itertools import pairwise

from custom_components.getscreen.account.pauses import Kind
from custom_components.getscreen.account.schedule import Schedule
from custom_components.getscreen.api import Gate, GetscreenError, RequestLimitError

from .clock import FakeClock
from .hidden_plan import HiddenPlan, fixed_day

LIST, INVITATIONS, HARDWARE, HISTORY, WAKE = "agents/list", "support/list", "agents/info", "history/list", "agents/wake"


MIDNIGHT = fixed_day(0)


class Polling:
    """An account without invitations; `answers` are the times (of the clock that never jumps) at which the list was answered."""

    def __init__(
        self, requests: int = 10**6, start: Callable[[float], float] = MIDNIGHT, *, clock: FakeClock | None = None, hour: float = 0
    ) -> None:
        self.clock = clock or FakeClock()
        self.clock.pass_time(hour * 3600)
        self.server = HiddenPlan(self.clock, requests, start)
        self.schedule = Schedule(self.clock.clock)
        self.schedule.polls_invitations = self.schedule.may_have_invitations = False
        self.answers: list[float] = []
        self._due = 0.0

    def send(self, method: str, gate: Gate) -> bool:
        """Send a request through a gate, as the client does; return whether the plan allowed it. Raises the error of a pause."""
        gate.admit(method)
        return self.send_now(method, gate)

    def send_now(self, method: str, gate: Gate) -> bool:
        """Send a request whose time has come."""
        gate.sent(method)
        if self.server.allows():
            gate.accepted(method)
            return True
        gate.failed(method, RequestLimitError("used up"))
        return False

    def ask(self, method: str = HISTORY) -> bool:
        """Let a user ask; return whether there was an answer."""
        try:
            return self.send(method, self.schedule.user_gate)
        except GetscreenError:
            return False

    def poll(self) -> bool:
        """Poll the list and return whether the server answered."""
        self.schedule.pauses.end_for(Kind.AGENTS)
        is_answered = self.send_now(LIST, self.schedule.poll_gate)
        if is_answered:
            self.answers.append(self.clock.elapsed)
        self.schedule.polled(successfully=is_answered)
        self._due = self.clock.elapsed + self.next_in
        return is_answered

    @property
    def next_in(self) -> float:
        """Seconds until the next poll."""
        return self.schedule.pauses.seconds_left(Kind.AGENTS) or self.schedule.interval(Kind.AGENTS)

    def run(self, seconds: float) -> None:
        """Poll for a number of seconds."""
        end = self.clock.elapsed + seconds
        while (due := max(self.clock.elapsed, self._due)) < end:
            self.clock.pass_time(due - self.clock.elapsed)
            self.poll()
        self.clock.pass_time(end - self.clock.elapsed)

    def longest_gap(self, since: float) -> float:
        """Return the longest time without an answer since a time of the monotonic clock."""
        answers = [since, *(answer for answer in self.answers if answer >= since), self.clock.elapsed]
        return max(later - earlier for earlier, later in pairwise(answers))
