"""The pictures that a preview accepts: which content, and from which addresses."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import socket
import ssl

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import httpx_client
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Fault, Simulator

from .helpers import pass_time, state_of
from .internet import API, Internet, internet_of
from .previews import PNG, OpenViewer, expected


@pytest.fixture
async def elsewhere() -> AsyncIterator[TestServer]:
    """Serve pictures of all types, each under its name and all with the type of a web page."""
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
        Fault.REDIRECT,
    ],
)
async def test_a_picture_that_cannot_be_fetched(
    simulator: Simulator,
    open_viewer: OpenViewer,
    fault: Fault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log has the failure without the address, and the next request tries again."""
    _, viewer = await open_viewer()
    simulator.fail(fault, "preview")
    assert await viewer.request() is None
    assert "No preview for image." in caplog.text
    assert "/preview/" not in caplog.text
    simulator.heal()
    assert await viewer.request() == expected(simulator.account.agents[1])
    assert simulator.key_leaks == 0


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
async def test_types_of_pictures(simulator: Simulator, open_viewer: OpenViewer, elsewhere: TestServer, kind: str) -> None:
    """The first bytes determine the type, not the server's header."""
    simulator.account.agents[1].extra = {"preview_url": str(elsewhere.make_url(f"/{kind}"))}
    _, viewer = await open_viewer()
    assert await viewer.request(f"image/{kind}")


@pytest.mark.parametrize("kind", ["wave", "html", "svg", "empty", "redirect/4", "redirect/out"])
async def test_content_other_than_pictures(simulator: Simulator, open_viewer: OpenViewer, elsewhere: TestServer, kind: str) -> None:
    simulator.account.agents[1].extra = {"preview_url": str(elsewhere.make_url(f"/{kind}"))}
    _, viewer = await open_viewer()
    assert await viewer.request() is None


async def test_other_content_makes_the_preview_unavailable(
    hass: HomeAssistant, simulator: Simulator, open_viewer: OpenViewer, elsewhere: TestServer
) -> None:
    """Until the preview has another address."""
    agent = simulator.account.agents[1]
    agent.extra = {"preview_url": str(elsewhere.make_url("/html"))}
    entry, viewer = await open_viewer()
    assert await viewer.request() is None
    assert state_of(hass, entry, 1, "preview").state == STATE_UNAVAILABLE
    agent.extra = {}
    await pass_time(hass)
    assert state_of(hass, entry, 1, "preview").state != STATE_UNAVAILABLE
    assert await viewer.request()


async def test_redirects(simulator: Simulator, open_viewer: OpenViewer, elsewhere: TestServer) -> None:
    simulator.account.agents[1].extra = {"preview_url": str(elsewhere.make_url("/redirect/3"))}
    _, viewer = await open_viewer()
    assert await viewer.request() == PNG


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/a.png", "http://[::1/a.png", "http://127.0.0.1:1/a.png"])
async def test_unreachable_addresses(simulator: Simulator, open_viewer: OpenViewer, url: str) -> None:
    simulator.account.agents[1].extra = {"preview_url": url}
    _, viewer = await open_viewer()
    assert await viewer.request() is None


@pytest.fixture
async def net(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Internet]:
    """Put Home Assistant into an Internet of its own, in which servers have pictures."""

    async def picture(_request: web.Request) -> web.Response:
        return web.Response(body=PNG, headers={"Set-Cookie": "session=attacker; Domain=example"})

    async with internet_of(picture, simulator.port, monkeypatch, tmp_path) as net:
        net.names["home.example"] = [["192.168.1.1"]]
        yield net


@pytest.fixture
def picture_at(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, open_viewer: OpenViewer
) -> Callable[[str], Awaitable[bytes | None]]:
    """Return a function that sets up the account with the public API, and returns the picture behind a link."""

    async def picture_at(url: str) -> bytes | None:
        entry.add_to_hass(hass)
        hass.config_entries.async_update_entry(entry, data={**entry.data, "url": API})
        simulator.account.agents[1].extra = {"preview_url": url}
        _, viewer = await open_viewer()
        return await viewer.request()

    return picture_at


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
    net: Internet, picture_at: Callable[[str], Awaitable[bytes | None]], simulator: Simulator, url: str, redirected: bool
) -> None:
    """Nothing is fetched from the home network, or without encryption."""
    url = url.format(port=simulator.port)

    async def redirect(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": url})

    if redirected:
        net.handler = redirect
    assert await picture_at("https://elsewhere.example/redirect" if redirected else url) is None
    assert len(net.requests) == redirected
    assert simulator.downloads == []
    assert {address.rpartition(":")[0] for address in net.reached} <= {"127.0.0.1", *net.ports}


async def test_cookies(hass: HomeAssistant, net: Internet, picture_at: Callable[[str], Awaitable[bytes | None]]) -> None:
    """Cookies of a preview's server are not stored, so no later request carries them."""
    assert await picture_at("https://elsewhere.example/a.png") == PNG
    async with async_get_clientsession(hass).get("https://getscreen.me.elsewhere.example/") as response:
        assert response.status == 200
    assert all("Cookie" not in request.headers for request in net.requests)


async def test_a_certificate_that_is_not_trusted(
    hass: HomeAssistant, simulator: Simulator, open_viewer: OpenViewer, tmp_path: Path
) -> None:
    """The picture is not fetched, and Home Assistant's client without verification is not created."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        context = await hass.async_add_executor_job(_self_signed, tmp_path / "server.pem")
        simulator.account.agents[1].extra = {"preview_url": f"https://127.0.0.1:{server.getsockname()[1]}/a.png"}
        _, viewer = await open_viewer()
        serving = hass.async_add_executor_job(_serve, server, context)
        assert await viewer.request() is None
        assert not await serving
    clients = hass.data[httpx_client.DATA_ASYNC_CLIENT]
    assert clients
    assert all(verify_ssl for verify_ssl, _ in clients)


def _serve(server: socket.socket, context: ssl.SSLContext) -> bytes:
    """Serve one picture; return the request, nothing if the client closed the connection before."""
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
