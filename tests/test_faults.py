"""Every fault at every method, at set-up and in mid-life: the tables say what comes of each."""

from collections.abc import Awaitable
from datetime import timedelta
import gc
import logging
import tracemalloc
from typing import Any, NamedTuple

from aiohttp import ClientSession, ClientTimeout, web
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.getscreen import image
from custom_components.getscreen.api import client as api_client
from custom_components.getscreen.api.transport import Answer, send
from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.recordings import view as http
from custom_components.getscreen.recordings.ids import recording_path
from simulator import Account, Fault, Simulator, pages

from .conftest import SetUp
from .helpers import account_state, act, device_id_of, device_of, entity_id_of, pass_time, registered, state_of, states
from .test_calendar import calendar_of, events_of

LOGGER_NAME = "custom_components.getscreen"
FAULTS = pytest.mark.parametrize("fault", list(Fault), ids=[fault.name for fault in Fault])
# Longer than any pause or interval, so that whatever is going to be asked again is.
LONG = 4000

# How an account, or what is missing of it, gets well once the server does.
BY_ITSELF = "by itself"
NEXT_DAY = "the next day, or when asked for"

RETRY, LOADED = ConfigEntryState.SETUP_RETRY, ConfigEntryState.LOADED

# What is said of each fault: the translation key of the error, and words in it. Where the items of a list cannot be understood, nothing is.
SAID = {
    Fault.BAD_REQUEST: ("refused", "told to answer 400"),
    Fault.PAYMENT_REQUIRED: ("request_limit", "request limit"),
    Fault.FORBIDDEN: ("access_denied", "API key"),
    Fault.NOT_FOUND: ("invalid_response", "HTTP 404"),
    Fault.METHOD_NOT_ALLOWED: ("invalid_response", "HTTP 405"),
    Fault.TOO_MANY_REQUESTS: ("cannot_connect", "HTTP 429"),
    Fault.SERVER_ERROR: ("cannot_connect", "HTTP 500"),
    Fault.BAD_GATEWAY: ("cannot_connect", "HTTP 502"),
    Fault.UNAVAILABLE: ("cannot_connect", "HTTP 503"),
    Fault.HTML: ("invalid_response", "no JSON"),
    Fault.HTML_BAD_GATEWAY: ("cannot_connect", "HTTP 502"),
    Fault.CUT_JSON: ("invalid_response", "no JSON"),
    Fault.CUT_CONNECTION: ("cannot_connect", "no whole answer"),
    Fault.EMPTY: ("invalid_response", "a list was expected"),
    Fault.WRONG_TYPES: ("invalid_response", "a list was expected"),
    Fault.NULL: ("invalid_response", "a list was expected"),
    Fault.HUGE: ("invalid_response", "more than"),
    Fault.HANG: ("cannot_connect", "did not answer in time"),
    Fault.DROPPED: ("cannot_connect", "could not be reached"),
    Fault.LOST_ANSWER: ("cannot_connect", "could not be reached"),
    Fault.REDIRECT: ("invalid_response", "HTTP 302"),
}

# The entry after a set-up. Computers that cannot be understood yet are there as soon as they can.
AGENTS_AT_SET_UP = dict.fromkeys(Fault, RETRY) | {Fault.WRONG_ITEMS: LOADED}
# A computer's state in mid-life. What cannot be understood is an answer, but one that does not tell how each computer is.
AGENTS_IN_MID_LIFE = dict.fromkeys(Fault, STATE_UNAVAILABLE) | {Fault.WRONG_ITEMS: STATE_UNKNOWN}

# The number of open invitations, and the words in the one line of the log (None: there is no line), at set-up ...
INVITATIONS_AT_SET_UP: dict[Fault, tuple[str, str | None]] = {
    **{fault: (STATE_UNAVAILABLE, words) for fault, (_, words) in SAID.items()},
    Fault.FORBIDDEN: (STATE_UNAVAILABLE, "denies access"),
    Fault.WRONG_ITEMS: ("0", None),
}
# ... and in mid-life, where invitations that are known are not taken for closed because an answer has unreadable ones.
INVITATIONS_IN_MID_LIFE = INVITATIONS_AT_SET_UP | {Fault.WRONG_ITEMS: ("2", None)}

