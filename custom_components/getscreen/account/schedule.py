"""Decides when the requests of an account may be sent. It does not depend on Home Assistant.

It uses the plan's budget (`plan.py`, `windows.py`, `request_log.py`) and pauses (`pauses.py`). The order in which hardware is read is
decided in `hardware_queue.py`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, override

from ..api import Gate, GetscreenConnectionError, GetscreenError, RequestLimitError
from .pauses import Kind, Pauses
from .plan import Plan
from .request_log import Clock

# Seconds between polls while a card is visible.
_FAST_INTERVAL = 15.0
# While a computer is about to come online: seconds between polls, the number of these polls (for three minutes), and the seconds after
# which they end in any case, because this many polls would take hours if the budget does not allow frequent ones.
_BOOST_INTERVAL, _BOOST_POLLS, _LONGEST_BOOST = 10.0, 18, 300.0
# Seconds between polls of invitations while none is open, and seconds for which they follow the list after one was created or closed.
_IDLE_INVITATIONS_INTERVAL = 300.0
_INVITATIONS_BOOST = 600.0
# The parts of a scarce budget that are reserved for hardware, for invitations, and for invitations that follow the list.
_HARDWARE_PART, _INVITATIONS_PART, _FOLLOWING_INVITATIONS_PART = 0.1, 0.15, 0.4
# An interval that the plan dictates changes only if it deviates by this part; by the smaller part if it has not changed for six hours.
_DEVIATION, _SMALL_DEVIATION = 0.2, 0.05
_STABLE_AFTER = 6 * 3600.0
# A poll less than this many seconds ago counts as fresh.
_FRESH = 5.0
# Seconds that a plan's window may end later than expected.
_RESET_DELAY = 20.0
# The shortest wait in seconds after the plan refused an attempt to exceed it.
_SHORTEST_WAIT = 120.0
# Seconds after such an attempt (or after the end of its window) in which refusals are expected: the window may end late, or a rolling
# window stays used up for a while.
_REFUSALS_EXPECTED_FOR = 1800.0

_KINDS = {"agents/list": Kind.AGENTS, "agents/info": Kind.HARDWARE, "history/list": Kind.HISTORY} | dict.fromkeys(
    ("support/list", "support/info"), Kind.INVITATIONS
)


class Reason(StrEnum):
    """Why the list of agents has its current update interval."""

    OPTION = "option"
    WATCHED = "watched"
    COMMAND = "command"
    PLAN = "plan"


class Schedule:
    """When each kind of request of an account is due, and why it has to wait. It outlives reloads, and by `saved` also restarts."""

    def __init__(self, clock: Clock, changed: Callable[[], None] = lambda: None) -> None:
        """Start without pauses. `changed` is called when a pause begins or ends."""
        self.plan = Plan(clock)
        """What the plan of the key allows; entries with the same key share it."""
        self.configured_interval = 60.0
        """The update interval of the options, in seconds."""
        self.hardware_rate = 0.0
        """Readings of hardware per second that the options ask for."""
        self.polls_invitations = True
        """Whether the options enable the invitations."""
        self.may_have_invitations = True
        """Whether an invitation may be open: False if the last poll found none."""
        self.on_sent: Callable[[str], None] = lambda _method: None
        """Called with the API method before each request."""
        self.on_accepted: Callable[[str], None] = lambda _method: None
        """Called with the API method after each answer for which the server accepted the key."""
        self.poll_gate: Gate = _ScheduleGate(self, by_user=False)
        """The gate of polls, including those of hardware."""
        self.user_gate: Gate = _ScheduleGate(self, by_user=True)
        """The gate of requests that users and automations cause, including commands."""
        self.pauses = Pauses(clock, lambda: self.configured_interval, changed)
        self._clock = clock
        self._watchers: dict[object, bool] = {}
        self._boosts: dict[object, tuple[int, float]] = {}
        self._invitations_boosted_until = 0.0
        self._invitations_at = -_IDLE_INVITATIONS_INTERVAL
        self._polled_at = -_FRESH
        self._plan_interval = 0.0
        self._plan_interval_since = 0.0
        self._wait_until = 0.0
        self._attempted_at = 0.0
        self._expected_until = 0.0
        self._last_poll_succeeded = True

    # Intervals

    def interval(self, kind: Kind) -> float:
        """Return the seconds between two polls of the list or of invitations, or two readings of hardware (infinite if it is not read)."""
        seconds, _ = self._pace_of_list()
        if kind is Kind.AGENTS:
            wait = self._wait_until - self._clock.elapsed()
            return wait if wait > 0 else seconds
        rate = self._rates()[kind]
        if kind is Kind.INVITATIONS:
            return max(seconds, 1 / rate if rate else _IDLE_INVITATIONS_INTERVAL)
        return 1 / rate if rate else float("inf")

    @property
    def reason(self) -> Reason:
        """Why the list has its current update interval."""
        return self._pace_of_list()[1]

    def _pace_of_list(self) -> tuple[float, Reason]:
        """Return the seconds between two polls of the list, and the reason for this interval."""
        if self._boosts and self.plan.has_room_for_users:
            return min(_BOOST_INTERVAL, self.configured_interval), Reason.COMMAND
        wanted, reason = self.configured_interval, Reason.OPTION
        if self._watchers:
            wanted, reason = min(_FAST_INTERVAL, wanted), Reason.WATCHED
        shortest = self._interval_at(self.plan.pace)
        if (reset_in := self.plan.reset_in) is not None:
            # The next window has new requests, however slow the pace of this one is.
            shortest = min(shortest, max(self._interval_at(self.plan.even_pace), reset_in + _RESET_DELAY))
        # The interval stays if it is only a little shorter than the plan allows: the pace becomes slower when that is necessary.
        allowed = wanted if self._plan_interval else (1 + _DEVIATION) * wanted
        if shortest <= allowed or (self._watchers and self.plan.has_room_for_watchers):
            self._plan_interval = 0.0
            return wanted, reason
        if self.plan.is_at_end and self._last_poll_succeeded:
            return min(_FAST_INTERVAL, wanted), Reason.PLAN
        now = self._clock.elapsed()
        deviation = _DEVIATION if now - self._plan_interval_since < _STABLE_AFTER else _SMALL_DEVIATION
        if not self._plan_interval or abs(shortest - self._plan_interval) >= deviation * self._plan_interval:
            self._plan_interval, self._plan_interval_since = shortest, now
        # An attempt at the end of a window begins soon after its time, but not exactly then, because timers fire up to a second early.
        return min(max(self._plan_interval, wanted), self.plan.attempt_in + 2 * _FAST_INTERVAL), Reason.PLAN

    def _interval_at(self, pace: float) -> float:
        """Return the seconds between two polls of the list if all polls together send `pace` requests per second."""
        rates = self._rates()
        return 1 / max(pace - rates[Kind.HARDWARE] - rates[Kind.INVITATIONS], pace / 2)

    def _rates(self) -> dict[Kind, float]:
        """Return the requests per second that hardware and invitations get."""
        pace = self.plan.even_pace
        part = _FOLLOWING_INVITATIONS_PART if self.follows_list else _INVITATIONS_PART
        invitations = 1 / (self.configured_interval if self.follows_list else max(self.configured_interval, _IDLE_INVITATIONS_INTERVAL))
        return {
            Kind.HARDWARE: min(self.hardware_rate, _HARDWARE_PART * pace),
            Kind.INVITATIONS: min(invitations, part * pace) if self._may_poll_invitations else 0.0,
        }

    @property
    def _may_poll_invitations(self) -> bool:
        # A plan without quick support always refuses these polls, so nothing is reserved for them.
        return self.polls_invitations and not self.pauses.refusals(Kind.INVITATIONS)

    @property
    def follows_list(self) -> bool:
        """Whether invitations are polled after each poll of the list: one is open, was just created or closed, or a card shows them."""
        return self.may_have_invitations or any(self._watchers.values()) or self._clock.elapsed() < self._invitations_boosted_until

    @property
    def may_follow_list(self) -> bool:
        """Whether invitations may be polled after the last poll of the list: frequent polls after a command do not make theirs frequent."""
        usual = _FAST_INTERVAL if any(self._watchers.values()) else self.configured_interval
        return not self._boosts or self._clock.elapsed() - self._invitations_at >= min(usual, self.configured_interval)

    @property
    def is_boosted(self) -> bool:
        """Whether polls are more frequent now, because a computer is about to come online."""
        return bool(self._boosts)

    def boost(self, transition: object) -> None:
        """Poll more often for three minutes, or until `end_boost` is called for the same transition."""
        self._boosts[transition] = _BOOST_POLLS, self._clock.elapsed() + _LONGEST_BOOST

    def is_boosting(self, transition: object) -> bool:
        """Return whether a transition makes polls more frequent."""
        return transition in self._boosts

    def end_boost(self, transition: object) -> None:
        """End what `boost` began for a transition."""
        self._boosts.pop(transition, None)

    def boost_invitations(self) -> None:
        """Poll invitations after each poll of the list for ten minutes, because one was created or closed."""
        self._invitations_boosted_until = self._clock.elapsed() + _INVITATIONS_BOOST

    def watch(self, *, invitations: bool = False) -> Callable[[], None]:
        """Poll more often, as far as the budget allows, while a card is visible; return a function that ends this.

        `invitations`: whether the card shows invitations, so that they are polled after each poll of the list.
        """
        watcher = object()
        self._watchers[watcher] = invitations

        def end() -> None:
            self._watchers.pop(watcher, None)

        return end

    # Whether a request may be sent now

    def wait_reason(self, kind: Kind, *, by_user: bool = False) -> GetscreenError | None:
        """Return why a request has to wait; None if it may be sent. `by_user`: a user or an automation causes it."""
        if (reason := self.pauses.wait_reason(kind, by_user=by_user)) is not None:
            return reason
        if by_user and kind is not Kind.COMMANDS and not self.plan.has_room_for_users:
            return RequestLimitError("reserved")
        return None

    @property
    def may_send_other_polls(self) -> bool:
        """Whether polls other than those of the list may be sent. The end of a window is reserved for the list, and for users."""
        return self._clock.elapsed() >= self._wait_until and not self._is_at_end

    @property
    def _is_at_end(self) -> bool:
        return self.plan.is_at_end and self._last_poll_succeeded and self._pace_of_list()[1] is Reason.PLAN

    @property
    def may_poll_early(self) -> bool:
        """Whether the list may be polled before it is due."""
        return self.plan.has_room_for_users and self._clock.elapsed() >= self._wait_until

    @property
    def age(self) -> float:
        """Seconds since the last successful poll of the list."""
        return self._clock.elapsed() - self._polled_at

    @property
    def is_fresh(self) -> bool:
        """Whether the last successful poll of the list was less than five seconds ago."""
        return self.age < _FRESH

    @property
    def expects_refusals(self) -> bool:
        """Whether refusals are expected, because a poll has tested whether the plan has grown."""
        return self._clock.elapsed() < self._expected_until

    def polled(self, *, successfully: bool) -> None:
        """Note that a poll of the list has ended."""
        self._last_poll_succeeded = successfully
        now = self._clock.elapsed()
        if successfully:
            self._polled_at = now
        self._boosts = {transition: (left - 1, end) for transition, (left, end) in self._boosts.items() if left > 1 and now < end}

    # Reports of the gates

    def accept(self, method: str, *, by_user: bool) -> None:
        """Note that the server accepted a request."""
        kind = kind_of(method)
        self.plan.count_request()
        if kind is Kind.INVITATIONS:
            self._invitations_at = self._clock.elapsed()
        if kind is Kind.AGENTS and not by_user:
            self.plan.poll_accepted()
        self.pauses.release(kind, by_user=by_user)
        self.on_accepted(method)

    def fail(self, method: str, error: GetscreenError, *, by_user: bool) -> None:
        """Note that a request failed with `error`, and begin a pause if one is necessary."""
        kind = kind_of(method)
        if not isinstance(error, RequestLimitError):
            if not isinstance(error, GetscreenConnectionError):
                self.plan.count_request()
            self.pauses.begin(kind, error, by_user=by_user)
            return
        if kind is Kind.AGENTS and not by_user:
            self._refused(error)
        if self.expects_refusals and (not by_user or kind is Kind.COMMANDS) and (error.retry_after or 0) <= _REFUSALS_EXPECTED_FOR:
            return
        reset_in = self.plan.reset_in
        self.pauses.begin(kind, error, by_user=by_user, allowed_in=None if reset_in is None else reset_in + _RESET_DELAY)

    def _refused(self, error: RequestLimitError) -> None:
        """Learn from a poll that the plan refused. If it was an attempt to exceed the plan, wait for the end of the window."""
        now, reset_in = self._clock.elapsed(), self.plan.reset_in
        if self._is_at_end or self.plan.is_spent:
            self._attempted_at = now
            self._expected_until = now + (reset_in or 0.0) + _REFUSALS_EXPECTED_FOR
            self.plan.attempt_refused()
        elif not self.expects_refusals:
            self.plan.poll_refused()
        if self.expects_refusals:
            # The window may end later than expected. A rolling window allows some requests again after two minutes.
            wait = max(_SHORTEST_WAIT, now - self._attempted_at)
            wait = wait if reset_in is None else min(wait, reset_in)
            self._wait_until = now + max(wait + _RESET_DELAY, error.retry_after or 0)

    def saved(self) -> dict[str, Any]:
        """Return the pauses and the plan in the form in which they are stored."""
        return {"limit": self.pauses.saved(), "plan": self.plan.saved()}


class _ScheduleGate(Gate):
    """Asks the schedule before each request, and reports its outcome."""

    def __init__(self, schedule: Schedule, *, by_user: bool) -> None:
        self._schedule = schedule
        self._by_user = by_user

    @override
    def admit(self, method: str) -> None:
        """Raise GetscreenError if a request to a method has to wait."""
        if (reason := self._schedule.wait_reason(kind_of(method), by_user=self._by_user)) is not None:
            raise reason

    @override
    def sent(self, method: str) -> None:
        self._schedule.on_sent(method)

    @override
    def accepted(self, method: str) -> None:
        self._schedule.accept(method, by_user=self._by_user)

    @override
    def failed(self, method: str, error: GetscreenError) -> None:
        self._schedule.fail(method, error, by_user=self._by_user)


def kind_of(method: str) -> Kind:
    """Return the kind of an API method."""
    return _KINDS.get(method, Kind.COMMANDS)
