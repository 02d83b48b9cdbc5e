"""Agents, sessions, invitations and history as records of the API have them."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.getscreen.api import Agent, Client, Geo, HistoryRecord, Invitation, InvitationStatus, OperatingSystem, Session, Video
from custom_components.getscreen.api.reader import Notes

from .helpers import NO_IDS

_START = 1_765_000_000
_STARTED = datetime.fromtimestamp(_START, UTC)
_GEO = {"ip": "192.0.2.1", "country": "Ireland", "region": "Leinster", "city": "Dublin"}
_PLACE = Geo(ip="192.0.2.1", country="Ireland", region="Leinster", city="Dublin")
_NOWHERE = Geo(ip=None, country=None, region=None, city=None)
_LAST = {"id": 9, "start_time": _START, "stop_time": _START + 60, "client": _GEO | {"user_agent": "Firefox"}}
_AGENT: dict[str, Any] = {
    "id": 1,
    "name": "Reception PC",
    "group": "Office",
    "disabled": False,
    "limited": True,
    "link_time": _START,
    "last_time": _START + 1,
    "geo": _GEO,
    "permanent_url": "https://https://go.getscreen.me/reception",
    "preview_url": "https://https://img.getscreen.me/1.png",
    "os": "win",
    "version": "3.9.2",
    "online": True,
    "installed": True,
    "favorite": False,
    "owner": "owner@example.com",
    "os_user": "reception",
    "sessions": {"last": _LAST, "total": 12},
}
_ROW: dict[str, Any] = {
    "id": 5,
    "start": _START,
    "stop": _START + 60,
    "support_id": None,
    "clients": [{"user_agent": "Firefox", "login": "owner@example.com", "geo": _GEO}],
    "agent": {"id": 1, "name": "PC", "group": "Office", "geo": _GEO, "os": "win", "version": "3.9.2", "owner": "owner@example.com"},
    "video": {"url": "https://https://video.getscreen.me/5.webm", "size": 1000},
}
_INVITATION: dict[str, Any] = {
    "id": 7,
    "status": 1,
    "create_time": _START,
    "invite_code": "123456789",
    "invite_url": "https://getscreen.me/invite",
    "connect_url": "https://https://go.getscreen.me/s3cret",
    "client_name": "Nora",
    "client_os": "win",
    "client_preview_url": "https://img.getscreen.me/7.png",
}


def _agent(**changes: Any) -> tuple[Agent, Notes]:
    notes = Notes()
    agent = Agent.from_dict(_AGENT | changes, notes)
    assert agent is not None
    return agent, notes


def _row(**changes: Any) -> tuple[HistoryRecord, Notes]:
    notes = Notes()
    row = HistoryRecord.from_dict(_ROW | changes, notes)
    assert row is not None
    return row, notes


_STEP = (_START + 1) - (_START + 1 + 1) % 900
"""When agent 1's quarter of an hour begins."""


def test_an_agent() -> None:
    agent, notes = _agent()
    assert agent == Agent(
        id=1,
        name="Reception PC",
        group="Office",
        blocked=False,
        limited=True,
        linked_at=_STARTED,
        last_seen_about=datetime.fromtimestamp(_STEP, UTC),
        geo=_PLACE,
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
            start=_STARTED,
            end=datetime.fromtimestamp(_START + 60, UTC),
            client=Client(login=None, user_agent="Firefox", geo=_PLACE),
        ),
        session_count=12,
        source={},
    )
    # Equality does not look at these.
    assert agent.last_seen == datetime.fromtimestamp(_START + 1, UTC)
    assert agent.preview_url == "https://img.getscreen.me/1.png"
    assert agent.source == _AGENT
    assert (notes.unknown, notes.unexpected) == (set(), set())


