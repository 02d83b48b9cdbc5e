"""Recordings in a real browser: valid ones play, and a hostile server cannot run scripts or mislead the player."""

from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import web
from playwright.async_api import Browser, Error, Page
import pytest
import pytest_asyncio

from demo import Demo
from simulator import Session, Simulator
from simulator.recordings import make_recording
from tests.answers import change_history
from tests.helpers import until
from tests.recording_server import RecordingServer, serve

pytestmark = pytest.mark.asyncio(loop_scope="session")

_SCRIPT = b"""<script>console.log("a script ran"); new Image().src = "/stolen?" + encodeURIComponent(localStorage.hassTokens)</script>"""
_PAGE = b"""<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>a page</title></head><body>""" + _SCRIPT
_PAGE += b"</body></html>"
_SVG = b"""<svg xmlns="http://www.w3.org/2000/svg">""" + _SCRIPT + b"</svg>"
_RECORDING = make_recording(1, "Reception PC", "win", 1_700_000_000, 400_000)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(simulator: Simulator) -> AsyncIterator[RecordingServer]:
    """Serve the oldest recording of the account from a server whose answers a test defines."""
    server, app = RecordingServer(), web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner, port = await serve(app)
    oldest = _oldest(simulator)

    def move(answer: dict[str, list[dict[str, object]]]) -> None:
        for row in answer["data"]:
            if row["id"] == oldest.id:
                row["video"] = {"url": f"http://127.0.0.1:{port}/recording.webm", "size": 7}

    with pytest.MonkeyPatch.context() as monkeypatch:
        change_history(monkeypatch, move)
        yield server
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def url(demo: Demo, simulator: Simulator, server: RecordingServer) -> str:
    """Return the address at which Home Assistant serves the oldest recording."""
    server.requests.clear()
    oldest = _oldest(simulator)
    (entry,) = await demo.client.entries()
    recording = f"media-source://getscreen/{entry['entry_id']}/recording/{oldest.start}-{oldest.id}"
    played = await demo.client.command("media_source/resolve_media", media_content_id=recording)
    return f"{demo.url}{played['url']}"


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser, demo: Demo) -> AsyncIterator[Page]:
    """Open a window that is logged in. Errors in it are allowed."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(demo.url)
    await page.wait_for_function("localStorage.hassTokens")
    yield page
    await context.close()


def _oldest(simulator: Simulator) -> Session:
    return next(session for session in simulator.account.history if session.video_size)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("video/mp4, text/html", _PAGE),
        ("video/mp4,text/html", _PAGE),
        ("video/mp4;,text/html", _PAGE),
        ("application/octet-stream, text/html", _PAGE),
        ("video/mp4, image/svg+xml", _SVG),
        ("video/mp4, application/xhtml+xml", _PAGE),
        ("text/html", _PAGE),
        ("application/xhtml+xml", _PAGE),
        ("image/svg+xml", _SVG),
        ("text/xml", _SVG),
        ("multipart/x-mixed-replace; boundary=x", b"--x\r\nContent-Type: text/html\r\n\r\n" + _PAGE + b"\r\n--x--"),
        ("message/rfc822", b"Content-Type: text/html\r\n\r\n" + _PAGE),
        ("application/octet-stream", _PAGE),
        ("binary/octet-stream", _PAGE),
        ("video/mp4", _PAGE),
        ("video/webm", _PAGE),
        ("video/unheard-of", _SVG),
        ("", _PAGE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_no_script_runs(window: Page, demo: Demo, server: RecordingServer, url: str, kind: str, body: bytes) -> None:
    """A page that the server sends as a recording with any content type runs no script in a tab, and cannot read the login."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Type": kind})

    server.handler = answer
    ran: list[str] = []
    window.on("console", lambda message: ran.append(message.text) if "a script ran" in message.text else None)
    window.on("request", lambda request: ran.append(request.url) if "stolen" in request.url else None)
    # Playwright raises an error for a download and for the browser's error page.
    with suppress(Error):
        await window.goto(url, wait_until="commit")
    await until(lambda: server.requests)
    # Long enough for a script to run.
    await window.wait_for_timeout(300)
    assert ran == []


