"""The history is read in pages, with a cache of a minute, and equal queries at a time share their requests."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.session_history import SessionHistory
from custom_components.getscreen.account.user_requests import UserRequests
from custom_components.getscreen.api import AccessDeniedError, GetscreenClient, GetscreenConnectionError, HistoryQuery
from simulator import Account, Fault, Simulator

from ..answers import change_history
from ..helpers import until


@pytest.fixture
async def history(hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry) -> SessionHistory:
    """Return the history of the account, with an empty cache."""
    entry.add_to_hass(hass)
    return SessionHistory(GetscreenClient(async_get_clientsession(hass), simulator.key, simulator.url), UserRequests())


def pages(simulator: Simulator) -> list[tuple[int, int]]:
    """Return offset and limit of the requests so far."""
    return [(int(request.parameters["offset"]), int(request.parameters["limit"])) for request in simulator.requests]


@pytest.mark.parametrize(
    ("offset", "limit", "expected"),
    [
        (0, 20, [(0, 20)]),
        (0, 100, [(0, 100)]),
        (0, 150, [(0, 100), (100, 50)]),
        (0, 2000, [(0, 100), (100, 100)]),
        (150, 100, [(150, 100)]),
        (500, 200, [(500, 100)]),
    ],
)
async def test_pages(simulator: Simulator, history: SessionHistory, offset: int, limit: int, expected: list[tuple[int, int]]) -> None:
    """Only as many pages as needed are read, and none beyond the end."""
    del simulator.account.history[200:]
    page = await history.async_sessions(HistoryQuery(offset=offset, limit=limit))
    assert pages(simulator) == expected
    assert [record.id for record in page.records] == [*range(200, 0, -1)][offset : offset + limit]
    assert page.total == 200


async def test_the_parameters_of_a_query(simulator: Simulator, history: SessionHistory) -> None:
    start, end = datetime.fromtimestamp(1_000, UTC), datetime.fromtimestamp(2_000, UTC)
    await history.async_sessions(HistoryQuery(agent_id=1, invitation_id=2, start=start, end=end, with_video=False, limit=7))
    asked = {"agent_id": "1", "support_id": "2", "date_from": "1000", "date_to": "2000", "video": "false", "offset": "0", "limit": "7"}
    assert simulator.requests[0].parameters == asked


async def test_equal_queries_within_a_minute_get_the_same_answer(
    simulator: Simulator, history: SessionHistory, freezer: FrozenDateTimeFactory
) -> None:
    first = await history.async_sessions(HistoryQuery(limit=5))
    simulator.account.start_session(1)
    freezer.tick(59)
    assert await history.async_sessions(HistoryQuery(limit=5)) is first
    assert await history.async_sessions(HistoryQuery(agent_id=1, limit=5)) is not first
    freezer.tick(2)
    again = await history.async_sessions(HistoryQuery(limit=5))
    assert again.records[0].end is None
    assert simulator.count("history/list") == 3


async def test_the_cache_holds_32_answers(simulator: Simulator, history: SessionHistory) -> None:
    for limit in (1, *range(1, 34)):
        await history.async_sessions(HistoryQuery(limit=limit))
    assert simulator.count() == 33
    await history.async_sessions(HistoryQuery(limit=33))
    assert simulator.count() == 33
    await history.async_sessions(HistoryQuery(limit=1))
    assert simulator.count() == 34


async def test_two_equal_queries_at_once(simulator: Simulator, history: SessionHistory) -> None:
    with simulator.hold():
        both = asyncio.gather(history.async_sessions(HistoryQuery(limit=5)), history.async_sessions(HistoryQuery(limit=5)))
        await until(simulator.count)
    one, other = await both
    assert one == other
    assert simulator.count() == 1


async def test_a_failure_of_equal_queries_at_once(simulator: Simulator, history: SessionHistory) -> None:
    """All of them fail, but not a later query."""
    simulator.fail(Fault.SERVER_ERROR, "history/list", times=1)
    with simulator.hold():
        failures = asyncio.gather(*(history.async_sessions(HistoryQuery(limit=5)) for _ in range(3)), return_exceptions=True)
        await until(simulator.count)
    assert [type(failure) for failure in await failures] == [GetscreenConnectionError] * 3
    assert simulator.count() == 1
    assert len((await history.async_sessions(HistoryQuery(limit=5))).records) == 5


async def test_a_failure_in_the_middle(simulator: Simulator, history: SessionHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    change_history(monkeypatch, lambda _: simulator.fail(Fault.FORBIDDEN, "history/list", times=1))
    with pytest.raises(AccessDeniedError):
        await history.async_sessions(HistoryQuery(limit=200))
    assert pages(simulator) == [(0, 100), (100, 100)]


async def test_cancelling_one_of_several_equal_queries(simulator: Simulator, history: SessionHistory) -> None:
    """The other callers get their answer."""
    with simulator.hold():
        first, second, third = (asyncio.create_task(history.async_sessions(HistoryQuery(limit=5))) for _ in range(3))
        await until(simulator.count)
        first.cancel()
        second.cancel()
        await until(lambda: simulator.count() == 2)
    assert len((await third).records) == 5
    assert first.cancelled()
    assert second.cancelled()
    assert simulator.count() == 2


async def test_a_session_that_begins_between_two_pages(
    account: Account, simulator: Simulator, history: SessionHistory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session pushes a record of the first page onto the second; the record is not returned twice."""
    del account.history[200:]
    change_history(monkeypatch, lambda _: account.start_session(1))
    page = await history.async_sessions(HistoryQuery(limit=300))
    assert pages(simulator) == [(0, 100), (100, 100), (200, 100)]
    assert [record.id for record in page.records] == [*range(200, 0, -1)]


