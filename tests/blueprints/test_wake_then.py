"""The blueprint that wakes computers, then runs actions."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import commanded, device_id_of, entity_id_of, pass_time
from ..markdown import ESCAPED, HOSTILE
from .helpers import GO, another_sensor, automate, let_pass, notifications, report, reports, settle, show_as


async def test_wake_and_go_on(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    computers = [device_id_of(hass, entry, agent_id) for agent_id in (1, 3)]
    await automate(hass, "wake_then", triggers=[GO], computers=computers, awake_actions=report("awake"), asleep_actions=report("asleep"))
    awake, asleep = (async_capture_events(hass, event_type) for event_type in ("awake", "asleep"))
    account.wake_seconds = 3600
    hass.bus.async_fire("go")
    await settle(hass)
    assert commanded(simulator, "wake") == [1, 3]
    hass.bus.async_fire("go")
    let_pass(hass, 12)
    await settle(hass)
    assert not awake
    account.come(account.agents[3])
    let_pass(hass, 24)
    await hass.async_block_till_done()
    assert reports(awake) == [{"awake": ["Reception PC", "Server room NAS"], "asleep": []}]
    assert not asleep
    assert commanded(simulator, "wake") == [1, 3]


@pytest.mark.parametrize("language", ["en", "de"])
async def test_one_computer_does_not_wake(hass: HomeAssistant, account: Account, set_up: SetUp, language: str) -> None:
    """The entities are found in any language and under any name."""
    hass.config.language = language
    account.wake_seconds = 3600
    entry = await set_up()
    er.async_get(hass).async_update_entity(entity_id_of(hass, entry, 1, "online"), new_entity_id="binary_sensor.mine", name="Mine")
    computers = [device_id_of(hass, entry, agent_id) for agent_id in (1, 3)]
    await automate(
        hass,
        "wake_then",
        triggers=[GO],
        computers=computers,
        wait={"minutes": 4},
        awake_actions=report("awake"),
        asleep_actions=report("asleep"),
    )
    awake, asleep = (async_capture_events(hass, event_type) for event_type in ("awake", "asleep"))
    hass.bus.async_fire("go")
    await settle(hass)
    let_pass(hass, 241)
    await hass.async_block_till_done()
    assert reports(asleep) == [{"awake": ["Reception PC"], "asleep": ["Server room NAS"]}]
    assert not awake


async def test_a_rejected_wake(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """A computer that does not wake is reported for any kind of failure, by default as a notification."""
    entry = await set_up()
    await automate(hass, "wake_then", triggers=[GO], computers=[device_id_of(hass, entry, 3)])
    simulator.command_status[3] = 7
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert notifications(hass) == ["These computers did not come online in time: Server room NAS."]


async def test_names_are_escaped_as_markdown(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    account.agents[3].name = HOSTILE
    entry = await set_up()
    await automate(hass, "wake_then", triggers=[GO], computers=[device_id_of(hass, entry, 3)])
    simulator.command_status[3] = 7
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert notifications(hass) == [f"These computers did not come online in time: {ESCAPED}."]


async def test_awake_with_another_device_class(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """*Online* is shown as *Power*, and another integration's sensor of the other computer does not matter."""
    entry = await set_up()
    show_as(hass, entity_id_of(hass, entry, 1, "online"), "power")
    await pass_time(hass)
    another_sensor(hass, device_id_of(hass, entry, 3), agent_id=3, device_class="connectivity")
    computers = [device_id_of(hass, entry, agent_id) for agent_id in (1, 3)]
    await automate(hass, "wake_then", triggers=[GO], computers=computers, asleep_actions=report("asleep"))
    asleep = async_capture_events(hass, "asleep")
    simulator.command_status[3] = 7
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert reports(asleep) == [{"awake": ["Reception PC"], "asleep": ["Server room NAS"]}]


async def test_waking_during_an_outage_of_the_account(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    computers = [device_id_of(hass, entry, 1)]
    await automate(hass, "wake_then", triggers=[GO], computers=computers, asleep_actions=report("asleep"))
    asleep = async_capture_events(hass, "asleep")
    await hass.config_entries.async_unload(entry.entry_id)
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert reports(asleep) == [{"awake": [], "asleep": ["Reception PC"]}]


async def test_wake_only_if(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    conditions = [{"condition": "state", "entity_id": "input_boolean.workday", "state": "on"}]
    hass.states.async_set("input_boolean.workday", "off")
    await automate(hass, "wake_then", triggers=[GO], computers=[device_id_of(hass, entry, 3)], conditions=conditions)
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert commanded(simulator, "wake") == []


async def test_a_computer_that_leaves_while_waiting(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.wake_seconds = 100_000
    entry = await set_up()
    await automate(hass, "wake_then", triggers=[GO], computers=[device_id_of(hass, entry, 3)])
    hass.bus.async_fire("go")
    await settle(hass)
    del account.agents[3]
    await entry.runtime_data.agents.async_refresh()
    await hass.async_block_till_done()
    assert notifications(hass) == ["These computers did not come online in time: A removed computer."]