@pytest.mark.parametrize("field", sorted(_AGENT.keys() - {"id", "last_time"}))
def test_each_field_counts_for_equality(field: str) -> None:
    assert _agent(**{field: None})[0] != _agent()[0]


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
def test_when_it_was_last_seen_counts_in_steps(*, online: bool | None, first: int | None, second: int, same: bool) -> None:
    agents = [_agent(online=online, last_time=last_time)[0] for last_time in (first, second)]
    assert (agents[0] == agents[1]) is same
    assert (hash(agents[0]) == hash(agents[1])) is same
    assert agents[1].last_seen == (datetime.fromtimestamp(second, UTC) if second else None)


def test_agents_do_not_all_step_at_once() -> None:
    changed = [_agent(id=number, last_time=_START)[0] != _agent(id=number, last_time=_START + 60)[0] for number in range(900)]
    assert changed.count(True) == 60


@pytest.mark.parametrize("cls", [Agent, Invitation, HistoryRecord])
@pytest.mark.parametrize("record", [{}, {"name": "x"}, *({"id": bad} for bad in NO_IDS)])
def test_without_an_id_there_is_nothing(cls: type[Agent | Invitation | HistoryRecord], record: dict[str, Any]) -> None:
    assert cls.from_dict(record, Notes()) is None


@pytest.mark.parametrize("cls", [Agent, Invitation, HistoryRecord])
@pytest.mark.parametrize("given", [5, "5", "05", 5.0])
def test_ids_as_other_types(cls: type[Agent | Invitation | HistoryRecord], given: object) -> None:
    found = cls.from_dict({"id": given}, Notes())
    assert found is not None
    assert found.id == 5
    assert type(found.id) is int


@pytest.mark.parametrize(("cls", "record"), [(Agent, _AGENT), (Invitation, _INVITATION), (HistoryRecord, _ROW)])
@pytest.mark.parametrize("bad", [[True], 2**64 - 1, True, [], {"a": {}}, "\x00"])
def test_a_bad_field_spoils_no_other(cls: type[Agent | Invitation | HistoryRecord], record: dict[str, Any], bad: object) -> None:
    whole = cls.from_dict(record, Notes())
    for field in record.keys() - {"id"}:
        found = cls.from_dict(record | {field: bad}, Notes())
        assert found is not None
        unlike = {name for name in cls.__slots__ if getattr(found, name) != getattr(whole, name)} - {"source"}
        assert len(unlike) <= {"agent": 3, "sessions": 2, "start": 2, "last_time": 2, "online": 2}.get(field, 1), field


def test_an_agent_of_which_nothing_is_known() -> None:
    agent = Agent.from_dict({"id": 1}, Notes())
    assert agent is not None
    values = {name: getattr(agent, name) for name in Agent.__slots__}
    assert values.pop("geo") == _NOWHERE
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
        ([_LAST], None, True),
        ("none", None, True),
        ({"total": 3}, 3, False),
        ({"last": None, "total": 3}, 3, False),
        ({"last": [], "total": 3}, 3, False),
        ({"last": {}, "total": "3"}, 3, True),
        ({"last": {"id": 9, "stop_time": _START}, "total": 3}, 3, False),
        ({"last": {"start_time": 0, "stop_time": 0}, "total": 3}, 3, False),
        ({"last": {"start_time": "long ago"}, "total": 3}, 3, True),
    ],
)
def test_agents_without_a_session(*, sessions: object, count: int | None, noted: bool) -> None:
    agent, notes = _agent(sessions=sessions)
    assert (agent.last_session, agent.session_count, agent.in_session) == (None, count, False)
    assert bool(notes.unexpected) is noted


@pytest.mark.parametrize(
    ("end", "stops"),
    [
        (None, [0, None, "", -1, _START - 1, "0", "later", [], True]),
        (_START, [_START]),
        (_START + 5, [_START + 5, str(_START + 5), _START + 5.7]),
    ],
)
def test_when_sessions_end(end: int | None, stops: list[object]) -> None:
    ended = None if end is None else datetime.fromtimestamp(end, UTC)
    for stop in stops:
        agent, _ = _agent(sessions={"last": _LAST | {"stop_time": stop}})
        assert agent.last_session is not None
        assert agent.last_session.end == ended, stop
        assert agent.in_session is (end is None), stop
        assert _row(stop=stop)[0].end == ended, stop


