"""Decides which requests are paused: because of the plan's limit, a server in trouble, or refusals by a server that works."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..api import AccessDeniedError, GetscreenConnectionError, GetscreenError, RequestLimitError
from .request_log import Clock

_HOUR, _DAY = 3600.0, 86_400.0
# The longest pause for a server in trouble, and for a plan that is used up if the server does not say for how long. After a day of such
# pauses, they may be longer, because a plan that counts by month may be used up for weeks.
_LONGEST_PAUSE = _HOUR
_LONGEST_AFTER_A_DAY = 8 * _HOUR
# The longest pause that a server may request if the plan's limit is used up.
_LONGEST_WAIT = _DAY
# The longest pause of commands: a user who sends one wants to try again soon.
_LONGEST_OF_COMMANDS = 60.0
# Clocks differ, and a window may end a little late.
_AFTER_MIDNIGHT = 120.0
# Timers fire up to a second early.
TOLERANCE = 1.5


class Kind(StrEnum):
    """The kinds of requests."""

    AGENTS = "agents"
    HARDWARE = "hardware"
    HISTORY = "history"
    INVITATIONS = "invitations"
    COMMANDS = "commands"


type _Requests = tuple[Kind, bool]
"""A kind of request, and whether a user or an automation causes it."""


@dataclass(slots=True)
class _Backoff:
    """Refusals of a kind of poll in a row. The first `tolerated` cause no pause; each further one doubles it, up to `longest` seconds."""

    tolerated: int
    longest: float
    count: int = 0
    until: float = 0.0


@dataclass(slots=True)
class _Pause:
    """The pause of the kinds of `requests` that met the plan's limit (then it is `limited`) or a `Retry-After`."""

    requests: set[_Requests] = field(default_factory=set)
    limited: bool = False
    seconds: float = 0.0
    until: float = 0.0
    since: float = 0.0


