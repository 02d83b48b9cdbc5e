"""What holds whatever the server says: properties, and hypothesis looks for an answer that breaks one.

The examples are the same at every run; where one fails, hypothesis prints the smallest that does.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from functools import cache, partial
import re
from traceback import format_exception
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints, override
from urllib.parse import quote, quote_plus

import aiohttp
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
import orjson
import pytest
from yarl import URL

from custom_components.getscreen.api import (
    Agent,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    HistoryRecord,
    Invitation,
    RequestLimitError,
    RequestRefusedError,
)
from custom_components.getscreen.api.hardware import Hardware, read_hardware
from custom_components.getscreen.api.models import Session
from custom_components.getscreen.api.reader import Notes, Reader
from custom_components.getscreen.api.refusals import error_in, reason, text_in
from custom_components.getscreen.api.transport import Answer, _seconds
from simulator import Account
from simulator.methods import METHODS as SIMULATED
from simulator.methods import Api

from .helpers import METHODS, READS, Canned

# How busy the machine is must not decide about a test, nor what an earlier run found.
_MANY = settings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_FEW = settings(_MANY, max_examples=20)
_MORE = settings(_MANY, max_examples=400)
# The server and the session are shared by a test's examples, the client is not: nothing of one example is left for the next.
_HTTP = settings(_MANY, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])

_KEY = "a-key"
_HOUR = 60 * 60
_DAY = 24 * _HOUR
_QUARTER = timedelta(minutes=15)
_HIDDEN = "https://getscreen.example/5f1c9e0b7d2a4c68"
"""A secret link: no text but those of the fields for links is made of it."""

# JSON as the decoder can give it: numbers of at most 64 bits, no halves of surrogate pairs.

_TEXTS = st.text(max_size=20) | st.sampled_from(
    [
        *("", "x", "win", "0", "1", "-1", "+5", " 5 ", "1_0", "٣", "5.9", "1e400", "nan", "." * 50, "9" * 5000, "9" * 400 + ".0"),
        *("true", "FALSE", "\x00", "a\nb", "\U0001f511", "e\u0301", "\u202e\ufeff", "z" * 2000, f"the key {_KEY} is wrong", _KEY * 200),
        *("https://https://a/b", "https://", "HTTP://a", "javascript:alert(1)", "192.0.2.1/9C:7B:EF:00:00:01", "/9C:7B:EF:00:00:01"),
    ]
)
_WHOLE = st.integers(-(2**63), 2**64 - 1)
_AGENT_IDS = st.integers(0, 2**63 - 1)
_NUMBERS = (
    _WHOLE
    | st.integers(-3, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        [2**53, 2**63, 2**64 - 1, -(2**63), 253_402_300_799, 253_402_300_800, 1_765_000_000_000, 1e18, 1e300, -1e300, -0.0, 1.0]
    )
)
_NAMES = st.text(max_size=10) | st.sampled_from(
    [
        *("data", "status", "error", "message", "text", "id", "name", "group", "disabled"),
        *("limited", "link_time", "last_time", "geo", "ip"),
        *("country", "region", "city", "permanent_url", "preview_url", "os", "version", "online", "installed", "favorite", "owner"),
        *("os_user", "sessions", "last", "start_time", "stop_time", "client", "clients", "user_agent", "login", "total", "hardware", "url"),
        *("onetime_url", "ComputerIP", "CPUSpeed", "RAMPhys", "HDD", "LogicalDisks", "Monitors", "NetAdapters", "Addresses", "DNS"),
        *("RAMBanks", "VideoCards", "SoundDevices", "Name", "Size", "create_time", "invite_code", "invite_url", "connect_url"),
        *("client_name", "client_os", "client_preview_url", "remain", "start", "stop", "support_id", "agent", "video", "size", "offset"),
        *("limit", "filter", "192.0.2.1", "owner@example.com", "x" * 41),
    ]
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=6,
)


@st.composite
def _record(draw: st.DrawFn, /, **known: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Return an object that has some of these fields, most of them well-formed, and perhaps others."""
    record = {} if draw(st.booleans()) else {**draw(st.dictionaries(_NAMES, _JSON, max_size=2))}
    names = draw(st.lists(st.sampled_from([*known]), max_size=6, unique=True))
    # Without an id there is little to see.
    for name in names if "id" in names or "id" not in known or not draw(st.integers(0, 9)) else ["id", *names]:
        record[name] = draw(known[name] if draw(st.integers(0, 3)) else _JSON)
    return record