def test_a_session_without_an_end() -> None:
    record = deepcopy(_AGENT)
    del record["sessions"]["last"]["stop_time"]
    agent = Agent.from_dict(record, Notes())
    assert agent is not None
    assert agent.in_session
    assert HistoryRecord.from_dict({"id": 5, "stop": _START}, Notes()) == replace(
        _row(start=None, clients=[], agent=None, video=None)[0], end=_STARTED
    )


def test_a_session_whose_client_is_nested_or_missing() -> None:
    nested, _ = _agent(sessions={"last": _LAST | {"client": {"geo": _GEO, "user_agent": "Firefox"}}})
    assert nested == _agent(sessions={"last": _LAST})[0]
    missing, _ = _agent(sessions={"last": _LAST | {"client": None}})
    assert missing.last_session is not None
    assert missing.last_session.client == Client(login=None, user_agent=None, geo=_NOWHERE)


# Sessions of which no end was written

_ENDLESS = _LAST | {"stop_time": 0}
_RUNNING = {"last": _ENDLESS, "total": 12}


@pytest.mark.parametrize(
    ("online", "seen", "end"),
    [
        (True, _START + 60, None),
        (None, _START + 60, None),
        (False, _START + 60, _START + 60),
        (False, _START, _START),
        (False, _START - 60, _START),
        (False, _START - 10**7, _START),
        (False, 0, _START),
        (False, None, _START),
        (False, _START + 10**9, _START + 10**9),
    ],
)
def test_a_computer_that_is_offline_has_no_session(*, online: bool | None, seen: int | None, end: int | None) -> None:
    agent, _ = _agent(online=online, last_time=seen, sessions=_RUNNING)
    assert agent.last_session is not None
    assert agent.last_session.end == (None if end is None else datetime.fromtimestamp(end, UTC))
    assert agent.last_session.end_assumed is (end is not None)
    assert agent.in_session is (end is None)
    assert agent.last_session.duration == (None if end is None else end - _START)


def test_an_end_that_the_server_wrote_counts_also_where_a_computer_is_offline() -> None:
    agent, _ = _agent(online=False, last_time=_START + 900)
    assert agent.last_session is not None
    assert agent.last_session.end == datetime.fromtimestamp(_START + 60, UTC)
    assert not agent.last_session.end_assumed


def _later(agent: Agent, **changes: Any) -> Agent:
    later = agent.renewed(agent.source | changes, Notes())
    assert later is not None
    return later


def test_a_session_that_is_over_stays_over_when_the_computer_comes_back() -> None:
    """A power cut leaves it without an end for ever; nothing else of the agent may bring it back."""
    running, _ = _agent(sessions=_RUNNING)
    off = _later(running, online=False, last_time=_START + 100)
    end = datetime.fromtimestamp(_START + 100, UTC)
    agent = off
    for changes in (
        {"last_time": _START + 200},
        {"name": "Renamed"},
        {"online": True, "last_time": _START + 3000},
        {"online": None},
        {"online": True, "last_time": _START + 9000},
        {"online": False, "last_time": _START + 9999},
        {"sessions": {"last": _ENDLESS | {"client": None}, "total": 13}},
        {"online": True},
    ):
        agent = _later(agent.in_doubt() if changes == {"online": None} else agent, **_whole(agent, changes))
        assert agent.last_session is not None
        assert (agent.last_session.end, agent.last_session.end_assumed, agent.in_session) == (end, True, False), changes
        assert agent.renewed(agent.source, Notes()) is agent


def _whole(agent: Agent, changes: dict[str, Any]) -> dict[str, Any]:
    return _AGENT | {"sessions": _RUNNING} | agent.source | changes