# When hardware is read that could not be: soon by itself where the server is in trouble, else a day later.
HARDWARE = dict.fromkeys(Fault, BY_ITSELF) | {Fault.BAD_REQUEST: NEXT_DAY, Fault.FORBIDDEN: NEXT_DAY}

# The translation key of the error that an action ends with ...
ACTION_FAILURES = {fault: key for fault, (key, _) in SAID.items()}
# ... but what the shape of the answer decides: a command whose code is 200 is done unless its status is something else, ...
DONE = "done"
COMMAND = {Fault.EMPTY: DONE, Fault.NULL: DONE, Fault.WRONG_ITEMS: DONE}
# ... closing an invitation has no status at all, ...
CODE_ALONE = COMMAND | {Fault.WRONG_TYPES: DONE}
# ... who wants an object gets it or an error, ...
OBJECT = {Fault.WRONG_ITEMS: "invalid_response"}
# ... and of a list, what cannot be understood is left out.
LIST = {Fault.WRONG_ITEMS: DONE}

ONCE = ["POST"]
GUESSED = ["POST", "PUT", "GET"]
READ = ["GET"]


class Action(NamedTuple):
    """An action, the method it calls, with what besides a device, how its answer is read, and the verbs tried on 404 and 405."""

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
WITHOUT_RESPONSE = ("wake", "reboot", "logout", "refresh_hardware", "close_invitation")

# What the media browser says of a month; an unreadable history is an empty one.
MEDIA = ACTION_FAILURES | LIST

# Whether there is a picture, and whether the entity stays available: where there is none to be had, it does not.
PICTURE, NONE_NOW, NONE = (True, True), (False, True), (False, False)
NO_PICTURES = (
    *(Fault.NOT_FOUND, Fault.HTML, Fault.CUT_JSON, Fault.EMPTY, Fault.WRONG_TYPES, Fault.WRONG_ITEMS, Fault.NULL),
    Fault.REDIRECT,  # to a web page
)
PREVIEW = {
    **dict.fromkeys(Fault, NONE_NOW),
    **dict.fromkeys(NO_PICTURES, NONE),
    # A preview is only read: the request takes no effect that its answer could be lost after.
    Fault.LOST_ANSWER: PICTURE,
}

# The HTTP code that a browser gets for a recording, which has no body then. As with a preview, no answer is lost.
VIDEO = dict.fromkeys(Fault, 502) | {Fault.NOT_FOUND: 404, Fault.LOST_ANSWER: 200}
# The HTTP code for a recording that is to be looked up in a history that fails.
VIDEO_OF_A_FAILING_HISTORY = dict.fromkeys(Fault, 502) | {Fault.WRONG_ITEMS: 404}


@pytest.fixture(autouse=True)
def _all_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Look at what the integration writes for developers, too."""
    caplog.set_level(logging.DEBUG, LOGGER_NAME)


def patience(fault: Fault | None, total: float | None = None) -> ClientTimeout:
    """Return how long to wait for the first or next byte: a moment where the server is going to say nothing, else as long as it takes."""
    return ClientTimeout(total=total, sock_read=0.01 if fault is Fault.HANG else None)


@pytest.fixture(autouse=True)
def _impatient(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for half a minute for what is never going to come; what does come may take its time."""

    async def send_impatiently(session: ClientSession, verb: str, url: str, *, client_timeout: ClientTimeout, **what: Any) -> Answer:
        switched = simulator._fault(url.removeprefix(f"{simulator.url}/"))
        return await send(session, verb, url, client_timeout=patience(switched.fault if switched else None, client_timeout.total), **what)

    monkeypatch.setattr(api_client, "send", send_impatiently)


def told(caplog: pytest.LogCaptureFixture, least: int = logging.WARNING) -> list[str]:
    """Return what the integration logged, from a level on."""
    return [record.getMessage() for record in caplog.records if record.name.startswith(LOGGER_NAME) and record.levelno >= least]


