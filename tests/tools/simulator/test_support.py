"""Invitations to quick support, from opening to closing."""

import aiohttp

from simulator import Account

from .conftest import Call


async def test_lists_open_invitations_and_the_remaining_number(call: Call) -> None:
    answer = (await call("support/list"))[1]
    assert [(invitation["status"], invitation["client_os"]) for invitation in answer["data"]] == [
        (0, ""),
        (1, answer["data"][1]["client_os"]),
    ]
    assert answer["data"][1]["client_os"]
    assert answer["remain"] == 20


async def test_links_change_the_status_of_an_invitation(call: Call, account: Account, browser: aiohttp.ClientSession) -> None:
    invitation = (await call("support/create", "POST", client_name="Aunt Rosa"))[1]["data"]
    number = invitation["id"]
    assert (invitation["status"], invitation["client_name"], invitation["client_preview_url"]) == (0, "Aunt Rosa", "")
    assert len(invitation["invite_code"]) == 9
    assert (await call("support/list"))[1]["remain"] == 19
    await browser.get(invitation["connect_url"])
    assert account.invitations[number].status == 0
    await browser.get(invitation["invite_url"])
    joined = (await call("support/info", connection_id=number))[1]["data"]
    assert joined["status"] == 1
    assert (await browser.get(joined["client_preview_url"])).content_type == "image/png"
    await browser.get(invitation["connect_url"])
    assert (await call("support/info", connection_id=number))[1]["data"]["status"] == 2
    assert await call("support/close", "POST", connection_id=number) == (200, None)
    assert (await call("support/info", connection_id=number))[1]["data"]["status"] == 3
    assert number not in [row["id"] for row in (await call("support/list"))[1]["data"]]
    assert (await call("support/close", "POST", connection_id=number))[0] == 400
    assert (await browser.get(invitation["connect_url"])).status == 410
    rows = (await call("history/list", support_id=number))[1]["data"]
    assert [(row["support_id"], row["agent"]["name"]) for row in rows] == [(number, "Aunt Rosa")]


async def test_a_plan_without_connections_rejects_invitations(call: Call, account: Account) -> None:
    account.remain = 0
    assert (await call("support/create", "POST"))[0] == 402
