"""When sessions start and end, and sessions of which no end was written."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.getscreen.api import Agent, Client, HistoryRecord
from custom_components.getscreen.api.reader import Notes

from .records import AGENT, ENDLESS, GEO, LAST, NOWHERE, RUNNING, START, STARTED, later, read_agent, read_row


@pytest.mark.parametrize(
    ("end", "stops"),
    [
        (None, [0, None, "", -1, START - 1, "0", "later", [], True]),
        (START, [START]),
        (START + 5, [START + 5, str(START + 5), START + 5.7]),
    ],
)
def test_when_sessions_end(end: int | None, stops: list[object]) -> None:
    ended = None if end is None else datetime.fromtimestamp(end, UTC)
    for stop in stops:
        agent, _ = read_agent(sessions={"last": LAST | {"stop_time": stop}})
        assert agent.last_session is not None
        assert agent.last_session.end == ended, stop
        assert agent.in_session is (end is None), stop
        assert read_row(stop=stop)[0].end == ended, stop


def test_a_session_without_an_end() -> None:
    record = deepcopy(AGENT)
    del record["sessions"]["last"]["stop_time"]
    agent = Agent.from_dict(record, Notes())
    assert agent is not None
    assert agent.in_session
    assert HistoryRecord.from_dict({"id": 5, "stop": START}, Notes()) == replace(
        read_row(start=None, clients=[], agent=None, video=None)[0], end=STARTED
    )


def test_a_session_whose_client_is_nested_or_missing() -> None:
    nested, _ = read_agent(sessions={"last": LAST | {"client": {"geo": GEO, "user_agent": "Firefox"}}})
    assert nested == read_agent(sessions={"last": LAST})[0]
    missing, _ = read_agent(sessions={"last": LAST | {"client": None}})
    assert missing.last_session is not None
    assert missing.last_session.client == Client(login=None, user_agent=None, geo=NOWHERE)


# Sessions of which no end was written


@pytest.mark.parametrize(
    ("online", "seen", "end"),
    [
        (True, START + 60, None),
        (None, START + 60, None),
        (False, START + 60, START + 60),
        (False, START, START),
        (False, START - 60, START),
        (False, START - 10**7, START),
        (False, 0, START),
        (False, None, START),
        (False, START + 10**9, START + 10**9),
    ],
)
def test_a_computer_that_is_offline_has_no_session(*, online: bool | None, seen: int | None, end: int | None) -> None:
    agent, _ = read_agent(online=online, last_time=seen, sessions=RUNNING)
    assert agent.last_session is not None
    assert agent.last_session.end == (None if end is None else datetime.fromtimestamp(end, UTC))
    assert agent.last_session.end_assumed is (end is not None)
    assert agent.in_session is (end is None)
    assert agent.last_session.duration == (None if end is None else end - START)


def test_an_end_that_the_server_wrote_counts_also_where_a_computer_is_offline() -> None:
    agent, _ = read_agent(online=False, last_time=START + 900)
    assert agent.last_session is not None
    assert agent.last_session.end == datetime.fromtimestamp(START + 60, UTC)
    assert not agent.last_session.end_assumed


def test_a_session_that_is_over_stays_over_when_the_computer_comes_back() -> None:
    """After a power cut, the server never writes an end. No other change of the agent may bring the session back."""
    running, _ = read_agent(sessions=RUNNING)
    off = later(running, online=False, last_time=START + 100)
    end = datetime.fromtimestamp(START + 100, UTC)
    agent = off
    for changes in (
        {"last_time": START + 200},
        {"name": "Renamed"},
        {"online": True, "last_time": START + 3000},
        {"online": None},
        {"online": True, "last_time": START + 9000},
        {"online": False, "last_time": START + 9999},
        {"sessions": {"last": ENDLESS | {"client": None}, "total": 13}},
        {"online": True},
    ):
        agent = later(agent.as_unconfirmed() if changes == {"online": None} else agent, **_whole(agent, changes))
        assert agent.last_session is not None
        assert (agent.last_session.end, agent.last_session.end_assumed, agent.in_session) == (end, True, False), changes
        assert agent.updated_from(agent.source, Notes()) is agent


def _whole(agent: Agent, changes: dict[str, Any]) -> dict[str, Any]:
    return AGENT | {"sessions": RUNNING} | agent.source | changes


@pytest.mark.parametrize(
    ("last", "end", "in_session"),
    [
        (ENDLESS | {"id": 10}, None, True),
        (ENDLESS | {"start_time": START + 500}, None, True),
        (LAST, START + 60, False),
        (LAST | {"stop_time": START + 700}, START + 700, False),
    ],
)
def test_a_later_session_or_a_written_end_counts(*, last: dict[str, Any], end: int | None, in_session: bool) -> None:
    off, _ = read_agent(online=False, last_time=START + 100, sessions=RUNNING)
    back = later(off, online=True, sessions={"last": last, "total": 12})
    assert back.last_session is not None
    assert back.last_session.end == (None if end is None else datetime.fromtimestamp(end, UTC))
    assert not back.last_session.end_assumed
    assert back.in_session is in_session


def test_a_known_end_is_copied_to_later_records() -> None:
    """Records of `devices/update`, for example, or of the time before a restart."""
    off, _ = read_agent(online=False, last_time=START + 100, sessions=RUNNING)
    back, _ = read_agent(sessions=RUNNING)
    assert back.in_session
    assert not back.corrected_by(off).in_session
    assert back.corrected_by(back) is back
    assert back.last_session is not None
    restored = replace(back, last_session=back.last_session.with_assumed_end(datetime.fromtimestamp(START + 5, UTC)))
    assert not later(restored, name="Renamed").in_session
    without, _ = read_agent(sessions=None)
    assert (without.corrected_by(off), off.corrected_by(without)) == (without, off)


@pytest.mark.parametrize("minutes", [-600, -5, 5, 600])
def test_clocks_that_differ(minutes: int) -> None:
    """A session may begin after the agent was last seen, or in our future. Its state does not depend on our clock."""
    start = START + 60 * minutes
    agent, _ = read_agent(last_time=START, sessions={"last": ENDLESS | {"start_time": start}, "total": 1})
    assert agent.in_session
    off = later(agent, online=False)
    assert off.last_session is not None
    assert off.last_session.end is not None
    assert off.last_session.end >= off.last_session.start
    assert not off.in_session
