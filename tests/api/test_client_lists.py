"""Lists of records: unchanged agents, unusable records, and lists that are too long."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from custom_components.getscreen.api import GetscreenClient, HistoryQuery, InvalidResponseError
from simulator import Account, Fault, Simulator
from simulator.methods import Api

from .helpers import LISTS, METHODS, READS, Canned

# Unchanged agents


@pytest.mark.parametrize("account", [{}, {"bare_lists": True}], indirect=True)
async def test_unchanged_records_stay_the_same_objects(client: GetscreenClient, account: Account) -> None:
    account.agents[1].last_time = account.agents[4].last_time = 900 * 2_000_000  # far from the end of a step
    before = (await client.list_agents()).agents
    account.agents[2].name = "Renamed"
    account.agents[1].last_time += 60
    account.agents[4].last_time += 900
    account.remove_agent(5)
    account.add_agent("New")
    after = (await client.list_agents(previous=before)).agents
    assert after[1] is before[1]
    assert after[3] is before[3]
    assert after[1].last_seen == datetime.fromtimestamp(account.agents[1].last_time, UTC)
    assert after[2] != before[2]
    assert after[2].name == "Renamed"
    assert after[4] != before[4]
    assert after.keys() == {1, 2, 3, 4, 5}
    assert after[5].name == "New"


@pytest.mark.parametrize(
    "change", [{"name": "x"}, {"online": False}, {"group": "x"}, {"geo": {"ip": "192.0.2.1"}}, {"sessions": {"total": 2}}, {"new": 1}]
)
async def test_a_changed_record_is_read_again(canned: Canned, canned_client: GetscreenClient, change: dict[str, Any]) -> None:
    record = {"id": 1, "name": "PC", "online": True, "sessions": {"total": 1}}
    canned.reply_json([record])
    before = (await canned_client.list_agents()).agents
    canned.reply_json([record | change])
    after = (await canned_client.list_agents(previous=before)).agents
    assert after[1] is not before[1]
    assert (after[1] == before[1]) is ("new" in change)


async def test_deeply_nested_records_can_be_compared(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(b'[{"id":1,"x":' + b"[" * 1000 + b"]" * 1000 + b"}]")
    before = (await canned_client.list_agents()).agents
    assert (await canned_client.list_agents(previous=before)).agents[1] is before[1]


# Unusable records


@pytest.mark.parametrize(
    ("method", "count"),
    [
        ("agents/list", lambda answer: len(answer.agents)),
        ("support/list", lambda answer: len(answer.invitations)),
        ("history/list", lambda answer: len(answer.records)),
    ],
)
async def test_bad_records_are_skipped_and_counted(
    canned: Canned, canned_client: GetscreenClient, method: str, count: Callable[[Any], int]
) -> None:
    bad: list[object] = [None, 7, "agent", [], {}, {"id": None}, {"id": "x"}, {"id": True}, {"id": []}, {"id": {}}, {"name": "no id"}]
    canned.reply_json({"data": [*bad, {"id": 1}, {"id": "2"}, {"id": 3.0}]})
    answer = await READS[method](canned_client)
    assert count(answer) == 3
    assert getattr(answer, "skipped", len(bad)) == len(bad)
    assert canned_client.reports[method].notes.skipped == len(bad)


async def test_a_record_without_an_id_is_not_agent_0(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply_json([{"id": 0, "last_time": 1_765_000_000}])
    known = (await canned_client.list_agents()).agents
    canned.reply_json([{"id": 0, "last_time": 1_765_000_000}, {}])
    answer = await canned_client.list_agents(previous=known)
    assert answer.agents[0] is known[0]
    assert answer.agents[0].last_seen == datetime.fromtimestamp(1_765_000_000, UTC)
    assert answer.skipped == 1


async def test_the_id_true_is_not_agent_1(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply_json([{"id": 1, "name": "PC"}])
    known = (await canned_client.list_agents()).agents
    canned.reply_json([{"id": True, "name": "PC"}])
    answer = await canned_client.list_agents(previous=known)
    assert (answer.agents, answer.skipped) == ({}, 1)


@pytest.mark.parametrize("payload", [None, {}, {"data": {}}, {"data": "x"}, "x", False, 7, True])
async def test_a_missing_list(canned: Canned, canned_client: GetscreenClient, payload: object) -> None:
    canned.reply_json(payload)
    for method in LISTS:
        with pytest.raises(InvalidResponseError, match="a list was expected"):
            await READS[method](canned_client)


@pytest.mark.parametrize(
    ("beside", "remaining"), [({}, None), ({"remain": 0}, 0), ({"remain": "5"}, 5), ({"remain": "many"}, None), ({"remain": []}, None)]
)
async def test_connections_left(canned: Canned, canned_client: GetscreenClient, beside: dict[str, Any], remaining: int | None) -> None:
    canned.reply_json({"data": []} | beside)
    assert (await canned_client.list_invitations()).remaining == remaining


async def test_a_bare_list_has_no_totals(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply_json([{"id": 1}])
    assert (await canned_client.list_invitations()).remaining is None
    assert (await canned_client.list_history(HistoryQuery())).total is None


async def test_a_list_of_other_things(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.fail(Fault.WRONG_ITEMS)
    answer = await client.list_agents()
    assert (answer.agents, answer.skipped) == ({}, 5)


# Too many records


@pytest.mark.parametrize(
    ("method", "most", "stored"),
    [
        ("agents/list", 10_000, lambda answer: [*answer.agents]),
        ("support/list", 1_000, lambda answer: [invitation.id for invitation in answer.invitations]),
    ],
)
async def test_lists_are_cut(
    canned: Canned, canned_client: GetscreenClient, *, method: str, most: int, stored: Callable[[Any], list[int]]
) -> None:
    for count, skipped in ((most, 1), (most + 1, 1), (most + 50, 50)):
        canned.reply_json([{"id": number} for number in range(1, count)] + [None])
        answer: Any = await READS[method](canned_client)
        assert stored(answer) == [*range(1, min(count, most + 1))]
        assert answer.skipped == skipped


async def test_the_number_of_agents_beyond_the_bound(canned: Canned, canned_client: GetscreenClient) -> None:
    for count, cut in ((10_000, 0), (10_001, 1), (10_050, 50)):
        canned.reply_json([{"id": number} for number in range(count)])
        assert (await canned_client.list_agents()).cut == cut


async def test_a_page_of_the_history_is_no_longer_than_asked_for(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply_json({"data": [{"id": number} for number in range(1000)], "total": 1000})
    for limit in (1, 20, 100):
        page = await canned_client.list_history(HistoryQuery(limit=limit))
        assert [record.id for record in page.records] == [*range(limit)]
        assert page.total == 1000


@pytest.mark.parametrize(
    ("total", "expected"), [(0, 0), (10**9, 10**9), (10**9 + 1, None), (10**18, None), (-1, None), ("7", 7), ("many", None), (1e300, None)]
)
async def test_invalid_totals(canned: Canned, canned_client: GetscreenClient, total: object, expected: int | None) -> None:
    canned.reply_json({"data": [], "total": total})
    assert (await canned_client.list_history(HistoryQuery())).total == expected


async def test_ten_thousand_computers_are_not_too_many(canned: Canned, canned_client: GetscreenClient) -> None:
    """With room for unknown fields, and for links with long signatures."""
    listed = orjson.loads(Api(Account(devices=10_000), "https://img.getscreen.me").agents_list({}))["data"]
    for record in listed:
        record["preview_url"] = f"https://img.getscreen.me/{record['id']}.png?signature={'0' * 500}"
        record["features"] = dict.fromkeys(("sound", "clipboard", "files", "terminal", "print"), True)
    canned.reply_json({"data": listed})
    answer = await canned_client.list_agents()
    assert (len(answer.agents), answer.skipped, answer.cut) == (10_000, 0, 0)


async def test_a_large_answer_is_decoded_and_read_in_another_thread(
    canned: Canned, canned_client: GetscreenClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    to_thread = asyncio.to_thread

    async def spy(work: Callable[[], object], *arguments: object) -> object:
        threads.append(1)
        return await to_thread(work, *arguments)

    monkeypatch.setattr(asyncio, "to_thread", spy)
    wide = b'[{"id":1,"name":"%b"}]'
    bodies = [(wide % (b"x" * (length - len(wide) + 2)), threads) for length, threads in ((160 * 1024, 0), (160 * 1024 + 1, 2))]
    many = [(b"[%b]" % b",".join([b'{"id":1}'] * count), threads) for count, threads in ((200, 0), (201, 1))]
    for body, expected in bodies + many:
        canned.reply(body)
        for method in LISTS:
            threads.clear()
            await METHODS[method](canned_client)
            assert len(threads) == expected
