"""The attacks on the polls, one line each: the server's answer and Home Assistant's reaction."""

from collections.abc import Callable
import gzip
from typing import Any, NamedTuple
import zlib

import orjson

from . import polite
from .server import JSON, Answer, Reply, drip, flood, in_turn, of, page, reset, then_hang

# The reactions. An answer that is understood may change any state, but may not cause much work.
OUTAGE, AS_BEFORE, UNDERSTOOD = "computers are unavailable", "nothing changes", "understood"

AGENTS, INVITATIONS, HARDWARE = "agents/list", "support/list", "agents/info"

MIB = 1 << 20
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Attack(NamedTuple):
    """An answer of the server, made for the address that its links should have, and the expected reaction."""

    kind: str
    name: str
    answer: Callable[[str], Answer]
    outcome: str = OUTAGE
    method: str = AGENTS
    changes: int = 200
    """The most states that a poll may write. In an outage, every state of three computers changes twice."""
    entities: int = 0
    """The most entities that may be added."""
    held: float = 100
    """The longest time that the event loop may be blocked, in units of work; a unit is some milliseconds."""


def always(answer: Answer) -> Callable[[str], Answer]:
    return lambda _root: answer


def changed(**changes: Any) -> Callable[[str], Answer]:
    """Return the polite answer with the first computer changed."""
    return lambda root: of(polite.agents(root, **changes))


def guest(**changes: Any) -> Callable[[str], Answer]:
    """Return the polite answer with the invitation changed."""
    return lambda root: of(polite.invitations(root, **changes))


def once(answer: Answer) -> Callable[[str], Answer]:
    """Return an answer that is followed by polite ones."""
    return lambda root: in_turn(answer, of(polite.agents(root)))


def replaced(old: bytes, new: bytes) -> Callable[[str], Answer]:
    """Return the polite answer with some bytes replaced."""

    def answer(root: str) -> Answer:
        content = orjson.dumps(polite.agents(root))
        assert old in content
        return Reply(content.replace(old, new))

    return answer


def with_headers(*headers: str, status: str = "200 OK") -> Callable[[str], Answer]:
    """Return the polite answer with more headers."""
    return lambda root: of(polite.agents(root), status, *headers)


def raw(head: bytes, body: bytes | None = None) -> Callable[[str], Answer]:
    """Return bytes, then the polite answer or another body."""
    return lambda root: head + (orjson.dumps(polite.agents(root)) if body is None else body)


def compressed(compress: Callable[[bytes], bytes], encoding: str) -> Callable[[str], Answer]:
    return lambda root: Reply(compress(orjson.dumps(polite.agents(root))), headers=(*JSON, f"Content-Encoding: {encoding}"))


def bomb(_root: str) -> Answer:
    """Return 1 GiB of zeros in gzip, made of independent parts, so that one part has to be compressed only."""
    packer = zlib.compressobj(9, wbits=31)
    start = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return Reply(start + (packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)) * 1023, headers=(*JSON, "Content-Encoding: gzip"))


def many(count: int, **fields: Any) -> Callable[[str], Answer]:
    """Return the polite answer with a number of records more."""

    def answer(root: str) -> Answer:
        return of({"data": [*polite.agents(root)["data"], *({"id": 1000 + number, **fields} for number in range(count))]})

    return answer


def with_id(number: object) -> Callable[[str], Answer]:
    """Return the polite answer with one more record, whose id could be mistaken for that of the first computer."""
    return lambda root: of(
        {"data": [*polite.agents(root)["data"], {**polite.agent(1, root), "id": number, "name": "Another", "online": False}]}
    )


def retry_after(value: str, status: str = "503 Service Unavailable") -> Callable[[str], Answer]:
    return always(of({"error": "later"}, status, f"Retry-After: {value}"))


def nested(root: str) -> Answer:
    return Reply(b'{"data": ' + b"[" * 500_000 + b"]" * 500_000 + b"}")


