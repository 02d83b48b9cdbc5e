"""Agents as records of the API have them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.getscreen.api import Agent, Client, HistoryRecord, Invitation, OperatingSystem, Session
from custom_components.getscreen.api.reader import Notes

from .helpers import NO_IDS
from .records import AGENT, GEO, INVITATION, LAST, NOWHERE, PLACE, ROW, START, STARTED, later, read_agent, read_row

_STEP = (START + 1) - (START + 1 + 1) % 900
"""When the current step of agent 1 begins."""


def test_an_agent() -> None:
    agent, notes = read_agent()
    assert agent == Agent(
        id=1,
        name="Reception PC",
        group="Office",
        blocked=False,
        limited=True,
        linked_at=STARTED,
        last_seen_rounded=datetime.fromtimestamp(_STEP, UTC),
        geo=PLACE,
        permanent_link="https://go.getscreen.me/reception",
        preview_address="https://img.getscreen.me/1.png",
        operating_system=OperatingSystem.WINDOWS,
        version="3.9.2",
        online=True,
        installed=True,
        favorite=False,
        owner="owner@example.com",
        user="reception",
        last_session=Session(
            id=9,
            start=STARTED,
            end=datetime.fromtimestamp(START + 60, UTC),
            client=Client(login=None, user_agent="Firefox", geo=PLACE),
        ),
        session_count=12,
        source={},
    )
    # Equality ignores these.
    assert agent.last_seen == datetime.fromtimestamp(START + 1, UTC)
    assert agent.preview_url == "https://img.getscreen.me/1.png"
    assert agent.source == AGENT
    assert (notes.unknown, notes.unexpected) == (set(), set())


@pytest.mark.parametrize("field", sorted(AGENT.keys() - {"id", "last_time"}))
def test_each_field_counts_for_equality(field: str) -> None:
    assert read_agent(**{field: None})[0] != read_agent()[0]


@pytest.mark.parametrize(
    ("online", "first", "second", "same"),
    [
        (True, _STEP, _STEP + 899, True),
        (True, _STEP, _STEP + 900, False),
        (True, _STEP - 1, _STEP, False),
        (None, _STEP, _STEP + 1, True),
        (False, _STEP, _STEP + 1, False),
        (True, None, _STEP, False),
        (True, None, 0, True),
    ],
)
def test_last_seen_counts_in_steps(*, online: bool | None, first: int | None, second: int, same: bool) -> None:
    agents = [read_agent(online=online, last_time=last_time)[0] for last_time in (first, second)]
    assert (agents[0] == agents[1]) is same
    assert (hash(agents[0]) == hash(agents[1])) is same
    assert agents[1].last_seen == (datetime.fromtimestamp(second, UTC) if second else None)


def test_agents_step_at_different_times() -> None:
    changed = [read_agent(id=number, last_time=START)[0] != read_agent(id=number, last_time=START + 60)[0] for number in range(900)]
    assert changed.count(True) == 60


@pytest.mark.parametrize("cls", [Agent, Invitation, HistoryRecord])
@pytest.mark.parametrize("record", [{}, {"name": "x"}, *({"id": bad} for bad in NO_IDS)])
def test_a_record_without_an_id(cls: type[Agent | Invitation | HistoryRecord], record: dict[str, Any]) -> None:
    assert cls.from_dict(record, Notes()) is None


@pytest.mark.parametrize("cls", [Agent, Invitation, HistoryRecord])
@pytest.mark.parametrize("given", [5, "5", "05", 5.0])
def test_ids_as_other_types(cls: type[Agent | Invitation | HistoryRecord], given: object) -> None:
    found = cls.from_dict({"id": given}, Notes())
    assert found is not None
    assert found.id == 5
    assert type(found.id) is int


@pytest.mark.parametrize(("cls", "record"), [(Agent, AGENT), (Invitation, INVITATION), (HistoryRecord, ROW)])
@pytest.mark.parametrize("bad", [[True], 2**64 - 1, True, [], {"a": {}}, "\x00"])
def test_a_bad_field_does_not_affect_others(cls: type[Agent | Invitation | HistoryRecord], record: dict[str, Any], bad: object) -> None:
    whole = cls.from_dict(record, Notes())
    for field in record.keys() - {"id"}:
        found = cls.from_dict(record | {field: bad}, Notes())
        assert found is not None
        unlike = {name for name in cls.__slots__ if getattr(found, name) != getattr(whole, name)} - {"source"}
        assert len(unlike) <= {"agent": 3, "sessions": 2, "start": 2, "last_time": 2, "online": 2}.get(field, 1), field


def test_an_agent_without_known_fields() -> None:
    agent = Agent.from_dict({"id": 1}, Notes())
    assert agent is not None
    values = {name: getattr(agent, name) for name in Agent.__slots__}
    assert values.pop("geo") == NOWHERE
    assert values.pop("source") == {"id": 1}
    assert agent.preview_url is None
    assert values.pop("id") == 1
    assert set(values.values()) == {None}
    assert not agent.in_session


@pytest.mark.parametrize(
    ("sessions", "count", "noted"),
    [
        (None, None, False),
        ([], None, False),
        ({}, None, False),
        ([LAST], None, True),
        ("none", None, True),
        ({"total": 3}, 3, False),
        ({"last": None, "total": 3}, 3, False),
        ({"last": [], "total": 3}, 3, False),
        ({"last": {}, "total": "3"}, 3, True),
        ({"last": {"id": 9, "stop_time": START}, "total": 3}, 3, False),
        ({"last": {"start_time": 0, "stop_time": 0}, "total": 3}, 3, False),
        ({"last": {"start_time": "long ago"}, "total": 3}, 3, True),
    ],
)
def test_agents_without_a_session(*, sessions: object, count: int | None, noted: bool) -> None:
    agent, notes = read_agent(sessions=sessions)
    assert (agent.last_session, agent.session_count, agent.in_session) == (None, count, False)
    assert bool(notes.unexpected) is noted


_SIGNED = "https://https://img.getscreen.me/1.png"


@pytest.mark.parametrize(
    ("link", "same"),
    [
        (f"{_SIGNED}?signature=2", True),
        (f"{_SIGNED}?signature=2#part", True),
        (f"{_SIGNED}#part?signature=2", True),
        (_SIGNED, True),
        (f"{_SIGNED}?{'x' * (2048 - len(_SIGNED) - 1)}", True),
        (f"{_SIGNED}?{'x' * (2048 - len(_SIGNED))}", False),
        (f"{_SIGNED}?a b", False),
        (f"{_SIGNED}/?signature=2", False),
        ("https://https://img.getscreen.me/2.png?signature=2", False),
        ("https://https://img.getscreen.mf/1.png?signature=2", False),
        ("ftp://x", False),
        (None, False),
        ("", False),
        (5, False),
    ],
)
def test_a_newly_signed_link_is_fetched_but_is_no_change(link: object, *, same: bool) -> None:
    before, _ = read_agent(preview_url=f"{_SIGNED}?signature=1")
    record = AGENT | {"preview_url": link}
    now = before.updated_from(record, Notes())
    assert now is not None
    fresh = Agent.from_dict(dict(record), Notes())
    assert fresh is not None
    assert (now is before) is same
    assert (now == before) is (fresh == before) is same
    assert now.preview_url == fresh.preview_url
    assert (now.preview_address, now.source) == (fresh.preview_address, record)
    assert now.updated_from(record, Notes()) is now


def test_an_invalid_link_may_become_valid() -> None:
    before, _ = read_agent(preview_url=f"{_SIGNED}?{'x' * 2048}")
    assert (before.preview_url, before.preview_address) == (None, None)
    now = later(before, preview_url=f"{_SIGNED}?short")
    assert now.preview_url == "https://img.getscreen.me/1.png?short"
    assert now != before


def test_a_link_survives_a_garbled_answer() -> None:
    agent, _ = read_agent(preview_url=f"{_SIGNED}?signature=1")
    assert agent.as_unconfirmed().preview_url == agent.preview_url
    assert [agent.is_unconfirmed, agent.as_unconfirmed().is_unconfirmed] == [False, True]
    assert read_agent(preview_url=None)[0].as_unconfirmed().preview_url is None


def test_names_and_texts_are_cut() -> None:
    agent, notes = read_agent(
        name="n" * 10_001, group="g" * 10_000, sessions={"last": LAST | {"client": GEO | {"user_agent": "u" * 10_001}}, "total": 1}
    )
    assert agent.name == "n" * 10_000
    assert agent.group == "g" * 10_000
    assert agent.last_session is not None
    assert agent.last_session.client.user_agent == "u" * 255
    assert notes.cut == {"name: str", "sessions.last.client.user_agent: str"}


def test_unknown_fields_of_an_agent_are_noted() -> None:
    _, notes = read_agent(
        features={"sound": True}, geo=GEO | {"lat": 1.5}, sessions={"last": LAST | {"x": 1, "client": {"y": ""}}, "z": None, "total": 1}
    )
    assert notes.unknown == {
        "features: dict",
        "geo.lat: float",
        "sessions.last.x: int",
        "sessions.last.client.y: str",
        "sessions.z: NoneType",
    }


def test_links_are_not_printed() -> None:
    invitation = Invitation.from_dict(INVITATION, Notes())
    assert "https" not in repr((read_agent()[0], read_row()[0], invitation))
