"""The request budget of a key: what its plan allows in a day, an hour or a month, and how fast requests may be sent."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .request_log import Clock, RequestLog
from .windows import Limit, Outage, Window

# The part of a plan that polls spend evenly. The remaining part is for commands and other requests of users.
_POLLS_PART = 0.94
# How far ahead of the even pace requests of users may be, as a part of the plan. The part is smaller for a rolling window, which allows a
# request again only after its whole length.
_USERS_PART, _USERS_PART_ROLLING = 0.06, 0.04
# The same part for polls while a card is visible.
_WATCHERS_PART = 0.03
# As long as the number of requests differs from the even one by at most this part of the plan, the pace is even.
_EVEN_TOLERANCE = 0.04
# Otherwise, the pace is the even one times a factor between these. In a fixed window, it is slower than the second factor only if the plan
# would be exceeded otherwise.
_SLOWEST, _SLOW, _FASTEST = 0.25, 0.6, 1.3
# Requests that are left before the end of a window would lapse, so polls spend them, one in this many seconds. This is an attempt to exceed
# the plan: it shows whether the plan has grown, and ends with the first refusal.
_LAST_REQUESTS_INTERVAL = 15.0
# More than this many requests above the limit mean that the plan has grown.
_GROWTH_REQUESTS = 3
# A window that is used up less than this many seconds before its end is not an outage.
_NEAR_END = 900.0
# The server's window may end earlier than expected, for example because of daylight saving time, so that more requests are accepted before
# the expected end. To find out, the second attempt begins this many seconds earlier (but at most a quarter of the window).
_SECOND_ATTEMPT_EARLIER = 75 * 60.0
# Each time that the plan only seemed to have grown, the time to the next attempt doubles, up to this often.
_MAX_FALSE_GROWTHS = 5
# At most this part of the plan is spent at the end of a window: if an outage leaves more, spending it would take hours of frequent polls.
_MAX_AT_END = 0.15
# Seconds between attempts in a rolling window, where they cost more, because it allows a request again only after its whole length.
_ATTEMPT_INTERVAL = 7 * 86_400.0
_DAY = 86_400.0
# A plan that has grown is assumed to allow this many times as many requests, until a refusal shows its new limit.
_GROWTH_FACTOR = 8
# A limit of more requests a day than this restricts nothing.
_PRACTICALLY_UNLIMITED = 20_000


class Plan:
    """What a plan allows, as users entered it or as refusals have shown, and how much was used. All entries with one key share it.

    Limits are learned from polls of the list of agents only: they are sent all the time, and other methods may fail for other reasons.
    """

    def __init__(self, clock: Clock) -> None:
        self.configured: dict[object, int] = {}
        """Requests a day that users entered in the options, by entry; entries without a number are missing."""
        self.members: set[object] = set()
        """The entries that share the plan."""
        self.learned: Limit | None = None
        """The limit that refusals have shown; None if there is none."""
        self._clock = clock
        self._log = RequestLog(clock)
        self._refusals: tuple[float, float] | None = None
        self._unexplained_at = 0.0
        self._attempt_at = 0.0
        self._is_growth_suspected = False
        # How often the plan only seemed to have grown.
        self._false_growths = 0

    @property
    def limits(self) -> Iterator[Limit]:
        """All limits that apply."""
        if self.configured:
            yield Limit(min(self.configured.values()), Window.DAY)
        if self.learned:
            yield self.learned

    @property
    def is_limited(self) -> bool:
        """Whether a limit is known."""
        return bool(self.configured or self.learned)

    @property
    def pace(self) -> float:
        """Requests per second that an entry may spend on polls; infinite without a limit."""
        return min((self._pace(limit) for limit in self.limits), default=float("inf")) / max(1, len(self.members))

    @property
    def even_pace(self) -> float:
        """The average of `pace`, in requests per second."""
        paces = (_POLLS_PART * limit.requests / limit.window.seconds for limit in self.limits)
        return min(paces, default=float("inf")) / max(1, len(self.members))

    @property
    def has_room_for_users(self) -> bool:
        """Whether there are requests left for users and automations, besides polls."""
        return all(self._projected(limit) <= self._users_limit(limit) for limit in self.limits)

    @property
    def has_room_for_watchers(self) -> bool:
        """Whether there are requests left for frequent polls while a card is visible."""
        return all(self._projected(limit) <= (_POLLS_PART + _WATCHERS_PART) * limit.requests for limit in self.limits)

    @property
    def is_at_end(self) -> bool:
        """Whether a window is about to end, so that its remaining requests are spent."""
        return self.attempt_in == 0

    @property
    def is_spent(self) -> bool:
        """Whether a window is about to end and all its requests were used, for example by an attempt or by commands."""
        reset_in = self.reset_in
        return (
            self.learned is not None and reset_in is not None and reset_in < _NEAR_END and self._used(self.learned) >= self.learned.requests
        )

    @property
    def attempt_in(self) -> float:
        """Seconds until the remaining requests of a window are spent; infinite if no attempt is due in this window."""
        limit, now = self.learned, self._clock.time()
        if limit is None or (self.configured and min(self.configured.values()) <= limit.requests * _DAY / limit.window.seconds):
            return float("inf")
        due = self._attempt_due(limit)
        if limit.reset is None:
            return max(0.0, due - now)
        _, end = limit.bounds(now)
        if end <= due:
            return float("inf")
        left = min(limit.requests - self._used(limit), _MAX_AT_END * limit.requests)
        begin = end - (left + 3 * _GROWTH_REQUESTS) * _LAST_REQUESTS_INTERVAL
        if self._is_growth_suspected:
            begin -= min(_SECOND_ATTEMPT_EARLIER, limit.window.seconds / 4)
        return max(0.0, begin - now)

    @property
    def reset_in(self) -> float | None:
        """Seconds until the window of the learned limit ends; None if it is rolling, or if no limit was learned."""
        if self.learned is None or self.learned.reset is None:
            return None
        now = self._clock.time()
        return self.learned.bounds(now)[1] - now

    def count_request(self) -> None:
        """Note that the plan allowed a request."""
        self._log.add()

    def attempt_refused(self) -> None:
        """Note that the plan refused a poll at the end of a window: it has not grown."""
        self._attempt_at = self._clock.time()
        if self._is_growth_suspected:
            # The last window had ended earlier than expected: requests that seemed to exceed it counted in this one.
            self._is_growth_suspected = False
            self._false_growths = min(self._false_growths + 1, _MAX_FALSE_GROWTHS)
        elif (limit := self.learned) and (used := self._used(limit)) < (1 - _EVEN_TOLERANCE) * limit.requests:
            # Another program uses the key too, so less is left.
            self.learned = replace(limit, requests=max(used, 1))

    def poll_refused(self) -> None:
        """Note that the plan refused a poll at another time."""
        now = self._clock.time()
        first, _ = self._refusals or (now, now)
        self._refusals = min(first, now), now

    def poll_accepted(self) -> None:
        """Note that a poll was accepted: learn from the refusals before it, or that the plan has grown."""
        now = self._clock.time()
        if self._refusals:
            outage = Outage(*self._refusals, now)
            self._refusals = None
            self._learn(outage)
        elif (limit := self.learned) and self._used(limit) > limit.requests + _GROWTH_REQUESTS and now >= self._attempt_due(limit):
            self._seems_to_have_grown(limit)

    def _learn(self, outage: Outage) -> None:
        """Learn the limit that explains an outage; if none does and the outage was brief, only after another one in the last day."""
        if not outage.first <= outage.last <= outage.end:
            # The system clock was changed during the outage.
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

    def _seems_to_have_grown(self, limit: Limit) -> None:
        """Note that a limit was exceeded without a refusal. For a fixed window, only a second time, earlier in it, proves growth."""
        self._attempt_at = self._clock.time()
        if limit.reset is not None and not self._is_growth_suspected:
            self._is_growth_suspected = True
            return
        self._is_growth_suspected = False
        requests = _GROWTH_FACTOR * limit.requests
        is_enough = requests * _DAY / limit.window.seconds > _PRACTICALLY_UNLIMITED
        self.learned = None if is_enough else replace(limit, requests=requests)

    def forget(self) -> None:
        """Forget what was learned, but not the log of requests."""
        self.learned = self._refusals = None

    def saved(self) -> dict[str, Any]:
        """Return what was learned, and the log of requests, in the form in which they are stored."""
        return {
            "learned": self.learned and self.learned.saved(),
            "attempt_at": self._attempt_at,
            "refusals": self._refusals,
            "growth_suspected": self._is_growth_suspected,
            "false_growths": self._false_growths,
            "log": self._log.saved(),
        }

    def restore(self, saved: object) -> None:
        """Continue with what an earlier run of Home Assistant learned. Data that does not have the form of `saved` is ignored."""
        match saved:
            case {"learned": learned, "attempt_at": float(attempt_at), "log": log, **others}:
                self.learned = Limit.restored(learned)
                self._attempt_at = min(attempt_at, self._clock.time())
                self._log.restore(log)
                self._restore_attempts(others)

    def _restore_attempts(self, saved: dict[Any, Any]) -> None:
        match saved:
            case {"growth_suspected": bool(suspected), "false_growths": int(number)}:
                self._is_growth_suspected = suspected
                self._false_growths = min(max(number, 0), _MAX_FALSE_GROWTHS)
        match saved:
            case {"refusals": [float(first), float(last)]}:
                self._refusals = first, last

    def _used(self, limit: Limit) -> int:
        now = self._clock.time()
        start, _ = limit.bounds(now)
        return self._log.count(now - start)

    def _projected(self, limit: Limit) -> float:
        """Return how many requests a window will have at its end if the pace is even from now on; for a rolling window, how many it has."""
        if limit.reset is None:
            return self._used(limit)
        now = self._clock.time()
        start, end = limit.bounds(now)
        return self._used(limit) + _POLLS_PART * limit.requests * (end - now) / (end - start)

    def _pace(self, limit: Limit) -> float:
        even = _POLLS_PART * limit.requests / limit.window.seconds
        used = self._used(limit)
        if limit.reset is None:
            # A rolling window allows a request that was sent too early again only after its whole length.
            room = (limit.requests - used) / ((1 - _POLLS_PART - _EVEN_TOLERANCE) * limit.requests)
            return even * min(max(_SLOW, room), 1)
        now = self._clock.time()
        start, end = limit.bounds(now)
        passed = (now - start) / (end - start)
        if abs(used / limit.requests - _POLLS_PART * passed) <= _EVEN_TOLERANCE:
            return even
        slowest = _SLOW if used + _SLOW * even * (end - now) <= (_POLLS_PART + _EVEN_TOLERANCE) * limit.requests else _SLOWEST
        left = _POLLS_PART * limit.requests - used
        return min(max(slowest * even, left / max(end - now, 60)), _FASTEST * even)

    def _users_limit(self, limit: Limit) -> float:
        return (_POLLS_PART + (_USERS_PART_ROLLING if limit.reset is None else _USERS_PART)) * limit.requests

    def _attempt_due(self, limit: Limit) -> float:
        """Return when the next attempt to exceed a limit is due (Unix seconds)."""
        if limit.reset is None:
            return self._attempt_at + max(_ATTEMPT_INTERVAL, limit.window.seconds)
        # A little less than a day or a window, because attempts are made at its end, and a second attempt begins earlier.
        return self._attempt_at + 0.7 * max(_DAY, limit.window.seconds) * (1 << self._false_growths)
