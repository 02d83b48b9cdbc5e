"""The actions that ask the account, or one computer, for something."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import account_device, act, device_id_of, device_of, pass_time, state_of

ABOUT_A_DEVICE = ("get_connection_link", "update_device", "get_device_info", "get_history")
ABOUT_AN_ACCOUNT = ("find_devices", "create_invitation", "list_invitations", "get_invitation", "close_invitation", "get_history")


def fields_of(action: str) -> dict[str, Any]:
    """Return what an action cannot do without, besides its device."""
    if action == "update_device":
        return {"name": "New name"}
    return {"invitation_id": 7001} if action in ("get_invitation", "close_invitation") else {}


async def ask(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Call an action, for its response where it has one."""
    return await act(hass, action, response=action != "close_invitation", **data)


async def test_connection_link(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    response = await ask(hass, "get_connection_link", device_id=device_id)
    assert response.keys() == {"url"}
    assert response["url"].startswith("http")
    await ask(hass, "get_connection_link", device_id=device_id, record_video=True)
    sent = [request.parameters for request in simulator.requests if request.method == "agents/connect"]
    assert sent == [{"agent_id": "1"}, {"agent_id": "1", "video": "true"}]


async def test_connection_link_of_one_that_is_blocked(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.agents[1].disabled = True
    entry = await set_up()
    with pytest.raises(HomeAssistantError) as error:
        await ask(hass, "get_connection_link", device_id=device_id_of(hass, entry, 1))
    assert error.value.translation_key == "command_failed"


async def test_update_device(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    response = await ask(
        hass,
        "update_device",
        device_id=device_id,
        name="Front desk",
        permanent_link=True,
        permanent_link_path="front-desk",
        permanent_link_password="abcd1234",
    )
    agent = account.agents[1]
    assert response == {
        "agent_id": 1,
        "device_id": device_id,
        "name": "Front desk",
        "group": agent.group,
        "online": True,
        "operating_system": "win",
        "agent_version": agent.version,
        "last_seen": dt_util.as_local(datetime.fromtimestamp(agent.last_time, UTC)).isoformat(),
        "permanent_link": True,
        "session_count": agent.sessions_total,
    }
    (request,) = [request for request in simulator.requests if request.method == "devices/update"]
    assert request.body == {
        "id": 1,
        "name": "Front desk",
        "permanent_url": {"enable": True, "url": "front-desk", "password": "abcd1234"},
    }
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.name == "Front desk"
    assert await act(hass, "update_device", device_id=device_id, permanent_link=False) is None


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({}, "nothing_to_change"),
        ({"name": "  "}, "invalid_name"),
        ({"permanent_link_path": "a/b"}, "invalid_path"),
        ({"permanent_link_path": ""}, "invalid_path"),
        ({"permanent_link_password": "abc1234"}, "invalid_password"),
        ({"permanent_link_password": "abcd 1234"}, "invalid_password"),
        ({"permanent_link_password": "pässword1"}, "invalid_password"),
    ],
)
async def test_update_device_with_what_cannot_be_right(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, data: dict[str, Any], key: str
) -> None:
    entry = await set_up()
    simulator.requests.clear()
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "update_device", device_id=device_id_of(hass, entry, 1), **data)
    assert error.value.translation_key == key
    assert simulator.count() == 0


