"""What a computer's desktop looks like, when it is fetched anew, and what is refused."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import socket
import ssl
from typing import Any

from aiohttp import ClientTimeout, web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import httpx_client
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen import image
from simulator import Account, Agent, Fault, Simulator
from simulator.pictures import desktop_png

from .conftest import SetUp
from .helpers import entity_id_of, pass_time, state_of, until
from .internet import API, Internet, internet_of

PNG = b"\x89PNG\r\n\x1a\n..."


@pytest.fixture
async def elsewhere() -> AsyncIterator[TestServer]:
    """Serve pictures of all kinds under names of their own, all of them as web pages."""
    pictures = {
        "png": PNG,
        "jpeg": b"\xff\xd8\xff\xe0...",
        "gif": b"GIF89a...",
        "webp": b"RIFF....WEBPVP8 ",
        "wave": b"RIFF....WAVEfmt ",
        "html": b"<!DOCTYPE html><script>alert(1)</script>",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        "empty": b"",
    }

    async def picture(request: web.Request) -> web.Response:
        return web.Response(body=pictures[request.match_info["kind"]], content_type="text/html")

    async def redirect(request: web.Request) -> web.Response:
        left = int(request.match_info["left"])
        return web.Response(status=302, headers={"Location": f"/redirect/{left - 1}" if left > 1 else "/png"})

    async def out_of_the_web(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "ftp://127.0.0.1/png"})

    app = web.Application()
    app.router.add_get("/redirect/out", out_of_the_web)
    app.router.add_get("/redirect/{left:[0-9]}", redirect)
    app.router.add_get("/{kind}", picture)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server(access_log=None)
    yield server
    await server.close()


def expected(agent: Agent) -> bytes:
    """Return the picture that the simulator shows right now."""
    return desktop_png(agent.id, agent.name, agent.os, agent.preview_time)


class Viewer:
    """Somebody who looks at the preview of the first computer."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, client: Any) -> None:
        self.path = f"/api/image_proxy/{entity_id_of(hass, entry, 1, 'preview')}"
        self.client = client

    async def look(self, kind: str = "image/png") -> bytes | None:
        """Return the picture; None if there is none."""
        response = await self.client.get(self.path)
        if response.status == 500:
            return None
        assert response.status == 200
        assert response.content_type == kind
        return bytes(await response.read())


@pytest.fixture
def open_viewer(hass: HomeAssistant, set_up: SetUp, hass_client: ClientSessionGenerator) -> Callable[[], Any]:
    """Return what sets up the account and returns it with a viewer."""

    async def open_viewer() -> tuple[MockConfigEntry, Viewer]:
        entry = await set_up()
        return entry, Viewer(hass, entry, await hass_client())

    return open_viewer


async def test_a_picture_is_fetched_once(simulator: Simulator, open_viewer: Callable[[], Any]) -> None:
    _, viewer = await open_viewer()
    assert simulator.downloads == []
    picture = expected(simulator.account.agents[1])
    assert [await viewer.look(), await viewer.look()] == [picture, picture]
    assert len(simulator.downloads) == 1
    assert simulator.key_leaks == 0


@pytest.mark.parametrize("fault", [None, Fault.NOT_FOUND], ids=["a picture", "nothing"])
async def test_two_who_look_at_once(
    simulator: Simulator, open_viewer: Callable[[], Any], fault: Fault | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, viewer = await open_viewer()
    if fault:
        simulator.fail(fault, "preview")
    fetch, looking = image.AgentImage.async_image, 0

    async def count(entity: image.AgentImage) -> bytes | None:
        nonlocal looking
        looking += 1
        return await fetch(entity)

    monkeypatch.setattr(image.AgentImage, "async_image", count)
    with simulator.hold("preview"):
        looks = asyncio.gather(viewer.look(), viewer.look())
        await until(lambda: looking == 2 and simulator.downloads)
    assert await looks == [None if fault else expected(simulator.account.agents[1])] * 2
    assert len(simulator.downloads) == 1


async def test_a_new_address(hass: HomeAssistant, simulator: Simulator, open_viewer: Callable[[], Any]) -> None:
    entry, viewer = await open_viewer()
    agent = simulator.account.agents[1]
    before, state = await viewer.look(), state_of(hass, entry, 1, "preview").state
    agent.take_preview(agent.preview_time + 60)
    await pass_time(hass)
    assert await viewer.look() == expected(agent) != before
    assert state_of(hass, entry, 1, "preview").state > state
    assert len(simulator.downloads) == 2


def comes_online(account: Account) -> None:
    """Bring the first computer online."""
    account.agents[1].online = True


def starts_session(account: Account) -> None:
    """Connect to the first computer, with the preview left as it is."""
    preview = account.agents[1].preview_time
    account.start_session(1)
    account.agents[1].preview_time = preview


def ends_session(account: Account) -> None:
    """End the session, with the preview left as it is."""
    preview = account.agents[1].preview_time
    account.end_session(1)
    account.agents[1].preview_time = preview


@pytest.mark.parametrize(
    ("online", "session", "happens"), [(False, False, comes_online), (True, False, starts_session), (True, True, ends_session)]
)
async def test_the_same_address_after_a_wake_or_session(
    hass: HomeAssistant,
    simulator: Simulator,
    open_viewer: Callable[[], Any],
    online: bool,
    session: bool,
    happens: Callable[[Account], None],
) -> None:
    account = simulator.account
    account.agents[1].online = online
    if session:
        starts_session(account)
    entry, viewer = await open_viewer()
    await viewer.look()
    state = state_of(hass, entry, 1, "preview").state
    happens(account)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "preview").state > state
    assert await viewer.look() == expected(account.agents[1])
    assert len(simulator.downloads) == 2


