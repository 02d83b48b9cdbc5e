"""Polls the open quick-support invitations, in the wake of the agents."""

from dataclasses import dataclass
from typing import override

from homeassistant.core import HomeAssistant, callback

from .agents import AgentsCoordinator
from .api import Invitation
from .coordinator import GetscreenConfigEntry, GetscreenCoordinator


@dataclass(frozen=True, slots=True)
class OpenInvitations:
    """The open invitations by id, and the connections left in the plan where the server says so."""

    invitations: dict[int, Invitation]
    remaining: int | None


class InvitationsCoordinator(GetscreenCoordinator[OpenInvitations]):
    """The account's open invitations (`support/list`), asked for after each regular poll of the agents.

    So an outage is met, and logged, by that one alone.
    """

    _subject = "invitations"

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry, agents: AgentsCoordinator) -> None:
        """Follow the polls of `agents`."""
        super().__init__(hass, entry, agents.client)
        self.update_interval = None
        self._agents = agents

    @callback
    def async_follow(self) -> None:
        """Poll, if the agents' poll was a regular one that went well."""
        if self._agents.last_update_success:
            if not self._agents.quick and not self.held:
                self.config_entry.async_create_background_task(self.hass, self.async_refresh(), f"{self.name} refresh")
        elif self.last_update_success:
            self.last_update_success = False
            self.async_update_listeners()

    @override
    async def _fetch(self) -> OpenInvitations:
        if (reason := self.limit.held(self._subject)) is not None:
            raise reason
        answer = await self.client.list_invitations()
        found = {invitation.id: invitation for invitation in answer.invitations}
        # Whoever is missing may be among those that could not be read.
        known = self.data.invitations if answer.skipped and self.data else {}
        return OpenInvitations({**known, **found}, answer.remaining)
