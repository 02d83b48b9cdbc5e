"""Polls the open quick-support invitations, after the polls of the agents."""

from dataclasses import dataclass
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..api import MOST_INVITATIONS, AccessDeniedError, InvalidResponseError, Invitation, RequestRefusedError
from .agents import AgentsCoordinator
from .coordinator import GetscreenCoordinator


@dataclass(frozen=True, slots=True)
class OpenInvitations:
    """The open invitations by id, and the connections left in the plan if the server says."""

    invitations: dict[int, Invitation]
    remaining: int | None


class InvitationsCoordinator(GetscreenCoordinator[OpenInvitations]):
    """The account's open invitations (`support/list`), polled after each successful regular poll of the agents.

    So only the poll of the agents meets an outage, and logs it.
    """

    _subject = "invitations"
    # A plan without quick support, or a user whose role lacks it.
    _refusals = (AccessDeniedError, InvalidResponseError, RequestRefusedError)

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, agents: AgentsCoordinator) -> None:
        super().__init__(hass, entry, agents.client, agents.store, agents.store.invitation_refusals)
        self.update_interval = None
        self._agents = agents

    @callback
    def async_follow(self) -> None:
        """Poll, if the agents' poll was a regular one and succeeded."""
        if self._agents.last_update_success:
            if not self._agents.quick:
                self.config_entry.async_create_background_task(self.hass, self.async_refresh(), f"{self.name} refresh")
        elif self.last_update_success:
            self.last_update_success = False
            self.async_update_listeners()

    @override
    async def _fetch(self) -> OpenInvitations:
        answer = await self.client.list_invitations()
        found = {invitation.id: invitation for invitation in answer.invitations}
        # Missing invitations may be among the unreadable ones.
        known = self.data.invitations if answer.skipped and self.data else {}
        return OpenInvitations(_newest({**known, **found}), answer.remaining)


def _newest(invitations: dict[int, Invitation]) -> dict[int, Invitation]:
    """Return the newest invitations, newest first; their ids grow."""
    return {invitation_id: invitations[invitation_id] for invitation_id in sorted(invitations, reverse=True)[:MOST_INVITATIONS]}
