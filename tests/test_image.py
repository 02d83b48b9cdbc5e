"""The preview of a computer's desktop: the times of downloads, unavailability, and the validity of its address."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen import image
from simulator import Account, Fault, Simulator

from .helpers import entity_id_of, pass_time, state_of, until
from .previews import PNG, OpenViewer, expected, starts_session


async def test_a_picture_is_fetched_once(simulator: Simulator, open_viewer: OpenViewer) -> None:
    _, viewer = await open_viewer()
    assert simulator.downloads == []
    picture = expected(simulator.account.agents[1])
    assert [await viewer.request(), await viewer.request()] == [picture, picture]
    assert len(simulator.downloads) == 1
    assert simulator.key_leaks == 0


@pytest.mark.parametrize("fault", [None, Fault.NOT_FOUND], ids=["a picture", "nothing"])
async def test_two_simultaneous_requests(
    simulator: Simulator, open_viewer: OpenViewer, fault: Fault | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, viewer = await open_viewer()
    if fault:
        simulator.fail(fault, "preview")
    fetch, requested = image.AgentImage.async_image, 0

    async def count(entity: image.AgentImage) -> bytes | None:
        nonlocal requested
        requested += 1
        return await fetch(entity)

    monkeypatch.setattr(image.AgentImage, "async_image", count)
    with simulator.hold("preview"):
        requests = asyncio.gather(viewer.request(), viewer.request())
        await until(lambda: requested == 2 and simulator.downloads)
    assert await requests == [None if fault else expected(simulator.account.agents[1])] * 2
    assert len(simulator.downloads) == 1


async def test_a_new_address(hass: HomeAssistant, simulator: Simulator, open_viewer: OpenViewer) -> None:
    entry, viewer = await open_viewer()
    agent = simulator.account.agents[1]
    before, state = await viewer.request(), state_of(hass, entry, 1, "preview").state
    agent.take_preview(agent.preview_time + 60)
    await pass_time(hass)
    assert await viewer.request() == expected(agent) != before
    assert state_of(hass, entry, 1, "preview").state > state
    assert len(simulator.downloads) == 2


def comes_online(account: Account) -> None:
    """Bring the first computer online."""
    account.agents[1].online = True


def ends_session(account: Account) -> None:
    """End the session, with the preview unchanged."""
    preview = account.agents[1].preview_time
    account.end_session(1)
    account.agents[1].preview_time = preview


@pytest.mark.parametrize(
    ("online", "session", "happens"), [(False, False, comes_online), (True, False, starts_session), (True, True, ends_session)]
)
async def test_the_same_address_after_a_wake_or_session(
    hass: HomeAssistant,
    simulator: Simulator,
    open_viewer: OpenViewer,
    online: bool,
    session: bool,
    happens: Callable[[Account], None],
) -> None:
    account = simulator.account
    account.agents[1].online = online
    if session:
        starts_session(account)
    entry, viewer = await open_viewer()
    await viewer.request()
    state = state_of(hass, entry, 1, "preview").state
    happens(account)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "preview").state > state
    assert await viewer.request() == expected(account.agents[1])
    assert len(simulator.downloads) == 2


async def test_changes_without_a_new_picture(hass: HomeAssistant, simulator: Simulator, open_viewer: OpenViewer) -> None:
    """Another group, going offline and an outage of the server change no picture."""
    entry, viewer = await open_viewer()
    agent = simulator.account.agents[1]
    picture, state = await viewer.request(), state_of(hass, entry, 1, "preview").state
    agent.group, agent.online = "Another group", False
    await pass_time(hass)
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "preview").state == STATE_UNAVAILABLE
    simulator.heal()
    await pass_time(hass, 200)
    assert state_of(hass, entry, 1, "preview").state == state
    assert await viewer.request() == picture
    assert len(simulator.downloads) == 1


async def test_a_preview_that_changes_while_it_is_fetched(simulator: Simulator, open_viewer: OpenViewer) -> None:
    entry, viewer = await open_viewer()
    agent = simulator.account.agents[1]
    with simulator.hold("preview"):
        request = asyncio.create_task(viewer.request())
        await until(lambda: simulator.downloads)
        agent.take_preview(agent.preview_time + 60)
        await entry.runtime_data.agents.async_refresh()
    assert await request == expected(agent)
    assert len(simulator.downloads) == 2


async def test_no_preview(hass: HomeAssistant, simulator: Simulator, open_viewer: OpenViewer) -> None:
    """Without an address, the preview is unavailable, also if a picture was fetched before."""
    agent = simulator.account.agents[1]
    agent.preview_time, moment = 0, agent.preview_time
    entry, viewer = await open_viewer()
    assert state_of(hass, entry, 1, "preview").state == STATE_UNAVAILABLE
    assert await viewer.request() is None
    agent.preview_time = moment
    await pass_time(hass)
    assert state_of(hass, entry, 1, "preview").state != STATE_UNAVAILABLE
    assert await viewer.request() == expected(agent)
    agent.preview_time = 0
    await pass_time(hass)
    assert state_of(hass, entry, 1, "preview").state == STATE_UNAVAILABLE
    assert await viewer.request() is None
    assert len(simulator.downloads) == 1


async def test_a_preview_that_is_removed_while_it_is_fetched(simulator: Simulator, open_viewer: OpenViewer) -> None:
    entry, viewer = await open_viewer()
    with simulator.hold("preview"):
        request = asyncio.create_task(viewer.request())
        await until(lambda: simulator.downloads)
        simulator.account.agents[1].preview_time = 0
        await entry.runtime_data.agents.async_refresh()
    assert await request is None


async def test_a_computer_that_leaves(hass: HomeAssistant, simulator: Simulator, open_viewer: OpenViewer) -> None:
    _, viewer = await open_viewer()
    await viewer.request()
    simulator.account.remove_agent(1)
    await pass_time(hass)
    assert (await viewer.client.get(viewer.path)).status in (401, 404)


async def test_a_missing_picture_is_requested_again(hass: HomeAssistant, simulator: Simulator, open_viewer: OpenViewer) -> None:
    """The picture is requested again within an hour, without a change of the computer, because the error may be temporary."""
    entry, viewer = await open_viewer()
    simulator.fail(Fault.NOT_FOUND, "preview")
    assert await viewer.request() is None
    simulator.heal()
    assert state_of(hass, entry, 1, "preview").state == STATE_UNAVAILABLE
    for _ in range(12):
        await pass_time(hass, 301)
    assert state_of(hass, entry, 1, "preview").state != STATE_UNAVAILABLE
    assert await viewer.request() == expected(simulator.account.agents[1])


async def test_links_that_are_signed_anew_in_every_answer(hass: HomeAssistant, simulator: Simulator, open_viewer: OpenViewer) -> None:
    """A new signature causes no download and no new state. A download uses the newest link."""
    valid, asked = 0, 0

    async def picture(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(body=PNG) if request.query.get("signature") == str(valid) else web.Response(status=403)

    app = web.Application()
    app.router.add_get("/signed.png", picture)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server(access_log=None)
    agent = simulator.account.agents[1]

    def sign() -> None:
        nonlocal valid
        valid += 1
        agent.extra = {"preview_url": str(server.make_url(f"/signed.png?signature={valid}"))}

    sign()
    entry, viewer = await open_viewer()
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    for _ in range(10):
        sign()
        await entry.runtime_data.agents.async_refresh()
    assert await viewer.request() == PNG
    for _ in range(10):
        sign()
        await entry.runtime_data.agents.async_refresh()
    assert await viewer.request() == PNG
    await hass.async_block_till_done()
    assert [change for change in changes if change.data["entity_id"] == entity_id_of(hass, entry, 1, "preview")] == []
    assert asked == 1
    account = simulator.account
    starts_session(account)
    sign()
    await entry.runtime_data.agents.async_refresh()
    sign()
    await entry.runtime_data.agents.async_refresh()
    assert await viewer.request() == PNG
    assert asked == 2
    await server.close()


async def test_how_long_an_address_is_valid(
    hass: HomeAssistant, open_viewer: OpenViewer, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Without a login, for ten minutes after a use, and for at most two hours without one. That costs one state an hour."""
    entry, _ = await open_viewer()
    stranger = await hass_client_no_auth()

    async def address_after(minutes: int) -> str:
        for _ in range(minutes // 5):
            await pass_time(hass, 301)
        return str(state_of(hass, entry, 1, "preview").attributes["entity_picture"])

    address = await address_after(30)
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    unused = await address_after(240)
    assert (await stranger.get(address)).status == 403
    assert len([change for change in changes if change.data["entity_id"] == entity_id_of(hass, entry, 1, "preview")]) == 4
    assert (await stranger.get(unused)).status == 200
    assert await address_after(10) != unused
    assert (await stranger.get(unused)).status == 403


async def test_many_simultaneous_requests(hass: HomeAssistant, simulator: Simulator, account: Account, open_viewer: OpenViewer) -> None:
    """The server gets eight requests at a time, and each viewer gets a picture."""
    for number in range(100, 130):
        account.agents[number] = replace(account.agents[1], id=number, name=f"PC {number}")
    entry, viewer = await open_viewer()
    paths = [f"/api/image_proxy/{entity_id_of(hass, entry, number, 'preview')}" for number in range(100, 130)]
    with simulator.hold("preview"):
        requests = asyncio.gather(*(viewer.client.get(path) for path in paths))
        await until(lambda: len(simulator.downloads) == 8)
        await entry.runtime_data.agents.async_refresh()
        assert len(simulator.downloads) == 8
    assert {response.status for response in await requests} == {200}
    assert len(simulator.downloads) == 30
