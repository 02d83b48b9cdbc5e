"""The actions: what they reach, what they do, and what the user is told."""

import asyncio
from typing import Any
from unittest.mock import Mock, patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import floor_registry as fr
from homeassistant.helpers import label_registry as lr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .helpers import account_device, act, commanded, device_id_of, device_of, entity_id_of, pass_time, state_of, until

WAIT = {"minutes": 5}


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


async def test_every_kind_of_target(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Devices, entities, areas, floors and labels reach a device, each one once."""
    entry = await set_up()
    devices, entities = dr.async_get(hass), er.async_get(hass)
    floor = fr.async_get(hass).async_create("Upstairs")
    area = ar.async_get(hass).async_create("Office", floor_id=floor.floor_id)
    label = lr.async_get(hass).async_create("Servers")
    devices.async_update_device(device_id_of(hass, entry, 1), area_id=area.id)
    devices.async_update_device(device_id_of(hass, entry, 3), labels={label.label_id})
    entity_label = lr.async_get(hass).async_create("Watched")
    entities.async_update_entity(entity_id_of(hass, entry, 2, "session"), labels={entity_label.label_id})
    for target, reached in (
        ({"device_id": [device_id_of(hass, entry, 1), device_id_of(hass, entry, 2)]}, [1, 2]),
        ({"entity_id": entity_id_of(hass, entry, 2, "reboot")}, [2]),
        ({"entity_id": [entity_id_of(hass, entry, 2, key) for key in ("online", "session", "wake")]}, [2]),
        ({"area_id": area.id}, [1]),
        ({"floor_id": floor.floor_id}, [1]),
        ({"label_id": label.label_id}, [3]),
        ({"label_id": entity_label.label_id}, [2]),
        ({"area_id": area.id, "device_id": device_id_of(hass, entry, 1), "label_id": [label.label_id]}, [1, 3]),
    ):
        simulator.requests.clear()
        await act(hass, "wake", **target)
        assert commanded(simulator, "wake") == reached, target


async def test_a_target_that_reaches_nothing(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """That is an error, before any request: unknown things, the account itself, what others brought, what is disabled."""
    entry = await set_up()
    foreign_entry = MockConfigEntry(domain="other")
    foreign_entry.add_to_hass(hass)
    foreign = dr.async_get(hass).async_get_or_create(config_entry_id=foreign_entry.entry_id, identifiers={("other", "account_1")})
    lamp = er.async_get(hass).async_get_or_create("light", "other", "lamp", config_entry=foreign_entry, device_id=foreign.id)
    disabled = device_id_of(hass, entry, 3)
    dr.async_get(hass).async_update_device(disabled, disabled_by=dr.DeviceEntryDisabler.USER)
    simulator.requests.clear()
    for action in ("wake", "reboot", "logout", "refresh_hardware"):
        for target in (
            {},
            {"device_id": "unknown"},
            {"entity_id": "light.unknown"},
            {"entity_id": "all"},
            {"area_id": "unknown", "floor_id": "unknown", "label_id": "unknown"},
            {"device_id": foreign.id},
            {"entity_id": lamp.entity_id},
            {"device_id": account_device(hass, entry).id},
            {"device_id": disabled},
        ):
            data: dict[str, Any] = {**target, "confirm": True} if action == "logout" else {**target}
            with pytest.raises(ServiceValidationError) as error:
                await act(hass, action, **data)
            assert error.value.translation_key == "no_devices"
            assert "reaches no computer" in str(error.value)
    assert simulator.count() == 0


async def test_without_an_account(hass: HomeAssistant) -> None:
    """The actions are there, so that automations can be checked."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "wake", device_id="unknown")
    assert error.value.translation_key == "no_devices"


async def test_log_out_wants_a_confirmation(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.requests.clear()
    for data in ({}, {"confirm": False}):
        with pytest.raises(ServiceValidationError) as error:
            await act(hass, "logout", device_id=device_id_of(hass, entry, 1), **data)
        assert error.value.translation_key == "confirmation_required"
    assert simulator.count() == 0
    assert 1 in account.agents


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("wake", {"wait": "a while"}),
        ("wake", {"wait": -5}),
        ("wake", {"colour": "blue"}),
        ("reboot", {"safe_mode": "perhaps"}),
        ("reboot", {"wait": {"lightyears": 1}}),
        ("logout", {"confirm": "perhaps"}),
        ("refresh_hardware", {"wait": 5}),
    ],
)
async def test_fields_that_cannot_be_right(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, action: str, data: dict[str, Any]
) -> None:
    entry = await set_up()
    simulator.requests.clear()
    with pytest.raises(vol.Invalid):
        await act(hass, action, device_id=device_id_of(hass, entry, 1), **data)
    assert simulator.count() == 0


