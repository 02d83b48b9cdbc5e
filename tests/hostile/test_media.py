"""Attacks on recordings and previews, one line each: the server's answer and what the browser receives."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen.recordings.ids import recording_path
from tests.helpers import entity_id_of, until

from . import polite
from .conftest import Bench
from .server import Answer, HostileServer, Reply, drip, flood, in_turn, of, page, reset, then_hang

MIB = 1 << 20
VIDEO = ("Content-Type: video/webm",)
# The headers that a recording may have in a browser, besides those of every answer of Home Assistant.
HEADERS = {"Content-Type", "Content-Length", "Content-Range", "Accept-Ranges"}
TYPES = {"video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/x-matroska", "application/octet-stream"}
PLAYS, FAILS, CUT = "plays", "fails", "a connection that is cut"


class Attack(NamedTuple):
    """An answer of the server, created for its address, and what the browser receives."""

    kind: str
    name: str
    answer: Callable[[str], Answer]
    outcome: str = FAILS


def recording(*headers: str, status: str = "200 OK", body: bytes = polite.RECORDING, length: bool = True) -> Callable[[str], Answer]:
    return lambda _root: Reply(body, status, headers, length)


def always(answer: Answer) -> Callable[[str], Answer]:
    return lambda _root: answer


def named(kind: str) -> Callable[[str], Answer]:
    return recording(f"Content-Type: {kind}")


HTML = b"<!DOCTYPE html><script>parent.stolen = localStorage.hassTokens</script>"
RECORDINGS = [
    *(
        Attack("types", kind, named(kind))
        for kind in (
            *("video/mp4, text/html", "video/mp4,text/html", "application/octet-stream, text/html", "video/mp4;,text/html", "text/html"),
            *("video/mp4, image/svg+xml", "image/svg+xml", "text/xml", "application/xhtml+xml", "application/pdf", "text/javascript"),
            *(
                "multipart/x-mixed-replace;boundary=x",
                "*/*",
                "video/",
                "/mp4",
                "video/mp4\ttext/html",
                "video/mp4 text/html",
                "message/rfc822",
            ),
            *("application/x-shockwave-flash", "text/html;video/mp4", "video/mp4; charset=x, text/html", "x" * 5_000),
        )
    ),
    *(
        Attack("types", f"{kind} plays", named(kind), PLAYS)
        for kind in (
            "video/mp4",
            "VIDEO/MP4",
            "video/webm; codecs=vp8",
            "application/mp4",
            "binary/octet-stream",
            "application/octet-stream",
        )
    ),
    Attack("types", "none", recording(), PLAYS),
    Attack("types", "two headers", recording("Content-Type: video/mp4", "Content-Type: text/html")),
    Attack("types", "a page labeled as a recording", recording(*VIDEO, body=HTML), PLAYS),
    *(
        Attack("headers", header.partition(":")[0], recording(*VIDEO, header), PLAYS)
        for header in (
            *("Set-Cookie: a=b; Domain=127.0.0.1", "Location: https://a/", "Refresh: 0; url=https://a/", "Content-Disposition: inline"),
            *(
                "Link: <https://a/>; rel=preload",
                "Access-Control-Allow-Origin: *",
                "Content-Security-Policy: default-src *",
                "Clear-Site-Data: *",
            ),
            *("Strict-Transport-Security: max-age=1", "Service-Worker-Allowed: /", "X-Frame-Options: ALLOWALL", "NEL: {}", "SourceMap: /x"),
            *("Accept-Ranges: <script>", "Content-Language: x", "Trailer: Content-Type", "Server: a-secret-key", "Via: a-secret-key"),
        )
    ),
    Attack("headers", "identity", recording(*VIDEO, "Content-Encoding: identity"), PLAYS),
    Attack("headers", "gzip", recording(*VIDEO, "Content-Encoding: gzip")),
    *(
        Attack("ranges", value[:30], recording(*VIDEO, f"Content-Range: {value}", status="206 Partial Content"))
        for value in ("x" * 7_000, "items 0-7/8", "bytes 9-1/0", "bytes */5", "bytes 0-99999999999999999999/1", "bytes 5-9/10", "<script>")
    ),
    Attack("ranges", "206 without a request for it", recording(*VIDEO, status="206 Partial Content")),
    Attack("ranges", "416 without a request for it", recording(*VIDEO, status="416 Range Not Satisfiable", body=HTML)),
    *(
        Attack("HTTP", status, always(page(status)))
        for status in ("401 No", "402 Pay", "403 No", "404 No", "410 Gone", "429 Many", "500 Error", "503 Busy")
    ),
    Attack("HTTP", "a page", always(page())),
    Attack("HTTP", "204", recording(status="204 No Content", body=b"")),
    *(
        Attack("redirects", where[:40], recording(f"Location: {where}", status="302 Found", body=b""))
        for where in (
            "/elsewhere",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ftp://127.0.0.1/",
            "http://[::1",
            "//",
            "data:video/mp4,x",
        )
    ),
    Attack("redirects", "a loop", lambda root: Reply(b"", "302 Found", (f"Location: {root}/recording/1",))),
    Attack("connection", "reset", always(reset())),
    Attack("connection", "no answer", always(then_hang())),
    Attack("connection", "endless headers", always(drip(b"HTTP/1.1 200 OK\r\n", b"X-Drop: 1\r\n"))),
    Attack("connection", "endless 100 Continue", always(drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"))),
    Attack(
        "connection", "cut in the middle", always(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 5000\r\n\r\nvideo"), CUT
    ),
    Attack(
        "connection",
        "cut in a chunk",
        always(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nvideo"),
        CUT,
    ),
    Attack("connection", "no HTTP", always(b"\x00\x01\x02")),
    Attack("connection", "a long header", recording(*VIDEO, "X-Header: " + "x" * 100_000)),
    Attack("connection", "a negative length", recording(*VIDEO, "Content-Length: -1", length=False)),
]

PREVIEWS = [
    Attack("types", "HTML", always(Reply(HTML, headers=("Content-Type: image/png",)))),
    Attack("types", "SVG", always(Reply(b"<svg/>", headers=("Content-Type: image/svg+xml",)))),
    Attack("types", "a picture labeled as a page", always(Reply(polite.PNG, headers=("Content-Type: text/html",))), PLAYS),
    Attack("types", "nothing", always(Reply(b""))),
    Attack("sizes", "endless", always(flood(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n", bytes(65_536)))),
    Attack("redirects", "a file", recording("Location: file:///etc/passwd", status="302 Found", body=b"")),
    Attack("redirects", "a loop", lambda root: Reply(b"", "302 Found", (f"Location: {root}/preview/1.png",))),
    Attack(
        "redirects",
        "twice, then a picture",
        lambda _root: in_turn(*[Reply(b"", "302 Found", ("Location: /preview/2.png",))] * 2, Reply(polite.PNG)),
        PLAYS,
    ),
    Attack("cookies", "of a parent domain", recording("Set-Cookie: session=attacker; Domain=0.0.1", body=polite.PNG), PLAYS),
    Attack("connection", "reset", always(reset())),
    Attack("connection", "endless headers", always(drip(b"HTTP/1.1 200 OK\r\n", b"X-Drop: 1\r\n"))),
    Attack("connection", "a body in drops", always(drip(b"HTTP/1.1 200 OK\r\n\r\n\x89PNG\r\n\x1a\n", b"x"))),
    Attack("HTTP", "403", always(of({"error": "no"}, "403 Forbidden"))),
    Attack("HTTP", "206", always(Reply(polite.PNG, "206 Partial Content"))),
]


@pytest.fixture
async def browser(hass: HomeAssistant, bench: Bench, hass_client_no_auth: ClientSessionGenerator) -> Any:
    """Return a browser without a login, which has only signed addresses."""
    assert await async_setup_component(hass, "media_source", {})
    return await hass_client_no_auth()


def _ids(attacks: list[Attack]) -> list[str]:
    return [f"{attack.kind}: {attack.name[:60]}" for attack in attacks]


@pytest.mark.parametrize("attack", RECORDINGS, ids=_ids(RECORDINGS))
async def test_recording(hass: HomeAssistant, bench: Bench, browser: Any, server: HostileServer, attack: Attack) -> None:
    row = polite.row(server.root)
    path = async_sign_path(hass, recording_path(bench.entry.entry_id, row["start"], row["id"]), timedelta(days=1))
    server.answers["recording"] = attack.answer(server.root)
    asked = browser.get(path, headers={"Cookie": "ours=1", "Referer": "https://home/"})
    outcome, headers, body = await bench.outcome_of(asked)
    assert outcome == attack.outcome
    if outcome == PLAYS:
        assert body in (polite.RECORDING, HTML)
        assert headers["Content-Type"] in TYPES
    if outcome == FAILS:
        assert body == b"" or b"script" not in body
    if outcome != CUT:
        assert set(headers) <= HEADERS | bench.own_headers
        assert headers.get("Accept-Ranges", "bytes") == "bytes"
        if outcome == PLAYS:
            assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'; media-src 'self'"
            assert headers["X-Content-Type-Options"] == "nosniff"
        assert server.key not in str(headers) + str(body[:10_000])
    asked_of_server = [request for request in server.requests if request.what in ("recording", "elsewhere")]
    assert not any({"cookie", "referer", "authorization"} & request.headers.keys() for request in asked_of_server)
    assert not any(server.key in request.target for request in server.requests if request.what == "elsewhere")
    await until(lambda: not server.open)
    assert not bench.tracebacks()
    assert not bench.leaks()
    await bench.poll()
    assert not bench.lines()
    server.heal()
    outcome, _, body = await bench.outcome_of(browser.get(path))
    assert (outcome, body) == (PLAYS, polite.RECORDING)


@pytest.mark.parametrize("attack", PREVIEWS, ids=_ids(PREVIEWS))
async def test_preview(
    hass: HomeAssistant, bench: Bench, hass_client: ClientSessionGenerator, server: HostileServer, attack: Attack
) -> None:
    client = await hass_client()
    path = f"/api/image_proxy/{entity_id_of(hass, bench.entry, 1, 'preview')}"
    server.answers["preview"] = attack.answer(server.root)
    outcome, headers, body = await bench.outcome_of(client.get(path))
    assert outcome == attack.outcome
    if outcome == PLAYS:
        assert (headers["Content-Type"], body) == ("image/png", polite.PNG)
    assert server.sent < 64 * MIB
    assert not any({"cookie", "x-api-key"} & request.headers.keys() for request in server.requests if request.what == "preview")
    await until(lambda: not server.open)
    await bench.poll()
    # No request carries a cookie that another answer has set.
    assert not any("cookie" in request.headers for request in server.requests)
    assert not bench.tracebacks()
    assert not bench.lines()
    assert not bench.leaks()
