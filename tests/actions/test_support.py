"""The actions for quick-support invitations."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator import Account

from ..conftest import SetUp
from ..helpers import ask


async def test_invitations(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    await set_up()
    created = await ask(hass, "create_invitation", client_name="Aunt Mary")
    invitation = account.invitations[created["id"]]
    assert created.keys() == {"id", "status", "code", "invite_url", "connect_url", "client_name", "created"}
    assert (created["status"], created["client_name"]) == ("waiting_for_client", "Aunt Mary")
    assert len(created["code"]) == 9
    assert created["connect_url"].startswith("http")
    listed = await ask(hass, "list_invitations")
    assert created in listed["invitations"]
    assert listed["remaining"] == 19
    account.move_on(invitation)
    assert (await ask(hass, "get_invitation", invitation_id=created["id"]))["status"] == "client_joined"
    await ask(hass, "close_invitation", invitation_id=created["id"])
    assert created["id"] not in [found["id"] for found in (await ask(hass, "list_invitations"))["invitations"]]
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, "get_invitation", invitation_id=999)
    assert error.value.translation_key == "refused"


async def test_actions_work_without_the_poll_of_invitations(hass: HomeAssistant, set_up: SetUp) -> None:
    await set_up(invitations=False)
    created = await ask(hass, "create_invitation")
    await ask(hass, "close_invitation", invitation_id=created["id"])
