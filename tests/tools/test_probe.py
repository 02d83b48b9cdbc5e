"""The probe, at first contact with a simulated account: it reports every assumption, and nothing personal."""

from dataclasses import replace
import json
from pathlib import Path
import re
from typing import Any

import aiohttp
import pytest

from custom_components.getscreen.api import GetscreenClient
from probe.__main__ import main
from probe.findings import Finding, find
from probe.questions import Asker, Contact
from simulator import Account, Fault, Simulator
from tests.api.helpers import Canned

_LINE = re.compile(r"(holds|DOES NOT HOLD|unknown) +(.+\.)(?: \[(.*)\])?")
_READ_ONLY = ["agents/list", "agents/info", "support/list", "support/info", "history/list"]


@pytest.fixture
def account() -> Account:
    """Return an account in which two sessions run."""
    account = Account(devices=8)
    for number in (1, 2):
        account.start_session(number)
    return account


def _environment(simulator: Simulator) -> dict[str, str]:
    return {"GETSCREEN_API_KEY": simulator.key, "GETSCREEN_URL": f"{simulator.url}/"}


def _findings(printed: str) -> dict[str, tuple[str, str]]:
    """Return verdict and details by assumption."""
    return {match[2]: (match[1], match[3] or "") for line in printed.splitlines() if (match := _LINE.fullmatch(line))}


def _personal(account: Account, simulator: Simulator) -> set[str]:
    """Return what must not be printed."""
    personal = {simulator.key, simulator.url, "127.0.0.1", "https://", "http://", "example.com"}
    for agent in account.agents.values():
        personal |= {
            agent.name,
            agent.geo.ip,
            agent.geo.city,
            agent.owner,
            account.onetime_link(agent.id),
            agent.device_id,
            agent.permanent_name,
        }
        personal |= {word for word in re.findall(r"[\w.:-]+", json.dumps(agent.hardware)) if len(word) > 5 and not word.isalpha()}
        if agent.group:
            personal.add(agent.group)
    for row in account.history[-5:]:
        personal |= {row.client.user_agent, row.client.login, row.client.geo.ip, str(row.start)}
    for invitation in account.invitations.values():
        personal |= {str(invitation.id), invitation.invite_code, invitation.token, invitation.client_name}
    return personal - {""}