async def test_device_info(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """It has everything but the one-time link, and no secret of any other kind."""
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


async def test_find_devices(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Also such that the entry's own filter leaves out."""
    entry = await set_up(search=account.agents[1].name)
    response = await ask(hass, "find_devices")
    assert [device["agent_id"] for device in response["devices"]] == [1, 2, 3]
    assert [device["device_id"] is None for device in response["devices"]] == [False, True, True]
    response = await ask(hass, "find_devices", search="nas", config_entry_id=entry.entry_id)
    assert [device["agent_id"] for device in response["devices"]] == [3]
    group_id = next(number for number, name in account.groups.items() if name == account.agents[1].group)
    response = await ask(hass, "find_devices", group_id=str(group_id))
    assert 1 in [device["agent_id"] for device in response["devices"]]
    # The API takes any text, so whether there is such a group is the server's to say.
    assert await ask(hass, "find_devices", group_id="abc") == {"devices": []}


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


async def test_history(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    response = await ask(hass, "get_history")
    assert len(response["sessions"]) == 20
    assert response["total"] == len(account.history)
    starts = [session["start"] for session in response["sessions"]]
    assert starts == sorted(starts, reverse=True)
    session = next(session for session in response["sessions"] if session["device"])
    assert session.keys() == {"id", "start", "end", "duration", "device", "invitation_id", "clients", "video"}
    assert session["device"].keys() == {"agent_id", "device_id", "name"}
    assert session["device"]["device_id"] == device_id_of(hass, entry, session["device"]["agent_id"])
    assert session["clients"][0].keys() == {"login", "ip", "country", "region", "city", "user_agent"}
    assert session["duration"] is None or session["duration"] >= 0
    assert json_dumps(response)
    simulator.requests.clear()
    response = await ask(hass, "get_history", limit=150)
    assert len(response["sessions"]) == 150
    assert simulator.count("history/list") == 2
    response = await ask(hass, "get_history", device_id=device_id_of(hass, entry, 1), limit=5)
    assert {session["device"]["agent_id"] for session in response["sessions"]} == {1}
    simulator.requests.clear()
    await ask(hass, "get_history", with_video=False)
    assert "video" not in simulator.requests[0].parameters
    response = await ask(hass, "get_history", with_video=True)
    assert response["sessions"]
    for session in response["sessions"]:
        assert session["video"]["media_content_id"].startswith("media-source://getscreen/")
        assert session["video"]["size"] > 0
    assert simulator.key not in json_dumps(response)
    assert "apikey" not in json_dumps(response)
    support = next(row for row in account.history if row.support_id)
    response = await ask(hass, "get_history", invitation_id=support.support_id)
    assert response["sessions"][0]["invitation_id"] == support.support_id
    assert response["sessions"][0]["device"] is None


async def test_history_is_never_old(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    await set_up()
    before = await ask(hass, "get_history", limit=1)
    session = account.start_session(1)
    session.start += 1
    after = await ask(hass, "get_history", limit=1)
    assert after["total"] == before["total"] + 1
    assert (after["sessions"][0]["id"], after["sessions"][0]["end"]) == (session.id, None)


async def test_history_of_a_time(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Times without an offset are Home Assistant's own."""
    await hass.config.async_set_time_zone("America/New_York")
    await set_up()
    start = (dt_util.now() - timedelta(days=10)).replace(microsecond=0)
    end = start + timedelta(days=5)
    await ask(hass, "get_history", start=start.replace(tzinfo=None).isoformat(), end=end.isoformat())
    sent = simulator.requests[-1].parameters
    assert (int(sent["date_from"]), int(sent["date_to"])) == (start.timestamp(), end.timestamp())


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
    """Its end is null only if the account's own list says that it runs."""
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
async def test_a_session_that_no_poll_has_seen(hass: HomeAssistant, account: Account, set_up: SetUp, begun: int, running: bool) -> None:
    """One that began since the last poll runs; polls are at most an hour apart."""
    entry = await set_up()
    row = account.start_session(1)
    row.start -= begun
    account.agents[1].session = None
    sessions = (await ask(hass, "get_history", device_id=device_id_of(hass, entry, 1)))["sessions"]
    (session,) = [session for session in sessions if session["id"] == row.id]
    assert (session["end"] is None) is running


async def test_a_quick_support_session_without_an_end(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """It runs while its invitation is active."""
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


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"start": "2026-02-02 00:00:00", "end": "2026-02-01 00:00:00"}, "end_before_start"),
        ({"limit": 0}, "invalid_limit"),
        ({"limit": -1}, "invalid_limit"),
        ({"limit": 1001}, "invalid_limit"),
        ({"device_id": "unknown"}, "unknown_device"),
        ({"invitation_id": 0}, "invalid_invitation"),
        ({"invitation_id": -3}, "invalid_invitation"),
    ],
)
async def test_history_of_what_cannot_be_right(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, data: dict[str, Any], key: str
) -> None:
    await set_up()
    simulator.requests.clear()
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "get_history", **data)
    assert error.value.translation_key == key
    assert simulator.count() == 0


@pytest.mark.parametrize("action", ["get_invitation", "close_invitation"])
async def test_an_invitation_that_is_none(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str) -> None:
    await set_up()
    simulator.requests.clear()
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, action, invitation_id=0)
    assert error.value.translation_key == "invalid_invitation"
    for wrong in (True, 1.5, float("inf"), "one", None):
        with pytest.raises(vol.Invalid):
            await ask(hass, action, invitation_id=wrong)
    assert simulator.count() == 0


async def test_history_of_a_device_of_another_account(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    assert (await ask(hass, "get_history", device_id=device_id, config_entry_id=entry.entry_id))["sessions"]
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", data=entry.data, options={"search": "x"})
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "get_history", device_id=device_id, config_entry_id=other.entry_id)
    assert error.value.translation_key == "other_account"