@pytest.mark.parametrize(
    ("last", "end", "in_session"),
    [
        (_ENDLESS | {"id": 10}, None, True),
        (_ENDLESS | {"start_time": _START + 500}, None, True),
        (_LAST, _START + 60, False),
        (_LAST | {"stop_time": _START + 700}, _START + 700, False),
    ],
)
def test_what_the_server_tells_of_a_later_session_or_of_its_end_counts(*, last: dict[str, Any], end: int | None, in_session: bool) -> None:
    off, _ = _agent(online=False, last_time=_START + 100, sessions=_RUNNING)
    back = _later(off, online=True, sessions={"last": last, "total": 12})
    assert back.last_session is not None
    assert back.last_session.end == (None if end is None else datetime.fromtimestamp(end, UTC))
    assert not back.last_session.end_assumed
    assert back.in_session is in_session


def test_an_end_that_is_known_from_before_is_kept_by_records_from_elsewhere() -> None:
    """Of `devices/update`, say; or from before a restart."""
    off, _ = _agent(online=False, last_time=_START + 100, sessions=_RUNNING)
    back, _ = _agent(sessions=_RUNNING)
    assert back.in_session
    assert not back.after(off).in_session
    assert back.after(back) is back
    assert back.last_session is not None
    restored = replace(back, last_session=back.last_session.over(datetime.fromtimestamp(_START + 5, UTC)))
    assert not _later(restored, name="Renamed").in_session
    without, _ = _agent(sessions=None)
    assert (without.after(off), off.after(without)) == (without, off)


# Links that are signed anew

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
def test_a_link_that_is_signed_anew_is_no_change_but_is_what_is_fetched(link: object, *, same: bool) -> None:
    before, _ = _agent(preview_url=f"{_SIGNED}?signature=1")
    record = _AGENT | {"preview_url": link}
    now = before.renewed(record, Notes())
    assert now is not None
    fresh = Agent.from_dict(dict(record), Notes())
    assert fresh is not None
    assert (now is before) is same
    assert (now == before) is (fresh == before) is same
    assert now.preview_url == fresh.preview_url
    assert (now.preview_address, now.source) == (fresh.preview_address, record)
    assert now.renewed(record, Notes()) is now


def test_a_link_that_was_none_may_become_one() -> None:
    before, _ = _agent(preview_url=f"{_SIGNED}?{'x' * 2048}")
    assert (before.preview_url, before.preview_address) == (None, None)
    now = _later(before, preview_url=f"{_SIGNED}?short")
    assert now.preview_url == "https://img.getscreen.me/1.png?short"
    assert now != before


def test_a_link_stays_while_an_answer_is_garbled() -> None:
    agent, _ = _agent(preview_url=f"{_SIGNED}?signature=1")
    assert agent.in_doubt().preview_url == agent.preview_url
    assert _agent(preview_url=None)[0].in_doubt().preview_url is None


@pytest.mark.parametrize("minutes", [-600, -5, 5, 600])
def test_clocks_that_differ(minutes: int) -> None:
    """A session may begin after the server last saw the computer, or in our future: what it is depends on no clock of ours."""
    start = _START + 60 * minutes
    agent, _ = _agent(last_time=_START, sessions={"last": _ENDLESS | {"start_time": start}, "total": 1})
    assert agent.in_session
    off = _later(agent, online=False)
    assert off.last_session is not None
    assert off.last_session.end is not None
    assert off.last_session.end >= off.last_session.start
    assert not off.in_session


def test_names_and_texts_are_cut() -> None:
    agent, notes = _agent(
        name="n" * 10_001, group="g" * 10_000, sessions={"last": _LAST | {"client": _GEO | {"user_agent": "u" * 10_001}}, "total": 1}
    )
    assert agent.name == "n" * 10_000
    assert agent.group == "g" * 10_000
    assert agent.last_session is not None
    assert agent.last_session.client.user_agent == "u" * 255
    assert notes.cut == {"name: str", "sessions.last.client.user_agent: str"}


def test_clients_of_a_session_are_at_most_64_of_either_name() -> None:
    row, notes = _row(clients=_ROW["clients"] * 65, client=_ROW["clients"] * 64)
    assert len(row.clients) == 128
    assert notes.cut == {"clients: list"}


