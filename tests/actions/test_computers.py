"""The actions for computers: their requests and responses."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest

from simulator import Account, Simulator

from ..answers import change_answer
from ..conftest import SetUp
from ..helpers import act, ask, device_id_of, device_of, pass_time, state_of


async def test_wake_and_reboot_and_log_out(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    assert await act(hass, "wake", device_id=device_id_of(hass, entry, 3)) is None
    assert await act(hass, "reboot", device_id=device_id_of(hass, entry, 1)) is None
    sent = [(r.method, r.verb, r.parameters) for r in simulator.requests if r.method in ("agents/wake", "agents/reboot")]
    assert sent == [("agents/wake", "POST", {"id": "3"}), ("agents/reboot", "POST", {"id": "1"})]
    await act(hass, "reboot", device_id=device_id_of(hass, entry, 2), safe_mode=True)
    assert simulator.requests[-1].parameters == {"id": "2", "safe": "true"}
    await act(hass, "logout", device_id=device_id_of(hass, entry, 2), confirm=True)
    assert 2 not in account.agents
    assert device_of(hass, entry, 2) is None
    assert hass.states.get("binary_sensor.marta_s_macbook_online") is None
    await pass_time(hass)
    assert device_of(hass, entry, 2) is None


async def test_log_out_requires_confirmation(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.requests.clear()
    for data in ({}, {"confirm": False}):
        with pytest.raises(ServiceValidationError) as error:
            await act(hass, "logout", device_id=device_id_of(hass, entry, 1), **data)
        assert error.value.translation_key == "confirmation_required"
    assert simulator.count() == 0
    assert 1 in account.agents


async def test_a_command_detects_a_rejected_key(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """A 403 may concern the computer or the key. Two rejected polls of the list show that the cause is the key."""
    entry = await set_up()
    simulator.key = "another"
    for _ in range(2):
        with pytest.raises(HomeAssistantError):
            await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
        await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


async def test_commands_without_wait_return_at_once(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.requests.clear()
    response = await act(hass, "wake", response=True, device_id=device_id_of(hass, entry, 3))
    assert response == {
        "devices": [
            {
                "device_id": device_id_of(hass, entry, 3),
                "agent_id": 3,
                "name": "Server room NAS",
                "online": False,
                "seconds": None,
            }
        ]
    }
    assert simulator.count() == 1


async def test_refresh_hardware(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up(hardware_interval=0)
    assert await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1)) is None
    assert simulator.count("agents/info") == 1
    assert state_of(hass, entry, 1, "online").attributes["cpu"] == (account.agents[1].hardware or {})["CPU"]
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.model == "HP ProDesk 400 G7"


async def test_connection_link(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    response = await ask(hass, "get_connection_link", device_id=device_id)
    assert response.keys() == {"url"}
    assert response["url"].startswith("http")
    await ask(hass, "get_connection_link", device_id=device_id, record_video=True)
    sent = [request.parameters for request in simulator.requests if request.method == "agents/connect"]
    assert sent == [{"agent_id": "1"}, {"agent_id": "1", "video": "true"}]


async def test_connection_link_of_a_blocked_computer(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
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
async def test_update_device_with_invalid_values(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, data: dict[str, Any], key: str
) -> None:
    entry = await set_up()
    simulator.requests.clear()
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "update_device", device_id=device_id_of(hass, entry, 1), **data)
    assert error.value.translation_key == key
    assert simulator.count() == 0


def answer_without_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let updates be answered with their status alone."""
    change_answer(monkeypatch, "devices/update", lambda _answer: b'{"status": 0}')


async def test_an_update_that_is_answered_without_the_device(hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer is polled and has its current state."""
    entry = await set_up()
    answer_without_device(monkeypatch)
    await ask(hass, "update_device", device_id=device_id_of(hass, entry, 1), name="Front desk")
    assert state_of(hass, entry, 1, "online").name == "Front desk Online"


async def test_a_new_name_that_the_filter_excludes(hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer was changed all the same, and the response has the new name."""
    entry = await set_up(search="Reception")
    answer_without_device(monkeypatch)
    response = await ask(hass, "update_device", device_id=device_id_of(hass, entry, 1), name="Front desk")
    assert response["name"] == "Front desk"