async def test_records_that_cannot_be_read(simulator: Simulator, history: SessionHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is shorter because of them is not taken for the last one."""
    del simulator.account.history[200:]
    change_history(monkeypatch, lambda answer: answer["data"][50].pop("id"))
    page = await history.async_sessions(HistoryQuery(limit=300))
    assert len(page.records) == 198
    assert pages(simulator) == [(0, 100), (100, 100)]


@pytest.mark.parametrize("rows", [200, 250])
async def test_no_total(simulator: Simulator, history: SessionHistory, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Then a short page is the last one."""
    account = simulator.account
    del account.history[200:]
    for _ in range(rows - 200):
        account.start_session(1)
    change_history(monkeypatch, lambda answer: answer.pop("total"))
    page = await history.async_sessions(HistoryQuery(limit=1000))
    assert len(page.records) == rows
    assert page.total is None
    assert pages(simulator) == [(0, 100), (100, 100), (200, 100)]


async def test_a_total_that_is_too_large(simulator: Simulator, history: SessionHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    del simulator.account.history[200:]
    change_history(monkeypatch, lambda answer: answer.update(total=1000))
    assert len((await history.async_sessions(HistoryQuery(limit=1000))).records) == 200
    assert pages(simulator) == [(0, 100), (100, 100), (200, 100)]


async def test_a_recording(simulator: Simulator, history: SessionHistory) -> None:
    session = next(session for session in simulator.account.history if session.video_size)
    record = await history.async_recording(session.start, session.id)
    assert record is not None
    assert record.video is not None
    assert record.video.size == session.video_size
    assert record.start == datetime.fromtimestamp(session.start, UTC)
    assert simulator.requests[0].parameters["date_to"] == str(session.start + 1)
    assert await history.async_recording(session.start, session.id + 1) is None
    assert simulator.count() == 1
    assert await history.async_recording(session.start + 86_400 * 365, session.id) is None


async def test_a_session_without_recording(simulator: Simulator, history: SessionHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the server ignores the parameter, a session without a recording is not returned."""
    session = next(session for session in simulator.account.history if session.video_size)
    change_history(monkeypatch, lambda answer: [row.update(video=None) for row in answer["data"]])
    assert await history.async_recording(session.start, session.id) is None


async def test_a_server_that_ignores_the_limit(simulator: Simulator, history: SessionHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more sessions than the limit are returned, and none are missing at the end of a page."""
    del simulator.account.history[200:]
    rows = simulator.account.history[::-1]

    def everything(answer: dict[str, Any]) -> None:
        template = answer["data"][0]
        answer["data"] = [{**template, "id": row.id} for row in rows[answer["offset"] :]]

    change_history(monkeypatch, everything)
    for limit in (1, 150, 199):
        page = await history.async_sessions(HistoryQuery(limit=limit))
        assert [record.id for record in page.records] == [row.id for row in rows[:limit]]
    assert pages(simulator) == [(0, 1), (0, 100), (100, 50), (0, 100), (100, 99)]


@pytest.mark.parametrize("total", [10**9, 2**63 - 1, None])
async def test_a_server_whose_pages_repeat(
    simulator: Simulator, history: SessionHistory, monkeypatch: pytest.MonkeyPatch, total: int | None
) -> None:
    """Reading ends after as many pages as the limit has, with any total that the server claims."""
    first: list[Any] = []

    def again(answer: dict[str, Any]) -> None:
        first[:] = first or answer["data"]
        answer.update(data=first, total=total)

    change_history(monkeypatch, again)
    page = await history.async_sessions(HistoryQuery(limit=1000))
    assert len(page.records) == 100
    assert pages(simulator) == [(offset, 100) for offset in range(0, 1000, 100)]


async def test_the_cache_stays_small(simulator: Simulator, history: SessionHistory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache holds 10,000 sessions at most; the oldest answers are dropped first."""
    templates: list[Any] = []

    def full(answer: dict[str, Any]) -> None:
        templates.extend(answer["data"])
        answer["data"] = [{**templates[0], "id": answer["offset"] + number} for number in range(100)]
        answer["total"] = 10**6

    change_history(monkeypatch, full)
    days = [datetime.fromtimestamp(day * 86_400, UTC) for day in range(11)]
    for day in days:
        await history.async_sessions(HistoryQuery(start=day, limit=1000))
    simulator.requests.clear()
    for day in days[:0:-1]:
        await history.async_sessions(HistoryQuery(start=day, limit=1000))
    assert simulator.count() == 0
    await history.async_sessions(HistoryQuery(start=days[0], limit=1000))
    assert simulator.count() == 10
