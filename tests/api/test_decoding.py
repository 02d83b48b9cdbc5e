"""JSON with broken characters or too many values, and bodies that are not JSON."""

import contextlib

import pytest

from custom_components.getscreen.api import CommandFailedError, GetscreenClient, InvalidResponseError
from custom_components.getscreen.api.decoding import MAX_BYTES, MAX_VALUES

from .helpers import METHODS, Canned


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html>",
        b"OK",
        b" ",
        b"[1, 2",
        b"[NaN]",
        b"[Infinity]",
        b"[" * 200_000 + b"]" * 200_000,
        b'[{"id":1' + b"0" * 100_000 + b"}]",
        b'[{"id":1,"name":"\xff]',
        b"\xff[]",
        b"\xef\xbb\xbf\xef\xbb\xbf[]",
        b"\xef\xbb[]",
        '[{"id":1}]'.encode("utf-16"),
        '[{"id":1}]'.encode("utf-32"),
    ],
)
async def test_no_json(canned: Canned, canned_client: GetscreenClient, body: bytes) -> None:
    canned.reply(body, b"Content-Type: application/json")
    for method in ("agents/list", "agents/wake", "support/close"):
        with pytest.raises(InvalidResponseError, match=f"^{method}: HTTP 200, no JSON$"):
            await METHODS[method](canned_client)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"id":1,"name":"PC"}', "PC"),
        ('{"id":1,"name":"Zo\u00eb"}'.encode(), "Zo\u00eb"),
        ('{"id":1,"name":"Zo\u00eb"}'.encode("latin-1"), "Zo\ufffd"),
        (b'{"id":1,"name":"a\xffb\\ud83d"}', "a\ufffdb\ufffd"),
        (b'{"id":1,"name":"\\\\ud83d\xff"}', "\\ud83d\ufffd"),
        (b'{"id":1,"name":"\\\\\\ud83d"}', "\\\ufffd"),
        (b'{"id":1,"name":"\xed\xa0\xbd"}', "\ufffd\ufffd\ufffd"),
        (b'{"id":1,"name":"\xf0\x9f\x94"}', "\ufffd"),
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
async def test_broken_characters_and_byte_order_marks_do_not_affect_the_rest(
    canned: Canned, canned_client: GetscreenClient, mark: bytes, body: bytes, name: str
) -> None:
    canned.reply(mark + b"[" + body + b',{"id":2,"name":"Zo\xc3\xab"}]')
    agents = (await canned_client.list_agents()).agents
    assert [agent.name for agent in agents.values()] == [name, "Zo\u00eb"]
    canned.reply(mark + b'{"status":7,"x":"\xff"}')
    with pytest.raises(CommandFailedError):
        await canned_client.wake(1)


async def test_a_character_may_lie_across_the_slices_in_which_text_is_mended(canned: Canned, canned_client: GetscreenClient) -> None:
    for padding in (65_500, 65_520):
        for shift in range(16):
            name = "\U0001f5a5" * 8
            canned.reply(b'[{"id":1,"x":"\xff%b","name":"%b"}]' % (b"x" * (padding + shift), name.encode()))
            assert (await canned_client.list_agents()).agents[1].name == name


@pytest.mark.parametrize(("pairs", "half"), [(1000, "\ufffd"), (2999, "\ufffd"), (100_000, "\ufffd")])
async def test_an_escape_after_many_backslashes(canned: Canned, canned_client: GetscreenClient, pairs: int, half: str) -> None:
    """Two backslashes are one in the text. An escape begins after an even number of them, and not after an odd one."""
    canned.reply(b'[{"id":1,"name":"%b\\ud83d"},{"id":2,"name":"\\\\ud83d","group":"\xff"}]' % (b"\\\\" * pairs))
    answer = (await canned_client.list_agents()).agents
    assert answer[1].source["name"] == "\\" * pairs + half
    assert (answer[2].name, answer[2].group) == ("\\ud83d", "\ufffd")


async def test_too_many_lone_surrogates(canned: Canned, canned_client: GetscreenClient) -> None:
    for halves, error in ((200_000, None), (200_002, InvalidResponseError)):
        canned.reply(b'[{"id":1,"name":"%b"}]' % (b"\\ud83d" * halves))
        with pytest.raises(error, match="no JSON") if error else contextlib.nullcontext():
            assert (await canned_client.list_agents()).agents.keys() == {1}


async def test_broken_bytes_that_would_be_too_large_once_they_are_replaced(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(b'[{"id":1,"name":"%b"}]' % (b"\xff" * (MAX_BYTES // 2)))
    with pytest.raises(InvalidResponseError, match=str(MAX_BYTES)):
        await canned_client.list_agents()


async def test_nothing_but_a_byte_order_mark_is_no_answer_to_a_question(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(b"\xef\xbb\xbf")
    with pytest.raises(InvalidResponseError):
        await canned_client.list_agents()
    await canned_client.wake(1)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r"\ud83d", "\ufffd"),
        (r"a\uDDA5b", "a\ufffdb"),
        (r"\ud83d\udda5", "\U0001f5a5"),
        (r"\udda5\ud83d", "\ufffd\ufffd"),
        (r"\\ud83d\ud83d", "\\ud83d\ufffd"),
    ],
)
async def test_lone_surrogates(canned: Canned, canned_client: GetscreenClient, text: str, read: str) -> None:
    """A lone surrogate is replaced by one character, and costs nothing else."""
    canned.reply(f'[{{"id":1,"name":"{text}","group":"\\ud83d"}}]'.encode())
    agents = (await canned_client.list_agents()).agents
    assert (agents[1].name, agents[1].group) == (read, "\ufffd")


@pytest.mark.parametrize("bracket", [b",", b"[", b"{"])
async def test_too_many_values(canned: Canned, canned_client: GetscreenClient, bracket: bytes) -> None:
    record = {b",": b"0", b"[": b"[]", b"{": b"{}"}[bracket]
    each = 1 if bracket == b"," else 2
    fits = b"[%b]" % b",".join([record] * (MAX_VALUES // each))
    assert sum(map(fits.count, b",[{")) == MAX_VALUES
    canned.reply(fits)
    assert (await canned_client.list_agents()).cut > 200_000
    for beyond in (fits[:-1] + b",0]", fits[:-1] + b',"\xff"]'):
        canned.reply(beyond)
        for method in ("agents/list", "agents/wake"):
            with pytest.raises(InvalidResponseError, match=f"^the answer has more than {MAX_VALUES} values$"):
                await METHODS[method](canned_client)
