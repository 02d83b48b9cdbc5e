"""The errors of a request: one class for each way in which a caller can react."""

from enum import StrEnum


class ConnectionCause(StrEnum):
    """Why no answer of the API arrived."""

    NAME = "name"
    """The server's name is unknown."""
    CERTIFICATE = "certificate"
    """The server's certificate is not trusted."""
    REFUSED = "refused"
    """Nothing listens at the server's address."""
    TIMEOUT = "timeout"
    """The server did not answer in time."""
    BLOCKED = "blocked"
    """A proxy, a firewall or a captive portal answered instead of the server."""
    SERVER = "server"
    """The server failed or was too busy (HTTP 408, 429 and 5xx)."""
    OTHER = "other"
    """Anything else, such as a lost connection."""


class ResponseFault(StrEnum):
    """Why an answer does not fit the API."""

    CODE = "code"
    """Its HTTP code is not one of the API, as for an unknown URL or a redirect. The error's message is the method and the code."""
    JSON = "json"
    """It is not JSON."""
    SHAPE = "shape"
    """It is JSON of another shape. Also used if the URL is invalid, so that there is no answer."""
    SIZE = "size"
    """It is too large."""


class GetscreenError(Exception):
    """Base class of the client's errors; only its subclasses are raised. No message contains a secret."""


class GetscreenConnectionError(GetscreenError):
    """The server was not reached, or failed: try again later.

    `cause`: why. `retry_after`: seconds that the server asks to wait, at most an hour; None if it does not say.
    """

    def __init__(self, message: str, retry_after: float | None = None, cause: ConnectionCause = ConnectionCause.OTHER) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.cause = cause


class AccessBlockedError(GetscreenConnectionError):
    """Access was denied (HTTP 401 or 403) without JSON: a proxy or firewall answered, so the key may be valid."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after, ConnectionCause.BLOCKED)


class RequestLimitError(GetscreenError):
    """The request limit of the plan is used up (HTTP 402): try again later.

    `retry_after`: seconds that the server asks to wait, at most a day; None if it does not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class AccessDeniedError(GetscreenError):
    """The API rejects the key, or the object belongs to another account (HTTP 401 or 403 with JSON)."""


class InvalidResponseError(GetscreenError):
    """The answer does not fit this API (`fault` says why): check the URL."""

    def __init__(self, message: str, fault: ResponseFault = ResponseFault.SHAPE) -> None:
        super().__init__(message)
        self.fault = fault


class RequestRefusedError(GetscreenError):
    """The server refused the request (HTTP 400, or an error in an answer with code 200), or the request cannot be sent.

    `reason`: the server's own text (one line, at most 300 characters, without the key); None if it gave none.
    """

    def __init__(self, message: str, reason: str | None) -> None:
        super().__init__(message)
        self.reason = reason


class CommandFailedError(GetscreenError):
    """A command was accepted but not carried out. `status`: the server's number; its meaning is not published."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
