"""Past sessions: paging, filters, and recordings that play."""

from io import BytesIO

import aiohttp
import av

from simulator import Account, Fault, Simulator

from .conftest import START, Call


async def test_pages_newest_first(call: Call) -> None:
    first = (await call("history/list"))[1]
    assert (len(first["data"]), first["offset"], first["limit"], first["total"], first["filter"]) == (20, 0, 20, 200, {})
    rows = (
        first["data"]
        + (await call("history/list", offset=20, limit=100))[1]["data"]
        + (await call("history/list", offset=120, limit=100))[1]["data"]
    )
    assert len({row["id"] for row in rows}) == 200
    assert [row["start"] for row in rows] == sorted((row["start"] for row in rows), reverse=True)
    assert START - 61 * 86400 < rows[-1]["start"] < rows[0]["start"] < START
    assert {True, False} == {"client" in row for row in rows}
    assert (await call("history/list", offset=500))[1]["data"] == []


async def test_filters(call: Call) -> None:
    video = (await call("history/list", video="true", limit=100))[1]
    assert 0 < video["total"] < 200
    assert all(row["video"]["url"] for row in video["data"])
    agent = (await call("history/list", agent_id=1, limit=100))[1]
    assert {row["agent"]["id"] for row in agent["data"]} == {1}
    assert agent["filter"] == {"agent_id": 1}
    start, stop = int(START) - 20 * 86400, int(START) - 10 * 86400
    part = (await call("history/list", date_from=start, date_to=stop, limit=100))[1]["data"]
    assert part
    assert all(start <= row["start"] <= stop for row in part)


async def test_a_running_session_has_no_end(call: Call, account: Account) -> None:
    account.start_session(1)
    account.start_session(2)
    rows = (await call("history/list", limit=2))[1]["data"]
    assert [row["agent"]["id"] for row in rows] == [2, 1]
    assert {row["stop"] for row in rows} == {0, None}
    account.end_session(2, video=True)
    row = (await call("history/list", limit=1))[1]["data"][0]
    assert row["stop"] == START
    assert row["video"]["size"] > 0


async def test_a_recording_plays(call: Call, browser: aiohttp.ClientSession) -> None:
    video = (await call("history/list", video="true"))[1]["data"][0]["video"]
    async with browser.get(video["url"], params={"apikey": "the-key"}) as response:
        assert (response.status, response.content_type, response.headers["Accept-Ranges"]) == (200, "video/webm", "bytes")
        recording = await response.read()
    assert len(recording) == video["size"]
    with av.open(BytesIO(recording), "r") as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(pictures) == 50
    assert (pictures[0] != pictures[1]).any()


async def test_a_recording_comes_in_ranges(call: Call, browser: aiohttp.ClientSession) -> None:
    video = (await call("history/list", video="true"))[1]["data"][0]["video"]
    size, whole = video["size"], b""
    for wanted, code, told in (
        ("bytes=0-9", 206, f"bytes 0-9/{size}"),
        ("bytes=10-", 206, f"bytes 10-{size - 1}/{size}"),
        ("bytes=-5", 206, f"bytes {size - 5}-{size - 1}/{size}"),
        (f"bytes={size}-", 416, f"bytes */{size}"),
        ("pages=1", 416, f"bytes */{size}"),
    ):
        async with browser.get(video["url"], params={"apikey": "the-key"}, headers={"Range": wanted}) as response:
            assert (response.status, response.headers["Content-Range"]) == (code, told)
            whole += await response.read() if wanted.startswith(("bytes=0", "bytes=10")) else b""
    assert len(whole) == size


async def test_a_recording_wants_the_key_and_can_fail(call: Call, browser: aiohttp.ClientSession, simulator: Simulator) -> None:
    url = (await call("history/list", video="true"))[1]["data"][0]["video"]["url"]
    assert (await browser.get(url)).status == 403
    assert (await browser.get(url, params={"apikey": "wrong"})).status == 403
    assert (await browser.get(f"{simulator.root}/video/99999.webm", params={"apikey": "the-key"})).status == 404
    simulator.fail(Fault.BAD_GATEWAY, "video")
    assert (await browser.get(url, params={"apikey": "the-key"})).status == 502
    assert simulator.key_leaks == 0
