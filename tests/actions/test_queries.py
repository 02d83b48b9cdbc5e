"""The actions that search an account: its computers, and its history."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.json import json_dumps
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import act, ask, device_id_of


async def test_find_devices(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The action finds computers that the entry's own filter excludes, too."""
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


async def test_history_is_never_cached(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
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
async def test_history_with_invalid_values(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, data: dict[str, Any], key: str
) -> None:
    await set_up()
    simulator.requests.clear()
    with pytest.raises(ServiceValidationError) as error:
        await ask(hass, "get_history", **data)
    assert error.value.translation_key == key
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


@pytest.mark.parametrize(
    ("data", "sessions"),
    [
        ({"end": "1970-01-01 00:00:00"}, 0),
        ({"end": "1969-12-31T23:00:00+00:00"}, 0),
        ({"limit": "5"}, 5),
        ({"limit": 5.0}, 5),
        ({"start": "0001-01-01 00:00:00", "end": "9999-12-31 23:59:59", "limit": 5}, 5),
        ({"start": "0001-01-01T00:00:00+14:00", "end": "9999-12-31T23:59:59-12:00", "limit": 5}, 5),
    ],
)
async def test_history_with_unusual_values(hass: HomeAssistant, set_up: SetUp, data: dict[str, Any], sessions: int) -> None:
    await set_up()
    assert len((await act(hass, "get_history", response=True, **data))["sessions"]) == sessions


async def test_an_invitation_that_the_server_rejects(hass: HomeAssistant, set_up: SetUp) -> None:
    """The schema accepts the id, so the server's own text is the error."""
    await set_up()
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "get_history", response=True, invitation_id=2**63 - 1)
    assert error.value.translation_key == "refused"