def recoveries(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the lines that tell of an end."""
    return [message for message in told(caplog, logging.INFO) if message.endswith("recovered")]


def registrations(hass: HomeAssistant, entry: MockConfigEntry) -> tuple[dict[str, str], set[str]]:
    """Return the account's entities, by unique id, and devices."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {entity.unique_id: entity.entity_id for entity in registered(hass, entry)}, {device.id for device in devices}


async def settle(hass: HomeAssistant) -> None:
    """Wait for what is under way: time that passes would end it."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def failure_of(call: Awaitable[object]) -> HomeAssistantError | None:
    """Return the error that a call ends with; None if it ends well."""
    try:
        await call
    except HomeAssistantError as error:
        return error
    return None


def outcome_of(error: HomeAssistantError | None, subject: str, simulator: Simulator) -> str:
    """Return the translation key of an error that begins with whom it concerns and has no secrets; DONE if there is none."""
    if error is None:
        return DONE
    assert type(error) is HomeAssistantError, error
    assert error.translation_domain == DOMAIN
    assert str(error).startswith(subject)
    assert simulator.key not in str(error)
    assert error.translation_key is not None
    return error.translation_key


def read_as(words: str | None, messages: list[str]) -> str | None:
    """Return words that the one message has, else the message itself; None if there is none."""
    return next((words if words and words in message else message for message in messages), None)


async def heal(hass: HomeAssistant, simulator: Simulator) -> None:
    """Heal the server, and let time pass: nothing is asked of the user."""
    simulator.heal()
    for _ in range(2):
        await pass_time(hass, LONG)
    assert not hass.config_entries.flow.async_progress()


@FAULTS
async def test_agents_at_set_up(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    """The user reads on the entry what the matter is, and it passes by itself."""
    simulator.fail(fault, "agents/list")
    entry = await set_up()
    assert entry.state is AGENTS_AT_SET_UP[fault]
    if fault in SAID:
        key, words = SAID[fault]
        # Home Assistant 2026.8 keeps the words alone.
        assert entry.error_reason_translation_key in (key, None)
        assert entry.reason is not None
        assert entry.reason.startswith("owner@example.com: ")
        assert words in entry.reason
    assert device_of(hass, entry, 1) is None
    assert not [message for message in told(caplog) if "Traceback" in message]
    await heal(hass, simulator)
    assert entry.state is LOADED
    assert entry.reason is None
    assert state_of(hass, entry, 1, "online").state == "on"
    assert "cpu" in state_of(hass, entry, 1, "online").attributes
    assert not ir.async_get(hass).issues
    assert simulator.key not in caplog.text + str(entry.reason)
    assert simulator.key_leaks == simulator.redirects_followed == 0


@FAULTS
async def test_agents_in_mid_life(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    """One line in the log when it begins, however many polls fail, and one when it is over; nothing leaves, and all is as before."""
    entry = await set_up()
    before, known = states(hass), registrations(hass, entry)
    hardware = state_of(hass, entry, 1, "online").attributes
    caplog.clear()
    simulator.requests.clear()
    simulator.fail(fault, "agents/list")
    for _ in range(3):
        await pass_time(hass, LONG)
        assert state_of(hass, entry, 1, "online").state == AGENTS_IN_MID_LIFE[fault]
    assert registrations(hass, entry) == known
    assert simulator.count("agents/list") >= 3
    # Only the key may be something that the user has to see to.
    assert bool(hass.config_entries.flow.async_progress()) is (fault is Fault.FORBIDDEN)
    if fault in SAID:
        (message,) = told(caplog)
        assert "owner@example.com" in message
        assert SAID[fault][1] in message
        assert all(state == STATE_UNAVAILABLE for state in states(hass).values())
    else:
        assert not told(caplog)
    assert not recoveries(caplog)
    await heal(hass, simulator)
    assert states(hass) == before
    assert registrations(hass, entry) == known
    assert state_of(hass, entry, 1, "online").attributes == hardware
    assert len(told(caplog)) == (1 if fault in SAID else 0)
    assert [message for message in recoveries(caplog) if "agents" in message] == (
        ["Fetching owner@example.com agents data recovered"] if fault in SAID else []
    )
    assert not ir.async_get(hass).issues
    assert not hass.config_entries.flow.async_progress()
    assert simulator.key not in caplog.text
    assert simulator.key_leaks == simulator.redirects_followed == 0


async def test_invitations_at_set_up(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    """The account works without them, nobody is asked for a key, and they come by themselves."""
    entry = await set_up()
    known = registrations(hass, entry)

    async def try_fault(fault: Fault) -> tuple[str, str | None]:
        caplog.clear()
        simulator.fail(fault, "support/list")
        assert await hass.config_entries.async_unload(entry.entry_id), fault
        assert await hass.config_entries.async_setup(entry.entry_id), fault
        await settle(hass)
        invitations = account_state(hass, entry, "open_invitations").state
        for _ in range(2):
            await pass_time(hass, LONG)
            assert account_state(hass, entry, "open_invitations").state == invitations, fault
            assert state_of(hass, entry, 1, "online").state == "on", fault
        messages = told(caplog)
        assert len(messages) <= 1, fault
        assert all("owner@example.com" in message for message in messages), fault
        await heal(hass, simulator)
        assert account_state(hass, entry, "open_invitations").state == "2", fault
        assert account_state(hass, entry, "invitations_remaining").state == "20", fault
        assert len(told(caplog)) == len(recoveries(caplog)) == len(messages), fault
        assert registrations(hass, entry) == known, fault
        assert not ir.async_get(hass).issues, fault
        assert simulator.key not in caplog.text, fault
        return invitations, read_as(INVITATIONS_AT_SET_UP[fault][1], messages)

    assert {fault: await try_fault(fault) for fault in Fault} == INVITATIONS_AT_SET_UP


async def test_invitations_in_mid_life(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    """The computers stay as they are; when it is over there is nothing new."""
    entry = await set_up()
    before, known = states(hass), registrations(hass, entry)

    async def try_fault(fault: Fault) -> tuple[str, str | None]:
        caplog.clear()
        simulator.fail(fault, "support/list")
        for _ in range(2):
            await pass_time(hass, LONG)
        invitations = account_state(hass, entry, "open_invitations").state
        assert state_of(hass, entry, 1, "online").state == "on", fault
        messages = told(caplog)
        assert len(messages) <= 1, fault
        await heal(hass, simulator)
        assert len(told(caplog)) == len(recoveries(caplog)) == len(messages), fault
        assert states(hass) == before, fault
        assert registrations(hass, entry) == known, fault
        assert not ir.async_get(hass).issues, fault
        assert simulator.key not in caplog.text, fault
        return invitations, read_as(INVITATIONS_IN_MID_LIFE[fault][1], messages)

    assert {fault: await try_fault(fault) for fault in Fault} == INVITATIONS_IN_MID_LIFE


@FAULTS
async def test_hardware_at_set_up(
    hass: HomeAssistant,
    simulator: Simulator,
    set_up: SetUp,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    """Nothing that a user sees breaks, and nothing is in the log that a user is to read."""
    simulator.fail(fault, "agents/info")
    entry = await set_up()
    assert entry.state is LOADED
    assert state_of(hass, entry, 1, "online").state == "on"
    assert "cpu" not in state_of(hass, entry, 1, "online").attributes
    assert state_of(hass, entry, 1, "memory_usage").state == STATE_UNKNOWN
    issues = [issue.translation_key for issue in ir.async_get(hass).issues.values()]
    assert issues == (["request_limit"] if fault is Fault.PAYMENT_REQUIRED else [])
    simulator.heal()
    simulator.requests.clear()
    assert await way_of_hardware(hass, entry, simulator, 1, monkeypatch) == HARDWARE[fault]
    assert state_of(hass, entry, 1, "memory_usage").state != STATE_UNKNOWN
    assert not ir.async_get(hass).issues
    assert not told(caplog, logging.INFO)
    assert not hass.config_entries.flow.async_progress()
    assert simulator.key not in caplog.text


async def test_hardware_in_mid_life(
    hass: HomeAssistant,
    account: Account,
    simulator: Simulator,
    set_up: SetUp,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is known stays; a computer that is new is there without, and has it later."""
    entry = await set_up()
    before = states(hass)
    known = {agent_id: state_of(hass, entry, agent_id, "online").attributes for agent_id in (1, 2, 3)}
    devices = {agent_id: device_of(hass, entry, agent_id) for agent_id in known}

    async def try_fault(fault: Fault) -> str:
        simulator.fail(fault, "agents/info")
        new = account.add_agent("New PC", id=10 + list(Fault).index(fault), online=True, hardware=account.agents[1].hardware)
        await pass_time(hass)
        assert state_of(hass, entry, new.id, "online").state == "on", fault
        assert "cpu" not in state_of(hass, entry, new.id, "online").attributes, fault
        with pytest.raises(HomeAssistantError):
            await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1))
        for agent_id, attributes in known.items():
            found = state_of(hass, entry, agent_id, "online").attributes
            assert {**found, "hardware_updated": None} == {**attributes, "hardware_updated": None}, fault
            assert device_of(hass, entry, agent_id) == devices[agent_id], fault
        simulator.heal()
        simulator.requests.clear()
        way = await way_of_hardware(hass, entry, simulator, new.id, monkeypatch)
        assert not ir.async_get(hass).issues, fault
        account.remove_agent(new.id)
        await pass_time(hass)
        assert states(hass) == before, fault
        return way

    assert {fault: await try_fault(fault) for fault in Fault} == HARDWARE
    assert not told(caplog, logging.INFO)
    assert not hass.config_entries.flow.async_progress()
    assert simulator.key not in caplog.text


