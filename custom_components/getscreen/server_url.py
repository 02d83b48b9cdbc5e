"""Checks and completes the address of a server that a user has typed."""

import ipaddress
import re
from typing import Any

from yarl import URL

_NO_SPACES = re.compile(r"[^\s\x00-\x1f\x7f]+")
_VERSION = re.compile(r"[^/]/v[0-9]+$", re.IGNORECASE)
_PATH_VERSION = re.compile(r"/v[0-9]+$", re.IGNORECASE)
# An IPv6 address, or labels with dots between them.
_HOST = re.compile(r"[0-9a-f:]+|[\w-]*\w[\w-]*(\.[\w-]*\w[\w-]*)*\.?", re.IGNORECASE)


def server_url(typed: str) -> str | None:
    """Return the address of a server as it is stored, without slashes at its end; None if it is invalid.

    It must use https, unless the server is on this machine, and contain no user, password, query or fragment.
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
    """Return the address of a server with `/v1` appended; None if it ends with a version already."""
    return None if _VERSION.search(url) else f"{url}/v1"


def website(server: str) -> str | None:
    """Return the website on which users sign in to the service whose API is at `server`; None if that is not a valid address."""
    if (address := server_url(server)) is None:
        return None
    url = URL(address).origin()
    host = url.host or ""
    return str(url.with_host(host.removeprefix("api.")) if host.startswith("api.") else url)


def is_same_server(one: Any, other: Any) -> bool:
    """Return whether two addresses lead to the same server; False if one of them is damaged."""
    identity = server_identity(one)
    return identity is not None and identity == server_identity(other)


def server_identity(url: Any) -> tuple[str, int | None, str] | None:
    """Return the host, the port and the path of a server; None if the URL is damaged, for example by an edited file.

    The case of the host, `www.`, a dot at the end of the host, an explicit default port and the version make no difference.
    """
    try:
        parsed = URL(url)
        host, port, path = parsed.host, parsed.port, parsed.path
    except TypeError, ValueError:
        return None
    if not host:
        return None
    return host.lower().removeprefix("www.").removesuffix("."), port, _PATH_VERSION.sub("", path.rstrip("/"))


def _is_loopback(host: str) -> bool:
    """Return whether a host is certainly this machine. Names below `localhost` are not: a DNS server may resolve them to another one."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
