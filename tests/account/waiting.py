"""The pauses of an account, with a clock that only a test moves."""

from custom_components.getscreen.account.pauses import Kind, Pauses
from custom_components.getscreen.api import (
    GetscreenError,
    RequestLimitError,
)

from .clock import FakeClock

LIMIT = RequestLimitError("used up")


class Waiting:
    """The pauses of an account with an update interval of a minute; counts the reported changes."""

    def __init__(self, interval: float = 60.0, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.changes = 0
        self.pauses = Pauses(self.clock.clock, lambda: interval, self._changed)

    def _changed(self) -> None:
        self.changes += 1

    def meet(
        self, kind: Kind = Kind.AGENTS, error: GetscreenError = LIMIT, *, by_user: bool = False, allowed_in: float | None = None
    ) -> float:
        """Let a request fail; return the seconds until the next pause ends."""
        self.pauses.begin(kind, error, by_user=by_user, allowed_in=allowed_in)
        return self.remaining

    @property
    def remaining(self) -> float:
        """The seconds until the next pause ends; 0 without one."""
        return max(0.0, (self.pauses.next_end or 0.0) - self.clock.elapsed)

    def wait(self) -> None:
        """Let the next pause end, as its timer does."""
        self.clock.pass_time(self.remaining)
        end = self.pauses.next_end
        assert end is not None
        self.pauses.end_expired(end)

    def has_to_wait(self, kind: Kind = Kind.AGENTS, *, by_user: bool = False) -> bool:
        """Return whether a request has to wait."""
        return self.pauses.wait_reason(kind, by_user=by_user) is not None
