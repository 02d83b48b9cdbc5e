"""Pauses between requests: for the plan's limit, a server in trouble, and requests that the server refuses although it works."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..api import AccessDeniedError, GetscreenConnectionError, GetscreenError, RequestLimitError
from .request_log import Clock

_HOUR, _DAY = 3600.0, 86_400.0
# The longest pause for a server in trouble, and between two attempts if the plan's limit is used up and the server does not say how long;
# after a day of them, since plans that count months may be used up for weeks.
_LONGEST_PAUSE = _HOUR
_LONGEST_AFTER_A_DAY = 8 * _HOUR
# The longest pause that a server may request if the plan's limit is used up.
_LONGEST_WAIT = _DAY
# Commands are worth an attempt each minute.
_LONGEST_OF_COMMANDS = 60.0
# Clocks differ, and a window may end a little late.
_AFTER_MIDNIGHT = 120.0
# A timer comes up to a second early.
TOLERANCE = 1.5


class Kind(StrEnum):
    """The kinds of requests."""

    AGENTS = "agents"
    HARDWARE = "hardware"
    HISTORY = "history"
    INVITATIONS = "invitations"
    COMMANDS = "commands"


type _Requests = tuple[Kind, bool]
"""A kind of request, and whether users asked for it."""


@dataclass(slots=True)
class _Backoff:
    """Refusals in a row, and the pause that doubles with each, from the one after the `free` first ones on."""

    free: int
    longest: float
    count: int = 0
    until: float = 0.0


@dataclass(slots=True)
class _Pause:
    """The pause of the requests that met the plan's limit or a `Retry-After`."""

    met: set[_Requests] = field(default_factory=set)
    limited: bool = False
    seconds: float = 0.0
    until: float = 0.0
    since: float = 0.0