NO_LISTS: tuple[Any, ...] = (
    *(None, True, False, 0, "offline", {}, {"data": 7}, {"data": "x"}, {"data": {}}, {"data": False}),
    *({"error": "x"}, {"success": False}),
)
NO_IDS: tuple[Any, ...] = (
    *(1001.9, 1.5, "1.9", " 1 ", "1_", "1_0", "\u0661", "+1", "-1", "0x1", -1, 2**63, 2**64 - 1, 1e300, True, None, [], {}, ""),
    "9" * 5_000,
)
MOMENTS: tuple[Any, ...] = (-1, 0, 1.5, 1e18, -1e18, 2**63 - 1, 253_402_300_799, 253_402_300_800, "soon", [])
STATUSES: tuple[Any, ...] = (-1, 4, 10**18, "2", None, 1.5, [], True)
LINK = "https://" + "\u00e4" * MIB + "/"

CONNECTION = [
    Attack("connection", "reset", always(reset())),
    Attack("connection", "closed at once", always(b"")),
    Attack("connection", "no answer", always(then_hang())),
    Attack("connection", "half a status line", always(then_hang(b"HTTP/1."))),
    Attack("connection", "a header and nothing more", always(then_hang(HEAD))),
    Attack("connection", "endless headers", always(drip(HEAD, b"X-Drop: 1\r\n"))),
    Attack("connection", "endless 100 Continue", always(drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"))),
    Attack("connection", "a body that stops", always(then_hang(HEAD + b"Content-Length: 5000\r\n\r\n{"))),
    Attack("connection", "a body in drops", always(drip(HEAD + b"\r\n[", b" "))),
    Attack("connection", "a chunk in drops", always(drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"))),
    Attack("connection", "cut in the middle", always(HEAD + b'Content-Length: 5000\r\n\r\n{"data": [')),
    Attack("connection", "cut in a chunk", always(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{")),
    Attack("connection", "endless", always(flood(HEAD + b"\r\n[", b"0, " * 20_000))),
    Attack("connection", "another protocol", always(b"SSH-2.0-OpenSSH_9.2\r\n")),
    Attack("connection", "binary noise", always(bytes(range(256)) * 40)),
]

HTTP = [
    *(
        Attack("HTTP", status, always(page(status)))
        for status in (
            *("400 Bad Request", "404 Not Found", "405 Method Not Allowed", "407 Proxy Authentication Required", "408 Request Timeout"),
            *("413 Too Large", "418 Teapot", "421 Misdirected", "425 Early", "429 Too Many", "451 Legal", "500 Error", "501 No", "502 Bad"),
            *("503 Busy", "504 Timeout", "505 Version", "511 Network Authentication Required", "520 Unknown", "526 Certificate", "599 ?"),
        )
    ),
    Attack("HTTP", "a web page with 200", always(page())),
    Attack("HTTP", "204", always(Reply(b"", "204 No Content"))),
    Attack("HTTP", "205", always(Reply(b"", "205 Reset Content"))),
    Attack("HTTP", "206 with everything", with_headers(status="206 Partial Content")),
    Attack("HTTP", "206 with nothing", always(of({"data": []}, "206 Partial Content", "Content-Range: bytes 0-10/5000"))),
    Attack("HTTP", "226", with_headers(status="226 IM Used"), UNDERSTOOD),
    Attack("HTTP", "304", always(Reply(b"", "304 Not Modified"))),
    *(
        Attack("HTTP", f"{status} to {where}", always(Reply(b"", status, (f"Location: {where}",))))
        for status in ("301 Moved", "302 Found", "307 Temporary", "308 Permanent")
        for where in ("/elsewhere", "http://192.168.1.1/", "file:///etc/passwd", "//", "")
    ),
    Attack("HTTP", "many headers", with_headers(*(f"X-Header-{number}: 1" for number in range(2_000)))),
    Attack("HTTP", "a long header", with_headers("X-Header: " + "x" * 100_000)),
    Attack("HTTP", "a long status", raw(b"HTTP/1.1 200 " + b"O" * 100_000 + b"\r\n\r\n")),
    Attack("HTTP", "NUL in a header", with_headers("X-Header: \x00")),
    Attack("HTTP", "a header without a name", raw(b"HTTP/1.1 200 OK\r\n: 1\r\n\r\n")),
    Attack("HTTP", "folded headers", with_headers("X-Header: 1\r\n  2"), UNDERSTOOD),
    Attack("HTTP", "status 99", raw(b"HTTP/1.1 99 What\r\n\r\n")),
    Attack("HTTP", "status 1000", raw(b"HTTP/1.1 1000 What\r\n\r\n")),
    Attack("HTTP", "status -200", raw(b"HTTP/1.1 -200 What\r\n\r\n")),
    Attack("HTTP", "HTTP/0.9", raw(b"")),
    Attack("HTTP", "HTTP/9.9", raw(b"HTTP/9.9 200 OK\r\n\r\n"), UNDERSTOOD),
    Attack("HTTP", "a negative length", raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")),
    Attack("HTTP", "two lengths", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n", b"[]]")),
    Attack("HTTP", "a length of 10^30", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1" + b"0" * 30 + b"\r\n\r\n")),
    Attack("HTTP", "an unknown transfer encoding", raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: magic\r\n\r\n"), UNDERSTOOD),
    Attack("HTTP", "a chunk without a size", raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")),
    Attack("HTTP", "chunks with endless extensions", always(flood(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 65_536, 8 * MIB))),
    Attack(
        "HTTP",
        "an unknown character set",
        lambda root: Reply(orjson.dumps(polite.agents(root)), headers=("Content-Type: text/x; charset=utf-99",)),
        AS_BEFORE,
    ),
    Attack("HTTP", "no type", lambda root: Reply(orjson.dumps(polite.agents(root)), headers=()), AS_BEFORE),
    Attack("HTTP", "gzip", compressed(gzip.compress, "gzip"), AS_BEFORE),
    Attack("HTTP", "deflate", compressed(zlib.compress, "deflate"), AS_BEFORE),
    Attack("HTTP", "gzip without compression", compressed(lambda content: content, "gzip")),
    Attack("HTTP", "an unknown encoding", compressed(lambda content: content, "magic"), AS_BEFORE),
    Attack("HTTP", "half of gzip", compressed(lambda content: gzip.compress(content)[:-20], "gzip")),
    Attack("HTTP", "1 GiB in gzip", bomb, held=400),
    *(
        Attack("HTTP", f"Retry-After: {value[:20]}", retry_after(value))
        for value in (
            "-5",
            "0",
            "NaN",
            "inf",
            "1e30",
            "9" * 5_000,
            "soon",
            "",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "86400",
        )
    ),
]

TEXT = [
    Attack("JSON", "a byte order mark", lambda root: Reply(b"\xef\xbb\xbf" + orjson.dumps(polite.agents(root))), AS_BEFORE),
    Attack("JSON", "UTF-16", lambda root: Reply(orjson.dumps(polite.agents(root)).decode().encode("utf-16"))),
    Attack("JSON", "a byte that is not UTF-8 in a name", replaced(b"PC 1", b"PC \xff"), UNDERSTOOD),
    Attack("JSON", "a name in Latin-1", replaced(b"PC 1", "Büro".encode("latin-1")), UNDERSTOOD),
    Attack("JSON", "a lone surrogate", replaced(b"PC 1", rb"PC \ud800"), UNDERSTOOD),
    Attack("JSON", "NUL in a name", replaced(b"PC 1", rb"PC \u0000 1"), UNDERSTOOD),
    Attack("JSON", "NaN", replaced(b'"disabled":false', b'"disabled":NaN')),
    Attack("JSON", "Infinity", replaced(b'"total":1', b'"total":Infinity')),
    Attack("JSON", "nesting", nested),
    Attack("JSON", "duplicate keys", replaced(b'"name":', b'"name":"x","name":"y","name":'), AS_BEFORE),
    Attack("JSON", "text after it", lambda root: Reply(orjson.dumps(polite.agents(root)) + b"<!-- proxy -->")),
    Attack("JSON", "two answers", lambda root: Reply(orjson.dumps(polite.agents(root)) * 2)),
    Attack("JSON", "truncated", lambda root: Reply(orjson.dumps(polite.agents(root))[:-30])),
    Attack("JSON", "a number of 100,000 digits", replaced(b'"total":1', b'"total":' + b"9" * 100_000)),
    Attack("JSON", "an exponent of 10^9", replaced(b'"total":1', b'"total":1e999999999')),
    Attack("JSON", "empty", always(Reply(b""))),
    Attack("JSON", "spaces", lambda _root: Reply(b" " * MIB)),
    *(Attack("JSON", str(value), always(of(value))) for value in NO_LISTS),
    Attack("JSON", "an error with code 200 and without data", always(of({"error": "maintenance", "data": None}))),
    Attack("JSON", "a list of nonsense", always(of({"data": [None, 7, "x", [], {}, {"id": None}]})), UNDERSTOOD),
    Attack("JSON", "an empty list, twice", always(of({"data": []})), UNDERSTOOD),
]

AUTH = [
    *(
        Attack("auth", f"{status} as {name}, once", once(answer))
        for status in ("401 Unauthorized", "403 Forbidden")
        for name, answer in (
            ("a web page", page(status)),
            ("nothing", Reply(b"", status)),
            ("JSON", of({"error": "no access to data"}, status)),
        )
    ),
    *(
        Attack("auth", f"{status} as a web page", always(page(status)))
        for status in ("401 Unauthorized", "403 Forbidden", "407 Proxy Authentication Required")
    ),
    Attack("auth", "a challenge", always(page("401 Unauthorized", 'WWW-Authenticate: Basic realm="proxy"'))),
    Attack(
        "auth",
        "a login page behind a redirect",
        always(Reply(b"", "302 Found", ("Location: http://127.0.0.1:9/login?continue=a-secret-key",))),
    ),
    Attack("auth", "an error that repeats the key", always(of({"error": "the key a-secret-key is not known"}, "400 Bad Request"))),
    Attack("auth", "a status line that repeats the key", always(page("500 a-secret-key"))),
]

NUMBERS = [
    *(Attack("numbers", f"the id {number!r}"[:60], with_id(number), AS_BEFORE) for number in NO_IDS),
    Attack(
        "numbers",
        "the same id 1,000 times",
        lambda root: of({"data": [*polite.agents(root)["data"], *([polite.agent(2, root)] * 1_000)]}),
        AS_BEFORE,
    ),
    Attack("numbers", "200,000 invalid records", many(200_000, id=None), UNDERSTOOD, held=200),
    Attack("numbers", "2,000,000 empty records", lambda _root: Reply(b"[" + b",".join([b"{}"] * 2_000_000) + b"]"), UNDERSTOOD, held=300),
    Attack("numbers", "30 MiB of numbers", lambda _root: Reply(b"[" + b"0," * (15 * MIB - 8) + b"0]"), UNDERSTOOD, held=300),
    *(Attack("numbers", f"times of {moment!r}", changed(last_time=moment, link_time=moment), UNDERSTOOD) for moment in MOMENTS),
    Attack("numbers", "a session count of 2^64", changed(sessions={"last": None, "total": 2**64 - 1}), UNDERSTOOD),
    Attack("numbers", "100,000 unknown fields", changed(**{f"field_{number}": number for number in range(100_000)}), AS_BEFORE),
]

TEXTS = [
    Attack("texts", "a name of 1 MiB", changed(name="x" * MIB), UNDERSTOOD),
    Attack(
        "texts",
        "all texts of 1 MiB",
        changed(name="n" * MIB, group="g" * MIB, owner="o" * MIB, version="v" * MIB, os="w" * MIB),
        UNDERSTOOD,
    ),
    Attack("texts", "a place of 1 MiB", changed(geo={"ip": "i" * MIB, "country": "c" * MIB, "city": "x" * MIB}), UNDERSTOOD),
    Attack("texts", "Markdown and HTML", changed(name="![x](http://192.0.2.1/pixel) <script>alert(1)</script> {{ states }}"), UNDERSTOOD),
    Attack("texts", "a name in another direction", changed(name="\u202egnp.1 CP\u2066\ufeff"), UNDERSTOOD),
    Attack("texts", "line breaks", changed(name="PC\r\n1\u2028x\x1b[31m", group="\n\n\n"), UNDERSTOOD),
    Attack("texts", "a blank group", changed(group="\u200b \t"), UNDERSTOOD),
]

LINKS = [
    *(
        Attack("links", f"{field} of {name}", changed(**{field: link}), UNDERSTOOD)
        for field in ("preview_url", "permanent_url")
        for name, link in (
            ("1 MiB of umlauts", LINK),
            ("1 MiB", "https://a/" + "x" * MIB),
            ("1 MiB of percent signs", "https://a/" + "%" * MIB),
            ("1 MiB of dots", "https://" + "a." * (MIB // 2)),
            ("javascript", "javascript:alert(1)"),
            ("a file", "file:///etc/passwd"),
            ("data", "data:text/html,<script>alert(1)</script>"),
            ("a port out of range", "https://a:99999999/"),
            ("half an IPv6 address", "https://[::1/"),
            ("a user and a password", "https://user:password@a/"),
            ("a line break", "https://a/\r\nX-Header: 1"),
            ("NUL", "https://a\x00b/"),
            ("a list", ["https://a/"]),
        )
    ),
]

SESSIONS = [
    *(
        Attack("sessions", name, changed(sessions={"last": last, "total": 1}), UNDERSTOOD)
        for name, last in (
            ("a text", "yesterday"),
            ("an end before the start", polite.session(9, start_time=2_000, stop_time=1_000)),
            ("a start in the year 9999", polite.session(9, start_time=253_402_300_799, stop_time=0)),
            ("a start at 10^18", polite.session(9, start_time=10**18, stop_time=10**18)),
            ("fractions", polite.session(9, start_time=1.75e9 + 0.5, stop_time=1.75e9 + 0.7)),
            ("an invalid client", polite.session(9, client=[1, {"city": 7}])),
            ("an id that changes its type", polite.session(9, id={"a": 1})),
        )
    ),
]

COMPUTERS = [
    Attack("hardware", "nesting", nested, AS_BEFORE, HARDWARE),
    Attack("hardware", "a web page", always(page()), AS_BEFORE, HARDWARE),
    Attack("hardware", "403", always(of({"error": "no"}, "403 Forbidden")), AS_BEFORE, HARDWARE),
    Attack("hardware", "no answer", always(then_hang()), AS_BEFORE, HARDWARE),
]

GUESTS = [
    Attack("invitations", "a web page", always(page()), OUTAGE, INVITATIONS),
    Attack("invitations", "403", always(of({"error": "no"}, "403 Forbidden")), OUTAGE, INVITATIONS),
    Attack("invitations", "a firewall's 403", always(page("403 Forbidden")), OUTAGE, INVITATIONS),
    Attack("invitations", "no answer", always(then_hang()), OUTAGE, INVITATIONS),
    Attack(
        *("invitations", "20,000 of them"),
        lambda root: of({"data": [polite.invitation(root, 100 + number) for number in range(20_000)], "remain": 1}),
        *(UNDERSTOOD, INVITATIONS),
        changes=5_000,
        held=400,
    ),
    Attack("invitations", "texts of 1 MiB", guest(client_name="x" * MIB, invite_code="1" * MIB), UNDERSTOOD, INVITATIONS),
    Attack("invitations", "links of 1 MiB of umlauts", guest(invite_url=LINK, connect_url=LINK), UNDERSTOOD, INVITATIONS),
    Attack("invitations", "remaining: 10^300", lambda root: of({**polite.invitations(root), "remain": 1e300}), UNDERSTOOD, INVITATIONS),
    Attack("invitations", "remaining: a list", lambda root: of({**polite.invitations(root), "remain": [1]}), UNDERSTOOD, INVITATIONS),
    *(Attack("invitations", f"status {status!r}", guest(status=status), UNDERSTOOD, INVITATIONS) for status in STATUSES),
]

ATTACKS = [*CONNECTION, *HTTP, *TEXT, *AUTH, *NUMBERS, *TEXTS, *LINKS, *SESSIONS, *COMPUTERS, *GUESTS]