async def test_a_refused_key_is_found_out_by_a_command(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """403 may concern the device or the key: the list tells which, when it is refused twice."""
    entry = await set_up()
    simulator.key = "another"
    for _ in range(2):
        with pytest.raises(HomeAssistantError):
            await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
        await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


async def test_a_status_other_than_0(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.command_status[1] = 7
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert error.value.translation_key == "command_failed"
    assert "status 7" in str(error.value)


async def test_the_servers_own_text(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.refuse(1, 400)
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert error.value.translation_key == "refused"
    assert error.value.translation_placeholders is not None
    assert "HTTP" not in error.value.translation_placeholders["reason"]


async def test_one_failure_does_not_stop_the_others(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)]
    dr.async_get(hass).async_update_device(devices[1], name_by_user="Her laptop")
    simulator.command_status[1] = 7
    simulator.refuse(2)
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=devices)
    assert error.value.translation_key == "several_failed"
    assert "Reception PC: " in str(error.value)
    assert "Her laptop: " in str(error.value)
    assert account.agents[3].name not in str(error.value)
    assert commanded(simulator, "wake") == [1, 2, 3]
    assert account.agents[3].online


async def test_an_account_that_is_not_set_up(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    device_id = device_id_of(hass, entry, 1)
    await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(ServiceValidationError) as error:
        await act(hass, "wake", device_id=device_id)
    assert error.value.translation_key == "not_loaded"
    assert "Reception PC" in str(error.value)
    assert entry.title in str(error.value)


async def test_commands_go_out_side_by_side(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Thirty slow ones do not take thirty times as long, nor do they all go out at once."""
    for number in range(30):
        simulator.account.add_agent(f"PC {number}", disabled=False)
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in simulator.account.agents]
    with simulator.hold("agents/wake"):
        call = asyncio.create_task(act(hass, "wake", device_id=devices))
        await until(lambda: simulator.count("agents/wake") >= 10)
        # Whatever had gone out with them would be there before what goes out now is answered.
        await entry.runtime_data.agents.async_refresh()
        assert simulator.count("agents/wake") == 10
    await call
    assert commanded(simulator, "wake") == sorted(simulator.account.agents)


async def test_wait_until_awake(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    now = 1000.0
    with patch("custom_components.getscreen.services.time", Mock(monotonic=lambda: now)):
        call = asyncio.create_task(act(hass, "wake", response=True, device_id=device_id_of(hass, entry, 3), wait=WAIT))
        await until(lambda: entry.runtime_data.agents.quick)
        await pass_time(hass, 12)
        assert not call.done()
        now = 1012.34
        account.come(account.agents[3])
        await pass_time(hass, 12)
        response = await call
    assert response["devices"] == [
        {
            "device_id": device_id_of(hass, entry, 3),
            "agent_id": 3,
            "name": account.agents[3].name,
            "online": True,
            "seconds": 12.3,
        }
    ]
    assert state_of(hass, entry, 3, "online").state == "on"


async def test_wait_for_one_that_is_awake(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """What is known of a moment ago is good enough, else a look is taken at once; nothing else is waited for."""
    entry = await set_up()
    simulator.requests.clear()
    with patch("custom_components.getscreen.agents._MOMENT", 3600):
        for _ in range(2):
            await act(hass, "wake", device_id=device_id_of(hass, entry, 1), wait=WAIT)
    assert [request.method for request in simulator.requests] == ["agents/wake", "agents/wake"]
    simulator.requests.clear()
    entry.runtime_data.agents._looked_at -= 10
    response = await act(hass, "wake", response=True, device_id=device_id_of(hass, entry, 1), wait=WAIT)
    assert response["devices"][0]["online"] is True
    assert [request.method for request in simulator.requests] == ["agents/wake", "agents/list", "support/list"]


async def test_without_wait_nothing_is_waited_for(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
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


async def test_wait_until_rebooted(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """It has to go offline before it counts as being back."""
    entry = await set_up()
    account.reboot_seconds = (3600, 7200)
    call = asyncio.create_task(act(hass, "reboot", response=True, device_id=device_id_of(hass, entry, 1), wait=WAIT))
    await until(lambda: entry.runtime_data.agents.quick)
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "on"
    assert not call.done()
    account.go(account.agents[1])
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "off"
    assert not call.done()
    account.come(account.agents[1])
    await pass_time(hass, 12)
    response = await call
    assert response["devices"][0]["online"] is True


async def test_waiting_for_some_does_not_hold_up_the_others(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    account.wake_seconds = 3600
    for number in range(30):
        account.add_agent(f"PC {number}", online=False)
    entry = await set_up()
    devices = [device_id_of(hass, entry, agent_id) for agent_id in account.agents]
    call = asyncio.create_task(act(hass, "wake", device_id=devices, wait=WAIT))
    await until(lambda: commanded(simulator, "wake") == sorted(account.agents))
    assert not call.done()
    call.cancel()


async def test_a_fault_of_ours_is_not_dressed_up(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=RuntimeError("boom")), pytest.raises(RuntimeError):
        await act(hass, "wake", device_id=[device_id_of(hass, entry, agent_id) for agent_id in (1, 2)])


@pytest.mark.parametrize(("reached", "key"), [([1, 2, 3], "several_failed"), ([3], "wait_timeout")], ids=["several", "one"])
async def test_wait_in_vain(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, reached: list[int], key: str
) -> None:
    """All computers that stay off are told of, and the one that is up is not called a failure."""
    account.agents[2].online = False
    account.wake_seconds = 3600
    entry = await set_up()
    transitions = entry.runtime_data.agents._transitions
    devices = [device_id_of(hass, entry, agent_id) for agent_id in reached]
    call = asyncio.create_task(act(hass, "wake", device_id=devices, wait=200))
    vain = {*reached} - {1}
    # Each has been told, and those that are not up are waited for.
    await until(lambda: {each.agent_id for each in transitions.hastened} == {each.agent_id for each in transitions.awaited} == vain)
    await pass_time(hass, 201)
    with pytest.raises(HomeAssistantError) as error:
        await call
    assert error.value.translation_key == key
    for agent_id in vain:
        assert f"{account.agents[agent_id].name} was told, but was not seen coming online within 200 seconds" in str(error.value)
    assert "Reception PC" not in str(error.value)
    assert commanded(simulator, "wake") == reached


@pytest.mark.parametrize("end", ["reload", "unload", "log out"])
async def test_waiting_ends_with_what_is_waited_for(hass: HomeAssistant, account: Account, set_up: SetUp, end: str) -> None:
    """When nobody looks any more, nobody is kept waiting."""
    entry = await set_up()
    account.wake_seconds = 3600
    call = asyncio.create_task(act(hass, "wake", device_id=device_id_of(hass, entry, 3), wait=WAIT))
    await until(lambda: entry.runtime_data.agents.quick)
    if end == "reload":
        await hass.config_entries.async_reload(entry.entry_id)
    elif end == "unload":
        await hass.config_entries.async_unload(entry.entry_id)
    else:
        account.remove_agent(3)
        await pass_time(hass, 12)
    with pytest.raises(HomeAssistantError) as error:
        await call
    assert error.value.translation_key == "wait_interrupted"


async def test_giving_up_does_not_harm_the_poll(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """An automation may be restarted while its action looks."""
    entry = await set_up()
    agents = entry.runtime_data.agents
    agents._looked_at -= 10
    simulator.requests.clear()
    with simulator.hold("agents/list"):
        call = asyncio.create_task(act(hass, "wake", device_id=device_id_of(hass, entry, 1), wait=WAIT))
        await until(lambda: simulator.count("agents/list"))
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    await hass.async_block_till_done(wait_background_tasks=True)
    assert agents.last_update_success
    assert not agents._transitions.awaited


async def test_unknown_is_neither_off_nor_on(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """An unreadable answer in mid-reboot does not count as having been offline."""
    entry = await set_up()
    account.reboot_seconds = (3600, 3600)
    call = asyncio.create_task(act(hass, "reboot", device_id=device_id_of(hass, entry, 1), wait=WAIT))
    await until(lambda: entry.runtime_data.agents.quick)
    simulator.fail(Fault.WRONG_ITEMS, "agents/list", times=1)
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "unknown"
    await pass_time(hass, 12)
    assert state_of(hass, entry, 1, "online").state == "on"
    assert not call.done()
    call.cancel()


async def test_many_commands_do_not_put_off_the_poll(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    due = entry.runtime_data.agents._unsub_refresh
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert entry.runtime_data.agents._unsub_refresh is due


async def polls_in(hass: HomeAssistant, simulator: Simulator, seconds: int) -> int:
    """Return how many polls there are while time passes in steps of 12 seconds."""
    simulator.requests.clear()
    for _ in range(seconds // 12):
        await pass_time(hass, 12)
    return simulator.count("agents/list")


async def test_polls_quicken_until_the_state_has_turned(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    assert await polls_in(hass, simulator, 120) == 0
    account.wake_seconds = 3600
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert await polls_in(hass, simulator, 24) == 2
    account.come(account.agents[3])
    assert await polls_in(hass, simulator, 120) == 1
    assert state_of(hass, entry, 3, "online").state == "on"


async def test_polls_quicken_for_three_minutes_at_most(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert await polls_in(hass, simulator, 600) == 18


async def test_polls_do_not_quicken_for_one_that_is_awake(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert await polls_in(hass, simulator, 120) == 0


async def test_polls_do_not_quicken_while_the_limit_is_hit(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/list")
    await pass_time(hass)
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert await polls_in(hass, simulator, 600) == 0


async def test_quick_polls_end_during_an_outage(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    account.wake_seconds = 3600
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    simulator.fail(Fault.SERVER_ERROR, "agents/list")
    assert await polls_in(hass, simulator, 600) == 18


async def test_refresh_hardware(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up(hardware_interval=0)
    assert await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1)) is None
    assert simulator.count("agents/info") == 1
    assert state_of(hass, entry, 1, "online").attributes["cpu"] == (account.agents[1].hardware or {})["CPU"]
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.model == "HP ProDesk 400 G7"


@pytest.mark.parametrize("key", ["wake", "reboot"])
async def test_buttons(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, key: str) -> None:
    """They do what the actions do, and tell the same errors."""
    entry = await set_up()
    button = {"entity_id": entity_id_of(hass, entry, 1, key)}
    await hass.services.async_call("button", "press", button, blocking=True)
    assert commanded(simulator, key) == [1]
    simulator.command_status[1] = 7
    with pytest.raises(HomeAssistantError) as error:
        await hass.services.async_call("button", "press", button, blocking=True)
    assert error.value.translation_key == "command_failed"
    assert str(error.value).startswith("Reception PC: ")
