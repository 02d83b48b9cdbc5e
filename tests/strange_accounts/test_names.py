"""Strange texts: markup, control characters, and names of any length."""

from dataclasses import replace

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_dumps
import pytest

from simulator import Account

from ..answers import change_answer
from ..conftest import SetUp
from ..helpers import account_state, ask, device_of, pass_time, registered, state_of
from ..recorder import Recorder
from .steps import complaints

NAMES = {
    "markup": "<script>alert(1)</script>{{ 1 + 1 }}",
    "emoji": "👩🏽‍💻🖥️",
    "right to left": "\u202eמחשב הקבלה\u202c",
    "10,000 characters": "Reception " * 1000,
    "10,000 emoji": "🖥️" * 5000,
    "only blanks": "   ",
    "line breaks": "Reception\r\nPC\tA",
    "NUL": "Reception\x00PC",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
async def test_strange_names(
    hass: HomeAssistant, account: Account, set_up: SetUp, all_entities: None, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """Every text that a server may send fits into states, ids and databases, and the log has no warning."""
    agent = account.agents[1]
    agent.name = agent.group = agent.owner = agent.version = name
    agent.geo = replace(agent.geo, ip=name, country=name, region=name, city=name)
    agent.extra = {**agent.extra, "os_user": name}
    hardware = dict(agent.hardware or {})
    agent.hardware = {**hardware, "CPU": name, "ComputerModel": name, "ComputerName": name, "OSName": name, "OSVersion": name}
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.name
    for key in ("group", "owner", "user", "cpu", "computer_model", "agent_version", "location", "ip_address"):
        state = state_of(hass, entry, 1, key).state
        assert len(state) <= 255, key
        if name.strip():
            # A long text is cut, not dropped.
            assert state.startswith(name.replace("\x00", "")[:9]), key
    for entity in registered(hass, entry):
        assert len(entity.entity_id) <= 255
        found = hass.states.get(entity.entity_id)
        assert found is not None
        assert found.name
        # What PostgreSQL refuses.
        assert "\x00" not in found.state
    agent.online = False
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state == STATE_OFF
    agent.name = "Reception PC"
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").name == "Reception PC Online"
    assert not complaints(caplog)


async def test_strange_names_of_invitations_and_sessions(
    hass: HomeAssistant, account: Account, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await set_up()
    recorder = Recorder(hass, entry, "invitation")
    for name in NAMES.values():
        invitation = account.invite(name)
        for _ in range(2):
            account.move_on(invitation)
        invitation.client_os = name
    account.agents[1].name = NAMES["10,000 characters"]
    account.start_session(1)
    await pass_time(hass)
    assert recorder.types() == ["created", "client_joined", "active"] * len(NAMES)
    listed = await ask(hass, "list_invitations")
    assert {invitation["client_name"] for invitation in listed["invitations"]} >= {name.replace("\0", "") for name in NAMES.values()}
    await ask(hass, "get_history")
    calendar = account_state(hass, entry, "connection_history", "calendar")
    assert calendar.state == STATE_ON
    assert not complaints(caplog)


@pytest.mark.parametrize("half", ["\\ud83d", "\\udda5"], ids=["first half", "second half"])
async def test_a_lone_surrogate_in_a_name(
    hass: HomeAssistant, account: Account, set_up: SetUp, monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    """An account loads with a text that was cut in the middle of a character, which can be stored and sent like any other."""
    account.agents[1].name = account.agents[1].group = "Reception CUT"
    change_answer(monkeypatch, "agents/list", lambda answer: answer.replace(b"CUT", half.encode()))
    entry = await set_up()
    assert entry.state is ConfigEntryState.LOADED
    for agent_id in (1, 2):
        assert state_of(hass, entry, agent_id, "online").state == STATE_ON
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.name is not None
    assert device.name.startswith("Reception")
    json_dumps([state.as_dict() for state in hass.states.async_all()])
    json_dumps(device.dict_repr)
