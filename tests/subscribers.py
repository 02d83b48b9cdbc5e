"""Cards that subscribe to computers or invitations, as a browser does."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.auth.models import User
from homeassistant.auth.permissions import PermissionLookup, PolicyPermissions
from homeassistant.auth.permissions.types import PolicyType
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockUser
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

from custom_components.getscreen.const import DOMAIN


class Card:
    """A card that is subscribed."""

    def __init__(self, client: MockHAClientWebSocket) -> None:
        self.client = client
        self.computers: dict[int, dict[str, Any]] = {}
        self.available: dict[str, bool] = {}
        self.subscription = 0

    async def subscribe(self, kind: str = "computers", **fields: Any) -> dict[str, Any]:
        """Subscribe, and return the first event."""
        answer = await self.ask(kind, **fields)
        assert answer["success"], answer
        self.subscription = answer["id"]
        return await self.event()

    async def ask(self, kind: str = "computers", command: str = "subscribe", **fields: Any) -> dict[str, Any]:
        """Ask for a subscription, or send another command, and return the answer."""
        await self.client.send_json_auto_id({"type": f"{DOMAIN}/{kind}/{command}", **fields})
        answer: dict[str, Any] = await self.client.receive_json()
        return answer

    async def event(self) -> dict[str, Any]:
        """Return the next event, and apply its changes to the computers."""
        message = await self.client.receive_json()
        assert message["type"] == "event", message
        event: dict[str, Any] = message["event"]
        self.available |= event.get("available", {})
        self.computers = {number: known for number, known in self.computers.items() if known["device_id"] not in event.get("removed", [])}
        self.computers |= {computer["agent_id"]: computer for computer in event.get("computers", [])}
        return event

    async def nothing(self) -> None:
        """Make sure that no further event was sent."""
        await self.client.send_json_auto_id({"type": "ping"})
        assert (await self.client.receive_json())["type"] == "pong"

    async def changed(self) -> dict[int, dict[str, Any]]:
        """Return the computers of the next event, which is about nothing else."""
        event = await self.event()
        assert (event["removed"], event["available"]) == ([], {})
        return {computer["agent_id"]: computer for computer in event["computers"]}

    async def unsubscribe(self) -> None:
        """End the subscription."""
        await self.client.send_json_auto_id({"type": "unsubscribe_events", "subscription": self.subscription})
        assert (await self.client.receive_json())["success"]


type OpenCard = Callable[..., Awaitable[Card]]
"""Opens a page with a card, as an administrator or as a user."""


def restricted_user(hass: HomeAssistant, entities: dict[str, Any]) -> User:
    """Return a user with the rights of a policy of entities alone."""
    policy: PolicyType = {"entities": entities}
    user = MockUser().add_to_hass(hass)
    user.permissions = PolicyPermissions(policy, PermissionLookup(er.async_get(hass), dr.async_get(hass)))
    return user


async def token_of(hass: HomeAssistant, user: User) -> str:
    """Return an access token of a user."""
    return hass.auth.async_create_access_token(await hass.auth.async_create_refresh_token(user, CLIENT_ID))
