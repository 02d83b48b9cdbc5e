"""Compares the answers with the assumptions of docs/api.md. Findings contain counts, types and field names, never values."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
import re
import time
from typing import Any

from custom_components.getscreen.api import InvitationStatus, OperatingSystem

from .questions import ROWS, Contact

type Json = dict[str, Any]

_READ = ("agents/list", "agents/info", "support/list", "support/info", "history/list")
_AGENT_FIELDS = (
    "id name group disabled limited link_time last_time geo permanent_url preview_url os version online installed favorite owner sessions"
)
_INVITATION_FIELDS = "id status create_time invite_code invite_url connect_url client_name client_os client_preview_url"
_FLAGS = "disabled limited online installed favorite"
_ROW_FIELDS = "id start stop agent"
_OLDEST = 1_262_304_000  # 2010: no account is older
_DAY = 86_400
_SCHEME = re.compile(r"https?://")


@dataclass(frozen=True, slots=True)
class Finding:
    """An assumption, whether it holds (None: unknown), and what the answers contain."""

    assumption: str
    holds: bool | None
    seen: str = ""

    def __str__(self) -> str:
        """Return the line that is printed."""
        verdict = {True: "holds", False: "DOES NOT HOLD", None: "unknown"}[self.holds]
        return f"{verdict:14}  {self.assumption}" + (f" [{self.seen}]" if self.seen else "")


def find(contact: Contact) -> Iterator[Finding]:
    """Yield a finding for each assumption, always in the same order."""
    agents = _records(contact.answers.get("agents/list"))
    info = _record(contact.answers.get("agents/info"))
    invitations = _records(contact.answers.get("support/list")) + _one(_record(contact.answers.get("support/info")) or None)
    rows = _records(contact.answers.get("history/list"))
    yield from _of_requests(contact)
    yield from _of_agents(agents)
    yield from _of_sessions(agents)
    yield from _of_info(info)
    yield from _of_hardware(info.get("hardware"))
    yield from _of_invitations(contact.answers.get("support/list"), invitations)
    yield from _of_history(contact.answers.get("history/list"), rows)
    yield from _of_reading(contact)


def _of_requests(contact: Contact) -> Iterator[Finding]:
    yield Finding("The key is accepted in the header X-Api-Key.", holds=True)
    yield _code("A wrong key is answered with HTTP 403.", contact.code_without_key, 403)
    yield _code("A method that does not exist is answered with HTTP 404.", contact.code_without_method, 404)
    for method in _READ:
        assumption = f"{method} answers GET with JSON wrapped in data."
        if method in contact.answers:
            answer = contact.answers[method]
            wrapped = isinstance(answer, dict) and "data" in answer
            yield Finding(assumption, wrapped, "" if wrapped else f"{_type(answer)} without data")
        else:
            yield Finding(assumption, None, contact.failures.get(method, "no object to request"))


def _of_agents(agents: list[Json]) -> Iterator[Finding]:
    yield _types("agents/list: ids are whole numbers.", agents, "id", int)
    yield _times("agents/list: link_time and last_time are Unix seconds.", agents, ("link_time", "last_time"))
    yield _types("agents/list: disabled, limited, online, installed and favorite are true or false.", agents, _FLAGS, bool)
    yield _present("agents/list: every field of the reference is present.", agents, _AGENT_FIELDS)
    systems = Counter(agent.get("os") in tuple(OperatingSystem) for agent in agents if agent.get("os"))
    yield _all("agents/list: os is win, mac, linux or android.", systems)
    yield _links("agents/list: each link has exactly one scheme.", agents, ("permanent_url", "preview_url"))


def _of_sessions(agents: list[Json]) -> Iterator[Finding]:
    sessions = [agent.get("sessions") for agent in agents]
    shapes = Counter("object" if isinstance(found, dict) else _type(found) for found in sessions)
    yield Finding("agents/list: sessions is an object, null or absent.", _holds(shapes, {"object", "null"}), _counts(shapes))
    last = [found["last"] for found in sessions if isinstance(found, dict) and isinstance(found.get("last"), dict)]
    yield _times("agents/list: start_time of a session is in Unix seconds.", last, ("start_time",))
    yield _running("agents/list: stop_time of a running session is 0, null, absent or before its start.", last, "start_time", "stop_time")


def _of_info(info: Json) -> Iterator[Finding]:
    for field in ("hardware", "onetime_url", "name"):
        yield Finding(f"agents/info: the answer has {field}.", field in info if info else None)


def _of_hardware(found: object) -> Iterator[Finding]:
    hardware: Json = found if isinstance(found, dict) else {}
    addresses = hardware.get("ComputerIP")
    forms = Counter(_address_form(address) for address in addresses) if isinstance(addresses, list) else Counter([_type(addresses)])
    holds = None if addresses is None else _holds(forms, {"plain"})
    yield Finding("Hardware: ComputerIP is a list of plain addresses.", holds, "" if addresses is None else _counts(forms))
    banks = _sizes(hardware.get("RAMBanks"), "Capacity")
    yield _plausible(
        "Hardware: capacities of RAMBanks are multiples of 256, as in MiB.", banks, lambda bank: bank % 256 == 0 and bank <= 2**22
    )
    total = _number(hardware.get("RAMPhys"))
    fits = sum(banks) * 0.8 <= total <= sum(banks) if total is not None and banks else None
    yield Finding("Hardware: RAMPhys is at most the sum of RAMBanks, and at least 80 % of it.", fits)
    free = _number(hardware.get("RAMPhysAvail"))
    yield Finding("Hardware: RAMPhysAvail is at most RAMPhys.", free <= total if free is not None and total is not None else None)
    disks = _sizes(hardware.get("LogicalDisks"), "Size") + _sizes(hardware.get("HDD"), "Size")
    yield _plausible("Hardware: disk sizes are between 1 GiB and 1 PiB if counted in MiB.", disks, lambda size: 2**10 <= size <= 2**30)
    speeds = _one(_number(hardware.get("CPUSpeed")))
    yield _plausible("Hardware: CPUSpeed is between 400 and 10000, in MHz.", speeds, lambda speed: 400 <= speed <= 10_000)
    zones = _one(_number(hardware.get("LocaleTimezone")))
    yield _plausible("Hardware: LocaleTimezone is within 14 hours, in minutes.", zones, lambda zone: abs(zone) <= 14 * 60)


def _of_invitations(answer: object, invitations: list[Json]) -> Iterator[Finding]:
    yield _number_beside("support/list", "remain", answer)
    yield _present("support: every field of the reference is present.", invitations, _INVITATION_FIELDS)
    yield _all("support: status is 0, 1, 2 or 3.", Counter(found.get("status") in tuple(InvitationStatus) for found in invitations))
    yield _times("support: create_time is in Unix seconds.", invitations, ("create_time",))
    codes = Counter(re.fullmatch(r"\d{9}", str(found.get("invite_code"))) is not None for found in invitations)
    yield _all("support: invite_code has nine digits.", codes)
    yield _links("support: each link has exactly one scheme.", invitations, ("invite_url", "connect_url", "client_preview_url"))


def _of_history(answer: object, rows: list[Json]) -> Iterator[Finding]:
    for field in ("offset", "limit", "total"):
        yield _number_beside("history/list", field, answer)
    yield Finding(
        "history/list: the limit is respected.", len(rows) <= ROWS if rows else None, f"{len(rows)} rows for {ROWS}" if rows else ""
    )
    yield _present("history/list: every field of the reference is present.", rows, _ROW_FIELDS)
    yield _times("history/list: start is in Unix seconds.", rows, ("start",))
    starts = [start for row in rows if (start := _number(row.get("start"))) is not None]
    yield Finding("history/list: the newest comes first.", starts == sorted(starts, reverse=True) if len(starts) > 1 else None)
    yield _running("history/list: stop of a running session is 0, null, absent or before its start.", rows, "start", "stop")
    names = Counter("clients" if "clients" in row else "client" if "client" in row else "neither" for row in rows)
    yield Finding("history/list: the persons are under clients.", _holds(names, {"clients"}), _counts(names))
    videos = [row["video"] for row in rows if row.get("video")]
    shapes = Counter(isinstance(video, dict) and {"url", "size"} <= video.keys() for video in videos)
    yield _all("history/list: a video has url and size.", shapes)


def _of_reading(contact: Contact) -> Iterator[Finding]:
    for method in _READ:
        notes = contact.reports[method].notes
        seen = [f"{notes.skipped} records without an id"] if notes.skipped else []
        seen += [f"unknown {field}" for field in sorted(notes.unknown)] + [f"unexpected {field}" for field in sorted(notes.unexpected)]
        seen += [f"too long {field}" for field in sorted(notes.cut)]
        yield Finding(
            f"{method}: only fields and values of the reference.", not seen if method in contact.answers else None, "; ".join(seen)
        )


def _records(answer: object) -> list[Json]:
    found = answer.get("data") if isinstance(answer, dict) else answer
    return [record for record in found if isinstance(record, dict)] if isinstance(found, list) else []


def _record(answer: object) -> Json:
    found = answer.get("data", answer) if isinstance(answer, dict) else None
    return found if isinstance(found, dict) else {}


def _one[T](found: T | None) -> list[T]:
    return [] if found is None else [found]


def _type(value: object) -> str:
    return "null" if value is None else "absent" if value is ... else type(value).__name__


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _sizes(found: object, field: str) -> list[float]:
    """Return the numbers in a field of a list's objects, without 0, which stands for an empty drive."""
    return [size for record in _records(found) if (size := _number(record.get(field)))]


