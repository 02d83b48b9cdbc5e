"""An account with quick support, a dashboard with the card `custom:getscreen-support-card`, and the parts of the card."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page

from demo import Demo
from simulator import Account, Invitation, Simulator
from tests.e2e.house import another_account, another_dashboard, becomes

CARD_TYPE = "custom:getscreen-support-card"
DASHBOARD = "support-test"


@dataclass(frozen=True, kw_only=True)
class Office:
    """An account in the demo's Home Assistant. Only the tests change its invitations."""

    demo: Demo
    simulator: Simulator
    entry_id: str
    sensor: str
    """The entity id of *Open invitations* of the account."""

    async def save(self, above: int = 0, **options: Any) -> str:
        """Save a dashboard with the card below `above` other cards, and return its address."""
        filler = [{"type": "markdown", "content": "Above"}] * above
        card = {"type": CARD_TYPE, "account": self.entry_id, **options}
        section = {"type": "grid", "cards": [*filler, card]}
        config = {"views": [{"type": "sections", "path": "support", "sections": [section]}]}
        await self.demo.client.command("lovelace/config/save", url_path=DASHBOARD, config=config)
        return f"{self.demo.url}/{DASHBOARD}/support"

    async def show(self, page: Page, above: int = 0, **options: Any) -> Locator:
        """Open the dashboard with the card and return the card."""
        await page.goto(await self.save(above, **options))
        return page.locator("getscreen-support-card")

    async def refresh(self) -> None:
        """Make Home Assistant poll the invitations now."""
        await self.demo.client.request("POST", "services/homeassistant/update_entity", {"entity_id": self.sensor})

    def open(self) -> list[Invitation]:
        """Return the open invitations."""
        return [invitation for invitation in self.simulator.account.invitations.values() if invitation.status != 3]

    def invite(self, name: str) -> Invitation:
        """Create an invitation directly on the server, after closing all others."""
        for invitation in self.open():
            self.simulator.account.close(invitation)
        return self.simulator.account.invite(name)

    async def invite_seen(self, name: str) -> Invitation:
        """Create an invitation like `invite`, and wait until Home Assistant shows it, because cards then request the list again."""
        invitation = self.invite(name)
        await self.refresh()

        async def is_seen() -> bool:
            return name in str(await self.demo.client.states())

        # Home Assistant polls invitations after the computers.
        await becomes(is_seen, expected=True)
        return invitation


def item(card: Locator, name: str) -> Locator:
    """Return the list item of an invitation in the card."""
    return card.get_by_role("listitem").filter(has=card.page.get_by_text(name, exact=True))


def listen(page: Page, office: Office) -> list[str]:
    """Return a list that receives each request for the account's invitations, starting with the next page that is loaded."""
    lists: list[str] = []

    def hear(frame: str | bytes) -> None:
        if "list_invitations" in str(frame) and office.entry_id in str(frame):
            lists.append(str(frame))

    page.on("websocket", lambda socket: socket.on("framesent", hear))
    return lists


@asynccontextmanager
async def running_office(demo: Demo) -> AsyncIterator[Office]:
    """Add the account and the dashboard, and remove them at the end."""
    account = Account(devices=1, owner="support@example.com", remain=90)
    async with another_account(demo, account, "support-key") as simulator, another_dashboard(demo, DASHBOARD):
        entry_id = await demo.client.add_entry("support-key", simulator.url)
        (sensor,) = [
            entity["entity_id"]
            for entity in await demo.client.entities()
            if entity["config_entry_id"] == entry_id and entity["translation_key"] == "open_invitations"
        ]
        yield Office(demo=demo, simulator=simulator, entry_id=entry_id, sensor=sensor)
