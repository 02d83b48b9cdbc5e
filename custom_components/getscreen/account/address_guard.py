"""Guards the home network against addresses that the server names."""

from enum import StrEnum
import errno
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
import socket
from typing import Any, override

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from homeassistant.helpers.aiohttp_client import HomeAssistantTCPConnector
from yarl import URL

# Networks without IPv4 reach IPv4 addresses under this prefix.
_NAT64 = IPv6Network("64:ff9b::/96")


class _Network(StrEnum):
    """Where an IP address leads."""

    PUBLIC = "public"
    PRIVATE = "private"
    LINK_LOCAL = "link-local"
    THIS_MACHINE = "this machine"


class AddressGuard(AbstractResolver):
    """Decides which addresses a session for media may connect to."""

    def __init__(self, connector: HomeAssistantTCPConnector, api: URL) -> None:
        self._connector = connector
        self._api = api
        self._allowed = frozenset({_Network.PUBLIC})

    async def check(self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        """Send a request, including those after redirects.

        Raises ClientConnectionError if it is not encrypted although the API is, OSError if the name of the API's server is unknown.
        """
        if request.url.scheme != "https" and self._api.scheme == "https":
            raise aiohttp.ClientConnectionError("the connection is not encrypted")
        networks = {_network_of(found["host"]) for found in await self._connector.async_resolve_host(str(self._api.host))}
        if _Network.THIS_MACHINE in networks:
            # The machine has an address in the home network as well.
            networks.add(_Network.PRIVATE)
        self._allowed = frozenset({_Network.PUBLIC, *networks})
        return await handler(request)

    def create_socket(self, address: tuple[Any, ...]) -> socket.socket:
        """Return a socket for an address as `getaddrinfo` returns it. Raises PermissionError if the address is not allowed.

        This is the last step before the connection, so it sees literal addresses and each address that a name resolves to.
        """
        family, kind, protocol, _, (host, *_) = address
        if (where := _network_of(host)) not in self._allowed:
            raise PermissionError(errno.EACCES, f"{where} addresses are not allowed")
        return socket.socket(family, kind, protocol)

    @override
    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """Return the addresses of a name, by Home Assistant's resolver, which also resolves names of the home network. Raises OSError."""
        return [{**found, "port": port} for found in await self._connector.async_resolve_host(host)]

    @override
    async def close(self) -> None:
        """Do nothing, because the resolver belongs to Home Assistant."""


def _network_of(host: str) -> _Network:
    """Return where an IP address leads. Raises ValueError if it is not written in the usual form."""
    address = ip_address(host)
    if isinstance(address, IPv6Address):
        address = _embedded(address) or address
    if address.is_loopback or address.is_unspecified:
        return _Network.THIS_MACHINE
    if address.is_link_local:
        return _Network.LINK_LOCAL
    special = address.is_multicast or address.is_reserved or (isinstance(address, IPv6Address) and address.is_site_local)
    return _Network.PUBLIC if address.is_global and not special else _Network.PRIVATE


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address contains; None if it contains none."""
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour
