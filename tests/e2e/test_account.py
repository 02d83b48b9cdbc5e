"""Everyday use of an account: playing a recording, the calendar, the page of a computer, a connection, and adding the account again."""

import re

from playwright.async_api import Locator, Page, expect
import pytest

from demo import Demo
from simulator import Account, Simulator
from tests.e2e.house import another_account, becomes, fill_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_recording_plays(demo: Demo, page: Page, simulator: Simulator) -> None:
    """The newest recording is found in the media browser and plays through Home Assistant. The fixture `page` checks that no key leaks."""
    await page.goto(f"{demo.url}/media-browser/browser")
    titles = page.locator("ha-media-player-browse .child .title")
    for folder in ("Getscreen.me", "By month"):
        await titles.get_by_text(folder, exact=True).click()
    newest = max(session.start for session in simulator.account.history if session.video_size)
    # The newest month comes first.
    await titles.filter(has_text=re.compile(r"^\s*[A-Z][a-z]+ 20\d\d\s*$")).first.click()
    await titles.filter(has_text=re.compile(r"^\s*20\d\d-\d\d-\d\d \d\d:\d\d, ")).first.click()

    video = page.locator("video")
    await page.wait_for_function("video => video.currentTime > 1", arg=await video.element_handle())
    assert await video.evaluate("video => [video.videoWidth, video.videoHeight, video.error]") == [640, 360, None]
    assert await video.evaluate("video => new URL(video.currentSrc).origin") == demo.url
    path = next(path for path in reversed(simulator.downloads) if path.startswith("/video/"))
    (played,) = [session for session in simulator.account.history if path == f"/video/{session.id}.webm"]
    assert played.start >= newest
    assert simulator.key_leaks == 0


async def test_calendar_shows_sessions(demo: Demo, page: Page, simulator: Simulator) -> None:
    """A session is an event of the calendar that contains who connected and from where. The dashboard lists the session too."""
    account = simulator.account
    account.come(account.agents[18])
    session = account.start_session(18)
    await page.goto(f"{demo.url}/calendar")
    await page.get_by_role("button", name="List (7 days)").click()
    await page.get_by_role("listitem").get_by_role("button", name="Meeting room").last.click()
    details = page.locator("ha-dialog").filter(has_text="Meeting room")
    await expect(details).to_contain_text(session.client.geo.city)
    await expect(details).to_contain_text(re.compile(r"Browser: (Chrome on Windows|Safari on macOS|Firefox on Linux)"))

    await page.goto(f"{demo.url}/getscreen-demo/history")
    await expect(page.locator("getscreen-history-card").get_by_role("listitem").filter(has_text="Meeting room").first).to_be_visible()


async def test_device_page(demo: Demo, page: Page, simulator: Simulator) -> None:
    """The device page of a computer shows its values and its desktop."""
    agent = simulator.account.agents[1]
    await page.goto(f"{demo.url}/config/devices/device/{await _device_id(demo, agent.name)}")
    for name, value in {
        "Online": r"Offline|Online\s+Online",
        "Last session": "ago|day|week|month|now",
        "Agent version": agent.version,
        "Group": "Office",
        "Operating system": "Windows",
        "Memory usage": r"\d+%",
        "Usage of C:": r"\d+%",
    }.items():
        await expect(_row(page, name)).to_contain_text(re.compile(value))
    await expect(page.get_by_text("HP ProDesk 400 G7")).to_be_visible()
    await _row(page, "Preview").click()
    await expect(page.locator('img[src*="/api/image_proxy/"]')).to_have_js_property("naturalWidth", 640)


async def test_connection_link(demo: Demo, page: Page, simulator: Simulator) -> None:
    """The link that the action returns opens a session, but only once."""
    agent = simulator.account.agents[1]
    simulator.account.come(agent)
    await page.goto(f"{demo.url}/developer-tools/action")
    await page.locator("ha-service-picker").click()
    await page.locator("ha-service-picker").get_by_placeholder("Search").fill("getscreen.get_connection_link")
    await page.get_by_text("getscreen.get_connection_link").last.click()
    await page.locator("ha-device-picker").click()
    await page.locator("ha-device-picker").get_by_placeholder("Search").fill(agent.name)
    await page.get_by_role("option", name=agent.name).click()
    await page.get_by_role("button", name="Perform action").click()
    response = page.locator("ha-yaml-editor .cm-content").filter(has_text="url:")
    await expect(response).to_contain_text(f"url: {simulator.root}/")
    url = (await response.inner_text()).partition("url:")[2].strip()

    sessions = agent.sessions_total
    for title in (f"Connected to {agent.name}", "This link has been used"):
        async with page.context.expect_page() as opened:
            await page.evaluate("url => { window.open(url) }", url)
        await expect((await opened.value).get_by_role("heading")).to_have_text(title)
    assert agent.sessions_total == sessions + 1


async def test_one_account_once(demo: Demo, page: Page) -> None:
    """A user who adds an account again with a new key can limit the new entry by a filter, or update the key of the existing entry."""
    async with another_account(demo, Account(devices=3, owner="keys@example.com"), key="old-key") as server:
        first = await demo.client.add_entry("old-key", server.url)
        server.key = "new-key"
        await _add_account(demo, page, "new-key", server.url)
        await page.get_by_text("Add another entry with a filter").click()
        await page.get_by_role("button", name="Submit").click()
        await expect(page.get_by_text("Fill in at least one field. An entry without a filter would")).to_be_visible()
        await page.locator('input[name="search"]').fill(server.account.agents[1].name)
        await page.get_by_role("button", name="Submit").click()
        await expect(page.get_by_text("You can add a dashboard for your computers")).to_be_visible()

        await _add_account(demo, page, "new-key", server.url)
        await page.get_by_text("Update the API key").click()
        await expect(page.get_by_text("The new API key works.")).to_be_visible()

        async def states() -> list[str]:
            return [entry["state"] for entry in await demo.client.entries() if entry["title"] == "keys@example.com"]

        # Home Assistant sets up the entries again with the new key after the message.
        await becomes(states, ["loaded"] * 2)
        assert first in [entry["entry_id"] for entry in await demo.client.entries()]


async def _add_account(demo: Demo, page: Page, key: str, url: str) -> None:
    """Fill in the dialog that adds an account, and wait for the message that the account is already set up."""
    await page.goto(f"{demo.url}/config/integrations/dashboard/add?domain=getscreen")
    await page.get_by_role("button", name="OK").click()
    await fill_in(page, key, url)
    await expect(page.get_by_text("This account is already set up")).to_be_visible()


async def _device_id(demo: Demo, name: str) -> str:
    (device,) = [device for device in await demo.client.devices() if device["name"] == name]
    return str(device["id"])


def _row(page: Page, name: str) -> Locator:
    """Return the row of a device's page that shows an entity."""
    return page.locator("hui-generic-entity-row").filter(has=page.get_by_text(name, exact=True))
