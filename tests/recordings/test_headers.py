"""The headers of recordings: those for the server, and those of the server that are checked and rewritten."""

from typing import Any

from aiohttp import ClientError, web
import pytest

from simulator import Simulator

from ..recording_server import RecordingServer, point_to
from .raw_server import RawServer


async def test_headers_for_the_server_and_the_browser(
    client: Any, path: str, recording_server: RecordingServer, simulator: Simulator
) -> None:
    """The server gets the range, but no cookies and no key, because it is not the API. The browser gets none of its headers."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(
            body=b"a video", content_type="video/mp4", headers={"Set-Cookie": "a=b", "X-Secret": simulator.key, "ETag": '"1"'}
        )

    recording_server.handler = answer
    response = await client.get(
        path, headers={"Range": "bytes=0-5", "If-Range": '"abc"', "Cookie": "user=secret", "Referer": "http://home/"}
    )
    assert (response.status, await response.read()) == (200, b"a video")
    assert not {"Set-Cookie", "X-Secret"} & set(response.headers)
    (request,) = recording_server.requests
    assert dict(request.query) == {"token": "a b"}
    assert (request.method, request.headers["Range"], request.headers["If-Range"]) == ("GET", "bytes=0-5", '"abc"')
    assert request.headers["Accept-Encoding"] == "identity"
    assert not {"Cookie", "Authorization", "Referer", "X-Api-Key"} & set(request.headers)


@pytest.mark.parametrize(
    ("status", "kind", "headers", "expected"),
    [
        (200, "text/html", {}, 502),
        (206, "image/svg+xml", {}, 502),
        (200, "video/mp4", {"Content-Encoding": "gzip"}, 502),
        (204, "video/mp4", {}, 502),
        (304, "video/mp4", {}, 502),
        (410, "text/html", {}, 404),
        (302, "video/mp4", {}, 502),
    ],
)
async def test_answers_other_than_recordings(
    client: Any, path: str, recording_server: RecordingServer, status: int, kind: str, headers: dict[str, str], expected: int
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, content_type=kind, headers=headers)

    recording_server.handler = answer
    response = await client.get(path)
    assert response.status == expected
    assert response.headers.get("Content-Type") != kind


async def test_a_range_beyond_the_end(client: Any, path: str, recording_server: RecordingServer) -> None:
    """The browser gets the status and the size, but not the server's error page."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=416, text="<h1>no</h1>", content_type="text/html", headers={"Content-Range": "bytes */7"})

    recording_server.handler = answer
    response = await client.get(path, headers={"Range": "bytes=9-"})
    assert (response.status, response.headers["Content-Range"], await response.read()) == (416, "bytes */7", b"")
    assert response.headers.get("Content-Type") != "text/html"


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["Content-Type: video/mp4"], "video/mp4"),
        (["Content-Type: VIDEO/WebM"], "video/webm"),
        (['Content-Type: video/webm; codecs="vp8, vorbis"'], "video/webm"),
        (["Content-Type: video/x-matroska"], "video/x-matroska"),
        (["Content-Type: application/mp4"], "video/mp4"),
        (["Content-Type: binary/octet-stream"], "video/mp4"),
        (["Content-Type: application/octet-stream"], "video/mp4"),
        (["Content-Type: video/of-an-unknown-kind"], "video/mp4"),
        (["Content-Type: "], "video/mp4"),
        ([], "video/mp4"),
        (["Content-Type: video/mp4", "Content-Encoding: identity"], "video/mp4"),
        (["Content-Type: video/mp4", "Content-Encoding: "], "video/mp4"),
        (["Content-Type: video/mp4", "Content-Encoding: gzip"], None),
        (["Content-Type: video/mp4", "Content-Encoding: identity", "Content-Encoding: br"], None),
        (["Content-Type: video/mp4, text/html"], None),
        (["Content-Type: video/mp4,text/html"], None),
        (["Content-Type: video/mp4;,text/html"], None),
        (["Content-Type: video/mp4", "Content-Type: text/html"], None),
        (["Content-Type: application/octet-stream, text/html"], None),
        (["Content-Type: video/mp4, image/svg+xml"], None),
        (["Content-Type: video/mp4 text/html"], None),
        (["Content-Type: text/html"], None),
        (["Content-Type: text/html; video/mp4"], None),
        (["Content-Type: image/svg+xml"], None),
        (["Content-Type: application/xhtml+xml"], None),
        (["Content-Type: multipart/byteranges; boundary=x"], None),
        (["Content-Type: video"], None),
        (["Content-Type: video/"], None),
        (["Content-Type: \u017fvideo/mp4"], None),
    ],
)
async def test_types(client: Any, path: str, raw: RawServer, lines: list[str], kind: str | None) -> None:
    """The browser gets one of a few types, never the server's own text. An unreadable type, or another than a video's, is an error."""
    raw.answer_with(200, b"<script>", "Content-Length: 8", *lines)
    response = await client.get(path)
    assert response.status == (200 if kind else 502)
    assert kind is None or response.headers.getall("Content-Type") == [kind]
    assert await response.read() == (b"<script>" if kind else b"")


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("a.webm", "video/webm"),
        ("a.MKV?b.mp4", "video/x-matroska"),
        ("a.html", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
async def test_types_by_the_ending_of_the_address(
    client: Any, path: str, recording_server: RecordingServer, file: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=b"a video", content_type="binary/octet-stream")

    recording_server.handler = answer
    point_to(monkeypatch, f"{recording_server.url}/{file}")
    assert (await client.get(path)).headers["Content-Type"] == kind


@pytest.mark.parametrize(
    ("asked", "status", "lines", "passed_on", "place"),
    [
        (None, 200, ["Content-Length: 7"], 200, None),
        (None, 200, ["Content-Length: 7", "Content-Range: bytes 0-6/7"], 200, None),
        (None, 206, ["Content-Length: 7", "Content-Range: bytes 0-6/7"], 200, None),
        (None, 206, ["Content-Length: 7", "Content-Range: bytes 0-6/9"], 502, None),
        (None, 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9"], 502, None),
        (None, 206, ["Content-Length: 7", "Content-Range: bytes 0-6/*"], 502, None),
        (None, 206, ["Content-Length: 7"], 502, None),
        ("bytes=2-", 200, ["Content-Length: 7"], 200, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9"], 206, "bytes 2-8/9"),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/*"], 206, "bytes 2-8/*"),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/99"], 206, "bytes 2-8/99"),
        ("bytes=2-8", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/99"], 206, "bytes 2-8/99"),
        ("bytes=2-50", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/99"], 206, "bytes 2-8/99"),
        ("bytes=-7", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9"], 206, "bytes 2-8/9"),
        ("bytes=-100", 206, ["Content-Length: 7", "Content-Range: bytes 0-6/7"], 206, "bytes 0-6/7"),
        ("bytes=0-9,20-29", 206, ["Content-Length: 7", "Content-Range: bytes 0-6/7"], 200, None),
        # Another part than was asked for: it overlaps, is longer, is not the end, lies beyond the end, or has another length than declared.
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 0-6/7"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 3-9/10"], 502, None),
        ("bytes=2-5", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9"], 502, None),
        ("bytes=-3", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9"], 502, None),
        ("bytes=-7", 206, ["Content-Length: 7", "Content-Range: bytes 0-6/9"], 502, None),
        ("bytes=-7", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/*"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/8"], 502, None),
        ("bytes=9-", 206, ["Content-Length: 7", "Content-Range: bytes 9-1/0"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-9/10"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: items 2-8/9"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", f"Content-Range: {'x' * 7000}"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9, bytes 0-6/9"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7", "Content-Range: bytes 2-8/9", "Content-Range: bytes 0-6/9"], 502, None),
        ("bytes=2-", 206, ["Content-Length: 7"], 502, None),
        ("bytes=9-", 416, ["Content-Length: 7", "Content-Range: bytes */7"], 416, "bytes */7"),
        ("bytes=9-", 416, ["Content-Length: 7", "Content-Range: bytes */<script>"], 416, None),
        ("bytes=9-", 416, ["Content-Length: 7"], 416, None),
        (None, 416, ["Content-Length: 7", "Content-Range: bytes */7"], 502, None),
    ],
)
async def test_odd_ranges(
    client: Any, path: str, raw: RawServer, asked: str | None, status: int, lines: list[str], passed_on: int, place: str | None
) -> None:
    """A browser that asks for a part gets that part; one that asks for all gets all."""
    raw.answer_with(status, b"a video", "Content-Type: video/mp4", "Accept-Ranges: <script>", *lines)
    response = await client.get(path, headers={"Range": asked} if asked else {})
    assert (response.status, response.headers.get("Content-Range")) == (passed_on, place)
    assert await response.read() == (b"a video" if passed_on < 400 else b"")
    assert "Accept-Ranges" not in response.headers


@pytest.mark.parametrize("body", [b"7\r\na video\r\n0\r\n\r\n", b"3\r\na v\r\n0\r\n\r\n", b"9\r\na video..\r\n0\r\n\r\n"])
async def test_parts_without_a_length(client: Any, path: str, raw: RawServer, body: bytes) -> None:
    """The range of a part determines its length. A shorter part is cut off visibly, and a longer one is shortened."""
    raw.answer_with(
        206, body, "Content-Type: video/mp4", "Content-Range: bytes 2-8/9", "Transfer-Encoding: chunked", "Accept-Ranges: bytes"
    )
    response = await client.get(path, headers={"Range": "bytes=2-"})
    assert (response.status, response.headers["Content-Length"], response.headers["Accept-Ranges"]) == (206, "7", "bytes")
    if body.startswith(b"3"):
        with pytest.raises(ClientError):
            await response.read()
    else:
        assert await response.read() == b"a video"


@pytest.mark.parametrize(
    ("asked", "condition", "sent", "condition_sent"),
    [
        ("bytes=0-5", None, "bytes=0-5", None),
        ("bytes=007-", None, "bytes=7-", None),
        ("bytes=-5", '"abc"', "bytes=-5", '"abc"'),
        ("bytes=0-", 'W/"abc"', "bytes=0-", 'W/"abc"'),
        ("bytes=0-", "Sat, 29 Oct 1994 19:43:31 GMT", "bytes=0-", "Sat, 29 Oct 1994 19:43:31 GMT"),
        ("bytes=0-", "whatever I like", "bytes=0-", None),
        (None, '"abc"', None, None),
        ("bytes=0-5,7-9", '"abc"', None, None),
        ("bytes=5-2", None, None, None),
        ("bytes=-0", None, None, None),
        ("bytes=-", None, None, None),
        ("bytes=0-5\u0660", None, None, None),
        (f"bytes=0-{'9' * 30}", None, None, None),
        ("items=0-5", None, None, None),
    ],
)
async def test_which_ranges_are_sent_on(
    client: Any, path: str, raw: RawServer, asked: str | None, condition: str | None, sent: str | None, condition_sent: str | None
) -> None:
    """A valid range goes to the server with its condition. Any other is ignored, as HTTP allows."""
    raw.answer_with(200, b"", "Content-Length: 0", "Content-Type: video/mp4")
    headers = {name: value for name, value in (("Range", asked), ("If-Range", condition)) if value is not None}
    assert (await client.get(path, headers=headers)).status == 200
    assert (raw.requests[0].get("Range"), raw.requests[0].get("If-Range")) == (sent, condition_sent)
