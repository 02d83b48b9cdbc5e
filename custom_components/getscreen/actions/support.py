"""The actions for quick-support invitations. Every handler raises HomeAssistantError, or ServiceValidationError for bad input."""

from functools import partial

from homeassistant.core import ServiceCall, ServiceResponse

from ..account import GetscreenAccount
from ..exceptions import translated_errors
from .fields import ATTR_CLIENT_NAME
from .responses import invitation_response
from .targets import entry_of, invitation_of


async def create_invitation(call: ServiceCall) -> ServiceResponse:
    """Invite a client to a quick-support session (`support/create`), and return the invitation."""
    entry = entry_of(call)
    account = entry.runtime_data
    with translated_errors(entry.title):
        async with account.commands.semaphore:
            invitation = await account.client.create_invitation(call.data[ATTR_CLIENT_NAME])
    await _refresh_invitations(account)
    return invitation_response(invitation)


async def list_invitations(call: ServiceCall) -> ServiceResponse:
    """Return the open invitations, and how many connections the plan has left (`support/list`)."""
    entry = entry_of(call)
    account = entry.runtime_data
    with translated_errors(entry.title):
        answer = await account.user_requests.async_send("invitations", account.client.list_invitations)
    return {"invitations": [invitation_response(invitation) for invitation in answer.invitations], "remaining": answer.remaining}


async def get_invitation(call: ServiceCall) -> ServiceResponse:
    """Return an invitation (`support/info`)."""
    entry, invitation_id = entry_of(call), invitation_of(call)
    account = entry.runtime_data
    get = partial(account.client.get_invitation, invitation_id)
    with translated_errors(entry.title):
        return invitation_response(await account.user_requests.async_send(("invitation", invitation_id), get))


async def close_invitation(call: ServiceCall) -> None:
    """Close an invitation and its session (`support/close`)."""
    entry, invitation_id = entry_of(call), invitation_of(call)
    account = entry.runtime_data
    with translated_errors(entry.title):
        async with account.commands.semaphore:
            await account.client.close_invitation(invitation_id)
    await _refresh_invitations(account)


async def _refresh_invitations(account: GetscreenAccount) -> None:
    if invitations := account.invitations:
        invitations.async_boost()
        if not invitations.wait_reason:
            await invitations.async_request_refresh()
