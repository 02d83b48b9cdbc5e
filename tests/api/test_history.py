"""Sessions of the history as records of the API have them."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.getscreen.api import Client, HistoryQuery, HistoryRecord, Video
from custom_components.getscreen.api.reader import Notes

from .checks import assert_impersonal, assert_is_a_model, decoded
from .records import GEO, PLACE, ROW, START, STARTED, read_row
from .strategies import JSON, MANY, NAMES, ROWS


def test_a_row_of_the_history() -> None:
    row, notes = read_row()
    assert row == HistoryRecord(
        id=5,
        start=STARTED,
        end=datetime.fromtimestamp(START + 60, UTC),
        invitation_id=None,
        clients=(Client(login="owner@example.com", user_agent="Firefox", geo=PLACE),),
        agent_id=1,
        agent_name="PC",
        agent_group="Office",
        video=Video(url="https://video.getscreen.me/5.webm", size=1000),
    )
    assert (notes.unknown, notes.unexpected) == (set(), set())


def test_a_row_of_a_quick_support_session() -> None:
    row, notes = read_row(support_id=7, agent={"id": 0, "name": "GUEST", "geo": GEO})
    assert (row.invitation_id, row.agent_id, row.agent_name) == (7, None, "GUEST")
    assert notes.unexpected == set()


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ({"clients": ROW["clients"] * 2}, 2),
        ({"clients": None, "client": ROW["clients"]}, 1),
        ({"clients": None, "client": ROW["clients"][0]}, 1),
        ({"clients": []}, 0),
        ({"clients": None}, 0),
    ],
)
def test_clients_by_either_name(names: dict[str, Any], count: int) -> None:
    row, notes = read_row(**names)
    assert [client.login for client in row.clients] == ["owner@example.com"] * count
    assert (notes.unknown, notes.unexpected) == (set(), set())


def test_clients_of_a_session_are_at_most_64_of_either_name() -> None:
    row, notes = read_row(clients=ROW["clients"] * 65, client=ROW["clients"] * 64)
    assert len(row.clients) == 128
    assert notes.cut == {"clients: list"}


@pytest.mark.parametrize("video", [None, "", [], {}, {"url": ""}, {"url": None, "size": 5}, {"size": 5}, {"url": "soon"}])
def test_rows_without_a_recording(video: object) -> None:
    assert read_row(video=video)[0].video is None


def test_a_recording_of_unknown_size() -> None:
    assert read_row(video={"url": "https://a/b", "size": "big"})[0].video == Video(url="https://a/b", size=None)


def test_unknown_fields_of_a_row_are_noted() -> None:
    client = ROW["clients"][0]
    _, notes = read_row(
        x=1,
        agent=ROW["agent"] | {"x": 1},
        video=ROW["video"] | {"x": 1},
        clients=[client | {"x": 1, "geo": GEO | {"x": 1}}],
    )
    paths = ("x", "agent.x", "video.x", "clients[].x", "clients[].geo.x")
    assert notes.unknown == {f"{path}: int" for path in paths}


@pytest.mark.parametrize("year", [1, 1969])
def test_a_time_before_1970_is_sent_as_1970(year: int) -> None:
    """The server takes no negative number."""
    moment = datetime(year, 12, 31, tzinfo=timezone(timedelta(hours=14)))
    assert HistoryQuery(start=moment, end=moment).parameters() == HistoryQuery().parameters() | {"date_from": 0, "date_to": 0}


@MANY
@given(ROWS | st.dictionaries(NAMES, JSON))
def test_any_record_is_a_row_of_the_history_or_none(record: dict[str, Any]) -> None:
    notes = Notes()
    row = HistoryRecord.from_dict(record, notes)
    assert_impersonal(notes)
    if row is not None:
        assert_is_a_model(row, HistoryRecord.from_dict(decoded(record), Notes()), HistoryRecord)