_IDS = st.integers(-1, 5) | st.integers(1, 5).map(str) | st.sampled_from([True, None, 5.0, 5.5, "5.0", " 5", "+5", "5_0", "\u0665", 2**63])
_FLAGS = st.booleans() | st.sampled_from([0, 1, "0", "true", 1.0])
_MOMENTS = st.integers(1_765_000_000, 1_765_004_000) | st.sampled_from([0, 1, None, "1765000000", 253_402_300_799, 253_402_300_800])
_LINKS = st.sampled_from([_HIDDEN, f"https://{_HIDDEN}", f"HTTP://https://{_HIDDEN}/a b", ""])
_GEOS = _record(ip=_TEXTS, country=_TEXTS, region=_TEXTS, city=_TEXTS)
_CLIENTS = _record(ip=_TEXTS, city=_TEXTS, user_agent=_TEXTS, login=_TEXTS, geo=_GEOS)
_SESSIONS = _record(last=_record(id=_IDS, start_time=_MOMENTS, stop_time=_MOMENTS, client=_CLIENTS), total=_NUMBERS)
_SYSTEMS = st.sampled_from(["win", "mac", "linux", "android", "bsd"])
_AGENTS = _record(
    id=_IDS,
    name=_TEXTS,
    group=_TEXTS,
    disabled=_FLAGS,
    limited=_FLAGS,
    link_time=_MOMENTS,
    last_time=_MOMENTS,
    geo=_GEOS,
    permanent_url=_LINKS,
    preview_url=_LINKS,
    onetime_url=_LINKS,
    os=_SYSTEMS,
    version=_TEXTS,
    online=_FLAGS,
    installed=_FLAGS,
    favorite=_FLAGS,
    owner=_TEXTS,
    os_user=_TEXTS,
    sessions=_SESSIONS,
)
_INVITATIONS = _record(
    id=_IDS,
    status=st.integers(-1, 4),
    create_time=_MOMENTS,
    invite_code=_TEXTS,
    invite_url=_LINKS,
    connect_url=_LINKS,
    client_name=_TEXTS,
    client_os=_SYSTEMS,
    client_preview_url=_LINKS,
)
_ROWS = _record(
    id=_IDS,
    start=_MOMENTS,
    stop=_MOMENTS,
    support_id=_IDS,
    clients=st.lists(_CLIENTS, max_size=3),
    client=_CLIENTS,
    agent=_record(id=_IDS, name=_TEXTS, group=_TEXTS, geo=_GEOS, os=_SYSTEMS, version=_TEXTS, owner=_TEXTS),
    video=_record(url=_LINKS, size=_NUMBERS),
)
_ADDRESSES = st.lists(_TEXTS, max_size=3)
_HARDWARE = _record(
    CPU=_TEXTS,
    CPUCores=_NUMBERS,
    ComputerIP=_ADDRESSES,
    LocaleTimezone=_NUMBERS,
    RAMPhys=_NUMBERS,
    HDD=st.lists(_record(Model=_TEXTS, Size=_NUMBERS), max_size=3),
    LogicalDisks=st.lists(_record(Disk=_TEXTS, Name=_TEXTS, FileSystem=_TEXTS, Size=_NUMBERS, FreeSpace=_NUMBERS), max_size=3),
    Monitors=st.lists(_record(Name=_TEXTS, ScreenWidth=_NUMBERS, ScreenHeight=_NUMBERS), max_size=3),
    NetAdapters=st.lists(_record(Name=_TEXTS, Addresses=_ADDRESSES, DNS=_ADDRESSES, DCHP=_FLAGS, Speed=_NUMBERS, WoL=_FLAGS), max_size=3),
    RAMBanks=st.lists(_record(Bank=_TEXTS, Capacity=_NUMBERS, SerialNumber=_TEXTS), max_size=3),
    SoundDevices=st.lists(_record(Name=_TEXTS), max_size=3),
    VideoCards=st.lists(_record(Name=_TEXTS, RAM=_NUMBERS, Integrated=_FLAGS), max_size=3),
)


