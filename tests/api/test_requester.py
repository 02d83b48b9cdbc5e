"""Verbs, queries and bodies, and the report on each method."""

from collections import Counter
import contextlib
from typing import Literal, override

import aiohttp
import pytest

from custom_components.getscreen.api import (
    AccessBlockedError,
    AccessDeniedError,
    CommandFailedError,
    Gate,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
    RequestRefusedError,
)
from custom_components.getscreen.api.requester import VERBS
from simulator import Account, Fault, Simulator

from .helpers import COMMANDS, METHODS, READS, UNPROVEN, Canned, sent_to

# Verbs


def test_the_table_has_every_method() -> None:
    assert VERBS.keys() == METHODS.keys()
    assert {method for method, verbs in VERBS.items() if len(verbs) > 1} == set(UNPROVEN)


@pytest.mark.parametrize("code", [404, 405])
@pytest.mark.parametrize(("verb", "tried"), [("POST", ["POST"]), ("PUT", ["POST", "PUT"]), ("GET", ["POST", "PUT", "GET"])])
async def test_the_verb_that_works_is_found_and_remembered(
    client: GetscreenClient, account: Account, simulator: Simulator, *, verb: str, tried: list[str], code: Literal[404, 405]
) -> None:
    account.wrong_verb_code = code
    account.verbs |= dict.fromkeys(UNPROVEN, verb)
    for method in UNPROVEN:
        await COMMANDS[method](client)
        requests = [request for request in simulator.requests if request.method == method]
        assert [request.verb for request in requests] == tried
        assert all((request.parameters, request.body) == (requests[0].parameters, requests[0].body) for request in requests)
        report = client.reports[method]
        assert (report.verb, report.requests, report.last_code) == (verb, len(tried), 200)
        with contextlib.suppress(AccessDeniedError):  # the agent that is logged out has left the account
            await COMMANDS[method](client)
        assert simulator.requests[-1].verb == verb
        assert simulator.count(method) == len(tried) + 1