async def test_first_contact(account: Account, simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    assert await main(_environment(simulator)) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    found = _findings(printed.out)
    assert len(found) == 48
    assert {assumption for assumption, (verdict, _) in found.items() if verdict != "holds"} == {
        "agents/list: every field of the reference is present.",
        "agents/list: each link has exactly one scheme.",
        "agents/list: only fields and values of the reference.",
        "agents/info: only fields and values of the reference.",
        "history/list: a video has url and size.",
    }
    assert "unknown geo.isp: str" in found["agents/info: only fields and values of the reference."][1]
    assert found["agents/list: stop_time of a running session is 0, null, absent or before its start."][1] == "1 0, 1 null"
    for secret in _personal(account, simulator):
        assert secret not in printed.out
    assert f"{len(simulator.requests)} requests were sent" in printed.out


async def test_it_only_reads_and_asks_each_method_once(simulator: Simulator) -> None:
    await main(_environment(simulator))
    asked = [(request.method, request.verb) for request in simulator.requests]
    assert asked == [(method, "GET") for method in (*_READ_ONLY, "agents/nothing", "agents/list")]
    assert simulator.requests[4].parameters == {"offset": "0", "limit": "2"}
    assert simulator.key_leaks == 0


async def test_without_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    for environment in ({}, {"GETSCREEN_API_KEY": " "}):
        assert await main(environment) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err == "probe: the API key is missing. Set the environment variable GETSCREEN_API_KEY.\n"


@pytest.mark.parametrize(
    ("fault", "says"),
    [(Fault.FORBIDDEN, "HTTP 403"), (Fault.HTML, "no JSON"), (Fault.DROPPED, "no whole answer"), (Fault.PAYMENT_REQUIRED, "HTTP 402")],
)
async def test_where_nothing_can_be_told(simulator: Simulator, capsys: pytest.CaptureFixture[str], fault: Fault, says: str) -> None:
    simulator.fail(fault)
    assert await main(_environment(simulator)) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(rf"probe: [^\n]*{says}[^\n]*\.\n", printed.err)
    assert simulator.key not in printed.err


async def test_where_some_methods_fail(simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    simulator.fail(Fault.DROPPED, "agents/info", "support/list")
    simulator.fail(Fault.FORBIDDEN, "history/list")
    assert await main(_environment(simulator)) == 0
    found = _findings(capsys.readouterr().out)
    assert len(found) == 48
    for method, seen in (
        ("agents/info", "GetscreenConnectionError, HTTP None"),
        ("support/info", "no object to request"),
        ("history/list", "AccessDeniedError, HTTP 403"),
    ):
        assert found[f"{method} answers GET with JSON wrapped in data."] == ("unknown", seen)
    assert found["Hardware: RAMPhysAvail is at most RAMPhys."][0] == "unknown"
    assert found["history/list: the limit is respected."][0] == "unknown"


async def test_a_server_that_goes_away(session: aiohttp.ClientSession, canned: Canned) -> None:
    """The last two requests, which the client cannot send, have no code then."""
    for _ in range(3):
        canned.then(b'{"data": []}', status="200 OK")
    canned.reply_raw(b"")
    contact = await Asker(session, "a-key", canned.url).ask()
    assert contact.answers.keys() == {"agents/list", "support/list", "history/list"}
    assert (contact.code_without_method, contact.code_without_key) == (None, None)


async def test_an_account_with_nothing_in_it(account: Account, simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    account.agents.clear()
    account.invitations.clear()
    assert await main(_environment(simulator)) == 0
    assert [request.method for request in simulator.requests] == [
        "agents/list",
        "support/list",
        "history/list",
        "agents/nothing",
        "agents/list",
    ]
    found = _findings(capsys.readouterr().out)
    assert len(found) == 48
    assert found["agents/list: ids are whole numbers."][0] == "unknown"
    assert found["support/list: remain is a number beside data."][0] == "holds"


def test_no_answers_at_all(session: aiohttp.ClientSession) -> None:
    contact = Contact(GetscreenClient(session, "a-key").reports)
    findings = list(find(contact))
    assert len(findings) == 48
    assert all(finding.holds is None for finding in findings[1:])


_HARDWARE = {
    "ComputerIP": ["192.0.2.1/9C:7B", 7],
    "RAMBanks": [{"Capacity": 8_589_934_592 + 1}],
    "RAMPhys": 1,
    "RAMPhysAvail": 2,
    "HDD": [{"Size": 512_110_190_592}],
    "CPUSpeed": 2_900_000_000,
    "LocaleTimezone": 7200,
}


@pytest.mark.parametrize(
    ("method", "answer", "assumption", "seen"),
    [
        ("agents/list", [], "agents/list answers GET with JSON wrapped in data.", "list without data"),
        ("agents/list", [{"id": "1"}, {"id": 2}], "agents/list: ids are whole numbers.", "1 int, 1 str"),
        (
            "agents/list",
            [{"link_time": 1_765_000_000_000, "last_time": "2025"}, {"last_time": 5}],
            "agents/list: link_time and last_time are Unix seconds.",
            "1 another number, 1 milliseconds, 1 str",
        ),
        ("agents/list", [{"os": "haiku"}], "agents/list: os is win, mac, linux or android.", "1 of 1 differ"),
        ("agents/list", [{"online": 1}], "agents/list: disabled, limited, online, installed and favorite are true or false.", "1 int"),
        ("agents/list", [{"sessions": ["x"]}], "agents/list: sessions is an object, null or absent.", "1 list"),
        (
            "agents/list",
            [{"sessions": {"last": {"start_time": 1_765_000_000, "stop_time": "none"}}}],
            "agents/list: stop_time of a running session is 0, null, absent or before its start.",
            "1 str",
        ),
        ("agents/info", {"id": 1}, "agents/info: the answer has hardware.", ""),
        ("agents/info", {"hardware": _HARDWARE}, "Hardware: ComputerIP is a list of plain addresses.", "1 int, 1 with a slash"),
        ("agents/info", {"hardware": {"ComputerIP": "x"}}, "Hardware: ComputerIP is a list of plain addresses.", "1 str"),
        ("agents/info", {"hardware": _HARDWARE}, "Hardware: capacities of RAMBanks are multiples of 256, as in MiB.", "1 of 1 differ"),
        ("agents/info", {"hardware": _HARDWARE}, "Hardware: RAMPhys is at most the sum of RAMBanks, and at least 80 % of it.", ""),
        ("agents/info", {"hardware": _HARDWARE}, "Hardware: RAMPhysAvail is at most RAMPhys.", ""),
        ("agents/info", {"hardware": _HARDWARE}, "Hardware: disk sizes are between 1 GiB and 1 PiB if counted in MiB.", "1 of 1 differ"),
        ("agents/info", {"hardware": _HARDWARE}, "Hardware: CPUSpeed is between 400 and 10000, in MHz.", "1 of 1 differ"),
        ("agents/info", {"hardware": _HARDWARE}, "Hardware: LocaleTimezone is within 14 hours, in minutes.", "1 of 1 differ"),
        ("support/list", {"data": []}, "support/list: remain is a number beside data.", "absent"),
        ("support/list", {"data": [], "remain": "5"}, "support/list: remain is a number beside data.", "str"),
        ("support/list", {"data": [{"status": 9}]}, "support: status is 0, 1, 2 or 3.", "1 of 1 differ"),
        ("support/list", {"data": [{"invite_code": "12"}]}, "support: invite_code has nine digits.", "1 of 1 differ"),
        ("history/list", {"data": [{}, {}, {}]}, "history/list: the limit is respected.", "3 rows for 2"),
        ("history/list", {"data": [{"start": 1}, {"start": 2}]}, "history/list: the newest comes first.", ""),
        ("history/list", {"data": [{"client": {}}]}, "history/list: the persons are under clients.", "1 client"),
        ("history/list", {"data": [{}]}, "history/list: the persons are under clients.", "1 neither"),
        ("history/list", {"data": [{"video": "x"}]}, "history/list: a video has url and size.", "1 of 1 differ"),
        (
            "history/list",
            {"data": [{"start": 5, "stop": 4}, {"start": 5, "stop": 0.5}, {"start": 5, "stop": True}]},
            "history/list: stop of a running session is 0, null, absent or before its start.",
            "2 before its start, 1 bool",
        ),
    ],
)
def test_what_does_not_hold(session: aiohttp.ClientSession, *, method: str, answer: Any, assumption: str, seen: str) -> None:
    contact = Contact(GetscreenClient(session, "a-key").reports, answers={method: answer})
    (finding,) = [finding for finding in find(contact) if finding.assumption == assumption]
    assert finding == Finding(assumption, holds=False, seen=seen)


@pytest.mark.parametrize(("code", "holds", "seen"), [(403, True, "HTTP 403"), (401, False, "HTTP 401"), (None, None, "no answer")])
def test_codes(session: aiohttp.ClientSession, code: int | None, holds: bool | None, seen: str) -> None:
    contact = replace(Contact(GetscreenClient(session, "a-key").reports), code_without_key=code)
    assert Finding("A wrong key is answered with HTTP 403.", holds, seen) in list(find(contact))


@pytest.mark.parametrize(("holds", "line"), [(True, "holds           A."), (False, "DOES NOT HOLD   A. [x]"), (None, "unknown         A.")])
def test_how_a_finding_reads(holds: bool | None, line: str) -> None:
    assert str(Finding("A.", holds, "x" if holds is False else "")) == line


def test_the_script_and_the_page_know_each_other() -> None:
    root = Path(__file__).parents[2]
    script = (root / "scripts" / "probe").read_text()
    assert "-m probe" in script
    for name in ("GETSCREEN_API_KEY", "GETSCREEN_URL", "scripts/probe"):
        assert name in (root / "docs" / "api.md").read_text()