async def test_what_changes_no_desktop(hass: HomeAssistant, simulator: Simulator, open_viewer: Callable[[], Any]) -> None:
    """Another name, going offline, or an outage of the server: the picture stays what it is."""
    entry, viewer = await open_viewer()
    agent = simulator.account.agents[1]
    picture, state = await viewer.look(), state_of(hass, entry, 1, "preview").state
    agent.group, agent.online = "Another group", False
    await pass_time(hass)
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "preview").state == STATE_UNAVAILABLE
    simulator.heal()
    await pass_time(hass, 200)
    assert state_of(hass, entry, 1, "preview").state == state
    assert await viewer.look() == picture
    assert len(simulator.downloads) == 1


async def test_a_preview_that_changes_while_it_is_fetched(simulator: Simulator, open_viewer: Callable[[], Any]) -> None:
    entry, viewer = await open_viewer()
    agent = simulator.account.agents[1]
    with simulator.hold("preview"):
        looking = asyncio.create_task(viewer.look())
        await until(lambda: simulator.downloads)
        agent.take_preview(agent.preview_time + 60)
        await entry.runtime_data.agents.async_refresh()
    assert await looking == expected(agent)
    assert len(simulator.downloads) == 2


async def test_no_preview(hass: HomeAssistant, simulator: Simulator, open_viewer: Callable[[], Any]) -> None:
    """It comes, and it goes; a picture whose address is gone is not shown any more."""
    agent = simulator.account.agents[1]
    agent.preview_time, moment = 0, agent.preview_time
    entry, viewer = await open_viewer()
    assert state_of(hass, entry, 1, "preview").state == STATE_UNAVAILABLE
    assert await viewer.look() is None
    agent.preview_time = moment
    await pass_time(hass)
    assert state_of(hass, entry, 1, "preview").state != STATE_UNAVAILABLE
    assert await viewer.look() == expected(agent)
    agent.preview_time = 0
    await pass_time(hass)
    assert state_of(hass, entry, 1, "preview").state == STATE_UNAVAILABLE
    assert await viewer.look() is None
    assert len(simulator.downloads) == 1


async def test_a_preview_that_goes_while_it_is_fetched(simulator: Simulator, open_viewer: Callable[[], Any]) -> None:
    entry, viewer = await open_viewer()
    with simulator.hold("preview"):
        looking = asyncio.create_task(viewer.look())
        await until(lambda: simulator.downloads)
        simulator.account.agents[1].preview_time = 0
        await entry.runtime_data.agents.async_refresh()
    assert await looking is None


