"""The actions for quick-support invitations."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_state, ask, pass_time


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


async def test_a_command_updates_the_sensor_of_open_invitations(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The account's invitations are polled after each command, not at the next interval."""
    entry = await set_up()
    simulator.requests.clear()
    created = await ask(hass, "create_invitation")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account_state(hass, entry, "open_invitations").state == "3"
    await ask(hass, "close_invitation", invitation_id=created["id"])
    await pass_time(hass, 12)
    assert account_state(hass, entry, "open_invitations").state == "2"
    assert simulator.count("agents/list") == 0


async def test_a_command_sends_no_poll_while_polls_are_paused(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/list")
    await pass_time(hass)
    simulator.requests.clear()
    await ask(hass, "create_invitation")
    await pass_time(hass, 12)
    assert [request.method for request in simulator.requests] == ["support/create"]
