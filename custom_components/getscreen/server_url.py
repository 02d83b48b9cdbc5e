"""Checks and completes the address of a server that a user has typed."""

import ipaddress
import re

from yarl import URL

_NO_SPACES = re.compile(r"[^\s\x00-\x1f\x7f]+")
_VERSION = re.compile(r"[^/]/v[0-9]+$", re.IGNORECASE)
# An IPv6 address, or labels with dots between them.
_HOST = re.compile(r"[0-9a-f:]+|[\w-]*\w[\w-]*(\.[\w-]*\w[\w-]*)*\.?", re.IGNORECASE)


def server_url(typed: str) -> str | None:
    """Return the address of a server as it is stored, without slashes at its end; None if it is invalid.

    The address must begin with https, except on this machine. It has neither a user nor a query.
    """
    text = typed.strip().rstrip("/")
    try:
        url = URL(text)
        port = url.port
    except ValueError:
        return None
    if not _NO_SPACES.fullmatch(text) or not url.host or not _HOST.fullmatch(url.host) or not port:
        return None
    if url.user or url.password or url.query_string or url.fragment:
        return None
    if url.scheme == "https" or (url.scheme == "http" and _is_loopback(url.host)):
        return str(url)
    return None


def with_version(url: str) -> str | None:
    """Return the address of a server with the version of the API at its end; None if there is a version already."""
    return None if _VERSION.search(url) else f"{url}/v1"


def website(server: str) -> str | None:
    """Return where people sign in to the service that has its API at `server`; None if that is no valid address."""
    if (address := server_url(server)) is None:
        return None
    url = URL(address).origin()
    host = url.host or ""
    return str(url.with_host(host.removeprefix("api.")) if host.startswith("api.") else url)


def _is_loopback(host: str) -> bool:
    """Return whether a host is certainly this machine. A name server decides about other names below `localhost`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
