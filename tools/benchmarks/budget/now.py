"""The policy of this version: the integration's schedule, used in the same way as by its coordinators and its hardware reader."""

from collections.abc import Callable
from math import inf

from custom_components.getscreen.account.pauses import Kind
from custom_components.getscreen.account.request_log import Clock as Clocks
from custom_components.getscreen.account.schedule import Schedule
from custom_components.getscreen.api import GetscreenError, RequestLimitError

from .policy import Clock, Method, Request, Settings

_TURN = 900.0
_AT_ONCE = 4


class Now:
    """A policy that follows the integration's schedule."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._schedule = schedule = Schedule(Clocks(time=clock, elapsed=clock))
        schedule.configured_interval = settings.interval
        schedule.hardware_rate = settings.computers / (settings.hardware_hours * 3600)
        schedule.plan.members.add(self)
        if settings.daily_requests:
            schedule.plan.configured[self] = settings.daily_requests
        self._hardware_seconds = settings.hardware_hours * 3600
        # When the hardware of each computer is due again; `_new` has the computers that were never read.
        self._readings: dict[int, float] = {}
        self._new = list(range(settings.computers))
        self._reading_at = -inf
        self._list_due = clock()
        self._list_works = False
        self._invitations_due = inf

    def due(self) -> tuple[float, Request]:
        """Return the time and the request of the next poll or reading of hardware."""
        self._end_pauses()
        if self._invitations_due <= self._clock() and not self._invitations_may_be_polled:
            self._plan_invitations()
        times = ((self._list_due, Method.LIST), (self._invitations_due, Method.INVITATIONS), (self._hardware_due(), Method.HARDWARE))
        due, method = min(times, key=lambda time: time[0])
        return due, Request(method)

    def admits(self, request: Request) -> bool:
        """Return whether the schedule admits a request of a user."""
        self._end_pauses()
        try:
            self._schedule.user_gate.admit(request.method)
        except GetscreenError:
            return False
        return True

    def answered(self, request: Request, *, accepted: bool) -> None:
        """Report the answer to the schedule, and plan the next requests."""
        gate = self._schedule.user_gate if request.asked else self._schedule.poll_gate
        gate.sent(request.method)
        if accepted:
            gate.accepted(request.method)
        else:
            gate.failed(request.method, RequestLimitError("used up"))
        if not request.asked:
            self._after(request.method, accepted=accepted)

    def watch(self) -> Callable[[], None]:
        """Start fast polls, the first one immediately if the last poll is old; return a function that ends them."""
        schedule, before = self._schedule, self._schedule.interval(Kind.AGENTS)
        end = schedule.watch()
        if self._list_works and (interval := schedule.interval(Kind.AGENTS)) != before:
            if schedule.age <= interval:
                self._list_due = self._clock() + interval
            elif schedule.may_poll_early:
                self._list_due = self._clock()
        return end

    def woke(self) -> None:
        """Boost polls for a waking computer."""
        was_boosted = self._schedule.is_boosted
        self._schedule.boost(self)
        if self._list_works and not was_boosted:
            self._list_due = self._clock() + self._schedule.interval(Kind.AGENTS)

    def arrived(self) -> None:
        """End the boost."""
        self._schedule.end_boost(self)
        self._list_due = self._clock() + self._schedule.interval(Kind.AGENTS)

    def explain(self) -> str:
        """Return the assumed limits of the plan, and the current interval."""
        schedule, plan = self._schedule, self._schedule.plan
        limits = ", ".join(f"{limit.requests} per {limit.window} from {limit.reset}" for limit in plan.limits) or "no limit known"
        return f"{limits}; interval {schedule.interval(Kind.AGENTS):.0f} s ({schedule.reason}), is_at_end {plan.is_at_end}"

    def _after(self, method: Method, *, accepted: bool) -> None:
        schedule, now = self._schedule, self._clock()
        if method is Method.LIST:
            schedule.polled(successfully=accepted)
            # After an expected refusal, the data is still considered valid.
            self._list_works = accepted or schedule.expects_refusals
            wait = schedule.pauses.seconds_left(Kind.AGENTS)
            self._list_due = now + (schedule.interval(Kind.AGENTS) if wait is None else wait)
            if schedule.follows_list and not schedule.is_boosted and self._invitations_may_be_polled and schedule.may_poll_early:
                self._invitations_due = now
        elif method is Method.INVITATIONS:
            schedule.may_have_invitations = not accepted
            self._plan_invitations()
        else:
            self._reading_at = now
            if accepted:
                computer = self._new.pop() if self._new else min(self._readings, key=self._readings.__getitem__)
                self._readings[computer] = now + self._hardware_seconds

    @property
    def _invitations_may_be_polled(self) -> bool:
        return self._list_works and self._schedule.may_send_other_polls and self._schedule.wait_reason(Kind.INVITATIONS) is None

    def _plan_invitations(self) -> None:
        """Plan the next poll of invitations, unless they are polled after the list."""
        follows = self._schedule.follows_list
        self._invitations_due = inf if follows else self._clock() + self._schedule.interval(Kind.INVITATIONS)

    def _hardware_due(self) -> float:
        schedule, now = self._schedule, self._clock()
        if (
            not self._list_works
            or not schedule.may_send_other_polls
            or schedule.wait_reason(Kind.AGENTS)
            or schedule.wait_reason(Kind.HARDWARE)
        ):
            return inf
        if self._new and schedule.plan.has_room_for_watchers:
            return now
        turn = max(_TURN, schedule.interval(Kind.HARDWARE)) if schedule.plan.is_limited else _TURN / _AT_ONCE
        return max(now, self._reading_at + turn, now if self._new else min(self._readings.values()))

    def _end_pauses(self) -> None:
        pauses = self._schedule.pauses
        if (end := pauses.next_end) is not None and end <= self._clock():
            pauses.end_expired(self._clock())
