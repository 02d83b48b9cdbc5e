"""The responses of actions: the fields of a computer, the end of a session, and secrets."""

from dataclasses import replace
from datetime import UTC, datetime

from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util
import pytest

from simulator import Account

from ..conftest import SetUp
from ..helpers import ask, device_id_of, pass_time


async def test_device_info(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The response has everything but the one-time link, and no secret of any other kind."""
    entry = await set_up()
    response = await ask(hass, "get_device_info", device_id=device_id_of(hass, entry, 1))
    text = json_dumps(response)
    assert account.onetime_link(1) not in text
    assert "onetime" not in text
    assert response.keys() == {
        *("agent_id", "device_id", "name", "group", "online", "operating_system", "agent_version", "last_seen", "permanent_link"),
        *("session_count", "permanent_link_url", "preview_url", "blocked", "limited", "installed", "favorite", "owner", "user"),
        *("linked_at", "location", "last_session", "hardware"),
    }
    assert type(response["operating_system"]) is str
    assert response["hardware"]["cpu"] == (account.agents[1].hardware or {})["CPU"]
    assert isinstance(response["hardware"]["disks"], list)
    assert dt_util.parse_datetime(response["last_seen"]) == datetime.fromtimestamp(account.agents[1].last_time, UTC)
    account.agents[2].hardware = None
    account.agents[2].session = None
    assert (await ask(hass, "get_device_info", device_id=device_id_of(hass, entry, 2)))["hardware"] is None
    assert (await ask(hass, "get_device_info", device_id=device_id_of(hass, entry, 2)))["last_session"] is None


@pytest.mark.parametrize(
    ("case", "seconds"),
    [
        ("running", None),
        ("offline", 90),
        ("another since", 0),
        ("ended in the list", 60),
        ("not in the list", 0),
        ("a computer that left", 0),
        ("no start either", None),
    ],
)
async def test_a_session_without_an_end(hass: HomeAssistant, account: Account, set_up: SetUp, case: str, seconds: int | None) -> None:
    """The end is null only if the account's own list says that the session runs."""
    agent, row = account.agents[1], account.start_session(1)
    row.start -= 2 * 24 * 3600
    match case:
        case "offline":
            agent.online, agent.last_time = False, row.start + 90
        case "another since":
            agent.session = replace(row, id=row.id + 1, start=row.start + 60)
        case "ended in the list":
            agent.session = replace(row, stop=row.start + 60)
        case "not in the list":
            agent.session = None
        case "a computer that left":
            del account.agents[1]
        case "no start either":
            row.start = 0
    await set_up()
    sessions = (await ask(hass, "get_history", limit=1000))["sessions"]
    (session,) = [session for session in sessions if session["id"] == row.id]
    assert session["duration"] is None
    end = None if seconds is None else dt_util.as_local(datetime.fromtimestamp(row.start + seconds, UTC)).isoformat()
    assert session["end"] == end


@pytest.mark.parametrize(("begun", "running"), [(60, True), (2 * 3600, False)])
async def test_a_session_unknown_to_the_polls(hass: HomeAssistant, account: Account, set_up: SetUp, begun: int, running: bool) -> None:
    """A session that began since the last poll counts as running, because polls are at most an hour apart."""
    entry = await set_up()
    row = account.start_session(1)
    row.start -= begun
    account.agents[1].session = None
    sessions = (await ask(hass, "get_history", device_id=device_id_of(hass, entry, 1)))["sessions"]
    (session,) = [session for session in sessions if session["id"] == row.id]
    assert (session["end"] is None) is running


async def test_a_quick_support_session_without_an_end(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The session runs while its invitation is active."""
    await set_up()
    invitation = account.invite()
    for _ in range(2):
        account.move_on(invitation)
    assert invitation.session
    invitation.session.start -= 2 * 3600

    for status, running in ((2, True), (3, False)):
        invitation.status = status
        await pass_time(hass)
        (session,) = (await ask(hass, "get_history", invitation_id=invitation.id))["sessions"]
        assert (session["end"] is None) is running


async def test_secrets_are_in_responses_only(
    hass: HomeAssistant, account: Account, set_up: SetUp, all_entities: None, caplog: pytest.LogCaptureFixture
) -> None:
    """One-time and operator links are in the response, and in no state, attribute, event or log."""
    caplog.set_level("DEBUG")
    entry = await set_up()
    fired: list[str] = []
    hass.bus.async_listen("*", lambda event: fired.append(str(event.data)) if event.event_type != "call_service" else None)
    link = (await ask(hass, "get_connection_link", device_id=device_id_of(hass, entry, 1)))["url"]
    created = await ask(hass, "create_invitation")
    await pass_time(hass)
    secrets = [entry.data["api_key"], link, created["connect_url"], *(account.onetime_link(number) for number in account.agents)]
    states = json_dumps([state.as_dict() for state in hass.states.async_all()])
    for secret in secrets:
        assert secret not in states
        assert secret not in "".join(fired)
        assert secret not in caplog.text
