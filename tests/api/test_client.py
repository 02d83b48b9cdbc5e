"""The twelve methods: what is sent, what comes back, which verb is used, and what stays secret."""

import asyncio
from collections import Counter
from collections.abc import Callable
import contextlib
from datetime import UTC, datetime
import logging
from typing import Any, Literal

import aiohttp
import orjson
import pytest

from custom_components.getscreen.api import (
    AccessBlockedError,
    AccessDeniedError,
    Agent,
    CommandFailedError,
    GetscreenClient,
    GetscreenConnectionError,
    GetscreenError,
    HistoryQuery,
    InvalidResponseError,
    InvitationStatus,
    Notes,
    Reader,
    RequestLimitError,
    RequestRefusedError,
    keeps_query_private,
    read_hardware,
)
from custom_components.getscreen.api.requester import VERBS
from simulator import Account, Fault, Simulator
from tests.helpers import until

from .helpers import COMMANDS, LISTS, METHODS, READS, UNPROVEN, Call, Canned

_DAY = datetime(2025, 12, 6, tzinfo=UTC)


@pytest.fixture
def account(request: pytest.FixtureRequest) -> Account:
    """Return an account of five computers; `account` may be parametrized with other settings."""
    return Account(**{"devices": 5, "reboot_seconds": (30, 60)} | getattr(request, "param", {}))


def _sent(simulator: Simulator) -> list[tuple[str, str, dict[str, str], object]]:
    return [(request.method, request.verb, request.parameters, request.body) for request in simulator.requests]


# Reading


@pytest.mark.parametrize("account", [{}, {"bare_lists": True}], indirect=True, ids=["wrapped", "bare"])
async def test_lists_computers(client: GetscreenClient, account: Account) -> None:
    running = account.start_session(1)
    answer = await client.list_agents()
    assert answer.skipped == 0
    assert answer.agents.keys() == account.agents.keys()
    for number, agent in answer.agents.items():
        expected = account.agents[number]
        assert (agent.id, agent.name, agent.group) == (number, expected.name, expected.group)
        assert (agent.online, agent.blocked, agent.limited) == (expected.online, expected.disabled, expected.limited)
        assert (agent.installed, agent.favorite, agent.owner) == (True, expected.favorite, "owner@example.com")
        assert (agent.operating_system, agent.version) == (expected.os, expected.version)
        assert agent.linked_at == datetime.fromtimestamp(expected.link_time, UTC)
        assert agent.last_seen == datetime.fromtimestamp(expected.last_time, UTC)
        assert (agent.geo.ip, agent.geo.city) == (expected.geo.ip, expected.geo.city)
        assert agent.session_count == expected.sessions_total
    first = answer.agents[1]
    assert first.permanent_link == "https://go.getscreen.me/reception-1"
    assert first.preview_url is not None
    assert first.user == "reception"
    assert first.last_session is not None
    assert (first.last_session.id, first.last_session.start) == (running.id, datetime.fromtimestamp(running.start, UTC))
    assert first.last_session.client.geo.ip == running.client.geo.ip
    assert [agent.in_session for agent in answer.agents.values()] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("search", "group_id", "expected"),
    [("mac", "", {2}), ("203.0.113.17", "", {1, 2, 3}), ("", "3", {2, 5}), ("x", "", set()), ("", "group/ä 7", {2, 5}), ("", "x", set())],
)
async def test_filters_computers(client: GetscreenClient, account: Account, search: str, group_id: str, expected: set[int]) -> None:
    account.groups["group/ä 7"] = account.groups[3]
    answer = await client.list_agents(search, group_id)
    assert answer.agents.keys() == expected


async def test_reads_a_computer_with_its_hardware(client: GetscreenClient) -> None:
    details = await client.get_agent(1)
    listed = (await client.list_agents()).agents[1]
    assert details.agent == listed
    assert details.hardware is not None
    assert details.hardware.computer_name == "RECEPTION-PC"
    assert details.hardware.ip_addresses == ("192.168.0.3",)
    assert "onetime_url" not in details.agent.source
    assert client.reports["agents/info"].notes.unexpected == set()


@pytest.mark.parametrize("hardware", [{}, {"hardware": {}}, {"hardware": None}, {"hardware": []}])
async def test_a_computer_without_hardware(canned: Canned, canned_client: GetscreenClient, hardware: dict[str, Any]) -> None:
    canned.reply_json({"data": {"name": "Tablet", **hardware}})
    details = await canned_client.get_agent(5)
    assert (details.agent.id, details.agent.name, details.hardware) == (5, "Tablet", None)