async def test_a_computer_that_leaves(hass: HomeAssistant, simulator: Simulator, open_viewer: Callable[[], Any]) -> None:
    _, viewer = await open_viewer()
    await viewer.look()
    simulator.account.remove_agent(1)
    await pass_time(hass)
    assert (await viewer.client.get(viewer.path)).status in (401, 404)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.NOT_FOUND,
        Fault.FORBIDDEN,
        Fault.SERVER_ERROR,
        Fault.HTML,
        Fault.EMPTY,
        Fault.CUT_JSON,
        Fault.CUT_CONNECTION,
        Fault.DROPPED,
        Fault.HUGE,
        Fault.HANG,
        Fault.REDIRECT,
    ],
)
async def test_a_picture_that_cannot_be_had(
    simulator: Simulator,
    open_viewer: Callable[[], Any],
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """There is none, the log does not say where it would have been, and the next one who looks tries again."""
    _, viewer = await open_viewer()
    simulator.fail(fault, "preview")
    with monkeypatch.context() as meanwhile:
        if fault is Fault.HANG:
            meanwhile.setattr(image, "_TIMEOUT", ClientTimeout(total=0.1))
        assert await viewer.look() is None
    assert "No preview for image." in caplog.text
    assert "/preview/" not in caplog.text
    simulator.heal()
    assert await viewer.look() == expected(simulator.account.agents[1])
    assert simulator.key_leaks == 0


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
async def test_kinds_of_pictures(simulator: Simulator, open_viewer: Callable[[], Any], elsewhere: TestServer, kind: str) -> None:
    """The first bytes tell, whatever the server says."""
    simulator.account.agents[1].extra = {"preview_url": str(elsewhere.make_url(f"/{kind}"))}
    _, viewer = await open_viewer()
    assert await viewer.look(f"image/{kind}")


@pytest.mark.parametrize("kind", ["wave", "html", "svg", "empty", "redirect/4", "redirect/out"])
async def test_what_is_no_picture(simulator: Simulator, open_viewer: Callable[[], Any], elsewhere: TestServer, kind: str) -> None:
    simulator.account.agents[1].extra = {"preview_url": str(elsewhere.make_url(f"/{kind}"))}
    _, viewer = await open_viewer()
    assert await viewer.look() is None


async def test_what_is_gone_is_unavailable(
    hass: HomeAssistant, simulator: Simulator, open_viewer: Callable[[], Any], elsewhere: TestServer
) -> None:
    """Until there is another picture."""
    agent = simulator.account.agents[1]
    agent.extra = {"preview_url": str(elsewhere.make_url("/html"))}
    entry, viewer = await open_viewer()
    assert await viewer.look() is None
    assert state_of(hass, entry, 1, "preview").state == STATE_UNAVAILABLE
    agent.extra = {}
    await pass_time(hass)
    assert state_of(hass, entry, 1, "preview").state != STATE_UNAVAILABLE
    assert await viewer.look()


async def test_what_was_gone_is_tried_again(hass: HomeAssistant, simulator: Simulator, open_viewer: Callable[[], Any]) -> None:
    """Within an hour, though neither the address nor the computer changes: it was the wrong answer of a moment."""
    entry, viewer = await open_viewer()
    simulator.fail(Fault.NOT_FOUND, "preview")
    assert await viewer.look() is None
    simulator.heal()
    assert state_of(hass, entry, 1, "preview").state == STATE_UNAVAILABLE
    for _ in range(12):
        await pass_time(hass, 301)
    assert state_of(hass, entry, 1, "preview").state != STATE_UNAVAILABLE
    assert await viewer.look() == expected(simulator.account.agents[1])


async def test_redirects(simulator: Simulator, open_viewer: Callable[[], Any], elsewhere: TestServer) -> None:
    simulator.account.agents[1].extra = {"preview_url": str(elsewhere.make_url("/redirect/3"))}
    _, viewer = await open_viewer()
    assert await viewer.look() == PNG


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/a.png", "http://[::1/a.png", "http://127.0.0.1:1/a.png"])
async def test_addresses_that_lead_nowhere(simulator: Simulator, open_viewer: Callable[[], Any], url: str) -> None:
    simulator.account.agents[1].extra = {"preview_url": url}
    _, viewer = await open_viewer()
    assert await viewer.look() is None


@pytest.fixture
async def net(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Internet]:
    """Put Home Assistant into an Internet of its own, in which there are pictures."""

    async def picture(_request: web.Request) -> web.Response:
        return web.Response(body=PNG, headers={"Set-Cookie": "session=attacker; Domain=example"})

    async with internet_of(picture, simulator.port, monkeypatch, tmp_path) as net:
        net.names["home.example"] = [["192.168.1.1"]]
        yield net


@pytest.fixture
def look_at(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, open_viewer: Callable[[], Any]
) -> Callable[[str], Awaitable[bytes | None]]:
    """Return what sets up the account with the public API, and returns the picture behind a link."""

    async def look_at(url: str) -> bytes | None:
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, data={**entry.data, "url": API})
        simulator.account.agents[1].extra = {"preview_url": url}
        _, viewer = await open_viewer()
        picture: bytes | None = await viewer.look()
        return picture

    return look_at


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.example/a.png",
        "https://127.0.0.1/a.png",
        "https://127.0.0.1:{port}/a.png",
        "https://[::1]/a.png",
        "https://192.168.1.1/a.png",
        "https://home.example/a.png",
    ],
)
@pytest.mark.parametrize("redirected", [False, True])
async def test_links_into_the_home_network(
    net: Internet, look_at: Callable[[str], Awaitable[bytes | None]], simulator: Simulator, url: str, redirected: bool
) -> None:
    """Nothing is fetched from there, nor from anywhere without encryption."""
    url = url.format(port=simulator.port)

    async def redirect(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": url})

    if redirected:
        net.handler = redirect
    assert await look_at("https://elsewhere.example/redirect" if redirected else url) is None
    assert len(net.requests) == redirected
    assert simulator.downloads == []
    assert {address.rpartition(":")[0] for address in net.reached} <= {"127.0.0.1", *net.ports}


async def test_cookies(hass: HomeAssistant, net: Internet, look_at: Callable[[str], Awaitable[bytes | None]]) -> None:
    """Those of a preview's server are not stored, so no request of ours or of others carries them."""
    assert await look_at("https://elsewhere.example/a.png") == PNG
    async with async_get_clientsession(hass).get("https://getscreen.me.elsewhere.example/") as response:
        assert response.status == 200
    assert all("Cookie" not in request.headers for request in net.requests)


async def test_links_that_are_signed_anew_in_every_answer(
    hass: HomeAssistant, simulator: Simulator, open_viewer: Callable[[], Any]
) -> None:
    """They make no new picture and no new state. Only the newest is any good, and it is the one that is used."""
    good, asked = 0, 0

    async def picture(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(body=PNG) if request.query.get("signature") == str(good) else web.Response(status=403)

    app = web.Application()
    app.router.add_get("/signed.png", picture)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server(access_log=None)
    agent = simulator.account.agents[1]

    def sign() -> None:
        nonlocal good
        good += 1
        agent.extra = {"preview_url": str(server.make_url(f"/signed.png?signature={good}"))}

    sign()
    entry, viewer = await open_viewer()
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    for _ in range(10):
        sign()
        await entry.runtime_data.agents.async_refresh()
    assert await viewer.look() == PNG
    for _ in range(10):
        sign()
        await entry.runtime_data.agents.async_refresh()
    assert await viewer.look() == PNG
    await hass.async_block_till_done()
    assert [change for change in changes if change.data["entity_id"] == entity_id_of(hass, entry, 1, "preview")] == []
    assert asked == 1
    account = simulator.account
    starts_session(account)
    sign()
    await entry.runtime_data.agents.async_refresh()
    sign()
    await entry.runtime_data.agents.async_refresh()
    assert await viewer.look() == PNG
    assert asked == 2
    await server.close()


async def test_how_long_an_address_is_good(
    hass: HomeAssistant, open_viewer: Callable[[], Any], hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Without a login, ten minutes after a use and at most two hours without one, at the price of a state an hour."""
    entry, _ = await open_viewer()
    stranger = await hass_client_no_auth()

    async def address_after(minutes: int) -> str:
        for _ in range(minutes // 5):
            await pass_time(hass, 301)
        return str(state_of(hass, entry, 1, "preview").attributes["entity_picture"])

    address = await address_after(30)
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    unused = await address_after(240)
    assert (await stranger.get(address)).status == 403
    assert len([change for change in changes if change.data["entity_id"] == entity_id_of(hass, entry, 1, "preview")]) == 4
    assert (await stranger.get(unused)).status == 200
    assert await address_after(10) != unused
    assert (await stranger.get(unused)).status == 403


async def test_many_who_look_at_once(hass: HomeAssistant, simulator: Simulator, account: Account, open_viewer: Callable[[], Any]) -> None:
    """The server is asked for eight pictures at a time, and each viewer gets one."""
    for number in range(100, 130):
        account.agents[number] = replace(account.agents[1], id=number, name=f"PC {number}")
    entry, viewer = await open_viewer()
    paths = [f"/api/image_proxy/{entity_id_of(hass, entry, number, 'preview')}" for number in range(100, 130)]
    with simulator.hold("preview"):
        looks = asyncio.gather(*(viewer.client.get(path) for path in paths))
        await until(lambda: len(simulator.downloads) == 8)
        await entry.runtime_data.agents.async_refresh()
        assert len(simulator.downloads) == 8
    assert {response.status for response in await looks} == {200}
    assert len(simulator.downloads) == 30


async def test_a_certificate_that_nobody_trusts(
    hass: HomeAssistant, simulator: Simulator, open_viewer: Callable[[], Any], tmp_path: Path
) -> None:
    """Neither is the picture taken, nor is there a client that would take it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        context = await hass.async_add_executor_job(_self_signed, tmp_path / "server.pem")
        simulator.account.agents[1].extra = {"preview_url": f"https://127.0.0.1:{server.getsockname()[1]}/a.png"}
        _, viewer = await open_viewer()
        serving = hass.async_add_executor_job(_serve, server, context)
        assert await viewer.look() is None
        assert not await serving
    clients = hass.data[httpx_client.DATA_ASYNC_CLIENT]
    assert clients
    assert all(verify_ssl for verify_ssl, _ in clients)


def _serve(server: socket.socket, context: ssl.SSLContext) -> bytes:
    """Serve one picture; return what was asked, nothing if the client hung up before."""
    connection, _ = server.accept()
    try:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            asked = encrypted.recv(4096)
            encrypted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(PNG), PNG))
            return asked
    except OSError:
        return b""


def _self_signed(path: Path) -> ssl.SSLContext:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, datetime.now(UTC), datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(encoded + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
