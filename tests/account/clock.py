"""Two clocks that only a test moves."""

from datetime import UTC, datetime

from custom_components.getscreen.account.request_log import Clock

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


class FakeClock:
    """A clock that never jumps, and a Unix time that may be set; `true` is the time that it should be."""

    def __init__(self, now: datetime = datetime(2026, 11, 2, tzinfo=UTC)) -> None:
        self.now = self.true = now.timestamp()
        self.elapsed = 10 * DAY
        self.clock = Clock(time=lambda: self.now, elapsed=lambda: self.elapsed)

    def pass_time(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self.now += seconds
        self.true += seconds
        self.elapsed += seconds

    def restart(self, seconds: float) -> None:
        """Let time pass while the machine is off: the clock that never jumps begins again."""
        self.now += seconds
        self.true += seconds
        self.elapsed = 7.0

    @property
    def date(self) -> datetime:
        """The Unix time as a date."""
        return datetime.fromtimestamp(self.now, UTC)
