"""What can go wrong with a request, one class per thing that a caller can do about it."""


class GetscreenError(Exception):
    """Any failure of the client; each one raised is of a class below."""


class GetscreenConnectionError(GetscreenError):
    """The server was not reached, or is in trouble (timeouts, HTTP 408, 429 and 5xx): try again later.

    `retry_after` is the number of seconds that the server asks to wait, at most a day, or None.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Keep how long to wait."""
        super().__init__(message)
        self.retry_after = retry_after


class RequestLimitError(GetscreenError):
    """The plan's request limit is used up (HTTP 402): wait, `retry_after` seconds (at most a day) where the server says so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Keep how long to wait."""
        super().__init__(message)
        self.retry_after = retry_after


class AccessDeniedError(GetscreenError):
    """The key is refused, or the object is not this account's (HTTP 403)."""


class InvalidResponseError(GetscreenError):
    """The answer is not one of this API (HTTP 404 or a redirect, no JSON, another shape, too large): check the URL."""


class RequestRefusedError(GetscreenError):
    """The server refused the parameters (HTTP 400), or they could not even be sent; `reason` is the server's own text, or None."""

    def __init__(self, message: str, reason: str | None) -> None:
        """Keep the server's text."""
        super().__init__(message)
        self.reason = reason


class CommandFailedError(GetscreenError):
    """A command was accepted but not carried out: `status` is the server's number, whose meaning is not published."""

    def __init__(self, message: str, status: int) -> None:
        """Keep the number."""
        super().__init__(message)
        self.status = status
