"""The request budget of a key: what its plan allows in a day, an hour or a month, and how fast requests may be sent."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .request_log import Clock, RequestLog
from .windows import Limit, Outage, Window

# The part of a plan that is spent evenly. The rest is for commands, and for what users ask for.
_EVEN = 0.94
# How far ahead of an even pace users may be, as part of the plan. Where any span counts, the requests come back only after a whole span.
_AHEAD, _AHEAD_OF_ANY_SPAN = 0.06, 0.04
# Watchers get what is left over, and no more.
_LEFT_OVER = 0.03
# The pace stays even as long as the requests are so near to it, as part of the plan; otherwise it moves between these parts of an even one.
_NEAR = 0.04
_SLOWEST, _SLOW, _FASTEST = 0.25, 0.6, 1.3
# Before the end of a window, what is left of it is spent, a request each 15 seconds: it would lapse, and the last ones show whether the
# plan has grown. The first refused one ends that.
_LAST_REQUESTS = 15.0
_GROWTH = 3
# Without an end, such an attempt is worth less, because the requests come back only after a whole span.
_BETWEEN_ATTEMPTS = 7 * 86_400.0
_DAY = 86_400.0
# Where more was allowed than known, up to so many times as much is tried in the next window.
_GROWN = 3
# A limit of so many requests a day restricts nothing.
_ENOUGH = 20_000


class Plan:
    """What a plan allows, as the user said or as refusals have shown, and what of it was used. All entries with one key share it.

    Only polls of the list of agents teach: they are sent all the time, and a refusal of other methods may have other reasons.
    """

    def __init__(self, clock: Clock) -> None:
        self.given: dict[object, int] = {}
        """Requests a day, by entry, as users set them; entries that say nothing are missing."""
        self.members: set[object] = set()
        """The entries that share the plan."""
        self.learned: Limit | None = None
        self._clock = clock
        self._log = RequestLog(clock)
        self._refusals: tuple[float, float] | None = None
        self._unexplained_at = 0.0
        self._attempt_at = 0.0

    @property
    def limits(self) -> Iterator[Limit]:
        """All limits that apply."""
        if self.given:
            yield Limit(min(self.given.values()), Window.DAY)
        if self.learned:
            yield self.learned

    @property
    def is_limited(self) -> bool:
        """Whether a limit is known."""
        return bool(self.given or self.learned)

    @property
    def pace(self) -> float:
        """Requests per second that an entry may spend on polls; infinite without a limit."""
        return min((self._pace(limit) for limit in self.limits), default=float("inf")) / max(1, len(self.members))

    @property
    def even_pace(self) -> float:
        """What `pace` is on average."""
        paces = (_EVEN * limit.requests / limit.window.seconds for limit in self.limits)
        return min(paces, default=float("inf")) / max(1, len(self.members))

    @property
    def has_room_for_users(self) -> bool:
        """Whether users may ask for more than polls do."""
        return all(self._projected(limit) <= self._most_of_users(limit) for limit in self.limits)

    @property
    def has_room_for_watchers(self) -> bool:
        """Whether there are requests left over for polls at the fast pace."""
        return all(self._projected(limit) <= (_EVEN + _LEFT_OVER) * limit.requests for limit in self.limits)

    @property
    def is_at_end(self) -> bool:
        """Whether a window is about to end, and what is left of it is to be spent."""
        return self.end_in == 0

    @property
    def end_in(self) -> float:
        """Seconds until what is left of a window is to be spent; infinite if that is not to be tried this time."""
        limit, now = self.learned, self._clock.time()
        if limit is None or (self.given and min(self.given.values()) <= limit.requests * _DAY / limit.window.seconds):
            return float("inf")
        due = self._attempt_at + self._between_attempts(limit)
        if limit.reset is None:
            return max(0.0, due - now)
        _, end = limit.bounds(now)
        begin = end - (limit.requests + 3 * _GROWTH - self._used(limit)) * _LAST_REQUESTS
        return max(0.0, begin - now) if end > due else float("inf")

    @property
    def reset_in(self) -> float | None:
        """Seconds until the learned window ends; None if no end is known."""
        if self.learned is None or self.learned.reset is None:
            return None
        now = self._clock.time()
        return self.learned.bounds(now)[1] - now

    def sent(self) -> None:
        """Note that a request went through."""
        self._log.add()

    def attempt_refused(self) -> None:
        """Note that the plan refused a poll at the end of a window: it has not grown."""
        self._attempt_at = self._clock.time()
        if (limit := self.learned) and (used := self._used(limit)) < (1 - _NEAR) * limit.requests:
            # Somebody else uses the key.
            self.learned = replace(limit, requests=max(used, 1))

    def refused(self) -> None:
        """Note that the plan refused a poll at another time."""
        now = self._clock.time()
        first, _ = self._refusals or (now, now)
        self._refusals = min(first, now), now

    def answered(self) -> None:
        """Note that a poll went through: learn from the refusals before it, or that the plan has grown."""
        now = self._clock.time()
        if self._refusals:
            outage = Outage(*self._refusals, now)
            self._refusals = None
            self._learn(outage)
        elif (limit := self.learned) and self._used(limit) > limit.requests + _GROWTH:
            self._attempt_at = now
            requests = _GROWN * limit.requests
            is_enough = requests * _DAY / limit.window.seconds > _ENOUGH
            self.learned = None if is_enough else Limit(requests, limit.window, limit.reset)

    def _learn(self, outage: Outage) -> None:
        """Learn from refusals; from brief ones that nothing explains, only if there were others in the last day."""
        if not outage.first <= outage.last <= outage.end:
            # The clock was set meanwhile.
            return
        found = outage.limit(self._log, self.learned)
        if found is None:
            is_repeated = outage.end - self._unexplained_at < _DAY
            self._unexplained_at = outage.end
            if is_repeated or not outage.is_brief:
                found = outage.guess(self._log)
        if found:
            self.learned = found
            self._attempt_at = outage.end

    def saved(self) -> dict[str, Any]:
        """Return what outlives a restart."""
        return {"learned": self.learned and self.learned.saved(), "attempt_at": self._attempt_at, "log": self._log.saved()}

    def restore(self, saved: object) -> None:
        """Continue with what an earlier run learned; ignore anything but what `saved` returned."""
        match saved:
            case {"learned": learned, "attempt_at": float(attempt_at), "log": log}:
                self.learned = Limit.restored(learned)
                self._attempt_at = min(attempt_at, self._clock.time())
                self._log.restore(log)

    def _used(self, limit: Limit) -> int:
        now = self._clock.time()
        start, _ = limit.bounds(now)
        return self._log.count(now - start)

    def _projected(self, limit: Limit) -> float:
        """Return how many requests the window will have at its end, at an even pace from now on."""
        if limit.reset is None:
            return self._used(limit)
        now = self._clock.time()
        start, end = limit.bounds(now)
        return self._used(limit) + _EVEN * limit.requests * (end - now) / (end - start)

    def _pace(self, limit: Limit) -> float:
        even = _EVEN * limit.requests / limit.window.seconds
        used = self._used(limit)
        if limit.reset is None:
            # Of any span, what was sent too early comes back only after the whole span.
            rest = (limit.requests - used) / ((1 - _EVEN - _NEAR) * limit.requests)
            return even * min(max(_SLOW, rest), 1)
        now = self._clock.time()
        start, end = limit.bounds(now)
        passed = (now - start) / (end - start)
        if abs(used / limit.requests - _EVEN * passed) <= _NEAR:
            return even
        slowest = _SLOW if used + _SLOW * even * (end - now) <= (_EVEN + _NEAR) * limit.requests else _SLOWEST
        left = _EVEN * limit.requests - used
        return min(max(slowest * even, left / max(end - now, 60)), _FASTEST * even)

    def _most_of_users(self, limit: Limit) -> float:
        return (_EVEN + (_AHEAD_OF_ANY_SPAN if limit.reset is None else _AHEAD)) * limit.requests

    def _between_attempts(self, limit: Limit) -> float:
        if limit.reset is None:
            return max(_BETWEEN_ATTEMPTS, limit.window.seconds)
        return max(0.8 * _DAY, 0.8 * limit.window.seconds)
