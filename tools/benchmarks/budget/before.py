"""The policy of version 0.1.0, before the request budget: a fixed interval, and pauses that double after refused requests."""

from collections.abc import Callable
from math import ceil, inf

from .policy import Clock, Method, Request, Settings

_LONGEST_PAUSE = 3600.0
_TOLERANCE = 1.5
_QUICK_SECONDS = 10.0
_QUICK_POLLS = 18
_HARDWARE_TURN = 900.0
_AT_ONCE = 4
_GOLDEN = 0.618034


class _Limit:
    """The pause of all kinds of requests that the plan refused."""

    def __init__(self, clock: Clock, interval: float) -> None:
        self._clock = clock
        self._interval = interval
        self._met: set[Request] = set()
        self._seconds = self.until = 0.0

    @property
    def paused(self) -> bool:
        return self._clock() < self.until - _TOLERANCE

    def holds(self, request: Request) -> bool:
        return self.paused and request in self._met

    def meet(self, request: Request) -> float:
        """Start or join the pause after a refused request, and return the seconds until it ends."""
        self._met.add(request)
        if not self.paused:
            self._seconds = min(2 * max(self._seconds, self._interval), _LONGEST_PAUSE)
            self.until = self._clock() + self._seconds
        return self.until - self._clock()

    def pass_by(self, request: Request) -> None:
        self._met.discard(request)
        if not self._met:
            self._seconds = self.until = 0.0

    def end_pauses_of_users(self) -> None:
        if not self.paused:
            for request in [request for request in self._met if request.asked]:
                self.pass_by(request)


class Before:
    """Polls the list at the interval and the invitations after each list, and reads hardware every quarter of an hour."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._settings = settings
        self._limit = _Limit(clock, settings.interval)
        self._hardware = _Hardware(clock, settings)
        self._list_due = clock()
        self._invitations_due = inf
        self._list_works = False
        self._quick_polls = 0

    def due(self) -> tuple[float, Request]:
        """Return the time and the request of the next poll or reading of hardware."""
        hardware = inf if self._limit.paused or not self._list_works else self._hardware.due()
        times = ((self._list_due, Method.LIST), (self._invitations_due, Method.INVITATIONS), (hardware, Method.HARDWARE))
        due, method = min(times, key=lambda time: time[0])
        return due, Request(method)

    def admits(self, request: Request) -> bool:
        """Return True for commands, and for other requests unless their kind is paused."""
        if request.method is Method.WAKE:
            return True
        return not self._limit.holds(request) and not self._limit.holds(Request(request.method))

    def answered(self, request: Request, *, accepted: bool) -> None:
        """Pause the kind of a refused request, and plan the next requests."""
        if request.method is Method.WAKE:
            return
        if accepted:
            pause = None
            self._limit.pass_by(request)
        else:
            pause = self._limit.meet(request)
        if request == Request(Method.LIST):
            self._after_list(pause)
        elif request == Request(Method.INVITATIONS):
            self._invitations_due = inf
        elif request == Request(Method.HARDWARE):
            self._hardware.answered(accepted=accepted)

    def watch(self) -> Callable[[], None]:
        """Do nothing, because dashboards did not influence the polls."""
        return lambda: None

    def woke(self) -> None:
        """Start fast polls, unless polls fail."""
        was_quick, self._quick_polls = self._quick_polls > 0, _QUICK_POLLS
        if not was_quick and self._list_works:
            self._list_due = self._clock() + _QUICK_SECONDS

    def arrived(self) -> None:
        """End the fast polls."""
        self._quick_polls = 0
        self._list_due = self._clock() + self._settings.interval

    def explain(self) -> str:
        """Return the seconds until the next list and the end of the pause."""
        return f"list in {self._list_due - self._clock():.0f} s, pause for {max(0, self._limit.until - self._clock()):.0f} s"

    def _after_list(self, pause: float | None) -> None:
        now = self._clock()
        self._list_works = pause is None
        self._quick_polls = max(0, self._quick_polls - 1)
        usual = min(_QUICK_SECONDS, self._settings.interval) if self._quick_polls else self._settings.interval
        self._list_due = now + (usual if pause is None else pause)
        if pause is None and not self._quick_polls and not self._limit.holds(Request(Method.INVITATIONS)):
            self._invitations_due = now
        self._limit.end_pauses_of_users()


class _Hardware:
    """The readings of hardware: all computers at the start, then a few every quarter of an hour, each after its own interval."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._interval = settings.hardware_hours * 3600
        self._start = self._not_before = clock()
        self._new = list(range(settings.computers))
        self._due: dict[int, float] = {}
        self._in_turn = 0

    def due(self) -> float:
        """Return when the next computer is due."""
        now = self._clock()
        if self._new:
            return max(now, self._not_before)
        return self._turn(max(now, self._not_before, min(self._due.values(), default=inf)))

    def answered(self, *, accepted: bool) -> None:
        """Plan the computer again after the interval; after a refusal or four readings, wait until the next quarter of an hour."""
        now = self._clock()
        if not accepted:
            self._not_before = self._turn(now + 1)
        elif self._new:
            # New computers are read together, so spread their next readings.
            computer = self._new.pop()
            self._due[computer] = now + self._interval * (0.5 + computer * _GOLDEN % 1 / 2)
        else:
            self._due[min(self._due, key=self._due.__getitem__)] = now + self._interval
            self._in_turn = (self._in_turn + 1) % _AT_ONCE
            if not self._in_turn:
                self._not_before = self._turn(now + 1)

    def _turn(self, moment: float) -> float:
        """Return the first start of a quarter of an hour at `moment` or later."""
        return inf if moment == inf else self._start + ceil((moment - self._start) / _HARDWARE_TURN) * _HARDWARE_TURN
