"""Requests by users: a few of each user at a time, none during a pause, and never before polls."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.components.media_source import async_browse_media
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, MockHAClientWebSocket, WebSocketGenerator

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import act, device_id_of, pass_time, until

# Requests that all differ, by their method.
QUESTIONS: dict[str, Callable[[int], tuple[str, dict[str, Any]]]] = {
    "history/list": lambda number: ("get_history", {"invitation_id": number + 1}),
    "agents/list": lambda number: ("find_devices", {"search": f"PC {number}"}),
    "support/info": lambda number: ("get_invitation", {"invitation_id": 7001 + number}),
}


async def token_of_new_user(hass: HomeAssistant) -> str:
    """Return the access token of a new user, who may do everything."""
    token = await hass.auth.async_create_refresh_token(MockUser(is_owner=True).add_to_hass(hass), CLIENT_ID)
    return hass.auth.async_create_access_token(token)


async def send(browser: MockHAClientWebSocket, action: str, fields: dict[str, Any]) -> None:
    """Start an action that returns a response, without waiting for it."""
    message = {"type": "call_service", "domain": DOMAIN, "service": action, "service_data": fields, "return_response": True}
    await browser.send_json_auto_id(message)


@pytest.mark.parametrize("method", QUESTIONS)
async def test_four_at_a_time(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, hass_ws_client: WebSocketGenerator, method: str
) -> None:
    """Four requests of each user are sent at a time. Other users, automations and polls do not wait for them."""
    for _ in range(100):
        account.invite()
    entry = await set_up()
    question = QUESTIONS[method]
    greedy, other = [await hass_ws_client(hass, await token_of_new_user(hass)) for _ in range(2)]
    simulator.requests.clear()
    with simulator.hold(method):
        for number in range(40):
            await send(greedy, *question(number))
        await until(lambda: simulator.count(method) == 4)
        for number in range(40, 60):
            await send(other, *question(number))
        await until(lambda: simulator.count(method) == 8)
        asked = [question(number) for number in range(60, 80)]
        automations = asyncio.gather(*(act(hass, action, response=True, **fields) for action, fields in asked))
        await until(lambda: simulator.count(method) == 12)
        if method != "agents/list":
            await entry.runtime_data.agents.async_refresh()
            assert simulator.count("agents/list") == 1
        assert simulator.count(method) == 12
    await automations
    for browser, count in ((greedy, 40), (other, 20)):
        answers = [await browser.receive_json() for _ in range(count)]
        assert [answer for answer in answers if not answer["success"]] == []
    assert simulator.count(method) == 80


async def test_requests_by_http(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, hass_client: ClientSessionGenerator, hass_ws_client: WebSocketGenerator
) -> None:
    """The calendar of a browser belongs to the same user as the browser's websocket; other users have a semaphore of their own."""
    assert await async_setup_component(hass, "calendar", {})
    entry = await set_up()
    calendar = f"/api/calendars/{next(iter(hass.states.async_entity_ids('calendar')))}"
    token = await token_of_new_user(hass)
    browser, http = await hass_ws_client(hass, token), await hass_client(token)
    stranger = await hass_client(await token_of_new_user(hass))
    simulator.requests.clear()
    with simulator.hold("history/list"):
        for number in range(3):
            await send(browser, *QUESTIONS["history/list"](number))
        await until(lambda: simulator.count() == 3)
        days = [{"start": f"2026-01-{day:02}T00:00:00Z", "end": f"2026-01-{day:02}T12:00:00Z"} for day in range(1, 21)]
        asked = [asyncio.create_task(http.get(calendar, params=day)) for day in days[:10]]
        await until(lambda: simulator.count() == 4)
        asked += [asyncio.create_task(stranger.get(calendar, params=day)) for day in days[10:]]
        await until(lambda: simulator.count() == 8)
        await entry.runtime_data.agents.async_refresh()
        assert simulator.count("history/list") == 8
    assert {(await answer).status for answer in asked} == {200}
    assert simulator.count("history/list") == 23


