"""The interface of a policy, which decides when a Home Assistant sends which requests."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

type Clock = Callable[[], float]
"""A function that returns the simulated time in Unix seconds."""


class Method(StrEnum):
    """The API methods in the simulation."""

    LIST = "agents/list"
    INVITATIONS = "support/list"
    HARDWARE = "agents/info"
    HISTORY = "history/list"
    WAKE = "agents/wake"


@dataclass(frozen=True, slots=True)
class Request:
    """A request in the background, or one of a user (`asked`)."""

    method: Method
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of the user, and the number of computers. `interval`: seconds between polls; `daily_requests`: 0 if not set."""

    interval: float = 60
    daily_requests: int = 0
    hardware_hours: float = 24
    computers: int = 25


class Policy(Protocol):
    """Decides when one Home Assistant sends requests. It starts when it is created."""

    def due(self) -> tuple[float, Request]:
        """Return when the next request in the background is due, and the request."""

    def admits(self, request: Request) -> bool:
        """Return whether to send a request of a user now."""

    def answered(self, request: Request, *, accepted: bool) -> None:
        """Process the answer to a request; `accepted` is False if the plan refused it."""

    def watch(self) -> Callable[[], None]:
        """Note that a user opens a dashboard; return a function to call when it is closed."""

    def woke(self) -> None:
        """Note that a computer was woken and will come online."""

    def arrived(self) -> None:
        """Note that a poll showed all woken computers online."""

    def explain(self) -> str:
        """Return the state of the policy as a text, for the trace of a run."""


type Make = Callable[[Clock, Settings], Policy]
