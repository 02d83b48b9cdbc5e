"""What decides when a Home Assistant sends which requests."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

type Clock = Callable[[], float]
"""Returns the simulated time in Unix seconds."""


class Method(StrEnum):
    """The API methods that matter here."""

    LIST = "agents/list"
    INVITATIONS = "support/list"
    HARDWARE = "agents/info"
    HISTORY = "history/list"
    WAKE = "agents/wake"


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the background, or one that a user `asked` for."""

    method: Method
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user set, and how many computers there are. Seconds, but for the hours between two readings of the hardware."""

    interval: float = 60
    daily_requests: int = 0
    hardware_hours: float = 24
    computers: int = 25


class Policy(Protocol):
    """When one Home Assistant sends requests. It starts when it is made."""

    def due(self) -> tuple[float, Request]:
        """Return when the next request of the background is due, and which it is."""

    def admits(self, request: Request) -> bool:
        """Return whether a request that a user asked for is sent now."""

    def answered(self, request: Request, *, accepted: bool) -> None:
        """Note the answer to a request; one that was not accepted met the limit of the plan."""

    def watch(self) -> Callable[[], None]:
        """Note that somebody watches a dashboard; return what ends that."""

    def woke(self) -> None:
        """Note that a computer was woken and is about to come online."""

    def arrived(self) -> None:
        """Note that a poll showed all woken computers online."""

    def explain(self) -> str:
        """Return what the policy knows and plans, for the trace of a run."""


type Make = Callable[[Clock, Settings], Policy]
