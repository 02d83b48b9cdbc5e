"""What can go wrong with a request, one class per thing that a caller can do about it."""

from enum import StrEnum


class ConnectionCause(StrEnum):
    """Why no answer of the API came."""

    NAME = "name"
    """The server's name is unknown."""
    CERTIFICATE = "certificate"
    """The server's certificate is not trusted."""
    REFUSED = "refused"
    """Nothing listens at the server's address."""
    TIMEOUT = "timeout"
    """The server did not answer in time."""
    BLOCKED = "blocked"
    """A proxy, a firewall or a captive portal answered in the server's place."""
    SERVER = "server"
    """The server is in trouble (HTTP 408, 429 and 5xx)."""
    OTHER = "other"


class GetscreenError(Exception):
    """Any failure of the client; each one raised is of a class below."""


class GetscreenConnectionError(GetscreenError):
    """The server was not reached, or is in trouble: try again later.

    `retry_after` is the number of seconds that the server asks to wait, at most an hour, or None.
    """

    def __init__(self, message: str, retry_after: float | None = None, cause: ConnectionCause = ConnectionCause.OTHER) -> None:
        """Describe it; the message holds no secret."""
        super().__init__(message)
        self.retry_after = retry_after
        self.cause = cause


class AccessBlockedError(GetscreenConnectionError):
    """Access was denied (HTTP 401 or 403) without JSON: something between here and the API answered, which proves nothing about the key."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Describe it; the message holds no secret."""
        super().__init__(message, retry_after, ConnectionCause.BLOCKED)


class RequestLimitError(GetscreenError):
    """The plan's request limit is used up (HTTP 402): wait, `retry_after` seconds (at most a day) where the server says so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Describe it; the message holds no secret."""
        super().__init__(message)
        self.retry_after = retry_after


class AccessDeniedError(GetscreenError):
    """The API itself refuses the key, or the object is not this account's (HTTP 401 or 403 with JSON)."""


class InvalidResponseError(GetscreenError):
    """The answer is not one of this API (HTTP 404 or a redirect, no JSON, another shape, too large): check the URL."""


class RequestRefusedError(GetscreenError):
    """The server refused the request (HTTP 400, or an error in an answer with code 200), or the request could not even be sent.

    `reason` is the server's own text, or None.
    """

    def __init__(self, message: str, reason: str | None) -> None:
        """Describe it; neither text holds the key."""
        super().__init__(message)
        self.reason = reason


class CommandFailedError(GetscreenError):
    """A command was accepted but not carried out: `status` is the server's number, whose meaning is not published."""

    def __init__(self, message: str, status: int) -> None:
        """Describe it; the message holds no secret."""
        super().__init__(message)
        self.status = status
