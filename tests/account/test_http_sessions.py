"""What our requests carry, and where those for previews and recordings may lead."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
from aiohttp import web
from homeassistant.const import CONF_API_KEY, CONF_URL, EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.http_sessions import async_api_session, async_media_session
from custom_components.getscreen.const import DOMAIN
from simulator import Simulator

from ..conftest import SetUp
from ..internet import API, Internet, internet_of

PUBLIC = "93.184.216.2"


async def hello(_request: web.Request) -> web.Response:
    """Answer with a cookie for the whole parent domain."""
    return web.Response(text="hello", headers={"Set-Cookie": "session=attacker; Domain=example; Path=/"})


@pytest.fixture
async def net(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Internet]:
    """Put Home Assistant into an Internet of its own."""
    async with internet_of(hello, simulator.port, monkeypatch, tmp_path) as net:
        yield net


type Open = Callable[[str], aiohttp.ClientSession]


@pytest.fixture
def open_session(hass: HomeAssistant) -> Open:
    """Return what opens a session for media of an account with the API at some address."""

    def open_session(api: str) -> aiohttp.ClientSession:
        entry = MockConfigEntry(domain=DOMAIN, data={CONF_API_KEY: "a-key", CONF_URL: api})
        entry.add_to_hass(hass)
        return async_media_session(hass, entry, 2)

    return open_session


async def fetched(session: aiohttp.ClientSession, url: str) -> bool:
    """Return whether there is something behind an address."""
    try:
        async with session.get(url) as response:
            return await response.text() == "hello"
    except aiohttp.ClientError, OSError, ValueError:
        return False


async def test_public_addresses(net: Internet, open_session: Open) -> None:
    """By name and literally, but over https only."""
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
    """Neither literally, nor behind a name, nor behind a redirect; nothing is ever sent there."""
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


async def test_a_name_whose_answer_changes(hass: HomeAssistant, net: Internet, open_session: Open) -> None:
    """What counts is the address that the connection is made to, however good the one before was."""
    net.names["home.example"] = [[PUBLIC], ["127.0.0.1"]]
    session = open_session(API)
    assert await fetched(session, "https://home.example/1.png")
    connector = async_get_clientsession(hass).connector
    assert isinstance(connector, aiohttp.TCPConnector)
    connector.clear_dns_cache()
    net.reached.clear()
    # A connection of its own: the first one is good, as it goes where it went.
    assert not await fetched(open_session(API), "https://home.example/2.png")
    assert net.reached == []


async def test_a_name_with_several_addresses(net: Internet, open_session: Open) -> None:
    """Those that are not public are passed over."""
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
    """What it links to may be there as well. This machine is open only to an API on this machine."""
    net.names["home.example"] = [[api]]
    session = open_session(f"https://{'home.example' if by_name else f'[{api}]' if ':' in api else api}/v1")
    for address in allowed + refused:
        literal = f"[{address}]" if ":" in address else address
        await fetched(session, f"https://{literal}/1.png")
        assert (f"{address}:443" in net.reached) is (address in allowed), address


async def test_an_api_that_has_no_address(net: Internet, open_session: Open) -> None:
    """Nothing is known of where it is, so nothing is fetched for it."""
    assert not await fetched(open_session("https://gone.example/v1"), "https://elsewhere.example/1.png")


async def test_an_api_without_encryption(net: Internet, open_session: Open, simulator: Simulator) -> None:
    """It is on this machine, and so may be previews and recordings without it."""
    async with open_session(simulator.url).get(f"{simulator.root}/nothing") as response:
        assert response.status == 404


async def test_cookies(hass: HomeAssistant, net: Internet, open_session: Open) -> None:
    """None is stored or sent by any of our sessions, nor does one come to Home Assistant's own."""
    api, media, shared = async_api_session(hass), open_session(API), async_get_clientsession(hass)
    for session in (api, media, api, media, shared):
        assert await fetched(session, "https://elsewhere.example/")
    assert all("Cookie" not in request.headers for request in net.requests)
    # The test's server does set one: Home Assistant's own session now has it.
    assert await fetched(shared, "https://elsewhere.example/")
    assert net.requests[-1].headers["Cookie"] == "session=attacker"
    assert api is async_api_session(hass)
    assert "Home" in net.requests[0].headers["User-Agent"] == net.requests[1].headers["User-Agent"]


async def test_a_session_ends_with_its_account(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    sessions = entry.runtime_data.previews, entry.runtime_data.recordings
    assert not any(session.closed for session in sessions)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert all(session.closed for session in sessions)
    assert not async_api_session(hass).closed


async def test_a_session_ends_with_home_assistant(hass: HomeAssistant, net: Internet, open_session: Open) -> None:
    session = open_session(API)
    assert await fetched(session, "https://elsewhere.example/")
    hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    await hass.async_block_till_done()
    assert session.closed
