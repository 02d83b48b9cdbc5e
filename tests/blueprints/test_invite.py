"""The blueprint that creates an invitation."""

import re
from typing import Any

from homeassistant.components.conversation import async_converse
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from .helpers import GO, automate, notifications, report, reports


async def test_invite(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The operator's link is not handed on."""
    await set_up()
    await automate(hass, "invite", triggers=[GO], client_name="Aunt Mary", actions=report("invited"))
    invited = async_capture_events(hass, "invited")
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    invitation = account.invitations[max(account.invitations)]
    (handed,) = reports(invited)
    assert invitation.invite_code in handed.pop("invite_url")
    assert handed == {
        "client_name": "Aunt Mary",
        "invitation_id": invitation.id,
        "code": int(invitation.invite_code),
        "connect_url": None,
        "created": None,
    }
    assert invitation.client_name == "Aunt Mary"


async def test_invite_in_home_assistant(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """By default the link stands in a notification, no trace is stored, and a name is not needed."""
    await set_up()
    assert await async_setup_component(hass, "trace", {})
    await automate(hass, "invite", triggers=[GO])
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    invitation = account.invitations[max(account.invitations)]
    (message,) = notifications(hass)
    code = invitation.invite_code
    assert re.fullmatch(rf"<http\S+{code}> \(code {code}\)", message)
    assert not [runs for key, runs in hass.data["trace"].items() if key == "automation.invite" and runs.runs]


async def test_the_operators_link_on_request(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    actions = report("invited")
    await automate(hass, "invite", triggers=[GO], operator_link=True, account=entry.entry_id, actions=actions)
    invited = async_capture_events(hass, "invited")
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    (handed,) = reports(invited)
    assert handed["connect_url"].startswith("http")
    assert handed["connect_url"] != handed["invite_url"]


async def test_one_of_two_accounts(hass: HomeAssistant, set_up: SetUp) -> None:
    """The account has to be chosen."""
    entry = await set_up()
    MockConfigEntry(domain=DOMAIN, unique_id="another").add_to_hass(hass)
    await automate(hass, "invite", triggers=[GO], account=entry.entry_id, actions=report("invited"))
    invited = async_capture_events(hass, "invited")
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert len(reports(invited)) == 1


async def test_an_invitation_that_fails(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/create")
    await automate(hass, "invite", triggers=[GO], client_name="Aunt Mary", actions=report("invited"), failure_actions=report("failed"))
    invited, failed = (async_capture_events(hass, event_type) for event_type in ("invited", "failed"))
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert not invited
    assert [handed["client_name"] for handed in reports(failed)] == ["Aunt Mary"]


async def answer(hass: HomeAssistant, variables: dict[str, Any]) -> str:
    """Trigger the automation by a sentence and return the spoken answer."""
    automation = hass.data["automation"].get_entity("automation.invite")
    assert automation is not None
    result = await automation.async_trigger({"trigger": variables})
    assert result is not None
    return str(result.conversation_response)


async def test_an_answer(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Whom to invite is in the sentence, under a name of any language; the code is spelt."""
    await set_up()
    await automate(hass, "invite", triggers=[GO], client_name="Aunt Mary", failure_answer="Das ging nicht.")
    said = await answer(hass, {"platform": "conversation", "slots": {"gast": "Oma Erna"}})
    invitation = account.invitations[max(account.invitations)]
    assert invitation.client_name == "Oma Erna"
    assert said == f"The code of the invitation is {' '.join(invitation.invite_code)}."
    await answer(hass, {"platform": "conversation", "slots": {}})
    assert account.invitations[max(account.invitations)].client_name == "Aunt Mary"
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/create")
    assert await answer(hass, {"platform": "conversation", "slots": {}}) == "Das ging nicht."


async def test_a_spoken_sentence(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Assist processes the sentence and returns the answer."""
    await set_up()
    assert await async_setup_component(hass, "conversation", {})
    sentence = {"trigger": "conversation", "command": ["lade {gast} ein"]}
    await automate(hass, "invite", triggers=[sentence], answer="Der Code ist {{ code }}.")
    result = await async_converse(hass, "Lade Erna ein", None, Context())
    invitation = account.invitations[max(account.invitations)]
    assert invitation.client_name == "Erna"
    assert result.response.speech["plain"]["speech"] == f"Der Code ist {invitation.invite_code}."
