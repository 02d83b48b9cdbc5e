"""Answers that are large, or take long to read."""

from collections.abc import Callable
import contextlib
import gzip
import time
import tracemalloc

import orjson
import pytest

from custom_components.getscreen.api import GetscreenClient, GetscreenError, InvalidResponseError
from custom_components.getscreen.api.decoding import MAX_BYTES, MAX_VALUES
from simulator import Fault, Simulator

from .helpers import METHODS, Canned


async def test_a_huge_answer_is_not_read_to_its_end(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.fail(Fault.HUGE)
    tracemalloc.start()
    try:
        with pytest.raises(InvalidResponseError, match=str(MAX_BYTES)):
            await client.list_agents()
        assert tracemalloc.get_traced_memory()[1] < 45_000_000
    finally:
        tracemalloc.stop()


async def test_a_small_answer_that_unpacks_to_a_huge_one(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(gzip.compress(b" " * 200_000_000, compresslevel=1), b"Content-Encoding: gzip")
    tracemalloc.start()
    try:
        with pytest.raises(InvalidResponseError, match=str(MAX_BYTES)):
            await canned_client.list_agents()
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


# The worst answers that are accepted, by what makes them slow.
_M = 1024 * 1024
_WORST: dict[str, Callable[[], bytes]] = {
    "records without anything": lambda: b"[%b]" % b",".join(b'{"id":%d}' % number for number in range(MAX_VALUES // 2)),
    "one object": lambda: b"{%b}" % b",".join(b'"k%d":0' % number for number in range(MAX_VALUES)),
    "one record": lambda: b'[{"id":1,%b}]' % b",".join(b'"k%d":[]' % number for number in range(MAX_VALUES // 2 - 2)),
    "nesting": lambda: b"[%b]" % b",".join([b'{"a":' * 900 + b"1" + b"}" * 900] * (MAX_VALUES // 901)),
    "a long link": lambda: b'[{"id":1,"preview_url":"http://%b/"}]' % (b"\xc3\xa4" * 15 * _M),
    "a long text": lambda: b'[{"id":1,"name":"%b"}]' % (b"x" * 31 * _M),
    "escapes": lambda: b'[{"id":1,"name":"%b"}]' % (b"\\n" * 15 * _M),
    "backslashes and a broken byte": lambda: b'[{"id":1,"name":"%b\xff"}]' % (b"\\\\" * 15 * _M),
    "halves of characters": lambda: b'[{"id":1,"name":"%b"}]' % (b"\\ud83d" * 190_000),
    "broken bytes": lambda: b'[{"id":1,"name":"%b"}]' % (b"\xff" * 10 * _M),
    "fields that are no names": lambda: b'[{"id":1,"geo":{"%b":1}}]' % (b"y" * 31 * _M),
    "disks": lambda: b'{"id":1,"name":"PC","hardware":{"LogicalDisks":[%b]}}' % b",".join([b'{"Disk":"C:"}'] * (MAX_VALUES // 2 - 5)),
    "addresses": lambda: b'{"id":1,"name":"PC","hardware":{"ComputerIP":[%b]}}' % b",".join([b'"a"'] * (MAX_VALUES - 10)),
    "an error": lambda: b'{"error":"%b"}' % (b"a " * 15 * _M),
    "errors": lambda: b'{"errors":[%b]}' % b",".join([b'{"a":0}'] * (MAX_VALUES // 2 - 5)),
}


@pytest.mark.parametrize("worst", _WORST)
async def test_the_worst_answers_take_little_time_and_leave_little_behind(
    canned: Canned, canned_client: GetscreenClient, worst: str
) -> None:
    """The processor time is compared with that of parsing 10,000 agents, so that a slow machine does not matter."""
    start = time.process_time()
    orjson.loads(b"[%b]" % b",".join([orjson.dumps({f"field{field}": "x" * 10 for field in range(40)})] * 10_000))
    least = time.process_time() - start
    canned.reply(_WORST[worst]())
    for method in ("agents/list", "agents/info", "history/list", "support/list"):
        answer, start = None, time.process_time()
        with contextlib.suppress(GetscreenError):
            answer = await METHODS[method](canned_client)
        assert time.process_time() - start < 60 * least
        assert len(repr(answer)) < 500 * 10_000
        assert len(repr(canned_client.reports[method].notes)) < 20_000
