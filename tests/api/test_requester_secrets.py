"""The key is sent in one place, and nothing secret is in errors, logs, reports or representations."""

import contextlib
import logging

import aiohttp
import pytest

from custom_components.getscreen.api import (
    AccessDeniedError,
    Agent,
    GetscreenClient,
    GetscreenError,
    HistoryQuery,
    InvalidResponseError,
    keeps_query_private,
)
from simulator import Account, Simulator

from .helpers import METHODS, Canned, sent_to


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


async def test_the_key_as_a_parameter(session: aiohttp.ClientSession, account: Account, simulator: Simulator) -> None:
    simulator.key_in_query = True
    client = GetscreenClient(session, simulator.key, simulator.url, key_in_query=True)
    for call in METHODS.values():
        await call(client)
    assert all(request.parameters["apikey"] == simulator.key for request in simulator.requests)
    account.json_commands = True
    await GetscreenClient(session, simulator.key, simulator.url, key_in_query=True).wake(2)
    assert sent_to(simulator)[-1] == ("agents/wake", "POST", {"apikey": simulator.key}, {"id": 2})
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
            shown = f"{caught.value!r} {getattr(caught.value, 'reason', None)}"
            assert "%26%3D" not in shown
            assert "ü" not in shown
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
    """The parameter is allowed only where no third party can read it. A host name may lead to another machine, even if it looks local."""
    assert keeps_query_private(url) is private
    if private:
        assert GetscreenClient(session, "a-key", url, key_in_query=True).url == url
    else:
        with pytest.raises(ValueError, match="over HTTPS") as caught:
            GetscreenClient(session, "a-key", url, key_in_query=True)
        assert "a-key" not in str(caught.value)
    assert GetscreenClient(session, "a-key", url).url == url


async def test_no_field_name_is_noted_that_may_be_a_secret_or_a_person(session: aiohttp.ClientSession, canned: Canned) -> None:
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
    noted = repr(client.reports)
    for secret in names.keys() - {"new_field"}:
        assert secret not in noted
    assert "sessions.last.client.new_field: int" in noted
    assert "hardware.HDD[].new_field: int" in noted
    assert "(not a name): dict" in noted


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