class Pauses:
    """Which requests of an account wait, and until when (seconds of the clock that never jumps).

    Kinds of requests that meet the plan's limit share a pause, which doubles with each attempt; other kinds go on.
    """

    def __init__(self, clock: Clock, interval: Callable[[], float], changed: Callable[[], None]) -> None:
        """`interval` returns the shortest pause in seconds; `changed` is called when pauses begin or end."""
        self.is_open = True
        """Whether the account is set up or about to be: answers that come later cause no pause."""
        self._clock = clock
        self._interval = interval
        self._changed = changed
        self._pause = _Pause()
        self._commands_until = 0.0
        self._backoffs = {Kind.AGENTS: _Backoff(2, _HOUR), Kind.INVITATIONS: _Backoff(0, _DAY)}

    @property
    def is_limited(self) -> bool:
        """Whether the plan's limit is used up, as far as is known."""
        return self._pause.limited

    @property
    def is_active(self) -> bool:
        """Whether some requests wait for the plan's limit or a server in trouble."""
        return self._is_ahead(self._pause.until)

    @property
    def next_end(self) -> float | None:
        """When the next pause is over; None without a pause."""
        ends = [self._pause.until, *(backoff.until for backoff in self._backoffs.values())]
        return min((end for end in ends if end), default=None)

    def held(self, kind: Kind, *, is_asked: bool = False) -> GetscreenError | None:
        """Return why a request has to wait; None if it need not."""
        pause = self._pause
        met = {(kind, False), (kind, is_asked)} & pause.met
        until = min(pause.until, self._commands_until) if kind is Kind.COMMANDS else pause.until
        if met and self._is_ahead(until):
            return RequestLimitError("paused") if pause.limited else GetscreenConnectionError("paused")
        backoff = None if is_asked else self._backoffs.get(kind)
        return AccessDeniedError("paused") if backoff and self._is_ahead(backoff.until) else None

    def wait(self, kind: Kind) -> float | None:
        """Return the seconds until a poll may be sent again; None if it need not wait."""
        ends = [self._pause.until] if (kind, False) in self._pause.met else []
        if backoff := self._backoffs.get(kind):
            ends.append(backoff.until)
        end = max(ends, default=0.0)
        return end - self._clock.elapsed() if self._is_ahead(end) else None

    def begin(self, kind: Kind, error: GetscreenError, *, is_asked: bool, most: float | None = None) -> None:
        """Pause if an error is a reason to, for `most` seconds if the plan allows requests again then."""
        is_limit = isinstance(error, RequestLimitError)
        asked = error.retry_after if isinstance(error, RequestLimitError | GetscreenConnectionError) else None
        if not self.is_open or not (is_limit or asked is not None):
            return
        retry_after = None if asked is None else max(asked, self._interval())
        self._pause.met.add((kind, is_asked))
        if kind is Kind.COMMANDS:
            self._commands_until = self._clock.elapsed() + _LONGEST_OF_COMMANDS
        if is_limit and not (self.is_active and self._pause.limited):
            self._lengthen(retry_after, most)
        elif retry_after is not None and (not self.is_active or retry_after > self._remaining):
            self._begin(retry_after)

    def _lengthen(self, retry_after: float | None, most: float | None) -> None:
        """Begin the next pause for the plan's limit: as long as the server asks, or twice as long as the last one."""
        pause, now = self._pause, self._clock.elapsed()
        if not pause.limited:
            pause.limited, pause.since = True, now
        longest = _LONGEST_PAUSE if now - pause.since < _DAY else _LONGEST_AFTER_A_DAY
        pause.seconds = min(2 * max(pause.seconds, self._interval()), longest)
        seconds = self._until_midnight(pause.seconds) if most is None else min(pause.seconds, max(most, self._interval()))
        self._begin(seconds if retry_after is None else retry_after)

    def _until_midnight(self, seconds: float) -> float:
        """Return the seconds of a pause, which ends early if a month of the plan may begin in it: at the next midnight of UTC."""
        midnight = seconds - (self._clock.time() + seconds - _AFTER_MIDNIGHT) % _DAY
        return midnight if seconds > _LONGEST_PAUSE and midnight > self._interval() else seconds

    @property
    def _remaining(self) -> float:
        return self._pause.until - self._clock.elapsed()

    def _begin(self, seconds: float) -> None:
        self._pause.until = self._clock.elapsed() + seconds
        self._changed()

    def _is_ahead(self, moment: float) -> bool:
        return moment - self._clock.elapsed() > TOLERANCE

    def end_of(self, kind: Kind, *, is_asked: bool) -> None:
        """Note that a kind of request works again. Requests of users never pause a poll, so they do not end its pause either."""
        self._pause.met.discard((kind, is_asked))
        if not self._pause.met:
            self.forget()

    def end(self, until: float) -> None:
        """End the pauses that are over at a time, of which a timer told. Users may never ask again, so theirs are forgotten."""
        pause = self._pause
        for backoff in self._backoffs.values():
            if backoff.until <= until:
                backoff.until = 0.0
        if pause.until <= until:
            pause.until = 0.0
            pause.met = {requests for requests in pause.met if not requests[1]}
            if not pause.met:
                self.forget()
        self._changed()

    def end_for(self, kind: Kind) -> None:
        """End the pauses of a poll whose own timer says that its time has come, whichever timer was first."""
        if (kind, False) in self._pause.met:
            self._pause.until = 0.0
        if backoff := self._backoffs.get(kind):
            backoff.until = 0.0

    def forget(self) -> None:
        """End the pause for the limit and for a server in trouble."""
        if self._pause.met or self._pause.limited:
            self._pause = _Pause()
            self._changed()

    def open_again(self) -> None:
        """End all pauses, since the account is loaded again: a reload is a wish to try now."""
        self.forget()
        for backoff in self._backoffs.values():
            backoff.until = 0.0

    # Refusals

    def refusals(self, kind: Kind) -> int:
        """Return how often in a row a kind of poll was refused."""
        return self._backoffs[kind].count

    def refuse(self, kind: Kind) -> None:
        """Count a refusal of a poll, and pause if there were several."""
        backoff = self._backoffs[kind]
        backoff.count += 1
        if backoff.count > backoff.free and self.is_open:
            # The exponent is bounded, since no number of seconds has as many digits as there may be refusals.
            seconds = min(self._interval() * 2.0 ** min(backoff.count - backoff.free, 20), max(backoff.longest, self._interval()))
            backoff.until = self._clock.elapsed() + seconds
            self._changed()

    def allow(self, kind: Kind) -> None:
        """Count refusals of a kind of poll anew, since a request was accepted or there is another key."""
        self._backoffs[kind].count, self._backoffs[kind].until = 0, 0.0

    # Storage

    def saved(self) -> dict[str, Any]:
        """Return what outlives a restart; times in Unix seconds."""
        pause = self._pause
        return {
            "met": sorted(f"{kind} asked" if is_asked else str(kind) for kind, is_asked in pause.met.copy()),
            "limited": pause.limited,
            "seconds": pause.seconds,
            "until": self._clock.time() + self._remaining if self.is_active else 0.0,
        }

    def restore(self, saved: object) -> None:
        """Continue the pause of an earlier run of Home Assistant; ignore anything but what `saved` returned."""
        names = {f"{kind} asked" if is_asked else str(kind): (kind, is_asked) for kind in Kind for is_asked in (False, True)}
        match saved:
            case {"met": list(met), "limited": bool(limited), "seconds": float(seconds), "until": float(until)} if (
                # No request of another kind would ever end the pause and its repair issue.
                known := {names[name] for name in met if isinstance(name, str) and name in names}
            ):
                pause = self._pause = _Pause(known, limited, min(max(0.0, seconds), _LONGEST_AFTER_A_DAY), since=self._clock.elapsed())
                # The clock may have been put back meanwhile.
                remaining = min(until - self._clock.time(), _LONGEST_WAIT if limited else _LONGEST_PAUSE)
                if remaining > TOLERANCE:
                    pause.until = self._clock.elapsed() + remaining
                self._changed()
