"""Ten everyday tasks of a technician with 300 computers, each done from the start page in as few clicks as documented."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
import re
from typing import Any

from playwright.async_api import Locator, Page, expect
import pytest
import pytest_asyncio

from demo import Demo
from simulator import Account, Client, Geo, Session
from tests.e2e.fleet import DAY, Fleet
from tests.e2e.house import another_account, another_dashboard

pytestmark = pytest.mark.asyncio(loop_scope="session")

_PATH = "tasks-test"
_COMPUTERS = 300
_SERVERS = 44
_OFFLINE_SERVERS = 9
_NAME = "Branch server 293"
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
_JONAS = Client(Geo("192.0.2.200", "Poland", "Małopolskie", "Kraków"), _BROWSER, "jonas@example.com")


class CountingUser:
    """Clicks and types like a user, and counts the clicks and keys."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0
        self.keys = 0

    async def click(self, what: Locator) -> None:
        """Click an element."""
        self.clicks += 1
        await what.click()

    async def type(self, text: str) -> None:
        """Type a text."""
        self.keys += len(text)
        await self.page.keyboard.type(text)

    async def press(self, key: str) -> None:
        """Press one key."""
        self.keys += 1
        await self.page.keyboard.press(key)


@dataclass(frozen=True, kw_only=True)
class LargeFleet(Fleet):
    """An account with 300 computers in the demo's Home Assistant. Only the tests change them."""

    @property
    def account(self) -> Account:
        """Return the simulated account on the server."""
        return self.simulator.account

    async def start(self, page: Page) -> CountingUser:
        """Open the start page in a window with the size of a laptop screen."""
        await page.set_viewport_size({"width": 1280, "height": 900})
        await page.goto(f"{self.demo.url}/{_PATH}")
        await expect(page.locator("getscreen-group-heading").first).to_be_visible()
        return CountingUser(page)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(demo: Demo) -> AsyncIterator[LargeFleet]:
    """Add the account and its dashboard."""
    account = Account(devices=_COMPUTERS, owner="tasks@example.com", wake_seconds=1, reboot_seconds=(0, DAY))
    agents = list(account.agents.values())
    for number, agent in enumerate(agents):
        agent.online, agent.disabled, agent.limited, agent.version = True, False, False, "3.9.2"
        agent.group = "Servers" if number < _SERVERS else ("Office", "Shop", "Workshop")[number % 3]
    for agent in agents[:_OFFLINE_SERVERS]:
        agent.os, agent.online, agent.last_time = "linux", False, int(account.now) - 3 * 3600
        agent.hardware = {"NetAdapters": [{"Name": "eth0", "WoL": True}]}
    async with another_account(demo, account, "tasks-key") as simulator, another_dashboard(demo, _PATH):
        entry_id = await demo.client.add_entry("tasks-key", simulator.url)
        devices = [device for device in await demo.client.devices() if entry_id in device["config_entries"]]
        config = {"strategy": {"type": "custom:getscreen", "account": entry_id}}
        await demo.client.command("lovelace/config/save", url_path=_PATH, config=config)
        names = {device["name"]: device["id"] for device in devices if device["entry_type"] is None}
        yield LargeFleet(demo=demo, simulator=simulator, entry_id=entry_id, devices=names)


def _group(page: Page, name: str) -> Locator:
    return page.locator("getscreen-group-heading").filter(has_text=name)


def _row(page: Page, name: str) -> Locator:
    return page.locator("getscreen-computer-row").filter(has=page.get_by_text(name, exact=True))


async def test_find_and_connect(firm: LargeFleet, page: Page) -> None:
    """Find a computer by its name and connect: a few keys and Enter."""
    user = await firm.start(page)
    await user.press("/")
    await user.type("293")
    await expect(_row(page, _NAME)).to_be_visible()
    async with page.expect_popup() as popup:
        await user.press("Enter")
    await (await popup.value).close()
    assert (user.clicks, user.keys) <= (0, 9)