def _running(assumption: str, sessions: list[Json], start: str, stop: str) -> Finding:
    """Return a finding on how the end of running sessions is written, which alone distinguishes them from ended ones."""
    stops = Counter(_stop(_number(session.get(start)), session.get(stop, ...)) for session in sessions)
    del stops["time"]
    return Finding(assumption, _holds(stops, {"0", "null", "absent", "before its start"}), _counts(stops) or "no running session")


def _stop(start: float | None, stop: object) -> str:
    number = _number(stop)
    if number is None:
        return _type(stop)
    if number == 0:
        return "0"
    return "before its start" if start is not None and number < start else "time"


def _time_form(value: object) -> str | None:
    """Return how a time is written, such as "seconds"; None if there is no time."""
    if value in (None, 0, "", ...):
        return None
    number = _number(value)
    if number is None:
        return _type(value)
    if _OLDEST <= number <= time.time() + _DAY:
        return "seconds"
    return "milliseconds" if _OLDEST <= number / 1000 <= time.time() + _DAY else "another number"


def _address_form(address: object) -> str:
    if not isinstance(address, str):
        return _type(address)
    return "with a slash" if "/" in address else "plain"


def _counts(seen: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(seen.items()))


def _holds(seen: Collection[str], expected: AbstractSet[str]) -> bool | None:
    """Return whether all seen forms are expected ones; None if nothing was seen."""
    return set(seen) <= expected if seen else None