async def test_equal_requests_that_wait_are_sent_once(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.requests.clear()
    with simulator.hold("agents/info"):
        device_id = device_id_of(hass, entry, 1)
        calls = asyncio.gather(*(act(hass, "get_device_info", response=True, device_id=device_id) for _ in range(200)))
        await until(lambda: simulator.count("agents/info"))
    first, *others = await calls
    assert all(other == first for other in others)
    # One in flight, and one for the calls that came before its answer.
    assert simulator.count("agents/info") <= 2


async def test_cancelling_a_request_that_waits(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The request is not sent, unless other calls wait for an equal one."""
    await set_up()
    simulator.requests.clear()
    with simulator.hold("history/list"):
        asked = [asyncio.create_task(act(hass, "get_history", response=True, invitation_id=number)) for number in range(1, 7)]
        asked.append(asyncio.create_task(act(hass, "get_history", response=True, invitation_id=6)))
        await until(lambda: simulator.count() == 4)
        asked[4].cancel()
        asked[5].cancel()
        await asyncio.wait(asked[4:6])
    await asyncio.wait(asked)
    assert sorted(int(request.parameters["support_id"]) for request in simulator.requests) == [1, 2, 3, 4, 6]
    assert [call.cancelled() for call in asked] == [False, False, False, False, True, True, False]


async def all_fail(hass: HomeAssistant, action: str, questions: list[dict[str, Any]], key: str) -> None:
    """Call an action several times at once; all calls fail with an error."""
    for answer in await asyncio.gather(*(act(hass, action, response=True, **fields) for fields in questions), return_exceptions=True):
        assert isinstance(answer, HomeAssistantError)
        assert answer.translation_key == key


async def test_a_plan_that_is_used_up(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The requests in flight hit the limit, and the others are not sent. The repair issue is removed without a further request."""
    entry = await set_up()
    issue = (DOMAIN, f"request_limit_{entry.entry_id}")
    simulator.fail(Fault.PAYMENT_REQUIRED, "history/list")
    simulator.requests.clear()
    questions = [{"invitation_id": number} for number in range(1, 51)]
    await all_fail(hass, "get_history", questions, "request_limit")
    assert simulator.count() == 4
    await all_fail(hass, "get_history", questions, "request_limit")
    assert simulator.count() == 4
    assert ir.async_get(hass).async_get_issue(*issue)
    # Polls go on, but the repair stays until the pause is over.
    await pass_time(hass)
    assert simulator.count("agents/list") == 1
    assert ir.async_get(hass).async_get_issue(*issue)
    simulator.heal()
    await pass_time(hass, 121)
    await pass_time(hass, 61)
    assert ir.async_get(hass).async_get_issue(*issue) is None
    assert await act(hass, "get_history", response=True)


async def test_a_server_that_asks_for_a_pause(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, entry: MockConfigEntry, all_entities: None
) -> None:
    await set_up()
    simulator.fail(Fault.BAD_GATEWAY, retry_after=3600)
    await pass_time(hass)
    simulator.requests.clear()
    # The poll has met it: nothing of its kind is sent.
    await all_fail(hass, "find_devices", [{"search": str(number)} for number in range(50)], "cannot_connect")
    assert simulator.count() == 0
    # No request of these kinds has failed yet: a few are sent for all.
    await all_fail(hass, "get_history", [{"invitation_id": number} for number in range(1, 51)], "cannot_connect")
    await all_fail(hass, "get_invitation", [{"invitation_id": number} for number in range(1, 51)], "cannot_connect")
    devices = [{"device_id": device_id_of(hass, entry, number)} for number in (1, 2, 3)]
    await all_fail(hass, "get_device_info", 10 * devices, "cannot_connect")
    assert [simulator.count(method) for method in ("history/list", "support/info", "agents/info")] == [4, 4, 3]
    with pytest.raises(HomeAssistantError):
        await act(hass, "refresh_hardware", device_id=devices[0]["device_id"])
    assert simulator.count("agents/info") == 3


async def test_browsing_media(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Each folder is a request of its own."""
    entry = await set_up()
    assert await async_setup_component(hass, "media_source", {})
    simulator.requests.clear()
    with simulator.hold("history/list"):
        folders = [f"media-source://{DOMAIN}/{entry.entry_id}/month/2025-{month:02}" for month in range(1, 13)]
        browsing = asyncio.gather(*(async_browse_media(hass, folder) for folder in folders))
        await until(lambda: simulator.count() == 4)
        await entry.runtime_data.agents.async_refresh()
        assert simulator.count("history/list") == 4
    await browsing
    assert simulator.count("history/list") == 12