async def test_find_by_address(firm: LargeFleet, page: Page) -> None:
    """Find a computer in the search field by its address, or by its host name once that was read."""
    agent = firm.agent(_NAME)
    agent.geo = Geo("198.51.100.77", "Germany", "Bayern", "Passau")
    agent.hardware = {**(agent.hardware or {}), "ComputerName": "FILESRV-77"}
    await firm.call("refresh_hardware", _NAME)
    await firm.refresh()
    for text in ("198.51.100.77", "filesrv-77"):
        user = await firm.start(page)
        await user.press("/")
        await user.type(text)
        await expect(_row(page, _NAME)).to_be_visible()
        await expect(page.locator("getscreen-computer-row")).to_have_count(1)
        assert user.clicks == 0


async def test_offline_of_a_group(firm: LargeFleet, page: Page) -> None:
    """See which computers of a group are offline and since when: two clicks."""
    user = await firm.start(page)
    await user.click(page.locator("[data-filter=offline]"))
    await user.click(_group(page, "Servers").locator(".toggle"))
    rows = page.locator("getscreen-computer-row")
    await expect(rows).to_have_count(_OFFLINE_SERVERS)
    await expect(rows.filter(has_text="Offline, seen 3 hours ago")).to_have_count(_OFFLINE_SERVERS)
    assert user.clicks <= 2


async def test_wake_a_group(firm: LargeFleet, page: Page) -> None:
    """Wake all offline computers of a group, and see when all are online: two clicks and a counter."""
    user = await firm.start(page)
    heading = _group(page, "Servers")
    await expect(heading).to_contain_text(f"{_SERVERS - _OFFLINE_SERVERS} of {_SERVERS} online")
    await user.click(heading.locator("getscreen-menu button"))
    await user.click(heading.get_by_role("menuitem", name=f"Wake offline computers ({_OFFLINE_SERVERS})"))
    bar = page.locator("getscreen-bulk-bar")
    await expect(bar).to_contain_text(f"{_OFFLINE_SERVERS} of {_OFFLINE_SERVERS} are online")
    await expect(heading).to_contain_text(f"{_SERVERS} of {_SERVERS} online")
    assert user.clicks <= 2
    for agent in list(firm.account.agents.values())[:_OFFLINE_SERVERS]:
        agent.online = False
    await firm.refresh()


async def test_who_is_connected(firm: LargeFleet, page: Page) -> None:
    """See who is connected to which computer and since when: no click."""
    agent = firm.agent(_NAME)
    firm.account.start_session(agent.id, _JONAS)
    await firm.refresh()
    try:
        user = await firm.start(page)
        line = page.locator("getscreen-running").get_by_role("listitem").filter(has_text=_NAME)
        await expect(line).to_contain_text("jonas@example.com")
        await expect(line).to_contain_text("Kraków, Poland")
        await expect(line).to_contain_text(re.compile(r"for \d+ (s|min)"))
        assert user.clicks == 0
    finally:
        firm.account.end_session(agent.id)
        await firm.refresh()


async def test_who_was_connected(firm: LargeFleet, page: Page) -> None:
    """See who was connected to a computer some days ago, and play the recording."""
    agent = firm.agent(_NAME)
    begin = int(firm.account.now) - 6 * DAY
    session = Session(id=90_001, agent=agent, client=_JONAS, start=begin, stop=begin + 900, video_size=500_000)
    firm.account.history = [each for each in firm.account.history if each.agent is not agent]
    firm.account.history.append(session)
    agent.session = session
    user = await firm.start(page)
    await user.press("/")
    await user.type("293")
    await user.click(_row(page, _NAME).locator(".head"))
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("jonas@example.com")
    await user.click(dialog.get_by_role("button", name=re.compile("Play")))
    await expect(page.locator("video")).to_be_visible()
    assert user.clicks <= 3


