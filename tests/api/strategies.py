"""Hypothesis strategies for answers: JSON, and records with some of the API's fields, most of them well-formed."""

from datetime import UTC, timedelta, timezone
from email.utils import format_datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# Neither a busy machine nor the findings of an earlier run may decide about a test.
MANY = settings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(MANY, max_examples=20)
MORE = settings(MANY, max_examples=400)
# The examples of a test share the server and the session. Each has its own client, so that nothing of one is left for the next.
HTTP = settings(MANY, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
KEY = "a-key"
HIDDEN = "https://getscreen.example/5f1c9e0b7d2a4c68"
"""A secret link. Only the fields for links contain it."""


# JSON as the decoder can return it: numbers of at most 64 bits, no lone surrogates.


TEXTS = st.text(max_size=20) | st.sampled_from(
    [
        *("", "x", "win", "0", "1", "-1", "+5", " 5 ", "1_0", "٣", "5.9", "1e400", "nan", "." * 50, "9" * 5000, "9" * 400 + ".0"),
        *("true", "FALSE", "\x00", "a\nb", "\U0001f511", "e\u0301", "\u202e\ufeff", "z" * 2000, f"the key {KEY} is wrong", KEY * 200),
        *("https://https://a/b", "https://", "HTTP://a", "javascript:alert(1)", "192.0.2.1/9C:7B:EF:00:00:01", "/9C:7B:EF:00:00:01"),
    ]
)
WHOLE = st.integers(-(2**63), 2**64 - 1)
AGENT_IDS = st.integers(0, 2**63 - 1)
NUMBERS = (
    WHOLE
    | st.integers(-3, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        [2**53, 2**63, 2**64 - 1, -(2**63), 253_402_300_799, 253_402_300_800, 1_765_000_000_000, 1e18, 1e300, -1e300, -0.0, 1.0]
    )
)
NAMES = st.text(max_size=10) | st.sampled_from(
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
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=6,
)


@st.composite
def objects(draw: st.DrawFn, /, **known: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Return an object that has some of these fields, most of them well-formed, and perhaps others."""
    record = {} if draw(st.booleans()) else {**draw(st.dictionaries(NAMES, JSON, max_size=2))}
    names = draw(st.lists(st.sampled_from([*known]), max_size=6, unique=True))
    # Without an id there is little to see.
    for name in names if "id" in names or "id" not in known or not draw(st.integers(0, 9)) else ["id", *names]:
        record[name] = draw(known[name] if draw(st.integers(0, 3)) else JSON)
    return record


IDS = st.integers(-1, 5) | st.integers(1, 5).map(str) | st.sampled_from([True, None, 5.0, 5.5, "5.0", " 5", "+5", "5_0", "\u0665", 2**63])
FLAGS = st.booleans() | st.sampled_from([0, 1, "0", "true", 1.0])
MOMENTS = st.integers(1_765_000_000, 1_765_004_000) | st.sampled_from([0, 1, None, "1765000000", 253_402_300_799, 253_402_300_800])
LINKS = st.sampled_from([HIDDEN, f"https://{HIDDEN}", f"HTTP://https://{HIDDEN}/a b", ""])
GEOS = objects(ip=TEXTS, country=TEXTS, region=TEXTS, city=TEXTS)
CLIENTS = objects(ip=TEXTS, city=TEXTS, user_agent=TEXTS, login=TEXTS, geo=GEOS)
SESSIONS = objects(last=objects(id=IDS, start_time=MOMENTS, stop_time=MOMENTS, client=CLIENTS), total=NUMBERS)
SYSTEMS = st.sampled_from(["win", "mac", "linux", "android", "bsd"])
AGENTS = objects(
    id=IDS,
    name=TEXTS,
    group=TEXTS,
    disabled=FLAGS,
    limited=FLAGS,
    link_time=MOMENTS,
    last_time=MOMENTS,
    geo=GEOS,
    permanent_url=LINKS,
    preview_url=LINKS,
    onetime_url=LINKS,
    os=SYSTEMS,
    version=TEXTS,
    online=FLAGS,
    installed=FLAGS,
    favorite=FLAGS,
    owner=TEXTS,
    os_user=TEXTS,
    sessions=SESSIONS,
)
INVITATIONS = objects(
    id=IDS,
    status=st.integers(-1, 4),
    create_time=MOMENTS,
    invite_code=TEXTS,
    invite_url=LINKS,
    connect_url=LINKS,
    client_name=TEXTS,
    client_os=SYSTEMS,
    client_preview_url=LINKS,
)
ROWS = objects(
    id=IDS,
    start=MOMENTS,
    stop=MOMENTS,
    support_id=IDS,
    clients=st.lists(CLIENTS, max_size=3),
    client=CLIENTS,
    agent=objects(id=IDS, name=TEXTS, group=TEXTS, geo=GEOS, os=SYSTEMS, version=TEXTS, owner=TEXTS),
    video=objects(url=LINKS, size=NUMBERS),
)
ADDRESSES = st.lists(TEXTS, max_size=3)
HARDWARE = objects(
    CPU=TEXTS,
    CPUCores=NUMBERS,
    ComputerIP=ADDRESSES,
    LocaleTimezone=NUMBERS,
    RAMPhys=NUMBERS,
    HDD=st.lists(objects(Model=TEXTS, Size=NUMBERS), max_size=3),
    LogicalDisks=st.lists(objects(Disk=TEXTS, Name=TEXTS, FileSystem=TEXTS, Size=NUMBERS, FreeSpace=NUMBERS), max_size=3),
    Monitors=st.lists(objects(Name=TEXTS, ScreenWidth=NUMBERS, ScreenHeight=NUMBERS), max_size=3),
    NetAdapters=st.lists(objects(Name=TEXTS, Addresses=ADDRESSES, DNS=ADDRESSES, DCHP=FLAGS, Speed=NUMBERS, WoL=FLAGS), max_size=3),
    RAMBanks=st.lists(objects(Bank=TEXTS, Capacity=NUMBERS, SerialNumber=TEXTS), max_size=3),
    SoundDevices=st.lists(objects(Name=TEXTS), max_size=3),
    VideoCards=st.lists(objects(Name=TEXTS, RAM=NUMBERS, Integrated=FLAGS), max_size=3),
)
# Values of a Retry-After header.
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
HEADERS = (
    st.text()
    | TEXTS
    | WHOLE.map(str)
    | st.integers().map(str)
    | _DATES.map(" ".join)
    | _DATES.map("".join)
    | st.datetimes(
        timezones=st.none() | st.just(UTC) | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    ).map(format_datetime)
)
