"""An account whose sessions the tests define, a dashboard with the card `custom:getscreen-history-card`, and the parts of the card."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page

from demo import Demo
from simulator import Account, Agent, Client, Geo, Session, Simulator
from tests.e2e.house import another_account, another_dashboard

CARD_TYPE = "custom:getscreen-history-card"
DASHBOARD = "history-test"
NAMES = ("Desk", "Notebook", "Till")
JONAS = Client(Geo("192.0.2.14", "Portugal", "Lisboa", "Lisbon"), "Firefox", "jonas@example.com")
NORA = Client(Geo("192.0.2.15", "Ireland", "Leinster", "Dublin"), "Firefox", "nora@example.com")
HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Archive:
    """An account in the demo's Home Assistant. Only the tests change its sessions."""

    demo: Demo
    simulator: Simulator
    entry_id: str
    devices: dict[str, str]
    """Device ids by name."""
    sensor: str
    """The entity id of *Online* of a computer."""

    @property
    def account(self) -> Account:
        """Return the simulated account on the server."""
        return self.simulator.account

    def agent(self, name: str) -> Agent:
        """Return the agent of a computer."""
        return next(agent for agent in self.account.agents.values() if agent.name == name)

    def remember(self, name: str | None, ago: int, client: Client = JONAS, *, seconds: int = 720, video: bool = False) -> Session:
        """Add a session that began `ago` seconds ago and lasted `seconds`; without a computer's name, a quick-support session."""
        agent = None if name is None else self.agent(name)
        start = int(self.account.now) - ago
        session = Session(0, agent, client, start, stop=start + seconds, video_size=500_000 if video else None)
        if agent is None:
            session.support_id, session.guest = 1, "LAPTOP-HENRIK"
        history = self.account.history
        history.append(session)
        history.sort(key=lambda session: session.start)
        # Later sessions have higher ids, as on the real server.
        for number, each in enumerate(history, 1):
            each.id = number
        return session

    def forget(self) -> None:
        """Remove all sessions."""
        for agent in self.account.agents.values():
            self.account.end_session(agent.id)
            agent.session = None
        self.account.history.clear()

    async def save(self, above: int = 0, **options: Any) -> str:
        """Save a dashboard with the card below `above` other cards, and return its address."""
        filler = [{"type": "markdown", "content": "Above"}] * above
        section = {"type": "grid", "column_span": 2, "cards": [*filler, {"type": CARD_TYPE, "account": self.entry_id, **options}]}
        view = {"type": "sections", "path": "history", "max_columns": 2, "sections": [section]}
        await self.demo.client.command("lovelace/config/save", url_path=DASHBOARD, config={"views": [view]})
        return f"{self.demo.url}/{DASHBOARD}/history"

    async def show(self, page: Page, above: int = 0, **options: Any) -> Locator:
        """Open the dashboard with the card and return the card."""
        await page.goto(await self.save(above, **options))
        await page.wait_for_function("document.querySelector('home-assistant')?.hass?.localize('component.getscreen.common.history_title')")
        return page.locator("getscreen-history-card")

    async def refresh(self) -> None:
        """Make Home Assistant poll the computers now."""
        await self.demo.client.request("POST", "services/homeassistant/update_entity", {"entity_id": self.sensor})

    @property
    def requests(self) -> int:
        """Return how many requests for the history the server has received, without those of calendars.

        In these tests, only calendars send a first day, for example when Home Assistant's card picker shows its own calendar card.
        """
        return sum(request.method == "history/list" and "date_from" not in request.parameters for request in self.simulator.requests)


def rows(card: Locator) -> Locator:
    """Return the sessions in the page."""
    return card.locator("getscreen-sessions").get_by_role("listitem")


@asynccontextmanager
async def running_archive(demo: Demo) -> AsyncIterator[Archive]:
    """Add the account and the dashboard, and remove them at the end."""
    account = Account(devices=len(NAMES), owner="history@example.com")
    for agent, name in zip(account.agents.values(), NAMES, strict=True):
        agent.name, agent.online = name, True
    async with another_account(demo, account, "history-key") as simulator, another_dashboard(demo, DASHBOARD):
        entry_id = await demo.client.add_entry("history-key", simulator.url)
        devices = [device for device in await demo.client.devices() if entry_id in device["config_entries"]]
        ids = {device["name"]: device["id"] for device in devices if device["entry_type"] is None}
        assert ids.keys() == set(NAMES)
        (sensor,) = [
            entity["entity_id"]
            for entity in await demo.client.entities()
            if entity["device_id"] == ids["Desk"] and entity["translation_key"] == "online"
        ]
        yield Archive(demo=demo, simulator=simulator, entry_id=entry_id, devices=ids, sensor=sensor)
