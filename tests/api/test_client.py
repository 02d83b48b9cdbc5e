"""The methods of the client: sent requests, returned values, and the meaning of each answer."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from custom_components.getscreen.api import (
    AccessDeniedError,
    CommandFailedError,
    GetscreenClient,
    HistoryQuery,
    InvalidResponseError,
    InvitationStatus,
    RequestRefusedError,
)
from simulator import Account, Simulator

from .helpers import COMMANDS, METHODS, Call, Canned, sent_to

_DAY = datetime(2025, 12, 6, tzinfo=UTC)


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
async def test_closing_ignores_the_body_of_the_answer(canned: Canned, canned_client: GetscreenClient, answer: object) -> None:
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
async def test_sent_requests(
    client: GetscreenClient, simulator: Simulator, *, call: Call, method: str, verb: str, parameters: dict[str, str], body: object
) -> None:
    await call(client)
    assert sent_to(simulator) == [(method, verb, parameters, body)]


async def test_a_rejected_parameter_has_the_servers_reason(client: GetscreenClient) -> None:
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