def test_unknown_fields_of_an_agent_are_noted() -> None:
    _, notes = _agent(
        features={"sound": True}, geo=_GEO | {"lat": 1.5}, sessions={"last": _LAST | {"x": 1, "client": {"y": ""}}, "z": None, "total": 1}
    )
    assert notes.unknown == {
        "features: dict",
        "geo.lat: float",
        "sessions.last.x: int",
        "sessions.last.client.y: str",
        "sessions.z: NoneType",
    }


def test_an_invitation() -> None:
    notes = Notes()
    assert Invitation.from_dict(_INVITATION | {"new": 1}, notes) == Invitation(
        id=7,
        status=InvitationStatus.CLIENT_JOINED,
        created=_STARTED,
        code="123456789",
        invite_url="https://getscreen.me/invite",
        connect_url="https://go.getscreen.me/s3cret",
        client_name="Nora",
        client_os="win",
    )
    assert (notes.unknown, notes.unexpected) == ({"new: int"}, set())


@pytest.mark.parametrize(("status", "expected"), [(0, 0), (3, 3), ("2", 2), (4, None), (-1, None), ("x", None), (None, None), (True, None)])
def test_the_status_of_an_invitation(status: object, expected: int | None) -> None:
    invitation = Invitation.from_dict({"id": 1, "status": status}, Notes())
    assert invitation is not None
    assert invitation.status == expected


def test_a_code_written_as_a_number() -> None:
    invitation = Invitation.from_dict({"id": 1, "invite_code": 123456789}, Notes())
    assert invitation is not None
    assert invitation.code == "123456789"


def test_a_row_of_the_history() -> None:
    row, notes = _row()
    assert row == HistoryRecord(
        id=5,
        start=_STARTED,
        end=datetime.fromtimestamp(_START + 60, UTC),
        invitation_id=None,
        clients=(Client(login="owner@example.com", user_agent="Firefox", geo=_PLACE),),
        agent_id=1,
        agent_name="PC",
        agent_group="Office",
        video=Video(url="https://video.getscreen.me/5.webm", size=1000),
    )
    assert (notes.unknown, notes.unexpected) == (set(), set())


def test_a_row_of_a_quick_support_session() -> None:
    row, notes = _row(support_id=7, agent={"id": 0, "name": "GUEST", "geo": _GEO})
    assert (row.invitation_id, row.agent_id, row.agent_name) == (7, None, "GUEST")
    assert notes.unexpected == set()


@pytest.mark.parametrize(
    ("names", "count"),
    [
        ({"clients": _ROW["clients"] * 2}, 2),
        ({"clients": None, "client": _ROW["clients"]}, 1),
        ({"clients": None, "client": _ROW["clients"][0]}, 1),
        ({"clients": []}, 0),
        ({"clients": None}, 0),
    ],
)
def test_clients_by_either_name(names: dict[str, Any], count: int) -> None:
    row, notes = _row(**names)
    assert [client.login for client in row.clients] == ["owner@example.com"] * count
    assert (notes.unknown, notes.unexpected) == (set(), set())


@pytest.mark.parametrize("video", [None, "", [], {}, {"url": ""}, {"url": None, "size": 5}, {"size": 5}, {"url": "soon"}])
def test_rows_without_a_recording(video: object) -> None:
    assert _row(video=video)[0].video is None


def test_a_recording_of_unknown_size() -> None:
    assert _row(video={"url": "https://a/b", "size": "big"})[0].video == Video(url="https://a/b", size=None)


def test_unknown_fields_of_a_row_are_noted() -> None:
    client = _ROW["clients"][0]
    _, notes = _row(
        x=1,
        agent=_ROW["agent"] | {"x": 1},
        video=_ROW["video"] | {"x": 1},
        clients=[client | {"x": 1, "geo": _GEO | {"x": 1}}],
    )
    paths = ("x", "agent.x", "video.x", "clients[].x", "clients[].geo.x")
    assert notes.unknown == {f"{path}: int" for path in paths}


def test_links_are_not_printed() -> None:
    invitation = Invitation.from_dict(_INVITATION, Notes())
    assert "https" not in repr((_agent()[0], _row()[0], invitation))
