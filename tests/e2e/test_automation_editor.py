"""Home Assistant's automation editor offers the integration's triggers and conditions, and only real changes fire the triggers."""

from collections.abc import AsyncIterator
import re

import aiohttp
from playwright.async_api import Locator, Page, expect
import pytest
import pytest_asyncio

from simulator import Fault
from tests.e2e.fleet import Fleet
from tests.e2e.house import becomes

pytestmark = pytest.mark.asyncio(loop_scope="session")

_AREA = "Front office"
_OFFERED = {
    "trigger": ["Computer came online", "Computer went offline", "Remote session started", "Remote session ended"],
    "condition": ["Computer is online", "Computer is offline", "Computer is in a remote session"],
}
_TRIGGERS = ("came_online", "went_offline", "session_started", "session_ended")


@pytest_asyncio.fixture(loop_scope="session")
async def area(fleet: Fleet) -> AsyncIterator[str]:
    """Put a computer into a new area, and return the id of the area."""
    client = fleet.demo.client
    area_id = (await client.command("config/area_registry/create", name=_AREA))["area_id"]
    await client.command("config/device_registry/update", device_id=fleet.devices["Desk"], area_id=area_id)
    yield str(area_id)
    await client.command("config/area_registry/delete", area_id=area_id)


@pytest.mark.parametrize("element", _OFFERED)
@pytest.mark.usefixtures("area")
async def test_offered_by_name(fleet: Fleet, page: Page, element: str) -> None:
    """The triggers and conditions are offered for a computer and for its area, but not for the account."""
    await page.goto(f"{fleet.demo.url}/config/automation/edit/new")
    await page.get_by_role("button", name=f"Add {element}").click()
    dialog = page.locator("add-automation-element-dialog")
    offers = dialog.locator("ha-automation-add-items")
    for chosen in (_AREA, "Desk"):
        await _node(dialog, chosen).click()
        for name in _OFFERED[element]:
            await expect(offers.get_by_role("button", name=f"{name} {chosen}", exact=True)).to_be_visible()
        if chosen == _AREA:
            await _open(dialog, _AREA)
    await _open(dialog, "Services")
    await _node(dialog, "cards@example.com").click()
    await expect(offers.get_by_text("Calendar", exact=False).first).to_be_visible()
    await expect(offers.get_by_role("button", name=re.compile("^(Computer|Remote session) "))).to_have_count(0)


def _node(dialog: Locator, name: str) -> Locator:
    """Return an item in the tree of targets."""
    return dialog.get_by_role("treeitem", name=name, exact=True)


async def _open(dialog: Locator, name: str) -> None:
    await _node(dialog, name).locator(".expand-button").first.click()


class Fired:
    """Subscriptions to the integration's triggers for an area, over a websocket connection to Home Assistant."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._last = len(_TRIGGERS)

    async def subscribe(self, token: str | None, area: str) -> None:
        """Log in and subscribe. The id of a subscription is the number of the trigger."""
        await self._socket.receive_json()
        await self._socket.send_json({"type": "auth", "access_token": token})
        await self._socket.receive_json()
        for number, name in enumerate(_TRIGGERS, 1):
            trigger = {"trigger": f"getscreen.{name}", "target": {"area_id": area}}
            await self._socket.send_json({"id": number, "type": "subscribe_trigger", "trigger": trigger})
            assert (await self._socket.receive_json())["success"]

    async def names(self) -> set[str]:
        """Return the triggers that have fired since the last call. Their events come before the answer to a ping."""
        self._last += 1
        await self._socket.send_json({"id": self._last, "type": "ping"})
        names = set()
        while (message := await self._socket.receive_json())["type"] != "pong":
            names.add(_TRIGGERS[message["id"] - 1])
        return names


@pytest_asyncio.fixture(loop_scope="session")
async def fired(fleet: Fleet, area: str) -> AsyncIterator[Fired]:
    """Subscribe to the integration's triggers for the area."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{fleet.demo.url}/api/websocket") as socket:
        fired = Fired(socket)
        await fired.subscribe(fleet.demo.client.token, area)
        yield fired


async def _poll_until(fleet: Fleet, state: str) -> None:
    """Poll until the entity *Online* of the computer has a state."""

    async def polled() -> object:
        await fleet.refresh()
        return (await fleet.demo.client.states())[await fleet.online("Desk")]["state"]

    await becomes(polled, state)


async def test_fired_triggers(fleet: Fleet, fired: Fired) -> None:
    """In the demo's release of Home Assistant, changes fire; an outage, a reload, and a new name or id of an entity do not."""
    account, desk, client = fleet.simulator.account, fleet.agent("Desk"), fleet.demo.client
    account.start_session(desk.id)
    await _poll_until(fleet, "on")
    account.go(desk)
    await _poll_until(fleet, "off")
    account.come(desk)
    await _poll_until(fleet, "on")
    assert await fired.names() == set(_TRIGGERS)

    fleet.simulator.fail(Fault.SERVER_ERROR, "agents/list")
    await _poll_until(fleet, "unavailable")
    account.go(desk)
    fleet.simulator.heal()
    await _poll_until(fleet, "off")
    account.start_session(desk.id)
    await client.request("POST", f"config/config_entries/entry/{fleet.entry_id}/reload")
    await _poll_until(fleet, "on")
    entity = {"entity_id": await fleet.online("Desk"), "name": "Reachable", "new_entity_id": "binary_sensor.test_renamed"}
    await client.command("config/entity_registry/update", **entity)
    await _poll_until(fleet, "on")
    assert await fired.names() == set()

    account.go(desk)
    await _poll_until(fleet, "off")
    assert await fired.names() == {"went_offline", "session_ended"}