def _whole(record: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a record of its own, as the decoder would give it."""
    decoded: dict[str, Any] = orjson.loads(orjson.dumps(record | fields))
    return decoded


# What holds of every value

_hints = cache(get_type_hints)


def _assert_sound(value: Any, declared: Any, path: str) -> None:
    """Check that a value is exactly of the type that is declared, all the way down; that texts say something and times are in UTC."""
    origin, arguments = get_origin(declared), get_args(declared)
    if origin is UnionType:
        of_type = [choice for choice in arguments if type(value) is (get_origin(choice) or choice)]
        assert len(of_type) == 1, f"{path} is {value!r}"
        _assert_sound(value, of_type[0], path)
    elif origin is tuple:
        assert type(value) is tuple, f"{path} is {value!r}"
        for number, item in enumerate(value):
            _assert_sound(item, arguments[0], f"{path}[{number}]")
    elif origin is dict:
        assert type(value) is dict, f"{path} is {value!r}"
        for key, item in value.items() if arguments[1] is not Any else ():
            _assert_sound(key, arguments[0], f"a key of {path}")
            _assert_sound(item, arguments[1], f"{path}[{key!r}]")
    else:
        assert type(value) is (declared or NoneType), f"{path} is {value!r}"
        assert not isinstance(value, str) or value, f"{path} is empty"
        assert not isinstance(value, datetime) or value.tzinfo is UTC, f"{path} is {value!r}"
        for field in fields(value) if is_dataclass(value) else ():
            _assert_sound(getattr(value, field.name), _hints(declared)[field.name], f"{path}.{field.name}")
    if isinstance(value, Session | HistoryRecord):
        assert value.start is None or value.end is None or value.end >= value.start
        assert value.duration is None or value.duration >= 0
    if isinstance(value, Agent):
        _assert_seen_about(value)


def _assert_seen_about(agent: Agent) -> None:
    """Check that the step is the one before a computer was last seen, and that moment itself for one that is offline."""
    if agent.last_seen is None or agent.online is False:
        assert agent.last_seen_about == agent.last_seen
    else:
        assert agent.last_seen_about is not None
        assert timedelta(0) <= agent.last_seen - agent.last_seen_about < _QUARTER


def _assert_is_a_model(read: object, again: object, declared: type) -> None:
    """Check what holds of every model that was read, and was read again."""
    _assert_sound(read, declared, declared.__name__)
    assert read == again
    assert hash(read) == hash(again)
    assert len({read, again}) == 1
    assert repr(read) == repr(again)
    assert _HIDDEN not in repr(read)


_NOTE = re.compile(r"(?:[A-Za-z_]\w*(?:\[\])?\.)*(?:[A-Za-z_]\w{0,39}|\(not a name\)): (?:NoneType|bool|int|float|str|list|dict)", re.ASCII)


def _assert_impersonal(notes: Notes) -> None:
    """Check that notes are few, and that each one is a name and a type."""
    for kind in (notes.unknown, notes.unexpected):
        assert len(kind) <= 100
        assert all(_NOTE.fullmatch(note) for note in kind), kind


# Models


@_MANY
@given(_AGENTS | st.dictionaries(_NAMES, _JSON))
def test_any_record_is_an_agent_or_none(record: dict[str, Any]) -> None:
    before, notes = deepcopy(record), Notes()
    agent = Agent.from_dict(record, notes)
    _assert_impersonal(notes)
    assert record == before
    if agent is None:
        assert Reader(record, Notes()).id("id") is None
    else:
        _assert_is_a_model(agent, Agent.from_dict(_whole(record), Notes()), Agent)
        assert agent.source is record
        assert agent.in_session is (agent.last_session is not None and agent.last_session.end is None)
        assert not (agent.in_session and agent.online is False)


@_MANY
@given(_INVITATIONS | st.dictionaries(_NAMES, _JSON))
def test_any_record_is_an_invitation_or_none(record: dict[str, Any]) -> None:
    notes = Notes()
    invitation = Invitation.from_dict(record, notes)
    _assert_impersonal(notes)
    if invitation is not None:
        _assert_is_a_model(invitation, Invitation.from_dict(_whole(record), Notes()), Invitation)


@_MANY
@given(_ROWS | st.dictionaries(_NAMES, _JSON))
def test_any_record_is_a_row_of_the_history_or_none(record: dict[str, Any]) -> None:
    notes = Notes()
    row = HistoryRecord.from_dict(record, notes)
    _assert_impersonal(notes)
    if row is not None:
        _assert_is_a_model(row, HistoryRecord.from_dict(_whole(record), Notes()), HistoryRecord)


@_MANY
@given(_HARDWARE | st.dictionaries(_NAMES, _JSON))
def test_any_block_is_hardware(block: dict[str, Any]) -> None:
    notes = Notes()
    hardware = read_hardware(Reader(block, notes, "hardware."))
    _assert_impersonal(notes)
    _assert_is_a_model(hardware, read_hardware(Reader(_whole(block), Notes(), "hardware.")), Hardware)


@_FEW
@given(
    st.lists(st.text(max_size=3), max_size=5),
    st.lists(st.sampled_from([None, True, 1, 0.5, "x", [], {}, [1], {"": 1}]), min_size=1, max_size=5),
)
def test_notes_of_many_records_stay_few(names: list[str], values: list[object]) -> None:
    notes = Notes()
    for number in range(60):
        value = values[number % len(values)]
        field = f"{'abcdefgh'[number // 8]}{'ABCDEFGH'[number % 8]}"  # single letters may be told
        record = {f"{name}_{field}": value for name in names} | {
            field: value,
            "clients": [{field: value}],
            "geo": {field: 1},
        }
        for read in (Agent.from_dict, Invitation.from_dict, HistoryRecord.from_dict):
            assert read({**record, "id": number}, notes)
    assert len(notes.unknown) == 100
    _assert_impersonal(notes)


# When an agent was last seen

_SEEN = st.fixed_dictionaries({"last_time": st.integers(1_765_000_000, 1_765_004_000) | st.just(0), "online": st.booleans() | st.none()})


def _agent(agent_id: int, **changes: Any) -> Agent:
    agent = Agent.from_dict({"id": agent_id, "name": "PC", **changes}, Notes())
    assert agent is not None
    return agent


@_MANY
@given(_AGENT_IDS, _SEEN, _SEEN)
def test_when_it_was_last_seen_counts_only_in_steps(agent_id: int, first: dict[str, Any], second: dict[str, Any]) -> None:
    one, other = _agent(agent_id, **first), _agent(agent_id, **second)
    assert (one == other) is (one.online == other.online and one.last_seen_about == other.last_seen_about)
    assert one != other or hash(one) == hash(other)
    if one.online and other.online and one.last_seen and other.last_seen and abs(one.last_seen - other.last_seen) >= _QUARTER:
        assert one != other


@_MANY
@given(_AGENT_IDS, st.lists(_SEEN, min_size=2, max_size=8))
def test_when_it_was_last_seen_goes_back_only_if_the_server_says_so(agent_id: int, moments: list[dict[str, Any]]) -> None:
    earlier = _agent(agent_id, **moments[0])
    for moment in moments[1:]:
        seen = earlier.last_seen
        agent = earlier.renewed({"id": agent_id, "name": "PC", **moment}, Notes())
        assert agent
        _assert_seen_about(agent)
        assert agent.last_seen == _agent(agent_id, **moment).last_seen
        if agent.last_seen and seen and agent.last_seen >= seen:
            assert agent.last_seen_about
            assert earlier.last_seen_about
            assert agent.last_seen_about >= earlier.last_seen_about
        elif not agent.last_seen or not seen:
            assert agent == _agent(agent_id, **moment)
        assert agent.renewed(agent.source, Notes()) is agent
        earlier = agent


# Agents that are known


class _Told(GetscreenClient):
    """A client that is told what is answered, so nothing is asked."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        super().__init__(session, _KEY)
        self.payload: Any = []

    @override
    async def _request(self, method: str, parameters: Mapping[str, Any] | None = None, body: dict[str, Any] | None = None) -> Answer:
        return Answer(200, orjson.loads(orjson.dumps(self.payload)), is_json=True, retry_after=None)


@pytest.fixture
def told(session: aiohttp.ClientSession) -> _Told:
    """Return a client that asks nobody; it keeps nothing of an answer but its notes."""
    return _Told(session)


_LISTED = settings(_MANY, max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def _values(agent: Agent) -> dict[str, Any]:
    """Return everything of an agent but what depends on what was known: its step, and a session's end that the server did not write."""
    values = {field.name: getattr(agent, field.name) for field in fields(agent) if field.name != "last_seen_about"}
    if session := agent.last_session:
        values["last_session"] = replace(session, end=None if session.end_assumed else session.end)
    return values


@_LISTED
@given(records=st.dictionaries(_AGENT_IDS, _AGENTS, max_size=4), data=st.data())
async def test_unchanged_agents_stay_the_same_objects_in_any_order(
    told: _Told, records: dict[int, dict[str, Any]], data: st.DataObject
) -> None:
    told.payload = [{**record, "id": number} for number, record in records.items()] + [None, {}]
    first = await told.list_agents()
    assert first.agents.keys() == records.keys()
    assert first.skipped == 2
    told.payload = data.draw(st.permutations(told.payload))
    again = await told.list_agents(known=first.agents)
    assert again.skipped == 2
    assert again.agents == first.agents
    assert all(again.agents[number] is agent for number, agent in first.agents.items())
    assert len({*again.agents.values()}) == len(records)
    assert repr(again).count("Agent(") == len(records)
    assert _HIDDEN not in repr(again)
    _assert_impersonal(told.reports["agents/list"].notes)


@_LISTED
@given(first=st.lists(_AGENTS, max_size=4), second=st.lists(_AGENTS, max_size=4), data=st.data())
async def test_what_is_known_changes_nothing_of_what_is_read(
    told: _Told, first: list[dict[str, Any]], second: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Be there several records of an id, ids of other types, or records that come, go and change places."""
    told.payload = first
    known = (await told.list_agents()).agents
    told.payload = data.draw(st.permutations(first + second)) if data.draw(st.booleans()) else second
    fresh, answer = await told.list_agents(), await told.list_agents(known=known)
    assert answer.skipped == fresh.skipped
    assert [*answer.agents] == [*fresh.agents]
    for number, agent in answer.agents.items():
        _assert_seen_about(agent)
        if agent is known.get(number):
            assert agent.source == fresh.agents[number].source
        else:
            assert _values(agent) == _values(fresh.agents[number])
    for number, agent in (await told.list_agents(known=answer.agents)).agents.items():
        assert agent is answer.agents[number]


@_LISTED
@given(st.sampled_from(["5", "005", 5.0]), st.integers(1_765_000_000, 1_765_004_000))
async def test_an_agent_is_known_whatever_type_its_id_is_of(told: _Told, agent_id: object, seen: int) -> None:
    told.payload = [{"id": agent_id, "online": True, "last_time": seen}]
    known = (await told.list_agents()).agents
    assert (await told.list_agents(known=known)).agents[5] is known[5]


# The parts of the transport

_DATES = st.lists(
    st.sampled_from(
        [
            *("Mon,", "Fri", "1", "31", "99", "Dec", "Foo", "1999", "9999", "99999", "-1", "9" * 30, "23:59:59", "23.59.59", "99:99", "::"),
            *("GMT", "EST", "-0000", "+2359", "+9999", "-99999999999999", "٣", ",", "(", "()"),
            *("Dec-31-99", "31-Dec-2030", "\x00", "-", "+"),
        ]
    ),
    max_size=8,
)
_HEADERS = (
    st.text()
    | _TEXTS
    | _WHOLE.map(str)
    | st.integers().map(str)
    | _DATES.map(" ".join)
    | _DATES.map("".join)
    | st.datetimes(
        timezones=st.none() | st.just(UTC) | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    ).map(format_datetime)
)


@_MORE
@example(None)
@given(_HEADERS)
def test_any_retry_after_is_at_most_a_day_or_none(header: str | None) -> None:
    seconds = _seconds(header)
    assert seconds is None or (type(seconds) is float and 0 <= seconds <= _DAY)


@_MANY
@given(st.integers(), st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2025, 1, 1)))  # noqa: DTZ001 - hypothesis adds the zone
def test_a_retry_after_that_is_right_is_understood(seconds: int, past: datetime) -> None:
    assert _seconds(str(seconds)) == min(max(seconds, 0), _DAY)
    assert _seconds(format_datetime(past.replace(tzinfo=UTC), usegmt=True)) == 0
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds % _DAY)
    understood = _seconds(format_datetime(later, usegmt=True))
    assert understood is not None
    assert max(0, (later - datetime.now(UTC)).total_seconds()) <= understood <= seconds % _DAY


@_MANY
@given(_JSON)
def test_the_text_of_any_answer_is_a_text_or_none(payload: object) -> None:
    text = text_in(payload)
    assert text is None or (type(text) is str and text and text == text.strip())
    for command in (True, False):
        error = error_in(payload, command=command)
        assert error is None or type(error) is str
        assert command or error is None or isinstance(payload, dict)


_KEYS = st.text("abcXYZ0189-_", min_size=1, max_size=6)


@_MANY
@given(_KEYS, st.sampled_from(["error", "message", "text", "data"]), st.lists(st.text("abcXYZ0189-_ ", max_size=6), max_size=60))
def test_a_reason_never_tells_the_key(key: str, field: str, texts: list[str]) -> None:
    for code in (400, 200):
        answer = Answer(code, {field: key.join(texts), "success": False}, is_json=True, retry_after=None)
        with pytest.raises(RequestRefusedError, match=rf"^method: HTTP {code}") as caught:
            answer.raise_for_error("method", key, command=True)
        assert caught.value.reason is None or (key not in caught.value.reason and 0 < len(caught.value.reason) <= 300)


@_MANY
@given(st.text("ab+/= %ü", min_size=1, max_size=6), st.sampled_from([str, quote, quote_plus, partial(quote, safe="")]))
def test_a_reason_never_tells_the_key_as_a_url_has_it(key: str, written: Callable[[str], str]) -> None:
    told = reason(f"GET /v1?apikey={written(key)}", key)
    assert told is not None
    assert "***" in told or not key.strip() or "/" in key


_MADE_LINKS = (
    st.text()
    | _TEXTS
    | st.lists(
        st.sampled_from(
            [
                *("http://", "https://", "HTTPS://", "https:/", "://", "//", "ftp://"),
                *("javascript:", "go.getscreen.me", "192.0.2.1", "[::1]"),
                *("/", "/a", "?b=", "#", ":", ":80", ":99999", "@", "[", "]", "%", "%0a", " ", "\n", "\x00", "é", "\ud800", "xn--"),
            ]
        ),
        max_size=8,
    ).map("".join)
)


def _link(text: str) -> str | None:
    return Reader({"url": text}, Notes()).link("url")


@_MORE
@given(_MADE_LINKS)
def test_any_text_is_a_link_with_a_single_scheme_or_none(text: str) -> None:
    link = _link(text)
    if link is not None:
        assert re.match(r"https?://(?!https?://)[^/]", link, re.IGNORECASE)
        assert text.endswith(link)
        assert re.fullmatch(r"(?:https?://)*", text.removesuffix(link), re.IGNORECASE)
        assert not re.search(r"\s", link)
        assert _link(link) == _link(f"https://{link}") == link


@_MORE
@given(_MADE_LINKS)
def test_every_link_leads_to_a_host(text: str) -> None:
    """Home Assistant's registry of devices raises ValueError otherwise."""
    link = _link(text)
    assert link is None or URL(link).host


@_MANY
@given(st.lists(st.sampled_from(["192.0.2.1", "192.0.2.1/9C:7B:EF:00:00:01", "/9C:7B:EF:00:00:01", ""])))
def test_no_address_is_empty(addresses: list[str]) -> None:
    assert "" not in read_hardware(Reader({"ComputerIP": addresses}, Notes())).ip_addresses


# Every method over HTTP


@cache
def _good(method: str) -> Any:
    """Return a good answer of the simulator."""
    account = Account(devices=3, clock=lambda: 1_765_000_000.0)
    account.start_session(1)
    values = {"id": 1} if method in ("devices/update", "agents/reboot", "agents/wake", "agents/logout") else {"agent_id": 1}
    values = {"connection_id": 7001} if method.startswith("support") else {} if method in ("agents/list", "history/list") else values
    return orjson.loads(SIMULATED[method].answer(Api(account, "https://go.getscreen.me"), values) or b"null")


type _Path = tuple[str | int, ...]
_GONE = object()


def _paths(value: Any, path: _Path = ()) -> Iterator[_Path]:
    """Return the way to everything in JSON, the innermost first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from _paths(item, (*path, key))
    yield path


@st.composite
def _spoilt(draw: st.DrawFn, good: Any) -> Any:
    """Return a good answer in which some values are others, or gone."""
    paths = [*_paths(good)]
    answer = {"": deepcopy(good)}
    for number in sorted(draw(st.sets(st.sampled_from(range(len(paths))), min_size=1, max_size=6))):
        *way, last = ("", *paths[number])
        place: Any = answer
        for key in way:
            place = place[key]
        value = draw(_JSON | st.just(_GONE))
        # What is gone from a list would move the others.
        if value is not _GONE:
            place[last] = value
        elif isinstance(place, list) or last == "":
            place[last] = None
        else:
            del place[last]
    return answer[""]


def _assert_discreet(error: GetscreenError) -> None:
    """Check that an error does not know the key, and that what it quotes of the server is within bounds."""
    reason = error.reason if isinstance(error, RequestRefusedError) else None
    assert _KEY not in f"{error} {error!r} {reason}"
    assert _KEY not in "".join(format_exception(error))
    assert reason is None or 0 < len(reason) <= 300
    if isinstance(error, GetscreenConnectionError | RequestLimitError):
        longest = _DAY if isinstance(error, RequestLimitError) else _HOUR
        assert error.retry_after is None or 0 <= error.retry_after <= longest


async def _assert_value_or_error(client: GetscreenClient, method: str) -> GetscreenError | None:
    """Call a method; check what it gives, or the error that it raises, which is returned."""
    failure = value = None
    try:
        value = await METHODS[method](client)
    except GetscreenError as error:
        failure = error
    if failure:
        _assert_discreet(failure)
    else:
        assert value is None or isinstance(value, str) or is_dataclass(value)
        _assert_sound(value, type(value), method)
        assert repr(value)
    _assert_impersonal(client.reports[method].notes)
    assert _HIDDEN not in repr(client.reports)
    return failure


@pytest.mark.parametrize("method", METHODS)
@_HTTP
@given(payload=_JSON | st.fixed_dictionaries({"data": _JSON | st.lists(_AGENTS | _INVITATIONS | _ROWS, max_size=3) | _AGENTS | _ROWS}))
async def test_any_json_gives_a_value_or_an_error(session: aiohttp.ClientSession, canned: Canned, method: str, payload: object) -> None:
    client = GetscreenClient(session, _KEY, canned.url)
    canned.reply_json(payload)
    await _assert_value_or_error(client, method)
    canned.reply_json(payload, status="400 Bad Request")
    assert type(await _assert_value_or_error(client, method)) is RequestRefusedError


@pytest.mark.parametrize("method", METHODS)
@_HTTP
@given(data=st.data())
async def test_a_spoilt_answer_gives_a_value_or_an_error(
    session: aiohttp.ClientSession, canned: Canned, method: str, data: st.DataObject
) -> None:
    client = GetscreenClient(session, _KEY, canned.url)
    canned.reply_json(data.draw(_spoilt(_good(method)), label="the answer"))
    await _assert_value_or_error(client, method)


@pytest.mark.parametrize("method", METHODS)
async def test_the_answers_are_good_before_they_are_spoilt(canned: Canned, canned_client: GetscreenClient, method: str) -> None:
    canned.reply_json(_good(method))
    assert await _assert_value_or_error(canned_client, method) is None
    assert len([*_paths(_good(method))]) > (0 if method == "support/close" else 1)


# The decoder takes what is no JSON, or hardly.
_BODIES = (
    st.binary(max_size=100)
    | st.builds(lambda value, cut: orjson.dumps(value)[:cut], _JSON, st.integers(0, 60))
    | st.builds(
        b"[{%b}]".__mod__,
        st.lists(
            st.sampled_from(
                [
                    *(b'"id":', b"1", b'"name":', b'"\\ud800"', b'"\\ud83d\\udd11"'),
                    *(b'"\xff"', b'"\xed\xa0\x80"', b'"\\u0000"', b"1e999", b"-0"),
                    *(b"NaN", b"9" * 400, b"18446744073709551616", b",", b",", b"{", b"}", b"[", b"]", b"null", b"\x00", b" "),
                    *(b"[" * 1000 + b"]" * 1000, b"[" * 2000, b'"id":1,"id":2'),
                ]
            ),
            max_size=8,
        ).map(b"".join),
    )
)
_HEADER_LINES = st.lists(
    st.sampled_from(
        [
            *(b"Content-Type: application/json; charset=none", b"Content-Type: \xff", b"Content-Encoding: gzip", b"Content-Encoding: br"),
            *(b"Content-Encoding: zstd", b"Content-Encoding: deflate", b"Retry-After: \xff", b"Retry-After: 9", b"Location: http://["),
            *(b"Set-Cookie: a=\xff; Expires=never; Max-Age=x", b"Connection: close", b"X: " + b"x" * 9000, b"X : x", b"no header", b": x"),
        ]
    )
    | _HEADERS.map(lambda text: b"Retry-After: " + re.sub(rb"[\r\n]", b"", text.encode()[:200])),
    max_size=2,
)
_CODES = st.sampled_from([200, 200, 200, 201, 204, 206, 299, 304, 308, 400, 401, 402, 403, 404, 405, 408, 429, 451, 500, 503, 599, 999])


@pytest.mark.parametrize("method", ["agents/list", "agents/info", "agents/wake", "support/create"])
@_HTTP
@given(code=_CODES, headers=_HEADER_LINES, body=_BODIES)
async def test_any_body_gives_a_value_or_an_error(
    session: aiohttp.ClientSession, canned: Canned, method: str, code: int, headers: list[bytes], body: bytes
) -> None:
    canned.reply(body, *headers, status=f"{code} Whatever")
    client = GetscreenClient(session, _KEY, canned.url)
    error = await _assert_value_or_error(client, method)
    assert error or code in ((200,) if method in READS else (200, 201, 204))
    assert client.reports[method].last_code in (code, None)


_PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        *(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 101 Switch\r\n", b"HTTP/1.0 200\r\n", b"HTTP/9.9 200 OK\r\n", b"\r\n"),
        *(b"HTTP/1.1 -1 OK\r\n", b"HTTP/1.1 000 OK\r\n", b"HTTP/2 200\r\n", b"\r\n\r\n"),
        *(b"[]", b'[{"id":1}]', b"2\r\n[]\r\n", b"0\r\n\r\n", b"\n"),
        b"Transfer-Encoding: chunked\r\n",
        *(b"Content-Length: 2\r\n", b"Content-Length: 9999\r\n", b"Content-Length: x\r\n", b"\x00", b"\xff"),
        b"Content-Encoding: gzip\r\n",
        *(b"Upgrade: websocket\r\nConnection: Upgrade\r\n", b"Retry-After: 1\r\n", b" folded\r\n", b"ffffffff\r\n"),
    ]
)
_RAW = (
    st.binary(max_size=100)
    | st.lists(_PIECES, max_size=8).map(b"".join)
    | st.lists(_PIECES, max_size=8).map(lambda pieces: b"HTTP/1.1 200 OK\r\n" + b"".join(pieces))
)


@pytest.mark.parametrize("method", ["agents/list", "agents/wake"])
@_HTTP
@given(answer=_RAW)
async def test_any_bytes_give_a_value_or_an_error(session: aiohttp.ClientSession, canned: Canned, method: str, answer: bytes) -> None:
    canned.reply_raw(answer)
    await _assert_value_or_error(GetscreenClient(session, _KEY, canned.url), method)