async def way_of_hardware(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, agent_id: int, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Return in what way hardware that could not be read is read after all."""
    for _ in range(3):
        await pass_time(hass, LONG)
    if "cpu" in state_of(hass, entry, agent_id, "online").attributes:
        return BY_ITSELF
    assert simulator.count("agents/info") == 0
    with monkeypatch.context() as later:
        tomorrow = dt_util.utcnow() + timedelta(hours=25)
        later.setattr(dt_util, "utcnow", lambda: tomorrow)
        await pass_time(hass, LONG)
    return NEXT_DAY if "cpu" in state_of(hass, entry, agent_id, "online").attributes else "never"


@pytest.mark.parametrize("key", ["preview", "last_seen"])
async def test_a_garbled_answer_moves_nothing(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, key: str) -> None:
    """A computer of which one answer tells nothing has not been woken, so there is no new picture; nor was it seen at another time."""
    agent = simulator.account.agents[1]
    # In the middle of a step of a quarter of an hour.
    agent.last_time -= (agent.last_time + agent.id) % 900 + 450
    entry = await set_up()
    before = state_of(hass, entry, 1, key).state
    simulator.fail(Fault.WRONG_ITEMS, "agents/list", times=1)
    for _ in range(2):
        await pass_time(hass)
        assert state_of(hass, entry, 1, key).state == before


async def end_pause(hass: HomeAssistant, fault: Fault) -> None:
    """Let the time pass for which a question that met the plan's limit keeps others of its kind from being sent."""
    if fault is Fault.PAYMENT_REQUIRED:
        await pass_time(hass, 121)


@pytest.mark.parametrize("name", ACTIONS)
async def test_actions(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """The error says of whom it speaks; nothing is sent twice but in another way, later neither, and no key is asked for."""
    action = ACTIONS[name]
    entry = await set_up()
    agent, known = account.agents[1], registrations(hass, entry)
    subject = "Reception PC: " if action.of_device else "owner@example.com: "

    async def call() -> None:
        of_device = {"device_id": device_id_of(hass, entry, 1)} if action.of_device else {}
        await act(hass, action.name, response=action.name not in WITHOUT_RESPONSE, **of_device, **action.data)

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
        # What an answer without a status claims to be done may not be: the next poll tells.
        await pass_time(hass)
        sent = [request for request in simulator.requests if request.method == action.method and request.verb != "GET"]
        assert len(sent) == len([verb for verb in verbs if verb != "GET"]), fault
        assert state_of(hass, entry, 1, "online").state == "on", fault
        assert registrations(hass, entry)[0] == known[0], fault
        return outcome

    assert {fault: await try_fault(fault) for fault in Fault} == {**ACTION_FAILURES, **action.answers}
    assert not hass.config_entries.flow.async_progress()
    assert not ir.async_get(hass).issues
    assert not told(caplog)
    assert simulator.key not in caplog.text
    assert simulator.key_leaks == simulator.redirects_followed == 0
    if action.name != "close_invitation":
        await call()
    else:
        # The command whose answer was lost has closed it.
        with pytest.raises(HomeAssistantError, match="connection is closed"):
            await call()


@pytest.mark.parametrize("command", ["wake", "reboot", "update_device", "logout"])
@pytest.mark.parametrize("code", [404, 405])
async def test_a_verb_is_found_once(
    hass: HomeAssistant, set_up: SetUp, simulator: Simulator, account: Account, command: str, code: Any
) -> None:
    """The next verb is tried where a guessed one is refused, and remembered."""
    action = ACTIONS[command]
    account.verbs, account.wrong_verb_code = {action.method: "PUT"}, code
    entry = await set_up()
    simulator.requests.clear()
    for agent_id in (1, 2):
        await act(hass, command, device_id=device_id_of(hass, entry, agent_id), **action.data)
    assert [request.verb for request in simulator.requests if request.method == action.method] == ["POST", "PUT", "PUT"]


async def test_the_button_and_the_switch_say_what_the_action_says(
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


async def test_the_calendar(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever looks is told what the matter is, and sees the sessions when they look again."""
    entry = await set_up()
    now = dt_util.utcnow()
    ranges = {fault: now - timedelta(days=30, minutes=number) for number, fault in enumerate(Fault)}

    async def try_fault(fault: Fault) -> str:
        simulator.fail(fault, "history/list")
        found: list[Any] = []

        async def look() -> None:
            found.extend(await events_of(hass, entry, ranges[fault], now))

        outcome = outcome_of(await failure_of(look()), "owner@example.com: ", simulator)
        assert found == [], fault
        simulator.heal()
        await end_pause(hass, fault)
        assert await events_of(hass, entry, ranges[fault] - timedelta(hours=5), now), fault
        return outcome

    assert {fault: await try_fault(fault) for fault in Fault} == MEDIA
    state = hass.states.get(calendar_of(hass, entry))
    assert state is not None
    assert state.state == "off"
    assert not told(caplog)
    assert simulator.key not in caplog.text


async def test_the_media_browser(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, hass_ws_client: WebSocketGenerator, caplog: pytest.LogCaptureFixture
) -> None:
    """Folders and recordings say what the matter is, in the same words."""
    assert await async_setup_component(hass, "media_source", {})
    entry = await set_up()
    client = await hass_ws_client()
    words = {
        "refused": "the server refused the request",
        "request_limit": "the request limit",
        "access_denied": "the server denies access",
        "cannot_connect": "the server could not be reached",
        "invalid_response": "the server gave an answer that is not one of Getscreen.me",
    }

    async def ask_for(what: str, place: str) -> Any:
        await client.send_json_auto_id(
            {
                "type": f"media_source/{what}",
                "media_content_id": f"media-source://getscreen/{entry.entry_id}/{place}",
            }
        )
        return await client.receive_json()

    async def try_fault(fault: Fault) -> str:
        # A place that nobody has looked at yet: what a minute ago was known is not asked for again.
        number = list(Fault).index(fault)
        simulator.fail(fault, "history/list")
        folder = await ask_for("browse_media", f"month/20{number + 30}-01")
        recording = await ask_for("resolve_media", f"recording/{number}-1")
        simulator.heal()
        await end_pause(hass, fault)
        assert not recording["success"], fault
        assert simulator.key not in str([folder, recording]), fault
        if folder["success"]:
            assert folder["result"]["children"] == [], fault
            assert recording["error"]["message"].startswith("There is no such recording"), fault
            return DONE
        assert recording["error"]["message"] == folder["error"]["message"], fault
        return next(key for key, text in words.items() if folder["error"]["message"].startswith(f"owner@example.com: {text}"))

    assert {fault: await try_fault(fault) for fault in Fault} == MEDIA
    assert not told(caplog)
    assert simulator.key not in caplog.text


async def test_previews(
    hass: HomeAssistant,
    simulator: Simulator,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """There is a picture or none, never half of one or something else; a new one is there as soon as the server is well."""
    entry = await set_up()
    client = await hass_client()
    agent, entity_id = simulator.account.agents[1], entity_id_of(hass, entry, 1, "preview")

    async def picture() -> bytes | None:
        response = await client.get(f"/api/image_proxy/{entity_id}")
        content = bytes(await response.read())
        assert response.status in (200, 500)
        return content if response.status == 200 else None

    async def try_fault(fault: Fault) -> tuple[bool, bool]:
        simulator.fail(fault, "preview")
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(image, "_TIMEOUT", patience(fault))
            seen = await picture()
        outcome = seen is not None, state_of(hass, entry, 1, "preview").state != STATE_UNAVAILABLE
        assert seen is None or seen.startswith(b"\x89PNG"), fault
        simulator.heal()
        agent.preview_time += 60
        await pass_time(hass)
        assert state_of(hass, entry, 1, "preview").state != STATE_UNAVAILABLE, fault
        healed = await picture()
        assert healed is not None, fault
        assert healed.startswith(b"\x89PNG"), fault
        agent.preview_time += 60
        await pass_time(hass)
        return outcome

    assert {fault: await try_fault(fault) for fault in Fault} == PREVIEW
    assert not told(caplog)
    assert simulator.key not in caplog.text
    assert simulator.key_leaks == 0


@pytest.mark.parametrize(
    ("method", "table"), [("video", VIDEO), ("history/list", VIDEO_OF_A_FAILING_HISTORY)], ids=["the film fails", "the history fails"]
)
async def test_recordings(
    hass: HomeAssistant,
    account: Account,
    simulator: Simulator,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    method: str,
    table: dict[Fault, int],
) -> None:
    """A browser gets the film or a bare code."""
    monkeypatch.setattr(pages, "make_recording", lambda *arguments: bytes(arguments[-1]))
    entry = await set_up()
    client = await hass_client()
    recorded = [session for session in account.history if session.video_size]

    async def try_fault(fault: Fault) -> int:
        # Another one for each fault, as what was found a minute ago is not looked up again.
        session = recorded[list(Fault).index(fault)]
        path = recording_path(entry.entry_id, session.start, session.id)
        simulator.fail(fault, method)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(http, "_TIMEOUT", patience(fault))
            response = await client.get(path)
            content = await response.read()
        assert len(content) == (session.video_size if response.status == 200 else 0), fault
        simulator.heal()
        await end_pause(hass, fault)
        if response.status == 502:
            assert (await client.get(path, headers={"Range": "bytes=0-9"})).status == 206, fault
        return int(response.status)

    assert {fault: await try_fault(fault) for fault in Fault} == table
    assert not told(caplog)
    assert simulator.key not in caplog.text
    assert simulator.key_leaks == 0


@pytest.mark.parametrize("method", ["agents/list", "support/list"])
async def test_a_huge_answer_is_not_kept(
    hass: HomeAssistant,
    simulator: Simulator,
    set_up: SetUp,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    """The connection is closed long before its end, and the memory is free again."""
    caplog.set_level(logging.INFO, LOGGER_NAME)
    await set_up()
    sent = 0
    write = web.StreamResponse.write

    async def counting(response: web.StreamResponse, data: Any) -> None:
        nonlocal sent
        sent += len(data)
        await write(response, data)

    monkeypatch.setattr(web.StreamResponse, "write", counting)
    simulator.fail(Fault.HUGE, method)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        await pass_time(hass)
        # Unlike that of Home Assistant, the log of a test keeps the errors themselves.
        caplog.clear()
        gc.collect()
        after, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert simulator.count(method) == 2
    assert sent < 45_000_000
    assert most - before < 100_000_000
    assert after - before < 2_000_000
