"""Polls the open quick-support invitations."""

from dataclasses import dataclass
from datetime import timedelta
from typing import override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import UpdateFailed

from ..api import (
    MAX_INVITATIONS,
    AccessDeniedError,
    GetscreenClient,
    InvalidResponseError,
    Invitation,
    RequestRefusedError,
)
from ..entry import GetscreenConfigEntry
from .agents import AgentsCoordinator
from .coordinator import GetscreenCoordinator
from .pauses import Kind


@dataclass(frozen=True, slots=True)
class OpenInvitations:
    """The open invitations by id, and the number of connections left in the plan (None if the server does not say)."""

    invitations: dict[int, Invitation]
    remaining: int | None


class InvitationsCoordinator(GetscreenCoordinator[OpenInvitations]):
    """The account's open invitations (`support/list`).

    While an invitation is open, they are polled after successful polls of the agents, otherwise every five minutes or less often. During
    an outage, only the agents are polled, so that it is logged once.
    """

    _kind = Kind.INVITATIONS
    # The errors for a plan without quick support, or for a user whose role lacks it.
    _refusals = (AccessDeniedError, InvalidResponseError, RequestRefusedError)

    def __init__(self, hass: HomeAssistant, entry: GetscreenConfigEntry, client: GetscreenClient, agents: AgentsCoordinator) -> None:
        super().__init__(hass, entry, client, agents.store)
        self._agents = agents
        self._outage_is_logged = False

    @override
    def _interval(self) -> timedelta | None:
        return None if self.schedule.follows_list else super()._interval()

    @callback
    def async_handle_agents_poll(self) -> None:
        """Poll after a successful poll of the agents, but not after each of the frequent ones that follow a command."""
        if not self.schedule.follows_list and self.update_interval is None:
            # No invitation is open any more, so from now on a timer polls.
            self._async_plan_next()
            self._schedule_refresh()
        if self._agents.last_update_success:
            if self.schedule.follows_list and self.schedule.may_follow_list and self.schedule.may_send_other_polls:
                self.config_entry.async_create_background_task(self.hass, self.async_refresh(), f"{self.name} refresh")
        elif self.last_update_success:
            self.last_update_success, self._outage_is_logged = False, True
            self.async_update_listeners()

    @callback
    def async_boost(self) -> None:
        """Poll after the polls of the agents for a while, because an invitation was created or closed."""
        self.schedule.boost_invitations()
        self._async_plan_next()

    @override
    async def _async_update_data(self) -> OpenInvitations:
        if not self._agents.last_update_success:
            # The timer fired during an outage, which the poll of the agents has logged.
            raise UpdateFailed from self._agents.last_exception
        try:
            if self.data and not self.schedule.may_send_other_polls:
                return self.data
            data = await super()._async_update_data()
            self.schedule.may_have_invitations = bool(data.invitations)
            return data
        finally:
            self._async_plan_next()
            if self._outage_is_logged:
                # The agents' poll has logged the end of the outage too; what fails from now on is this poll's own.
                self.last_update_success, self._outage_is_logged = True, False

    @override
    async def _fetch(self) -> OpenInvitations:
        answer = await self.client.list_invitations()
        found = {invitation.id: invitation for invitation in answer.invitations}
        # The missing invitations may be among the unreadable records.
        known = self.data.invitations if answer.skipped and self.data else {}
        return OpenInvitations(_newest({**known, **found}), answer.remaining)


def _newest(invitations: dict[int, Invitation]) -> dict[int, Invitation]:
    """Return the newest invitations up to the bound, newest first. Newer ones have larger ids."""
    return {invitation_id: invitations[invitation_id] for invitation_id in sorted(invitations, reverse=True)[:MAX_INVITATIONS]}