class Pauses:
    """Which requests of an account have to wait, and until when (seconds of `Clock.elapsed`).

    The kinds of requests that met the plan's limit share a pause, which doubles with each failed attempt. Other kinds are still sent.
    """

    def __init__(self, clock: Clock, interval: Callable[[], float], changed: Callable[[], None]) -> None:
        """`interval` returns the shortest pause in seconds; `changed` is called when pauses begin or end."""
        self.may_begin = True
        """Whether the account is set up, or being set up. Answers that arrive after it was unloaded cause no pause."""
        self._clock = clock
        self._interval = interval
        self._changed = changed
        self._pause = _Pause()
        self._commands_until = 0.0
        self._backoffs = {Kind.AGENTS: _Backoff(2, _HOUR), Kind.INVITATIONS: _Backoff(0, _DAY)}

    @property
    def is_limited(self) -> bool:
        """Whether the plan is used up, as far as is known."""
        return self._pause.limited

    @property
    def is_active(self) -> bool:
        """Whether some requests wait for the plan's limit or a server in trouble."""
        return self._is_ahead(self._pause.until)

    @property
    def next_end(self) -> float | None:
        """When the next pause is over (seconds of `Clock.elapsed`); None if there is no pause."""
        ends = [self._pause.until, *(backoff.until for backoff in self._backoffs.values())]
        return min((end for end in ends if end), default=None)

    def wait_reason(self, kind: Kind, *, by_user: bool = False) -> GetscreenError | None:
        """Return why a request has to wait; None if it does not have to. `by_user`: a user or an automation causes it."""
        pause = self._pause
        requests = {(kind, False), (kind, by_user)} & pause.requests
        until = min(pause.until, self._commands_until) if kind is Kind.COMMANDS else pause.until
        if requests and self._is_ahead(until):
            return RequestLimitError("paused") if pause.limited else GetscreenConnectionError("paused")
        backoff = None if by_user else self._backoffs.get(kind)
        return AccessDeniedError("paused") if backoff and self._is_ahead(backoff.until) else None

    def seconds_left(self, kind: Kind) -> float | None:
        """Return the seconds until a kind of poll may be sent again; None if it does not have to wait."""
        ends = [self._pause.until] if (kind, False) in self._pause.requests else []
        if backoff := self._backoffs.get(kind):
            ends.append(backoff.until)
        end = max(ends, default=0.0)
        return end - self._clock.elapsed() if self._is_ahead(end) else None

    def begin(self, kind: Kind, error: GetscreenError, *, by_user: bool, allowed_in: float | None = None) -> None:
        """Begin a pause if an error requires one. `allowed_in`: seconds until the plan allows requests again, None if that is unknown."""
        is_limit = isinstance(error, RequestLimitError)
        requested_wait = error.retry_after if isinstance(error, RequestLimitError | GetscreenConnectionError) else None
        if not self.may_begin or not (is_limit or requested_wait is not None):
            return
        retry_after = None if requested_wait is None else max(requested_wait, self._interval())
        self._pause.requests.add((kind, by_user))
        if kind is Kind.COMMANDS:
            self._commands_until = self._clock.elapsed() + _LONGEST_OF_COMMANDS
        if is_limit and not (self.is_active and self._pause.limited):
            self._lengthen(retry_after, allowed_in)
        elif retry_after is not None and (not self.is_active or retry_after > self._remaining):
            self._begin(retry_after)

    def _lengthen(self, retry_after: float | None, allowed_in: float | None) -> None:
        """Begin the next pause for a plan that is used up: as long as the server asks, or twice as long as the last one."""
        pause, now = self._pause, self._clock.elapsed()
        if not pause.limited:
            pause.limited, pause.since = True, now
        longest = _LONGEST_PAUSE if now - pause.since < _DAY else _LONGEST_AFTER_A_DAY
        pause.seconds = min(2 * max(pause.seconds, self._interval()), longest)
        seconds = self._until_midnight(pause.seconds) if allowed_in is None else min(pause.seconds, max(allowed_in, self._interval()))
        self._begin(seconds if retry_after is None else retry_after)

    def _until_midnight(self, seconds: float) -> float:
        """Return the seconds of a pause. A long one is cut to end just after midnight (UTC), because a month of the plan may begin then."""
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

    def release(self, kind: Kind, *, by_user: bool) -> None:
        """Note that a kind of request works again. Requests of users never cause a pause of polls, so they do not end one either."""
        self._pause.requests.discard((kind, by_user))
        if not self._pause.requests:
            self.end_shared()

    def end_expired(self, until: float) -> None:
        """End the pauses that are over at `until`. Requests of users are removed from them, because these may never be sent again."""
        pause = self._pause
        for backoff in self._backoffs.values():
            if backoff.until <= until:
                backoff.until = 0.0
        if pause.until <= until:
            pause.until = 0.0
            pause.requests = {requests for requests in pause.requests if not requests[1]}
            if not pause.requests:
                self.end_shared()
        self._changed()

    def end_for(self, kind: Kind) -> None:
        """End the pauses of a kind of poll that is due by its own timer, which may fire before the timer for the end of pauses."""
        if (kind, False) in self._pause.requests:
            self._pause.until = 0.0
        if backoff := self._backoffs.get(kind):
            backoff.until = 0.0

    def end_shared(self) -> None:
        """End the pause for the plan's limit or a server in trouble."""
        if self._pause.requests or self._pause.limited:
            self._pause = _Pause()
            self._changed()

    def end_all(self) -> None:
        """End all pauses, because a user who reloads the account wants to try again now."""
        self.end_shared()
        for backoff in self._backoffs.values():
            backoff.until = 0.0

    # Refusals

    def refusals(self, kind: Kind) -> int:
        """Return how often in a row a kind of poll was refused."""
        return self._backoffs[kind].count

    def count_refusal(self, kind: Kind) -> None:
        """Count a refusal of a poll, and pause if there were several."""
        backoff = self._backoffs[kind]
        backoff.count += 1
        if backoff.count > backoff.tolerated and self.may_begin:
            # The exponent is bounded, because after a thousand refusals the number would be too large for a float.
            seconds = min(self._interval() * 2.0 ** min(backoff.count - backoff.tolerated, 20), max(backoff.longest, self._interval()))
            backoff.until = self._clock.elapsed() + seconds
            self._changed()

    def reset_refusals(self, kind: Kind) -> None:
        """Reset the refusals of a kind of poll, because a request was accepted or the key was replaced."""
        self._backoffs[kind].count, self._backoffs[kind].until = 0, 0.0

    # Storage

    def saved(self) -> dict[str, Any]:
        """Return the pause in the form in which it is stored; its end in Unix seconds."""
        pause = self._pause
        return {
            "met": sorted(f"{kind} asked" if by_user else str(kind) for kind, by_user in pause.requests.copy()),
            "limited": pause.limited,
            "seconds": pause.seconds,
            "until": self._clock.time() + self._remaining if self.is_active else 0.0,
        }

    def restore(self, saved: object) -> None:
        """Continue a pause of an earlier run of Home Assistant. Data that does not have the form of `saved` is ignored."""
        names = {f"{kind} asked" if by_user else str(kind): (kind, by_user) for kind in Kind for by_user in (False, True)}
        match saved:
            case {"met": list(requests), "limited": bool(limited), "seconds": float(seconds), "until": float(until)} if (
                # Only a request of a known kind can end the pause and its repair issue.
                known := {names[name] for name in requests if isinstance(name, str) and name in names}
            ):
                pause = self._pause = _Pause(known, limited, min(max(0.0, seconds), _LONGEST_AFTER_A_DAY), since=self._clock.elapsed())
                # The system clock may have been set back since then.
                remaining = min(until - self._clock.time(), _LONGEST_WAIT if limited else _LONGEST_PAUSE)
                if remaining > TOLERANCE:
                    pause.until = self._clock.elapsed() + remaining
                self._changed()