async def test_no_verb_works(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.fail(Fault.METHOD_NOT_ALLOWED)
    with pytest.raises(InvalidResponseError, match="HTTP 405"):
        await client.wake(1)
    assert [request.verb for request in simulator.requests] == ["POST", "PUT", "GET"]
    assert client.reports["agents/wake"].verb is None


async def test_a_remembered_verb_is_not_replaced(client: GetscreenClient, simulator: Simulator) -> None:
    await client.wake(1)
    simulator.fail(Fault.NOT_FOUND)
    with pytest.raises(InvalidResponseError):
        await client.wake(1)
    assert simulator.count() == 2


@pytest.mark.parametrize("fault", [Fault.NOT_FOUND, Fault.METHOD_NOT_ALLOWED])
async def test_a_known_verb_never_falls_back(client: GetscreenClient, simulator: Simulator, fault: Fault) -> None:
    simulator.fail(fault)
    for method in METHODS.keys() - set(UNPROVEN):
        with pytest.raises(InvalidResponseError, match=f"HTTP {fault}"):
            await METHODS[method](client)
        assert simulator.count(method) == 1


@pytest.mark.parametrize("verb", ["POST", "PUT", "GET"])
async def test_a_command_is_never_repeated(client: GetscreenClient, account: Account, simulator: Simulator, verb: str) -> None:
    """Not even by aiohttp, which by default repeats GET and PUT after a lost connection."""
    account.verbs["agents/wake"] = verb
    await client.wake(1)
    for fault in set(Fault) - {Fault.HANG, Fault.HUGE}:
        simulator.requests.clear()
        simulator.fail(fault)
        with contextlib.suppress(GetscreenError):
            await client.wake(1)
        assert [request.verb for request in simulator.requests] == [verb], fault
        simulator.heal()


async def test_only_404_and_405_lead_to_another_verb(session: aiohttp.ClientSession, simulator: Simulator) -> None:
    for fault in set(Fault) - {Fault.NOT_FOUND, Fault.METHOD_NOT_ALLOWED, Fault.BAD_REQUEST, Fault.HANG, Fault.HUGE}:
        simulator.requests.clear()
        simulator.fail(fault)
        with contextlib.suppress(GetscreenError):
            await GetscreenClient(session, simulator.key, simulator.url).wake(1)
        assert [request.verb for request in simulator.requests] == ["POST"], fault


async def test_a_read_survives_a_lost_connection(client: GetscreenClient, simulator: Simulator) -> None:
    for method, call in READS.items():
        simulator.fail(Fault.DROPPED, times=1)
        assert await call(client)
        assert simulator.count(method) == 2


# Commands whose values belong in a body


_FAMILY = ("agents/wake", "agents/reboot", "agents/logout")


@pytest.mark.parametrize("verb", ["POST", "PUT"])
@pytest.mark.parametrize("method", _FAMILY)
async def test_a_refused_query_is_tried_as_a_body_and_that_is_remembered_for_all(
    client: GetscreenClient, account: Account, simulator: Simulator, method: str, verb: str
) -> None:
    account.json_commands = True
    account.verbs |= dict.fromkeys(_FAMILY, verb)
    # These commands are always sent in the same way, which says nothing about the family.
    await client.update_device(1, name="Front desk")
    await client.connect(1)
    simulator.requests.clear()
    await COMMANDS[method](client)
    *tried, first, second = sent_to(simulator)
    assert [sent[1] for sent in tried] == ["POST"] * (verb == "PUT")
    assert (first, second) == ((method, verb, {"id": "1"}, None), (method, verb, {}, {"id": 1}))
    simulator.requests.clear()
    await client.wake(2)
    await client.reboot(2, safe_mode=True)
    await client.logout(3)
    assert all(not sent[2] for sent in sent_to(simulator))
    assert [sent[3] for sent in sent_to(simulator) if sent[1] == verb] == [{"id": 2}, {"id": 2, "safe": True}, {"id": 3}]
    assert account.agents.keys() == ({2, 4, 5} if method == "agents/logout" else {1, 2, 4, 5})


async def test_a_query_that_worked_is_not_tried_as_a_body(client: GetscreenClient, simulator: Simulator) -> None:
    await client.wake(1)
    simulator.fail(Fault.BAD_REQUEST)
    for method in _FAMILY:
        simulator.requests.clear()
        with pytest.raises(RequestRefusedError):
            await COMMANDS[method](client)
        assert [(sent[2], sent[3]) for sent in sent_to(simulator)] == [({"id": "1"}, None)]


async def test_a_body_that_worked_is_not_tried_as_a_query(client: GetscreenClient, account: Account, simulator: Simulator) -> None:
    account.json_commands = True
    await client.wake(1)
    simulator.requests.clear()
    simulator.fail(Fault.BAD_REQUEST)
    with pytest.raises(RequestRefusedError):
        await client.reboot(1)
    assert sent_to(simulator) == [("agents/reboot", "POST", {}, {"id": 1})]


async def test_only_commands_of_the_family_are_tried_in_two_ways(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.fail(Fault.BAD_REQUEST)
    for method, call in METHODS.items():
        with pytest.raises(RequestRefusedError):
            await call(client)
        assert simulator.count(method) == (2 if method in _FAMILY else 1)


_REFUSED = (400, b'{"error": "no query"}')


@pytest.mark.parametrize(
    ("first", "second", "error", "reason"),
    [
        (_REFUSED, (400, b'{"error": "no body"}'), RequestRefusedError, "no query"),
        ((400, b""), (400, b'{"error": "no body"}'), RequestRefusedError, "no body"),
        ((400, b""), (415, b""), RequestRefusedError, None),
        (_REFUSED, (404, b""), RequestRefusedError, "no query"),
        (_REFUSED, (415, b""), RequestRefusedError, "no query"),
        (_REFUSED, (422, b'{"error": "no body"}'), RequestRefusedError, "no query"),
        (_REFUSED, (200, b'{"error": "agent is offline"}'), RequestRefusedError, "agent is offline"),
        (_REFUSED, (200, b'{"status": 5}'), CommandFailedError, None),
        (_REFUSED, (206, b"{}"), InvalidResponseError, None),
        (_REFUSED, (302, b""), InvalidResponseError, None),
        (_REFUSED, (401, b"{}"), AccessDeniedError, None),
        (_REFUSED, (402, b"{}"), RequestLimitError, None),
        (_REFUSED, (403, b"{}"), AccessDeniedError, None),
        (_REFUSED, (403, b"<html>"), AccessBlockedError, None),
        (_REFUSED, (408, b""), GetscreenConnectionError, None),
        (_REFUSED, (429, b""), GetscreenConnectionError, None),
        (_REFUSED, (503, b""), GetscreenConnectionError, None),
    ],
)
async def test_the_error_after_two_failed_attempts(
    canned: Canned,
    canned_client: GetscreenClient,
    *,
    first: tuple[int, bytes],
    second: tuple[int, bytes],
    error: type[GetscreenError],
    reason: str | None,
) -> None:
    for code, body in (first, second):
        canned.then(body, status=f"{code} Whatever")
    with pytest.raises(error) as caught:
        await canned_client.wake(1)
    assert type(caught.value) is error
    assert getattr(caught.value, "reason", None) == reason
    assert [request.partition(" HTTP")[0] for request in canned.received] == ["POST /v1/agents/wake?id=1", "POST /v1/agents/wake"]
    # If neither way worked, nothing is remembered, and the next command tries both again.
    canned.reply_json({"status": 0})
    await canned_client.wake(2)
    learned = error is CommandFailedError
    assert (" /v1/agents/wake " if learned else " /v1/agents/wake?id=2 ") in canned.received[-1]


# Reports


class CountingGate(Gate):
    """Admits every request except those of some methods, and stores the reported requests."""

    def __init__(self, *closed: str) -> None:
        self.closed = closed
        self.heard: dict[str, Counter[str]] = {"sent": Counter(), "accepted": Counter(), "failed": Counter()}

    @override
    def admit(self, method: str) -> None:
        if method in self.closed:
            raise RequestLimitError("paused")

    @override
    def sent(self, method: str) -> None:
        self.heard["sent"][method] += 1

    @override
    def accepted(self, method: str) -> None:
        self.heard["accepted"][method] += 1

    @override
    def failed(self, method: str, error: GetscreenError) -> None:
        self.heard["failed"][method] += 1


async def test_every_request_passes_the_gate(session: aiohttp.ClientSession, account: Account, simulator: Simulator) -> None:
    gate = CountingGate()
    client = GetscreenClient(session, simulator.key, simulator.url, gate=gate)
    account.verbs["agents/wake"] = "PUT"
    account.json_commands = True
    for call in METHODS.values():
        await call(client)
    simulator.fail(Fault.DROPPED)
    for method in ("agents/wake", "support/list"):
        with pytest.raises(GetscreenConnectionError):
            await METHODS[method](client)
    sent = gate.heard["sent"]
    assert sent["agents/wake"] == simulator.count("agents/wake") == 3
    assert sent == Counter({method: report.requests for method, report in client.reports.items()})
    assert gate.heard["accepted"] == Counter(METHODS.keys())
    assert gate.heard["failed"] == Counter(["agents/wake", "support/list"])


async def test_a_closed_gate_sends_nothing(session: aiohttp.ClientSession, simulator: Simulator) -> None:
    """The gate blocks every method, and another gate of the same client does not."""
    gate = CountingGate(*METHODS)
    client = GetscreenClient(session, simulator.key, simulator.url, gate=gate)
    for call in METHODS.values():
        with pytest.raises(RequestLimitError):
            await call(client)
    assert simulator.count() == sum(report.requests for report in client.reports.values()) == 0
    assert not any(gate.heard.values())
    await client.with_gate(CountingGate()).list_agents()
    assert client.reports["agents/list"].requests == 1


async def test_reports(client: GetscreenClient, simulator: Simulator) -> None:
    assert all(report.requests == 0 and report.last_code is None for report in client.reports.values())
    await client.list_agents()
    report = client.reports["agents/list"]
    assert (report.requests, report.last_code, report.verb) == (1, 200, "GET")
    assert report.notes.unknown == {"features: dict", "geo.lat: float", "geo.lon: float", "geo.isp: str"}
    simulator.fail(Fault.UNAVAILABLE)
    with pytest.raises(GetscreenConnectionError):
        await client.list_agents()
    assert (report.requests, report.last_code) == (2, 503)
    simulator.fail(Fault.CUT_CONNECTION)
    with pytest.raises(GetscreenConnectionError):
        await client.list_agents()
    assert (report.requests, report.last_code) == (3, None)