async def test_full_disks(firm: LargeFleet, page: Page) -> None:
    """See which computers have almost full disks: at most one click."""
    agent = firm.agent("Till 294") if any(each.name == "Till 294" for each in firm.account.agents.values()) else firm.agent(_NAME)
    disks: Any = (agent.hardware or {})["LogicalDisks"]
    disks[0]["FreeSpace"] = disks[0]["Size"] // 20
    await firm.call("refresh_hardware", agent.name)
    user = await firm.start(page)
    reason = page.locator("getscreen-attention [data-reason=disk_almost_full]")
    await expect(reason).to_be_visible()
    line = reason.get_by_role("listitem").filter(has_text=agent.name)
    if not await line.is_visible():
        await user.click(reason.locator("summary"))
    await expect(line).to_contain_text("95 %")
    assert user.clicks <= 1


async def test_invite(firm: LargeFleet, page: Page) -> None:
    """Invite a client by phone, notice on any view that the client joins, and connect: two clicks and the name."""
    user = await firm.start(page)
    await user.click(page.locator("getscreen-support-card input"))
    await user.type("Nora")
    await user.press("Enter")
    invitation = page.locator("getscreen-invitation").filter(has_text="Nora").first
    await expect(invitation).to_be_visible()
    await page.locator("ha-tab-group-tab, sl-tab, ha-tab").nth(1).click()
    await expect(page.locator("getscreen-computers-list")).to_be_visible()
    (ours,) = [each for each in firm.account.invitations.values() if each.client_name == "Nora"]
    firm.account.move_on(ours)
    toast = page.locator("ha-toast, notification-manager").filter(has_text="Nora")
    connect = toast.get_by_role("button", name="Connect")
    await expect(connect).to_be_visible(timeout=60_000)
    async with page.expect_popup() as popup:
        await user.click(connect)
    await (await popup.value).close()
    firm.account.close(ours)
    assert user.clicks <= 2


async def test_reboot_one_in_use(firm: LargeFleet, page: Page) -> None:
    """Reboot a computer with a session after a warning with name and time, and connect again: three clicks."""
    agent = firm.agent(_NAME)
    firm.account.start_session(agent.id, _JONAS)
    await firm.refresh()
    user = await firm.start(page)
    await user.press("/")
    await user.type("293")
    row = _row(page, _NAME)
    await user.click(row.locator("[data-action=reboot]"))
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("jonas@example.com")
    await expect(question).to_contain_text(re.compile(r"\d:\d\d"))
    await user.click(question.get_by_role("button", name="Reboot"))
    await expect(row).to_contain_text("Rebooting")
    await firm.bring_back(_NAME)
    again = row.get_by_role("button", name=f"Connect again, {_NAME}")
    await expect(again).to_be_visible()
    async with page.expect_popup() as popup:
        await user.click(again)
    await (await popup.value).close()
    assert user.clicks <= 3


async def test_log_out_an_unused_computer(firm: LargeFleet, page: Page) -> None:
    """See which computers were not seen for 30 days: one click. Log one out: two clicks and a confirmation."""
    agent = list(firm.account.agents.values())[-1]
    agent.online, agent.last_time = False, int(firm.account.now) - 49 * DAY
    await firm.refresh()
    user = await firm.start(page)
    reason = page.locator("getscreen-attention [data-reason=offline_long]")
    line = reason.get_by_role("listitem").filter(has_text=agent.name)
    await expect(reason).to_be_visible()
    if not await line.is_visible():
        await user.click(reason.locator("summary"))
    await expect(line).to_contain_text("last month")
    assert user.clicks <= 1
    listed = user.clicks
    await user.click(line.get_by_role("button"))
    await user.click(page.get_by_role("dialog").get_by_role("button", name="Log out"))
    question = page.get_by_role("alertdialog")
    await question.get_by_role("button", name="Log out").click()
    await expect(line).to_have_count(0)
    assert user.clicks - listed <= 2
    assert agent.id not in firm.account.agents
