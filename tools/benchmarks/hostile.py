"""Measures the cost of the worst answers that the client accepts: `python -m benchmarks.hostile [NAME ...]`.

Each answer is polled as the list of computers. Decoding: its processor time. Although decoding runs in another thread, it blocks the event
loop most of that time. Late: the largest delay of the event loop, whatever the reason, other programs included. Memory: the additional
memory at the peak. The minimum to compare with is parsing the list of an ordinary account of 10,000 computers, measured in the same run.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
from contextlib import asynccontextmanager
from functools import partial
import gc
from pathlib import Path
import sys
import time

import aiohttp
from aiohttp import web
import orjson

from custom_components.getscreen.api import GetscreenClient, GetscreenError
from custom_components.getscreen.api.decoding import MAX_BYTES, MAX_VALUES, decode
from simulator import Account
from simulator.methods import Api

from .event_loop import LoopMonitor

_COMPUTERS = 10_000
_ROUNDS = 5
_HALF = MAX_VALUES // 2
_MB = 1_000_000


def _honest() -> bytes:
    return Api(Account(_COMPUTERS), "https://api.getscreen.me").agents_list({})


def _list(record: Callable[[int], bytes], count: int) -> bytes:
    return b"[%b]" % b",".join(map(record, range(count)))


def _text(character: bytes, end: bytes = b"") -> bytes:
    """Return an answer with one record, whose name makes it as large as the client accepts; `end`: the last bytes of the name."""
    return b'[{"id":1,"name":"%b%b"}]' % (character * ((MAX_BYTES - 100) // len(character)), end)


ANSWERS: dict[str, Callable[[], bytes]] = {
    "honest": _honest,
    "records": lambda: _list(lambda number: b'{"id":%d}' % number, _HALF),
    "objects": lambda: _list(lambda number: b'{"k%d":0}' % number, _HALF),
    "lists": lambda: _list(lambda _number: b"[]", _HALF),
    "fields": lambda: b"{%b}" % b",".join(b'"k%d":0' % number for number in range(MAX_VALUES)),
    "fields of a record": lambda: b'[{"id":1,%b}]' % b",".join(b'"k%d":0' % number for number in range(MAX_VALUES - 5)),
    "nested": lambda: _list(lambda _number: b'{"a":' * 900 + b"0" + b"}" * 900, MAX_VALUES // 901),
    "numbers": lambda: _list(lambda number: b"%d.1e-7" % number, MAX_VALUES),
    "text": lambda: _text(b"x"),
    "emoji": lambda: _text("\U0001f5a5".encode()),
    "escapes": lambda: _text(b"\\n"),
    "backslashes": lambda: _text(b"\\\\", b"\xff"),
    "broken bytes": lambda: _text(b"\xff" + b"x" * 9),
    "halves": lambda: _text(b"\\ud83d" + b"x" * 170),
    "link": lambda: b'[{"id":1,"preview_url":"http://%b/"}]' % ("ä".encode() * 16_000_000),
    "links": lambda: _list(lambda number: b'{"id":%d,"preview_url":"http://%b/"}' % (number, "ä".encode() * 1_010), _COMPUTERS),
}


async def _answer(request: web.Request) -> web.Response:
    return web.Response(body=ANSWERS[request.query["search"]](), content_type="application/json")


async def _serve() -> None:
    app = web.Application()
    app.router.add_get("/v1/agents/list", _answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)  # returns when the parent process has exited


@asynccontextmanager
async def _served() -> AsyncIterator[str]:
    """Run the server in a separate process, so that its work is not counted; yield its URL."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.hostile", "--serve", stdin=pipe, stdout=pipe)
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}/v1"
    finally:
        process.terminate()
        await process.wait()


def _memory(name: str) -> int:
    """Return a figure of /proc/self/status in bytes; `name`: VmRSS or VmHWM."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024


def _forget_peak() -> None:
    """Reset the peak of memory (VmHWM)."""
    Path("/proc/self/clear_refs").write_text("5")


def _seconds(work: Callable[[], object]) -> float:
    """Return the processor time of `work` in seconds, also if it raises GetscreenError or ValueError."""
    start = time.thread_time()
    with contextlib.suppress(GetscreenError, ValueError):
        work()
    return time.thread_time() - start


def _least() -> float:
    """Return the shortest processor time of parsing an ordinary account, in seconds."""
    work = partial(orjson.loads, _honest())
    return min(_seconds(work) for _ in range(_ROUNDS))


async def _measure(client: GetscreenClient, name: str) -> tuple[float, float, float]:
    """Return the minimum of some rounds, because other programs only add to it: seconds of decoding, seconds of delay, bytes."""
    rounds = []
    monitor = LoopMonitor()
    content = ANSWERS[name]()
    for _ in range(_ROUNDS):
        gc.collect()
        decoding = _seconds(partial(decode, bytearray(content)))
        _forget_peak()
        memory = _memory("VmRSS")
        with monitor.monitoring(), contextlib.suppress(GetscreenError):
            await asyncio.Task(client.list_agents(name), eager_start=False)
        rounds.append((decoding, monitor.latest, _memory("VmHWM") - memory))
    decoding, late, memory = map(min, zip(*rounds, strict=True))
    return decoding, late, memory


async def main(names: list[str]) -> None:
    """Measure the answers with these names, or all, and print a table."""
    least = _least()
    print(f"Minimum: {least * 1000:.0f} ms. Answers of at most {MAX_BYTES // 2**20} MiB and {MAX_VALUES} values")
    print(f"{'answer':20}{'decoding ms':>12}{'times':>7}{'late ms':>9}{'times':>7}{'memory MB':>11}")
    async with _served() as url, aiohttp.ClientSession() as session:
        client = GetscreenClient(session, "a-key", url, timeout=120)
        await client.list_agents("honest")  # imports and the first connection are not counted
        for name in names or ANSWERS:
            decoding, late, memory = await _measure(client, name)
            figures = f"{decoding * 1000:12.0f}{decoding / least:7.1f}{late * 1000:9.0f}{late / least:7.1f}{memory / _MB:11.0f}"
            print(f"{name:20}{figures}", flush=True)


if __name__ == "__main__":
    asyncio.run(_serve() if sys.argv[1:] == ["--serve"] else main(sys.argv[1:]))
