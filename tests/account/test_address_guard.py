"""Allowed addresses of requests for previews and recordings."""

import aiohttp
from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import pytest

from simulator import Simulator

from ..internet import API, Internet
from .conftest import Open
from .downloads import fetched

PUBLIC = "93.184.216.2"


async def test_public_addresses(net: Internet, open_session: Open) -> None:
    """Public addresses are allowed, by name and literally, but over https only."""
    session = open_session(API)
    assert await fetched(session, "https://elsewhere.example/1.png")
    assert await fetched(session, f"https://{PUBLIC}/1.png")
    net.reached.clear()
    assert not await fetched(session, "http://elsewhere.example/1.png")
    assert net.reached == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104 - not to listen there
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "198.18.0.1",
        "224.0.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:192.168.1.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::c0a8:101",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff0e::1",
    ],
)
async def test_addresses_that_are_not_public(net: Internet, open_session: Open, address: str) -> None:
    """Such addresses are rejected literally, behind a name and behind a redirect, and no request reaches them."""
    session = open_session(API)
    literal = f"[{address}]" if ":" in address else address
    assert not await fetched(session, f"https://{literal}/1.png")
    net.names["home.example"] = [[address]]
    assert not await fetched(session, "https://home.example/1.png")

    async def redirect(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"https://{literal}/1.png"})

    net.handler = redirect
    assert not await fetched(session, "https://elsewhere.example/1.png")
    assert net.reached == [f"{PUBLIC}:443"]


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f000001", "localhost", "localhost."])
async def test_other_ways_to_write_this_machine(net: Internet, open_session: Open, host: str) -> None:
    net.names |= {"localhost": [["127.0.0.1"]], "localhost.": [["127.0.0.1"]]}
    assert not await fetched(open_session(API), f"https://{host}/1.png")
    assert net.reached == []


async def test_a_redirect_without_encryption(net: Internet, open_session: Open) -> None:
    async def redirect(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://elsewhere.example/hello"})

    net.handler = redirect
    assert not await fetched(open_session(API), "https://elsewhere.example/1.png")
    assert net.reached == [f"{PUBLIC}:443"]


async def test_a_name_that_resolves_differently(hass: HomeAssistant, net: Internet, open_session: Open) -> None:
    """The address that the connection is made to counts, not the one that the name had before."""
    net.names["home.example"] = [[PUBLIC], ["127.0.0.1"]]
    session = open_session(API)
    assert await fetched(session, "https://home.example/1.png")
    connector = async_get_clientsession(hass).connector
    assert isinstance(connector, aiohttp.TCPConnector)
    connector.clear_dns_cache()
    net.reached.clear()
    # Another session, since the first one would reuse its connection to the public address.
    assert not await fetched(open_session(API), "https://home.example/2.png")
    assert net.reached == []


async def test_a_name_with_several_addresses(net: Internet, open_session: Open) -> None:
    """Addresses that are not public are skipped."""
    net.names["home.example"] = [["127.0.0.1", "fd12:3456::1", PUBLIC]]
    assert await fetched(open_session(API), "https://home.example/1.png")
    assert net.reached == [f"{PUBLIC}:443"]


@pytest.mark.parametrize(
    ("api", "allowed", "refused"),
    [
        ("192.168.1.5", ["10.0.0.7", "100.64.0.1", "fd12::1", PUBLIC], ["127.0.0.1", "::1", "169.254.169.254"]),
        ("100.100.1.1", ["192.168.1.1"], ["127.0.0.1", "0.0.0.0"]),  # noqa: S104 - not to listen there
        ("fd12:3456::1", ["fd12:3456::2", "192.168.1.1"], ["::1", "fe80::1"]),
        ("127.0.0.1", ["127.0.0.1", "192.168.1.1", PUBLIC], ["169.254.169.254"]),
        ("169.254.7.7", ["169.254.7.8"], ["127.0.0.1", "192.168.1.1"]),
        (PUBLIC, [PUBLIC], ["127.0.0.1", "192.168.1.1"]),
    ],
)
@pytest.mark.parametrize("by_name", [False, True])
async def test_an_api_in_the_home_network(
    net: Internet, open_session: Open, api: str, allowed: list[str], refused: list[str], by_name: bool
) -> None:
    """The API may link to other addresses there. Only an API on this machine may link to this machine."""
    net.names["home.example"] = [[api]]
    session = open_session(f"https://{'home.example' if by_name else f'[{api}]' if ':' in api else api}/v1")
    for address in allowed + refused:
        literal = f"[{address}]" if ":" in address else address
        await fetched(session, f"https://{literal}/1.png")
        assert (f"{address}:443" in net.reached) is (address in allowed), address


async def test_an_api_that_has_no_address(net: Internet, open_session: Open) -> None:
    """Without an address, it is unknown in which network the API is, so nothing is downloaded."""
    assert not await fetched(open_session("https://gone.example/v1"), "https://elsewhere.example/1.png")


async def test_an_api_without_encryption(net: Internet, open_session: Open, simulator: Simulator) -> None:
    """The API is on this machine, so previews and recordings may do without encryption, too."""
    async with open_session(simulator.url).get(f"{simulator.root}/nothing") as response:
        assert response.status == 404