async def _plays(window: Page, url: str) -> dict[str, object]:
    """Play a video; return the first event, the event after seeking, and the error code."""
    found: dict[str, object] = await window.evaluate(
        """async (url) => {
          const video = Object.assign(document.createElement("video"), {muted: true, src: url});
          document.body.append(video);
          const happens = (name) => new Promise((resolve) => video.addEventListener(name, () => resolve(name), {once: true}));
          const first = await Promise.race([happens("canplay"), happens("error")]);
          let sought = null;
          if (first === "canplay") {
            const done = Promise.race([happens("seeked"), happens("error")]);
            video.currentTime = 3;
            sought = await done;
          }
          const result = {first, sought, error: video.error?.code ?? null};
          video.remove();
          return result;
        }""",
        url,
    )
    return found


@pytest.mark.parametrize(
    ("kind", "ranges"),
    [("video/webm", True), ("binary/octet-stream", True), ("application/octet-stream", False), ("video/webm", False)],
)
async def test_a_recording_plays(window: Page, server: RecordingServer, url: str, kind: str, ranges: bool) -> None:
    """A recording plays with and without support for ranges, and with a generic content type."""

    async def answer(request: web.Request) -> web.Response:
        return _part(request, kind, 0, len(_RECORDING)) if ranges else web.Response(body=_RECORDING, headers={"Content-Type": kind})

    server.handler = answer
    assert await _plays(window, url) == {"first": "canplay", "sought": "seeked", "error": None}


async def test_a_recording_as_a_page(window: Page, server: RecordingServer, url: str) -> None:
    """A recording that is opened in a tab has an opaque origin instead of Home Assistant's."""

    async def answer(request: web.Request) -> web.Response:
        return _part(request, "video/webm", 0, len(_RECORDING)) if "Range" in request.headers else web.Response(body=_RECORDING)

    server.handler = answer
    await window.goto(url, wait_until="commit")
    assert await window.evaluate("[document.contentType, window.origin]") == ["video/webm", "null"]


def _part(request: web.Request, kind: str, shift: int, size: int | str, *, most: int | None = None) -> web.Response:
    """Return the requested part, at most `most` bytes. `shift` and `size` falsify the position and the total size in the header."""
    wanted = request.http_range
    start = wanted.start or 0
    stop = min(wanted.stop or len(_RECORDING), start + most if most else len(_RECORDING))
    place = f"bytes {start + shift}-{stop - 1 + shift}/{size}"
    headers = {"Content-Type": kind, "Content-Range": place, "Accept-Ranges": "bytes"}
    return web.Response(status=206, body=_RECORDING[start:stop], headers=headers)


@pytest.mark.parametrize(
    ("shift", "size", "most", "first"),
    [
        (0, "*", None, "canplay"),
        # A server may return fewer bytes than requested; the browser then requests the others.
        (0, len(_RECORDING), 100_000, "canplay"),
        (0, len(_RECORDING), None, "canplay"),
        (1, len(_RECORDING) + 1, None, "error"),
        (100_000, len(_RECORDING) + 100_000, None, "error"),
        (0, 10, None, "error"),
    ],
)
async def test_odd_parts(
    window: Page, server: RecordingServer, url: str, shift: int, size: int | str, most: int | None, first: str
) -> None:
    """A part with a wrong position or size is an error immediately, without a picture from wrong bytes or endless requests."""

    async def answer(request: web.Request) -> web.Response:
        return _part(request, "video/webm", shift, size, most=most)

    server.handler = answer
    found = await _plays(window, url)
    assert found["first"] == first
    assert len(server.requests) < 20


async def test_parts_that_end_too_early(window: Page, server: RecordingServer, url: str) -> None:
    """A part that ends too early is an error, not the end of the recording."""

    async def answer(request: web.Request) -> web.StreamResponse:
        whole = _part(request, "video/webm", 0, len(_RECORDING))
        response = web.StreamResponse(status=206, headers=whole.headers)
        response.enable_chunked_encoding()
        del response.headers["Content-Length"]
        await response.prepare(request)
        await response.write(whole.body[:50_000])  # type: ignore[index]
        await response.write_eof()
        return response

    server.handler = answer
    assert (await _plays(window, url))["first"] == "error"
    assert len(server.requests) < 20
