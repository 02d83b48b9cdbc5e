"""Every fault of every action, and the same errors of buttons and the switch."""

from typing import Any, NamedTuple

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import act, ask, device_id_of, device_of, entity_id_of, pass_time, state_of
from .steps import end_pause, failure_of, logged, outcome_of, registrations, settle
from .tables import ACTION_FAILURES, CODE_ALONE, COMMAND, DONE, LIST, OBJECT

ONCE = ["POST"]
GUESSED = ["POST", "PUT", "GET"]
READ = ["GET"]


class Action(NamedTuple):
    """An action, the API method that it calls, the outcomes of odd answers, the verbs tried on 404 and 405, and its fields."""

    name: str
    method: str
    answers: dict[Fault, str]
    verbs: list[str]
    data: dict[str, Any]
    of_device: bool = True


ACTIONS = {
    "wake": Action("wake", "agents/wake", COMMAND, GUESSED, {}),
    "reboot": Action("reboot", "agents/reboot", COMMAND, GUESSED, {}),
    "logout": Action("logout", "agents/logout", COMMAND, GUESSED, {"confirm": True}),
    "update_device": Action("update_device", "devices/update", COMMAND, GUESSED, {"permanent_link": True}),
    "get_connection_link": Action("get_connection_link", "agents/connect", OBJECT, ONCE, {}),
    "get_device_info": Action("get_device_info", "agents/info", OBJECT, READ, {}),
    "refresh_hardware": Action("refresh_hardware", "agents/info", OBJECT, READ, {}),
    "get_history of a device": Action("get_history", "history/list", LIST, READ, {}),
    "get_history": Action("get_history", "history/list", LIST, READ, {}, of_device=False),
    "find_devices": Action("find_devices", "agents/list", LIST, READ, {}, of_device=False),
    "create_invitation": Action("create_invitation", "support/create", OBJECT, ONCE, {"client_name": "Nora"}, of_device=False),
    "list_invitations": Action("list_invitations", "support/list", LIST, READ, {}, of_device=False),
    "get_invitation": Action("get_invitation", "support/info", OBJECT, READ, {"invitation_id": 7001}, of_device=False),
    "close_invitation": Action("close_invitation", "support/close", CODE_ALONE, ONCE, {"invitation_id": 7001}, of_device=False),
}


@pytest.mark.parametrize("name", ACTIONS)
async def test_actions(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """The error names its subject; no command is sent twice in the same way, then or later, and no new key is requested."""
    action = ACTIONS[name]
    entry = await set_up()
    agent, known = account.agents[1], registrations(hass, entry)
    subject = "Reception PC: " if action.of_device else "owner@example.com: "

    async def call() -> None:
        of_device = {"device_id": device_id_of(hass, entry, 1)} if action.of_device else {}
        await ask(hass, action.name, **of_device, **action.data)

    async def try_fault(fault: Fault) -> str:
        simulator.fail(fault, action.method)
        simulator.requests.clear()
        outcome = outcome_of(await failure_of(call()), subject, simulator)
        verbs = [request.verb for request in simulator.requests if request.method == action.method]
        if action.verbs == READ:
            assert verbs in (READ, READ * 2), fault
        else:
            # A command whose query is refused is tried once with a body.
            refused = fault is Fault.BAD_REQUEST and name in ("wake", "reboot", "logout")
            assert verbs == (action.verbs if fault in (Fault.NOT_FOUND, Fault.METHOD_NOT_ALLOWED) else ONCE * (1 + refused)), fault
        await settle(hass)
        assert (device_of(hass, entry, 1) is None) is (name == "logout" and outcome == DONE), fault
        simulator.heal()
        await end_pause(hass, fault)
        account.agents[1] = agent
        account.come(agent)
        # A command whose answer has no status may not be done: the next poll shows it.
        await pass_time(hass)
        sent = [request for request in simulator.requests if request.method == action.method and request.verb != "GET"]
        assert len(sent) == len([verb for verb in verbs if verb != "GET"]), fault
        assert state_of(hass, entry, 1, "online").state == "on", fault
        assert registrations(hass, entry)[0] == known[0], fault
        return outcome

    assert {fault: await try_fault(fault) for fault in Fault} == {**ACTION_FAILURES, **action.answers}
    assert not hass.config_entries.flow.async_progress()
    assert not ir.async_get(hass).issues
    assert not logged(caplog)
    assert simulator.key not in caplog.text
    assert simulator.key_leaks == simulator.redirects_followed == 0
    if action.name != "close_invitation":
        await call()
    else:
        # The command whose answer was lost has closed the invitation.
        with pytest.raises(HomeAssistantError, match="connection is closed"):
            await call()


@pytest.mark.parametrize("command", ["wake", "reboot", "update_device", "logout"])
@pytest.mark.parametrize("code", [404, 405])
async def test_a_working_verb_is_remembered(
    hass: HomeAssistant, set_up: SetUp, simulator: Simulator, account: Account, command: str, code: Any
) -> None:
    """If the server rejects a guessed verb, the next one is tried and stored."""
    action = ACTIONS[command]
    account.verbs, account.wrong_verb_code = {action.method: "PUT"}, code
    entry = await set_up()
    simulator.requests.clear()
    for agent_id in (1, 2):
        await act(hass, command, device_id=device_id_of(hass, entry, agent_id), **action.data)
    assert [request.verb for request in simulator.requests if request.method == action.method] == ["POST", "PUT", "PUT"]


async def test_the_button_and_the_switch_raise_the_error_of_the_action(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, all_entities: None
) -> None:
    entry = await set_up()
    simulator.fail(Fault.SERVER_ERROR, "agents/wake", "agents/reboot", "agents/logout", "devices/update")
    for key, domain, service in (
        ("wake", "button", "press"),
        ("reboot", "button", "press"),
        ("logout", "button", "press"),
        ("permanent_link", "switch", "turn_on"),
        ("permanent_link", "switch", "turn_off"),
    ):
        with pytest.raises(HomeAssistantError) as error:
            await hass.services.async_call(domain, service, {"entity_id": entity_id_of(hass, entry, 1, key)}, blocking=True)
        assert error.value.translation_key == "cannot_connect"
        assert str(error.value).startswith("Reception PC: ")
