"""An account with six computers, another with 80, dashboards with the card `custom:getscreen-card`, and the parts of the card."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page

from demo import Demo
from simulator import Account, Agent, Simulator
from tests.e2e.house import another_account, another_dashboard
from tests.helpers import until

CARD_TYPE = "custom:getscreen-card"
DASHBOARD = "card-test"
NAMES = ("Desk", "Notebook", "Sleeper", "Till", "Tablet", "Server")
OFFLINE = ("PC 05", "PC 06", "PC 07", "PC 08")
"""The offline computers of the account with 80."""

DAY = 86_400
"""Seconds that a wake and a reboot take in an account whose computers come online only when a test makes them."""


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """An account in the demo's Home Assistant. Only the tests change its computers."""

    demo: Demo
    simulator: Simulator
    entry_id: str
    devices: dict[str, str]
    """Device ids by name."""

    def agent(self, name: str) -> Agent:
        """Return the agent of a computer."""
        return next(agent for agent in self.simulator.account.agents.values() if agent.name == name)

    async def save(self, *cards: dict[str, Any]) -> str:
        """Save a dashboard with one section with these cards, and return its address."""
        section = {"type": "grid", "column_span": 2, "cards": [{"type": CARD_TYPE, **card} for card in cards]}
        view = {"type": "sections", "title": "Cards", "path": "cards", "max_columns": 2, "sections": [section]}
        await self.demo.client.command("lovelace/config/save", url_path=DASHBOARD, config={"views": [view]})
        return f"{self.demo.url}/{DASHBOARD}/cards"

    async def show(self, page: Page, *cards: dict[str, Any], query: str = "") -> Locator:
        """Open the dashboard with these cards and return the first card."""
        await page.goto(f"{await self.save(*cards)}{query}")
        # Wait for the texts: until then, the cards show replacements, which some buttons and the status would not update.
        await page.wait_for_function("document.querySelector('home-assistant')?.hass?.localize('component.getscreen.common.card_online')")
        return page.locator("getscreen-card").first

    async def online(self, name: str) -> str:
        """Return the entity id of *Online* of a computer."""
        (entity_id,) = [
            entity["entity_id"]
            for entity in await self.demo.client.entities()
            if entity["device_id"] == self.devices[name] and entity["translation_key"] == "online"
        ]
        return str(entity_id)

    async def refresh(self) -> None:
        """Make Home Assistant poll the computers now. Repeats the request, because Home Assistant skips it soon after a poll."""
        entity_id, polls = await self.online(next(iter(self.devices))), self.count("agents/list")
        for _ in range(60):
            await self.demo.client.request("POST", "services/homeassistant/update_entity", {"entity_id": entity_id})
            if self.count("agents/list") > polls:
                break
            await asyncio.sleep(0.5)

    async def bring_back(self, name: str) -> None:
        """Wait until a rebooting computer is offline, then make it come online, with a poll after each step so that none is missed."""
        agent = self.agent(name)
        # The page may show the reboot before the server has received the command.
        await until(lambda: not agent.online)
        await self.refresh()
        self.simulator.account.come(agent)
        await self.refresh()

    async def start_up(self, name: str, wakes: int) -> None:
        """Wait until the server has received more than `wakes` commands to wake a computer, then make this computer come online."""
        await until(lambda: self.count("agents/wake") > wakes)
        self.simulator.account.come(self.agent(name))

    async def call(self, action: str, name: str) -> None:
        """Call an action of the integration for a computer."""
        await self.demo.client.request("POST", f"services/getscreen/{action}", {"device_id": self.devices[name]})

    def count(self, method: str) -> int:
        """Return how many requests of an API method the server has received."""
        return self.simulator.count(method)


def row(card: Locator, name: str) -> Locator:
    """Return the list item of a computer in a card."""
    return card.get_by_role("listitem").filter(has=card.page.get_by_text(name, exact=True))


def button(card: Locator, action: str, name: str) -> Locator:
    """Return the button for an action on a computer, by its accessible name."""
    return card.get_by_role("button", name=f"{action}, {name}", exact=True)


@asynccontextmanager
async def running_fleet(demo: Demo) -> AsyncIterator[Fleet]:
    """Add the account and the dashboard, and remove them at the end."""
    account = Account(devices=len(NAMES), owner="cards@example.com", wake_seconds=DAY, reboot_seconds=(0, DAY))
    for agent, name in zip(account.agents.values(), NAMES, strict=True):
        agent.name = name
        agent.online = name != "Sleeper"
        agent.group = "Shop" if name in {"Till", "Tablet"} else "Office"
    async with _added(demo, account, "card-key") as fleet:
        yield fleet


@asynccontextmanager
async def running_park(demo: Demo) -> AsyncIterator[Fleet]:
    """Add an account with 80 computers that can all be woken; the last one is alone in its group."""
    account = Account(devices=80, owner="park@example.com", wake_seconds=DAY)
    hardware = account.agents[1].hardware
    for number, agent in account.agents.items():
        agent.name, agent.os, agent.version, agent.hardware = f"PC {number:02}", "linux", "3.9.2", hardware
        agent.disabled, agent.limited, agent.favorite = False, False, number == 1
        agent.group = "Alone" if number == len(account.agents) else "Office" if number <= 40 else "Shop"
        agent.online = agent.name not in OFFLINE
        agent.last_time = int(account.now) - number * 3600
    async with _added(demo, account, "park-key") as park:
        yield park


@asynccontextmanager
async def _added(demo: Demo, account: Account, key: str) -> AsyncIterator[Fleet]:
    async with another_account(demo, account, key) as simulator, another_dashboard(demo, DASHBOARD):
        entry_id = await demo.client.add_entry(key, simulator.url)
        devices = [device for device in await demo.client.devices() if entry_id in device["config_entries"]]
        ids = {device["name"]: device["id"] for device in devices if device["entry_type"] is None}
        assert ids.keys() == {agent.name for agent in account.agents.values()}
        yield Fleet(demo=demo, simulator=simulator, entry_id=entry_id, devices=ids)