def _all(assumption: str, fits: Counter[bool]) -> Finding:
    """Return a finding that holds if all checks passed; unknown if there were none."""
    return Finding(assumption, not fits[False] if fits else None, f"{fits[False]} of {fits.total()} differ" if fits[False] else "")


def _plausible(assumption: str, numbers: list[float], fits: Callable[[float], bool]) -> Finding:
    return _all(assumption, Counter(fits(number) for number in numbers))


def _code(assumption: str, code: int | None, expected: int) -> Finding:
    return Finding(assumption, None if code is None else code == expected, f"HTTP {code}" if code else "no answer")


def _types(assumption: str, records: list[Json], fields: str, expected: type) -> Finding:
    """Return a finding on whether fields that are not null have exactly a type (a bool is not an integer)."""
    seen = Counter(type(record[field]) for record in records for field in fields.split() if record.get(field) is not None)
    return Finding(assumption, seen.keys() <= {expected} if seen else None, _counts({kind.__name__: seen[kind] for kind in seen}))


def _times(assumption: str, records: list[Json], fields: Iterable[str]) -> Finding:
    forms = Counter(form for record in records for field in fields if (form := _time_form(record.get(field))))
    return Finding(assumption, _holds(forms, {"seconds"}), _counts(forms))


def _present(assumption: str, records: list[Json], fields: str) -> Finding:
    missing = Counter(field for record in records for field in fields.split() if field not in record)
    return Finding(assumption, not missing if records else None, f"absent from {len(records)}: {_counts(missing)}" if missing else "")


def _links(assumption: str, records: list[Json], fields: Iterable[str]) -> Finding:
    links = [link for record in records for field in fields if isinstance(link := record.get(field), str) and link]
    return _all(assumption, Counter(len(_SCHEME.findall(link)) == 1 for link in links))


def _number_beside(method: str, field: str, answer: object) -> Finding:
    value = answer.get(field, ...) if isinstance(answer, dict) else ...
    return Finding(f"{method}: {field} is a number beside data.", _number(value) is not None if answer is not None else None, _type(value))