def update_silently(entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let updates be answered without the device."""
    client = entry.runtime_data.agents.client
    update = client.update_device

    async def silent(agent_id: int, **changes: Any) -> None:
        await update(agent_id, **changes)

    monkeypatch.setattr(client, "update_device", silent)


async def test_a_new_name_that_the_filter_leaves_out(hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was changed all the same, and so says the answer."""
    entry = await set_up(search="Reception")
    update_silently(entry, monkeypatch)
    response = await ask(hass, "update_device", device_id=device_id_of(hass, entry, 1), name="Front desk")
    assert response["name"] == "Front desk"


@pytest.mark.parametrize("action", ABOUT_A_DEVICE)
async def test_a_device_that_is_none(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str) -> None:
    """Neither an unknown one nor the account's own."""
    entry = await set_up()
    simulator.requests.clear()
    for device_id in ("unknown", account_device(hass, entry).id):
        with pytest.raises(ServiceValidationError) as error:
            await ask(hass, action, device_id=device_id, **fields_of(action))
        assert error.value.translation_key == "unknown_device"
    assert simulator.count() == 0


@pytest.mark.parametrize("action", ABOUT_AN_ACCOUNT)
async def test_which_account(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str) -> None:
    """It may be left out while there is one, and has to be one of ours that is set up."""
    entry = await set_up()
    await ask(hass, action, **fields_of(action))
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", data=entry.data)
    other.add_to_hass(hass)
    foreign = MockConfigEntry(domain="other")
    foreign.add_to_hass(hass)
    simulator.requests.clear()
    for data in ({}, {"config_entry_id": "unknown"}, {"config_entry_id": other.entry_id}, {"config_entry_id": foreign.entry_id}):
        with pytest.raises(ServiceValidationError):
            await ask(hass, action, **data, **fields_of(action))
    assert simulator.count() == 0


async def test_secrets_are_told_to_nobody_else(
    hass: HomeAssistant, account: Account, set_up: SetUp, all_entities: None, caplog: pytest.LogCaptureFixture
) -> None:
    """One-time and operator links are in the response to who asked, and in no state, attribute, event or log."""
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


async def test_the_permanent_link(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, all_entities: None) -> None:
    """A switch; the link itself is in no state."""
    account.agents[1].permanent_url = "https://go.example.com/reception"
    entry = await set_up()
    state = state_of(hass, entry, 1, "permanent_link")
    assert state.state == "on"
    switch = {"entity_id": state.entity_id}
    await hass.services.async_call("switch", "turn_off", switch, blocking=True)
    assert state_of(hass, entry, 1, "permanent_link").state == "off"
    await hass.services.async_call("switch", "turn_on", switch, blocking=True)
    assert state_of(hass, entry, 1, "permanent_link").state == "on"
    assert [request.body for request in simulator.requests if request.method == "devices/update"] == [
        {"id": 1, "permanent_url": {"enable": False}},
        {"id": 1, "permanent_url": {"enable": True}},
    ]
    assert "go.example.com" not in json_dumps([state.as_dict() for state in hass.states.async_all()])
    simulator.refuse(1)
    with pytest.raises(HomeAssistantError) as error:
        await hass.services.async_call("switch", "turn_off", switch, blocking=True)
    assert error.value.translation_key == "access_denied"


async def test_an_update_that_is_answered_without_the_device(hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the list tells how it is now."""
    entry = await set_up()
    update_silently(entry, monkeypatch)
    await ask(hass, "update_device", device_id=device_id_of(hass, entry, 1), name="Front desk")
    assert entry.runtime_data.agents.data[1].name == "Front desk"


async def test_permanent_links_on_device_pages(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Only for whoever wants that."""
    account.agents[1].permanent_url = "https://go.example.com/reception"
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.configuration_url is None
    hass.config_entries.async_update_entry(entry, options={"show_permanent_link": True})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.configuration_url == "https://go.example.com/reception"
    account.agents[1].permanent_url = None
    await pass_time(hass)
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.configuration_url is None


@pytest.mark.parametrize(("key", "parameters"), [("reboot_safe_mode", {"id": "1", "safe": "true"}), ("logout", {"id": "1"})])
async def test_buttons_for_who_switches_them_on(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, all_entities: None, key: str, parameters: dict[str, str]
) -> None:
    entry = await set_up()
    await hass.services.async_call("button", "press", {"entity_id": state_of(hass, entry, 1, key).entity_id}, blocking=True)
    assert parameters in [request.parameters for request in simulator.requests]
    assert (device_of(hass, entry, 1) is None) is (key == "logout")
    with pytest.raises(AssertionError):
        state_of(hass, entry, 2, "reboot_safe_mode")  # a Mac