async def test_hardware_alone_is_an_answer_too(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply_json({"hardware": {"CPUCores": 4}})
    hardware = (await canned_client.get_agent(5)).hardware
    assert hardware is not None
    assert hardware.cpu_cores == 4


@pytest.mark.parametrize("payload", [{"data": {"id": 1}}, {"status": 0}, {"data": {}}, {"data": None}, [], {}, "x", 7])
async def test_an_answer_without_a_computer(canned: Canned, canned_client: GetscreenClient, payload: object) -> None:
    canned.reply_json(payload)
    with pytest.raises(InvalidResponseError):
        await canned_client.get_agent(1)


async def test_lists_invitations(client: GetscreenClient, account: Account) -> None:
    answer = await client.list_invitations()
    assert answer.remaining == account.remain == 20
    waiting, joined = answer.invitations
    expected = account.invitations[waiting.id]
    assert (waiting.status, waiting.client_name) == (InvitationStatus.WAITING_FOR_CLIENT, "Nora at the hotel")
    assert (waiting.code, waiting.created) == (expected.invite_code, datetime.fromtimestamp(expected.create_time, UTC))
    assert waiting.client_os is None
    assert waiting.invite_url is not None
    assert waiting.connect_url is not None
    assert (joined.status, joined.client_os) == (InvitationStatus.CLIENT_JOINED, account.invitations[joined.id].client_os)


async def test_an_invitation_from_its_creation_to_its_end(client: GetscreenClient) -> None:
    created = await client.create_invitation("Grandma")
    assert created.client_name == "Grandma"
    assert await client.get_invitation(created.id) == created
    await client.close_invitation(created.id)
    assert (await client.get_invitation(created.id)).status is InvitationStatus.CLOSED
    assert created.id not in {invitation.id for invitation in (await client.list_invitations()).invitations}


@pytest.mark.parametrize("answer", [{"data": {"id": 7001, "status": 3}}, {"id": 7001, "status": 3}, None])
async def test_closing_heeds_nothing_but_the_code(canned: Canned, canned_client: GetscreenClient, answer: object) -> None:
    canned.reply_json(answer)
    await canned_client.close_invitation(7001)
    assert canned_client.reports["support/close"].verb == "POST"


@pytest.mark.parametrize("call", [METHODS["support/info"], METHODS["support/create"]])
async def test_an_invitation_without_an_id(canned: Canned, canned_client: GetscreenClient, call: Call) -> None:
    canned.reply_json({"data": {"invite_code": "123456789"}})
    with pytest.raises(InvalidResponseError, match="no id"):
        await call(canned_client)


async def test_lists_history(client: GetscreenClient, account: Account) -> None:
    page = await client.list_history(HistoryQuery(limit=100))
    assert page.total == len(account.history)
    rows = list(reversed(account.history))[:100]
    for record, row in zip(page.records, rows, strict=True):
        assert record.id == row.id
        assert record.start == datetime.fromtimestamp(row.start, UTC)
        assert record.end == (datetime.fromtimestamp(row.stop, UTC) if row.stop else None)
        assert record.invitation_id == row.support_id
        assert record.agent_id == (row.agent.id if row.agent else None)
        assert record.agent_name == (row.agent.name if row.agent else row.guest)
        assert [client.geo.ip for client in record.clients] == [row.client.geo.ip]
        assert record.clients[0].login == (row.client.login or None)
        assert (record.video.size if record.video else None) == row.video_size
    assert {record.video is None for record in page.records} == {True, False}
    assert {record.agent_id is None for record in page.records} == {True, False}


@pytest.mark.parametrize("rows", [[], None])
async def test_a_history_without_rows(canned: Canned, canned_client: GetscreenClient, rows: object) -> None:
    canned.reply_json({"data": rows, "total": 0})
    page = await canned_client.list_history(HistoryQuery())
    assert (page.records, page.total) == ((), 0)


async def test_pages_of_the_history_do_not_overlap(client: GetscreenClient) -> None:
    pages = [await client.list_history(HistoryQuery(offset=offset, limit=7)) for offset in (0, 7)]
    assert [len(page.records) for page in pages] == [7, 7]
    assert len({record.id for page in pages for record in page.records}) == 14
    assert len((await client.list_history(HistoryQuery())).records) == 20


async def test_filters_the_history(client: GetscreenClient, account: Account) -> None:
    row = account.history[100]
    assert row.agent is not None
    start = datetime.fromtimestamp(row.start, UTC)
    page = await client.list_history(HistoryQuery(agent_id=row.agent.id, start=start, end=start))
    assert row.id in {record.id for record in page.records}
    assert {record.start for record in page.records} == {start}
    invited = next(row for row in account.history if row.support_id)
    assert [record.id for record in (await client.list_history(HistoryQuery(invitation_id=invited.support_id))).records] == [invited.id]
    assert all(record.video for record in (await client.list_history(HistoryQuery(with_video=True))).records)


# Commands


async def test_updates_what_is_given(client: GetscreenClient, account: Account) -> None:
    agent = await client.update_device(
        2, name="Marta", permanent_link=True, permanent_link_path="marta", permanent_link_password="Secret123"
    )
    assert agent is not None
    assert (agent.id, agent.name, agent.permanent_link) == (2, "Marta", "https://go.getscreen.me/marta")
    assert account.agents[2].permanent_password == "Secret123"
    assert agent == (await client.list_agents()).agents[2]


@pytest.mark.parametrize("payload", [{"status": 0}, {"status": 0, "data": {}}, {"status": 0, "data": {"id": 1}}, {"data": []}, None, []])
async def test_an_update_that_does_not_return_the_computer(canned: Canned, canned_client: GetscreenClient, payload: object) -> None:
    canned.reply_json(payload)
    assert await canned_client.update_device(1, name="Front desk") is None


async def test_a_link_connects_once(client: GetscreenClient, account: Account, session: aiohttp.ClientSession) -> None:
    link = await client.connect(1)
    async with session.get(link) as page:
        assert page.status == 200
    assert account.agents[1].in_session
    async with session.get(link) as page:
        assert page.status == 410


@pytest.mark.parametrize(
    "data", [{}, {"url": ""}, {"url": None}, {"url": "soon"}, {"url": "javascript:alert(1)"}, {"url": 7}, {"url": "https://"}]
)
async def test_an_answer_without_a_link(canned: Canned, canned_client: GetscreenClient, data: dict[str, Any]) -> None:
    canned.reply_json({"status": 0, "data": data})
    with pytest.raises(InvalidResponseError):
        await canned_client.connect(1)


@pytest.mark.parametrize("account", [{"reboot_seconds": (0, 60)}], indirect=True)
async def test_wakes_reboots_and_logs_out(client: GetscreenClient, account: Account) -> None:
    await client.wake(3)
    assert account.agents[3].online
    await client.reboot(3)
    assert not account.agents[3].online
    await client.logout(2)
    assert 2 not in account.agents


@pytest.mark.parametrize("method", [method for method in COMMANDS if not method.startswith("support")])
async def test_a_status_other_than_zero_is_a_failure(client: GetscreenClient, simulator: Simulator, method: str) -> None:
    simulator.command_status[1] = 17
    with pytest.raises(CommandFailedError, match=f"^{method}: status 17$") as caught:
        await COMMANDS[method](client)
    assert caught.value.status == 17


@pytest.mark.parametrize("status", ["fine", True, False, [], {}])
async def test_a_status_that_is_no_number_is_no_success(canned: Canned, canned_client: GetscreenClient, status: object) -> None:
    canned.reply_json({"status": status})
    with pytest.raises(InvalidResponseError, match="status"):
        await canned_client.wake(1)
    assert canned_client.reports["agents/wake"].notes.unexpected == {f"status: {type(status).__name__}"}


@pytest.mark.parametrize("payload", [None, {}, [], {"status": None}, {"status": ""}, {"status": 0}, {"status": "0"}, {"data": []}])
async def test_no_status_is_success(canned: Canned, canned_client: GetscreenClient, payload: object) -> None:
    canned.reply_json(payload)
    await canned_client.reboot(1)
    assert canned_client.reports["agents/reboot"].last_code == 200


# What is sent


@pytest.mark.parametrize(
    ("call", "method", "verb", "parameters", "body"),
    [
        (lambda client: client.list_agents(), "agents/list", "GET", {}, None),
        (lambda client: client.list_agents("a b&c", "2"), "agents/list", "GET", {"search": "a b&c", "group_id": "2"}, None),
        (lambda client: client.get_agent(1), "agents/info", "GET", {"agent_id": "1"}, None),
        (lambda client: client.connect(1), "agents/connect", "POST", {"agent_id": "1"}, None),
        (lambda client: client.connect(1, record_video=True), "agents/connect", "POST", {"agent_id": "1", "video": "true"}, None),
        (lambda client: client.connect(1, record_video=False), "agents/connect", "POST", {"agent_id": "1", "video": "false"}, None),
        (lambda client: client.wake(1), "agents/wake", "POST", {"id": "1"}, None),
        (lambda client: client.reboot(1), "agents/reboot", "POST", {"id": "1"}, None),
        (lambda client: client.reboot(1, safe_mode=True), "agents/reboot", "POST", {"id": "1", "safe": "true"}, None),
        (lambda client: client.logout(1), "agents/logout", "POST", {"id": "1"}, None),
        (lambda client: client.list_invitations(), "support/list", "GET", {}, None),
        (lambda client: client.get_invitation(7001), "support/info", "GET", {"connection_id": "7001"}, None),
        (lambda client: client.create_invitation(), "support/create", "POST", {}, None),
        (lambda client: client.create_invitation("Zoë"), "support/create", "POST", {"client_name": "Zoë"}, None),
        (lambda client: client.close_invitation(7001), "support/close", "POST", {"connection_id": "7001"}, None),
        (lambda client: client.list_history(HistoryQuery()), "history/list", "GET", {"offset": "0", "limit": "20"}, None),
        (
            lambda client: client.list_history(
                HistoryQuery(
                    agent_id=1, invitation_id=7, start=_DAY, end=_DAY.replace(microsecond=999_999), with_video=False, offset=40, limit=100
                )
            ),
            "history/list",
            "GET",
            {
                "agent_id": "1",
                "support_id": "7",
                "date_from": "1764979200",
                "date_to": "1764979200",
                "video": "false",
                "offset": "40",
                "limit": "100",
            },
            None,
        ),
        (lambda client: client.update_device(1), "devices/update", "POST", {}, {"id": 1}),
        (lambda client: client.update_device(1, name="Zoë"), "devices/update", "POST", {}, {"id": 1, "name": "Zoë"}),
        (
            lambda client: client.update_device(1, permanent_link=False),
            "devices/update",
            "POST",
            {},
            {"id": 1, "permanent_url": {"enable": False}},
        ),
        (
            lambda client: client.update_device(1, permanent_link=True, permanent_link_path="desk", permanent_link_password="Secret123"),
            "devices/update",
            "POST",
            {},
            {"id": 1, "permanent_url": {"enable": True, "url": "desk", "password": "Secret123"}},
        ),
    ],
)
async def test_what_is_sent(
    client: GetscreenClient, simulator: Simulator, *, call: Call, method: str, verb: str, parameters: dict[str, str], body: object
) -> None:
    await call(client)
    assert _sent(simulator) == [(method, verb, parameters, body)]


async def test_the_key_travels_in_its_header_and_nowhere_else(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply_json({"data": []})
    for call in METHODS.values():
        with contextlib.suppress(InvalidResponseError):
            await call(canned_client)
    assert len(canned.received) == len(METHODS)
    for received in canned.received:
        request, *headers = received.split("\r\n")
        assert "a-key" not in request
        assert [header for header in headers if "a-key" in header] == ["X-Api-Key: a-key"]
        assert "Accept: application/json" in headers
        assert ("Content-Type: application/json" in headers) is ("devices/update" in request)


async def test_a_refused_parameter_comes_with_the_servers_reason(client: GetscreenClient) -> None:
    with pytest.raises(RequestRefusedError) as caught:
        await client.list_history(HistoryQuery(limit=101))
    assert caught.value.reason == "limit must be between 1 and 100"


@pytest.mark.parametrize(
    "call", [METHODS["agents/info"], METHODS["agents/wake"], lambda client: client.list_history(HistoryQuery(agent_id=99))]
)
async def test_an_object_of_another_account(client: GetscreenClient, simulator: Simulator, call: Call) -> None:
    simulator.refuse(1)
    with pytest.raises(AccessDeniedError):
        await call(client)


async def test_a_wrong_key(session: aiohttp.ClientSession, simulator: Simulator) -> None:
    client = GetscreenClient(session, "another-key", simulator.url)
    for method, call in METHODS.items():
        with pytest.raises(AccessDeniedError, match=f"^{method}: HTTP 403$"):
            await call(client)


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
        with contextlib.suppress(AccessDeniedError):  # the computer that is logged out is gone
            await COMMANDS[method](client)
        assert simulator.requests[-1].verb == verb
        assert simulator.count(method) == len(tried) + 1


async def test_no_verb_works(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.fail(Fault.METHOD_NOT_ALLOWED)
    with pytest.raises(InvalidResponseError, match="HTTP 405"):
        await client.wake(1)
    assert [request.verb for request in simulator.requests] == ["POST", "PUT", "GET"]
    assert client.reports["agents/wake"].verb is None


async def test_a_remembered_verb_falls_back_no_more(client: GetscreenClient, simulator: Simulator) -> None:
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
    """Not even by aiohttp, which repeats GET and PUT of its own accord where a connection is lost."""
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
    # These are always sent in one way, which says nothing about the family.
    await client.update_device(1, name="Front desk")
    await client.connect(1)
    simulator.requests.clear()
    await COMMANDS[method](client)
    *tried, first, second = _sent(simulator)
    assert [sent[1] for sent in tried] == ["POST"] * (verb == "PUT")
    assert (first, second) == ((method, verb, {"id": "1"}, None), (method, verb, {}, {"id": 1}))
    simulator.requests.clear()
    await client.wake(2)
    await client.reboot(2, safe_mode=True)
    await client.logout(3)
    assert all(not sent[2] for sent in _sent(simulator))
    assert [sent[3] for sent in _sent(simulator) if sent[1] == verb] == [{"id": 2}, {"id": 2, "safe": True}, {"id": 3}]
    assert account.agents.keys() == ({2, 4, 5} if method == "agents/logout" else {1, 2, 4, 5})


async def test_a_query_that_worked_is_not_tried_as_a_body(client: GetscreenClient, simulator: Simulator) -> None:
    await client.wake(1)
    simulator.fail(Fault.BAD_REQUEST)
    for method in _FAMILY:
        simulator.requests.clear()
        with pytest.raises(RequestRefusedError):
            await COMMANDS[method](client)
        assert [(sent[2], sent[3]) for sent in _sent(simulator)] == [({"id": "1"}, None)]


async def test_a_body_that_worked_is_not_tried_as_a_query(client: GetscreenClient, account: Account, simulator: Simulator) -> None:
    account.json_commands = True
    await client.wake(1)
    simulator.requests.clear()
    simulator.fail(Fault.BAD_REQUEST)
    with pytest.raises(RequestRefusedError):
        await client.reboot(1)
    assert _sent(simulator) == [("agents/reboot", "POST", {}, {"id": 1})]


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
async def test_what_two_tries_that_failed_tell(
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
    # Nothing was learned where neither worked: the next command begins anew.
    canned.reply_json({"status": 0})
    await canned_client.wake(2)
    learned = error is CommandFailedError
    assert (" /v1/agents/wake " if learned else " /v1/agents/wake?id=2 ") in canned.received[-1]


# The key as a parameter


async def test_the_key_as_a_parameter(session: aiohttp.ClientSession, account: Account, simulator: Simulator) -> None:
    simulator.key_in_query = True
    client = GetscreenClient(session, simulator.key, simulator.url, key_in_query=True)
    for call in METHODS.values():
        await call(client)
    assert all(request.parameters["apikey"] == simulator.key for request in simulator.requests)
    account.json_commands = True
    await GetscreenClient(session, simulator.key, simulator.url, key_in_query=True).wake(2)
    assert _sent(simulator)[-1] == ("agents/wake", "POST", {"apikey": simulator.key}, {"id": 2})
    with pytest.raises(AccessDeniedError):
        await GetscreenClient(session, simulator.key, simulator.url).list_agents()


async def test_the_key_travels_in_one_place(session: aiohttp.ClientSession, canned: Canned, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = GetscreenClient(session, "k /+&=ü", canned.url, key_in_query=True)
    for status in ("200 OK", "400 Bad Request", "403 Forbidden", "302 Found", "503 Unavailable"):
        canned.reply_json({"error": "GET /v1?apikey=k+/%2B%26%3D%C3%BC k%20%2F%2B%26%3D%C3%BC k /+&=ü"}, status=status)
        for call in METHODS.values():
            with pytest.raises(GetscreenError) as caught:
                await call(client)
            told = f"{caught.value!r} {getattr(caught.value, 'reason', None)}"
            assert "%26%3D" not in told
            assert "ü" not in told
    for received in canned.received:
        assert "apikey=k+/%2B%26%3D%C3%BC" in received.split(" ")[1]
        assert "x-api-key" not in received.lower()
    assert "%26%3D" not in caplog.text
    assert "%26%3D" not in repr(client.reports)


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://getscreen.example/v1", True),
        ("HTTPS://getscreen.example/v1", True),
        ("http://127.0.0.1:8099/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://[::1]:8099/v1", True),
        ("http://getscreen.example/v1", False),
        ("http://localhost/v1", False),
        ("http://name.localhost/v1", False),
        ("http://192.168.0.2/v1", False),
        ("http://127.0.0.1.example/v1", False),
        ("http://127.0.0.1@getscreen.example/v1", False),
        ("http://0.0.0.0/v1", False),
        ("http://[", False),
        ("", False),
    ],
)
async def test_where_the_key_may_be_a_parameter(session: aiohttp.ClientSession, *, url: str, private: bool) -> None:
    """Only where nobody on the way can read it; a host's name is not trusted to be this machine."""
    assert keeps_query_private(url) is private
    if private:
        assert GetscreenClient(session, "a-key", url, key_in_query=True).url == url
    else:
        with pytest.raises(ValueError, match="over https") as caught:
            GetscreenClient(session, "a-key", url, key_in_query=True)
        assert "a-key" not in str(caught.value)
    assert GetscreenClient(session, "a-key", url).url == url


async def test_whoever_counts_hears_of_each_request(session: aiohttp.ClientSession, account: Account, simulator: Simulator) -> None:
    sent: list[str] = []
    client = GetscreenClient(session, simulator.key, simulator.url, on_request=sent.append)
    account.verbs["agents/wake"] = "PUT"
    account.json_commands = True
    for call in METHODS.values():
        await call(client)
    simulator.fail(Fault.DROPPED)
    for method in ("agents/wake", "support/list"):
        with pytest.raises(GetscreenConnectionError):
            await METHODS[method](client)
    heard = Counter(sent)
    assert heard["agents/wake"] == simulator.count("agents/wake") == 3
    assert heard == Counter({method: report.requests for method, report in client.reports.items()})


# The same objects


@pytest.mark.parametrize("account", [{}, {"bare_lists": True}], indirect=True)
async def test_what_did_not_change_comes_back_as_the_same_object(client: GetscreenClient, account: Account) -> None:
    account.agents[1].last_time = account.agents[4].last_time = 900 * 2_000_000  # far from the end of their quarters of an hour
    before = (await client.list_agents()).agents
    account.agents[2].name = "Renamed"
    account.agents[1].last_time += 60
    account.agents[4].last_time += 900
    account.remove_agent(5)
    account.add_agent("New")
    after = (await client.list_agents(known=before)).agents
    assert after[1] is before[1]
    assert after[3] is before[3]
    assert after[1].last_seen == datetime.fromtimestamp(account.agents[1].last_time, UTC)
    assert after[2] != before[2]
    assert after[2].name == "Renamed"
    assert after[4] != before[4]
    assert after.keys() == {1, 2, 3, 4, 5}
    assert after[5].name == "New"


@pytest.mark.parametrize(
    "change", [{"name": "x"}, {"online": False}, {"group": "x"}, {"geo": {"ip": "192.0.2.1"}}, {"sessions": {"total": 2}}, {"new": 1}]
)
async def test_a_changed_record_is_read_anew(canned: Canned, canned_client: GetscreenClient, change: dict[str, Any]) -> None:
    record = {"id": 1, "name": "PC", "online": True, "sessions": {"total": 1}}
    canned.reply_json([record])
    before = (await canned_client.list_agents()).agents
    canned.reply_json([record | change])
    after = (await canned_client.list_agents(known=before)).agents
    assert after[1] is not before[1]
    assert (after[1] == before[1]) is ("new" in change)


async def test_deeply_nested_records_can_be_compared(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply(b'[{"id":1,"x":' + b"[" * 1000 + b"]" * 1000 + b"}]")
    before = (await canned_client.list_agents()).agents
    assert (await canned_client.list_agents(known=before)).agents[1] is before[1]


# Records that are no use


@pytest.mark.parametrize(
    ("method", "count"),
    [
        ("agents/list", lambda answer: len(answer.agents)),
        ("support/list", lambda answer: len(answer.invitations)),
        ("history/list", lambda answer: len(answer.records)),
    ],
)
async def test_bad_records_are_skipped_and_counted(
    canned: Canned, canned_client: GetscreenClient, method: str, count: Callable[[Any], int]
) -> None:
    bad: list[object] = [None, 7, "agent", [], {}, {"id": None}, {"id": "x"}, {"id": True}, {"id": []}, {"id": {}}, {"name": "no id"}]
    canned.reply_json({"data": [*bad, {"id": 1}, {"id": "2"}, {"id": 3.0}]})
    answer = await READS[method](canned_client)
    assert count(answer) == 3
    assert getattr(answer, "skipped", len(bad)) == len(bad)
    assert canned_client.reports[method].notes.skipped == len(bad)


async def test_an_id_that_is_true_is_not_agent_1(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply_json([{"id": 1, "name": "PC"}])
    known = (await canned_client.list_agents()).agents
    canned.reply_json([{"id": True, "name": "PC"}])
    answer = await canned_client.list_agents(known=known)
    assert (answer.agents, answer.skipped) == ({}, 1)


@pytest.mark.parametrize("payload", [None, {}, {"data": {}}, {"data": "x"}, "x", False, 7, True])
async def test_no_list_where_one_should_be(canned: Canned, canned_client: GetscreenClient, payload: object) -> None:
    canned.reply_json(payload)
    for method in LISTS:
        with pytest.raises(InvalidResponseError, match="a list was expected"):
            await READS[method](canned_client)


@pytest.mark.parametrize(
    ("beside", "remaining"), [({}, None), ({"remain": 0}, 0), ({"remain": "5"}, 5), ({"remain": "many"}, None), ({"remain": []}, None)]
)
async def test_connections_left(canned: Canned, canned_client: GetscreenClient, beside: dict[str, Any], remaining: int | None) -> None:
    canned.reply_json({"data": []} | beside)
    assert (await canned_client.list_invitations()).remaining == remaining


async def test_a_bare_list_has_nothing_beside(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply_json([{"id": 1}])
    assert (await canned_client.list_invitations()).remaining is None
    assert (await canned_client.list_history(HistoryQuery())).total is None


# Too many records


@pytest.mark.parametrize(
    ("method", "most", "kept"),
    [
        ("agents/list", 10_000, lambda answer: [*answer.agents]),
        ("support/list", 1_000, lambda answer: [invitation.id for invitation in answer.invitations]),
    ],
)
async def test_lists_are_cut(
    canned: Canned, canned_client: GetscreenClient, *, method: str, most: int, kept: Callable[[Any], list[int]]
) -> None:
    for count, cut in ((most, 0), (most + 1, 1), (most + 50, 50)):
        canned.reply_json([{"id": number} for number in range(1, count)] + [None])
        answer: Any = await READS[method](canned_client)
        assert kept(answer) == [*range(1, min(count, most + 1))]
        assert answer.skipped == max(1, cut)
        assert getattr(answer, "cut", cut) == cut


async def test_a_page_of_the_history_is_no_longer_than_asked_for(canned: Canned, canned_client: GetscreenClient) -> None:
    canned.reply_json({"data": [{"id": number} for number in range(1000)], "total": 1000})
    for limit in (1, 20, 100):
        page = await canned_client.list_history(HistoryQuery(limit=limit))
        assert [record.id for record in page.records] == [*range(limit)]
        assert page.total == 1000


@pytest.mark.parametrize(
    ("total", "expected"), [(0, 0), (10**9, 10**9), (10**9 + 1, None), (10**18, None), (-1, None), ("7", 7), ("many", None), (1e300, None)]
)
async def test_totals_that_make_no_sense(canned: Canned, canned_client: GetscreenClient, total: object, expected: int | None) -> None:
    canned.reply_json({"data": [], "total": total})
    assert (await canned_client.list_history(HistoryQuery())).total == expected


async def test_hardware_as_it_is_stored_is_bounded(canned: Canned, canned_client: GetscreenClient) -> None:
    deep: list[object] = []
    for _ in range(200):
        deep = [deep]
    hardware = {
        "LogicalDisks": [{"Disk": f"{number}:", "FileSystem": "x" * 1000} for number in range(3000)],
        "NetAdapters": [{"Addresses": ["a"] * 3000}],
        "CPU": "x" * 1000,
        "CPUCores": 4,
        "Monitors": deep,
        **{f"Extra{number}": number for number in range(3000)},
    }
    canned.reply_json({"data": {"id": 1, "hardware": hardware}})
    details = await canned_client.get_agent(1)
    assert details.hardware is not None
    assert len(details.hardware.disks) == 64
    assert len(orjson.dumps(details.source)) < 100_000
    again = read_hardware(Reader(details.source, Notes()))
    assert again == details.hardware


# Reports and secrets


async def test_reports_tell_what_happened(client: GetscreenClient, simulator: Simulator) -> None:
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


async def test_no_name_of_a_field_is_told_that_may_be_a_secret_or_a_person(session: aiohttp.ClientSession, canned: Canned) -> None:
    key = "Ab3kYq"
    client = GetscreenClient(session, key, canned.url)
    names = {
        key: 1,
        f"x{key}": 1,
        "alice_smith": {"age": 5},
        "AliceSmith": 1,
        "reception": [],
        "user12345": 1,
        "192.0.2.1": {},
        "new_field": 1,
    }
    record = {
        "id": 1,
        "name": "PC",
        "geo": names,
        "sessions": names | {"last": names | {"client": names}},
        "hardware": names | {"HDD": names},
        **names,
    }
    for payload in ([record], {"data": record}, {"data": [record], **names}, names):
        canned.reply_json(payload)
        for call in METHODS.values():
            with contextlib.suppress(GetscreenError):
                await call(client)
    told = repr(client.reports)
    for secret in names.keys() - {"new_field"}:
        assert secret not in told
    assert "sessions.last.client.new_field: int" in told
    assert "hardware.HDD[].new_field: int" in told
    assert "(not a name): dict" in told


async def test_nothing_secret_is_in_what_prints(client: GetscreenClient, account: Account, simulator: Simulator) -> None:
    details = await client.get_agent(1)
    invitations = (await client.list_invitations()).invitations
    history = await client.list_history(HistoryQuery(with_video=True))
    printed = repr((details, (await client.list_agents()), invitations, history, client, client.reports))
    agent: Agent = details.agent
    secrets = [simulator.key, account.onetime_link(1), agent.permanent_link, agent.preview_url]
    for invitation in invitations:
        secrets += [account.invitations[invitation.id].token, invitation.invite_url]
    secrets += [record.video.url for record in history.records if record.video]
    for secret in secrets:
        assert secret
        assert secret not in printed


# Requests that are shared


async def test_what_is_asked_for_already_is_not_asked_for_again(client: GetscreenClient, simulator: Simulator) -> None:
    with simulator.hold():
        lists = asyncio.gather(*(client.list_agents() for _ in range(3)))
        details = asyncio.gather(*(client.get_agent(agent_id) for agent_id in (1, 1, 2)))
        await until(lambda: simulator.count() >= 3)
    first, _, last = await lists
    await details
    assert simulator.count("agents/list") == 1
    assert simulator.count("agents/info") == 2
    assert first == last
    await client.list_agents()
    assert simulator.count("agents/list") == 2


async def test_other_questions_are_others(client: GetscreenClient, simulator: Simulator) -> None:
    with simulator.hold():
        lists = asyncio.gather(client.list_agents(), client.list_agents(search="Reception"))
        await until(lambda: simulator.count() == 2)
    everything, some = await lists
    assert len(everything.agents) > len(some.agents) == 1


async def test_a_failure_is_shared_too(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.fail(Fault.SERVER_ERROR)
    with simulator.hold():
        lists = asyncio.gather(client.list_agents(), client.list_agents(), return_exceptions=True)
        await until(simulator.count)
    assert [type(error) for error in await lists] == [GetscreenConnectionError] * 2
    assert simulator.count() == 1
    simulator.heal()
    assert (await client.list_agents()).agents


async def test_whoever_gives_up_takes_nothing_from_the_others(client: GetscreenClient, simulator: Simulator) -> None:
    with simulator.hold():
        first = asyncio.create_task(client.list_agents())
        second = asyncio.create_task(client.list_agents())
        await until(simulator.count)
        first.cancel()
        # The second asks anew.
        await until(lambda: simulator.count() == 2)
    assert (await second).agents
    assert first.cancelled()


async def test_commands_are_never_shared_and_end_what_is(client: GetscreenClient, simulator: Simulator) -> None:
    """An answer that was asked for before a command does not tell of it."""
    with simulator.hold("agents/list"):
        before = asyncio.create_task(client.list_agents())
        await until(simulator.count)
        await asyncio.gather(client.update_device(1, name="A"), client.update_device(2, name="B"))
        after = asyncio.create_task(client.list_agents())
        await until(lambda: simulator.count("agents/list") == 2)
    assert (await after).agents[1].name == "A"
    await before
    assert simulator.count("devices/update") == 2
    assert simulator.count("agents/list") == 2
