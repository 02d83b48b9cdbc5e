"""The blueprints: each is one that Home Assistant takes, and does in an account what it says."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
import re
from typing import Any
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import persistent_notification
from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint import Blueprint
from homeassistant.components.blueprint.models import DomainBlueprints
from homeassistant.components.conversation import async_converse
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, STATE_UNAVAILABLE
from homeassistant.core import Context, CoreState, Event, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import selector
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import extract_inputs
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events, async_fire_time_changed

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_state, commanded, device_id_of, entity_id_of, pass_time, state_of, until
from ..markdown import ESCAPED, HOSTILE

type Events = list[Event[dict[str, Any]]]

FOLDER = Path(__file__).parents[2] / "blueprints" / "automation"
GO = {"trigger": "event", "event_type": "go"}
# All variables that a blueprint hands to the user's actions.
WORDS = (
    *("computer", "computer_id", "entity_id", "start", "start_time", "offline_since", "awake", "asleep", "rebooted", "failed", "busy"),
    *("offline", "invite_url", "code", "client_name", "invitation_id", "connect_url", "created"),
)
# What a beginner has to fill in, by blueprint.
REQUIRED = {
    "session_alert": {"events"},
    "wake_then": {"triggers", "computers"},
    "offline_alert": {"computers"},
    "reboot_at_night": {"computers"},
    "invite": {"triggers"},
}
NAMES = tuple(REQUIRED)


@pytest.fixture(autouse=True)
async def _blueprints(hass: HomeAssistant) -> AsyncIterator[None]:
    """Let Home Assistant read the blueprints where they are in the repository."""
    for core in ("homeassistant", "persistent_notification"):
        assert await async_setup_component(hass, core, {})
    with patch.object(DomainBlueprints, "blueprint_folder", new_callable=PropertyMock, return_value=FOLDER):
        yield
        if hass.services.has_service("automation", "turn_off"):
            await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


def told_as(event_type: str) -> list[dict[str, Any]]:
    """Return actions of a user that fire an event with all the variables a blueprint hands them."""
    data = {word: f"{{{{ {word} | default('-') }}}}" for word in WORDS}
    return [{"event": event_type, "event_data": data}]


def told(events: Events) -> list[dict[str, Any]]:
    """Return the variables that were handed on since the last time, without those that a blueprint has not."""
    found = [{word: value for word, value in event.data.items() if value != "-"} for event in events]
    events.clear()
    return found


async def automate(hass: HomeAssistant, name: str, **inputs: Any) -> str:
    """Set up an automation of a blueprint and return its entity."""
    use = {"path": f"getscreen/{name}.yaml", "input": inputs}
    assert await async_setup_component(hass, "automation", {"automation": {"id": name, "alias": name, "use_blueprint": use}})
    await hass.async_block_till_done()
    entity_id = f"automation.{name}"
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state == "on"
    return entity_id


async def settle(hass: HomeAssistant) -> None:
    """Wait until nothing is under way any more; automations may be, as long as all they wait for is time."""
    loop: Any = hass.loop
    connector: Any = async_get_clientsession(hass).connector
    await until(lambda: not (loop._ready or connector._acquired or hass._background_tasks))


def let_pass(hass: HomeAssistant, seconds: float) -> None:
    """Let timers fire while an automation is still running."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))


def notifications(hass: HomeAssistant) -> list[str]:
    """Return the messages of the notifications in Home Assistant."""
    return [notification["message"] for notification in hass.data.get(persistent_notification.DOMAIN, {}).values()]


def show_as(hass: HomeAssistant, entity_id: str, device_class: str) -> None:
    """Change what an entity is shown as, as the user does in its settings."""
    er.async_get(hass).async_update_entity(entity_id, device_class=device_class)


def another_sensor(hass: HomeAssistant, device_id: str, **attributes: object) -> None:
    """Let another integration have a binary sensor at a device of ours, which is on."""
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    entity = er.async_get(hass).async_get_or_create("binary_sensor", "other", device_id, config_entry=other, device_id=device_id)
    hass.states.async_set(entity.entity_id, "on", attributes)


def local(moment: str) -> datetime:
    """Return a moment of the local time."""
    return datetime.fromisoformat(moment).replace(tzinfo=dt_util.get_default_time_zone())


def home(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the entity of the remote sessions of an account."""
    return account_state(hass, entry, "remote_session", "event").entity_id


# The files


@pytest.mark.parametrize("name", NAMES)
async def test_a_file(hass: HomeAssistant, name: str) -> None:
    """Home Assistant loads it, every input has its words and is used, and every default is one that its selector takes."""
    blueprint: Blueprint = await async_get_blueprints(hass).async_get_blueprint(f"getscreen/{name}.yaml")
    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"].endswith(f"/main/blueprints/automation/getscreen/{name}.yaml")
    assert blueprint.metadata["homeassistant"] == {"min_version": "2026.8.0"}
    assert blueprint.metadata["description"]
    assert blueprint.metadata["author"]
    body = {key: value for key, value in blueprint.data.items() if key != "blueprint"}
    assert {"triggers", "actions", "mode"} <= body.keys()
    assert extract_inputs(body) == set(blueprint.inputs)
    assert {key for key, value in blueprint.inputs.items() if "default" not in value} == REQUIRED[name]
    for value in blueprint.inputs.values():
        assert value["name"]
        # Selectors do not take nothing, which stands for "none chosen" where there is a default for it.
        if value.get("default"):
            check: Any = selector(value["selector"])
            check(value["default"])


def test_all_files_are_tested() -> None:
    assert {path.stem for path in FOLDER.glob("**/*.yaml")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
async def test_no_device_class_is_asked_for(hass: HomeAssistant, name: str) -> None:
    """The user can change it with "Show as", so neither a selector nor a template may rely on it."""
    blueprint: Blueprint = await async_get_blueprints(hass).async_get_blueprint(f"getscreen/{name}.yaml")
    assert "device_class" not in (FOLDER / "getscreen" / f"{name}.yaml").read_text()
    for value in blueprint.inputs.values():
        for kind in ("entity", "device"):
            chosen = value["selector"].get(kind) or {}
            assert not any("device_class" in wanted for wanted in chosen.get("filter", []) + chosen.get("entity", []))


@pytest.mark.parametrize("name", NAMES)
async def test_defaults_are_enough(hass: HomeAssistant, set_up: SetUp, name: str) -> None:
    """An automation with only what is required is valid."""
    entry = await set_up()
    chosen = {
        "events": [home(hass, entry)],
        "triggers": [GO],
        "computers": [entity_id_of(hass, entry, 1, "online") if name == "offline_alert" else device_id_of(hass, entry, 1)],
    }
    use = {"path": f"getscreen/{name}.yaml", "input": {key: chosen[key] for key in REQUIRED[name]}}
    assert await async_setup_component(hass, "automation", {})
    config = await async_validate_config_item(hass, name, {"id": name, "alias": name, "use_blueprint": use})
    assert config is not None
    assert config.validation_status == "ok", config.validation_error


# A session starts


async def test_a_session_is_told(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """By default in Home Assistant, with the user's name of the computer; its end is not told."""
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)])
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 1), name_by_user="Front desk")
    session = account.start_session(1)
    await pass_time(hass)
    at = dt_util.as_local(dt_util.utc_from_timestamp(session.start))
    assert notifications(hass) == [f"Somebody connected to Front desk at {at:%H:%M}."]
    account.end_session(1)
    await pass_time(hass)
    assert len(notifications(hass)) == 1


async def test_a_name_is_no_markdown(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.agents[1].name = HOSTILE
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)])
    account.start_session(1)
    await pass_time(hass)
    (message,) = notifications(hass)
    assert message.startswith(f"Somebody connected to {ESCAPED} at ")


async def test_two_sessions_of_the_same_moment(
    hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """Their events have the same state; and a new name for the entity is no session."""
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)], actions=told_as("alert"))
    alerts = async_capture_events(hass, "alert")
    account.start_session(1)
    account.start_session(3)
    freezer.tick(61)
    await pass_time(hass, 1)
    assert [alert["computer_id"] for alert in told(alerts)] == [device_id_of(hass, entry, agent_id) for agent_id in (1, 3)]
    er.async_get(hass).async_update_entity(home(hass, entry), name="Connections")
    await hass.async_block_till_done()
    assert told(alerts) == []


async def test_slow_actions_do_not_hold_up_the_next_alert(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    actions = [{"wait_for_trigger": [GO]}, *told_as("alert")]
    await automate(hass, "session_alert", events=[home(hass, entry)], actions=actions)
    alerts = async_capture_events(hass, "alert")
    account.start_session(1)
    account.start_session(3)
    let_pass(hass, 61)
    await settle(hass)
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    names = {account.agents[agent_id].name for agent_id in (1, 3)}
    assert {alert["computer"] for alert in told(alerts)} == names


async def test_an_outage_is_no_session(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Nor is a reload: what comes back is the last event."""
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)], actions=told_as("alert"))
    alerts = async_capture_events(hass, "alert")
    account.start_session(1)
    await pass_time(hass)
    assert len(told(alerts)) == 1
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert account_state(hass, entry, "remote_session", "event").state == STATE_UNAVAILABLE
    simulator.heal()
    await pass_time(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert account_state(hass, entry, "remote_session", "event").attributes["event_type"] == "started"
    assert told(alerts) == []


async def test_only_some_computers(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    computers = [device_id_of(hass, entry, 3)]
    await automate(hass, "session_alert", events=[home(hass, entry)], computers=computers, actions=told_as("alert"))
    alerts = async_capture_events(hass, "alert")
    account.start_session(1)
    account.start_session(3)
    await pass_time(hass)
    assert [alert["computer_id"] for alert in told(alerts)] == computers


async def test_somebody_is_at_home(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    persons = ["person.marta", "person.jonas"]
    await automate(hass, "session_alert", events=[home(hass, entry)], persons=persons, actions=told_as("alert"))
    alerts = async_capture_events(hass, "alert")
    hass.states.async_set("person.marta", "not_home")
    hass.states.async_set("person.jonas", "home")
    account.start_session(1)
    await pass_time(hass)
    assert told(alerts) == []
    hass.states.async_set("person.jonas", "Office")
    account.start_session(3)
    await pass_time(hass)
    assert len(told(alerts)) == 1


NIGHT_OF_FRIDAY: dict[str, Any] = {"hours_from": "22:00:00", "hours_to": "06:00:00", "weekdays": ["fri"]}
OFFICE: dict[str, Any] = {"hours_from": "08:00:00", "hours_to": "18:00:00", "weekdays": ["mon", "tue", "wed", "thu", "fri"]}
ALL_FRIDAY: dict[str, Any] = {"hours_from": "00:00:00", "hours_to": "00:00:00", "weekdays": ["fri"]}
HOURS = [
    (NIGHT_OF_FRIDAY, "05 21:59", False),
    (NIGHT_OF_FRIDAY, "05 22:00", True),
    (NIGHT_OF_FRIDAY, "06 05:58", True),
    (NIGHT_OF_FRIDAY, "06 06:00", False),
    (NIGHT_OF_FRIDAY, "06 22:30", False),
    (NIGHT_OF_FRIDAY, "05 03:00", False),
    (OFFICE, "05 08:00", True),
    (OFFICE, "05 17:58", True),
    (OFFICE, "05 18:00", False),
    (OFFICE, "06 12:00", False),
    (ALL_FRIDAY, "05 00:00", True),
    (ALL_FRIDAY, "05 23:58", True),
    (ALL_FRIDAY, "06 00:00", False),
]


@pytest.mark.parametrize(("hours", "time", "inside"), HOURS)
@pytest.mark.parametrize("when", ["only", "except"])
async def test_hours(
    hass: HomeAssistant,
    account: Account,
    set_up: SetUp,
    freezer: FrozenDateTimeFactory,
    when: str,
    hours: dict[str, Any],
    time: str,
    inside: bool,
) -> None:
    """A night belongs to the day on which it begins. 5 June 2026 is a Friday."""
    at = local(f"2026-06-{time}:30")
    freezer.move_to(at - timedelta(minutes=2))
    entry = await set_up()
    await automate(hass, "session_alert", events=[home(hass, entry)], hours=when, **hours, actions=told_as("alert"))
    alerts = async_capture_events(hass, "alert")
    freezer.move_to(at)
    account.start_session(1)
    await pass_time(hass, 1)
    assert len(told(alerts)) == (inside == (when == "only"))


# Waking


async def test_wake_and_go_on(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    computers = [device_id_of(hass, entry, agent_id) for agent_id in (1, 3)]
    await automate(hass, "wake_then", triggers=[GO], computers=computers, awake_actions=told_as("awake"), asleep_actions=told_as("asleep"))
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
    assert told(awake) == [{"awake": ["Reception PC", "Server room NAS"], "asleep": []}]
    assert not asleep
    assert commanded(simulator, "wake") == [1, 3]


@pytest.mark.parametrize("language", ["en", "de"])
async def test_one_does_not_wake(hass: HomeAssistant, account: Account, set_up: SetUp, language: str) -> None:
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
        awake_actions=told_as("awake"),
        asleep_actions=told_as("asleep"),
    )
    awake, asleep = (async_capture_events(hass, event_type) for event_type in ("awake", "asleep"))
    hass.bus.async_fire("go")
    await settle(hass)
    let_pass(hass, 241)
    await hass.async_block_till_done()
    assert told(asleep) == [{"awake": ["Reception PC"], "asleep": ["Server room NAS"]}]
    assert not awake


async def test_a_refused_wake(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Whatever fails, one that sleeps is told of; by default in Home Assistant."""
    entry = await set_up()
    await automate(hass, "wake_then", triggers=[GO], computers=[device_id_of(hass, entry, 3)])
    simulator.command_status[3] = 7
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert notifications(hass) == ["Told to wake, but not seen online in time: Server room NAS."]


async def test_names_of_sleepers_are_no_markdown(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    account.agents[3].name = HOSTILE
    entry = await set_up()
    await automate(hass, "wake_then", triggers=[GO], computers=[device_id_of(hass, entry, 3)])
    simulator.command_status[3] = 7
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert notifications(hass) == [f"Told to wake, but not seen online in time: {ESCAPED}."]


async def test_awake_however_it_is_shown(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """*Online* is shown as *Power*; and another integration's sensor at the other computer says nothing of it."""
    entry = await set_up()
    show_as(hass, entity_id_of(hass, entry, 1, "online"), "power")
    await pass_time(hass)
    another_sensor(hass, device_id_of(hass, entry, 3), agent_id=3, device_class="connectivity")
    computers = [device_id_of(hass, entry, agent_id) for agent_id in (1, 3)]
    await automate(hass, "wake_then", triggers=[GO], computers=computers, asleep_actions=told_as("asleep"))
    asleep = async_capture_events(hass, "asleep")
    simulator.command_status[3] = 7
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert told(asleep) == [{"awake": ["Reception PC"], "asleep": ["Server room NAS"]}]


async def test_waking_while_the_account_is_not_there(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    computers = [device_id_of(hass, entry, 1)]
    await automate(hass, "wake_then", triggers=[GO], computers=computers, asleep_actions=told_as("asleep"))
    asleep = async_capture_events(hass, "asleep")
    await hass.config_entries.async_unload(entry.entry_id)
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert told(asleep) == [{"awake": [], "asleep": ["Reception PC"]}]


async def test_wake_only_if(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    conditions = [{"condition": "state", "entity_id": "input_boolean.workday", "state": "on"}]
    hass.states.async_set("input_boolean.workday", "off")
    await automate(hass, "wake_then", triggers=[GO], computers=[device_id_of(hass, entry, 3)], conditions=conditions)
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert commanded(simulator, "wake") == []


# Offline


async def watch(hass: HomeAssistant, entry: MockConfigEntry, *agents: int, **inputs: Any) -> tuple[Events, Events]:
    """Watch computers, and return what is told: offline, back."""
    computers = [entity_id_of(hass, entry, agent_id, "online") for agent_id in agents]
    await automate(hass, "offline_alert", computers=computers, offline_actions=told_as("offline"), back_actions=told_as("back"), **inputs)
    return async_capture_events(hass, "offline"), async_capture_events(hass, "back")


async def later(hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: float) -> None:
    """Let minutes pass for everybody, and wait for what happens; automations that wait go on waiting."""
    freezer.tick(minutes * 60)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=1))
    await settle(hass)


async def test_offline_and_back(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    entry = await set_up()
    offline, back = await watch(hass, entry, 1, 2, 3)
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    since = state_of(hass, entry, 1, "online").last_changed
    await later(hass, freezer, 14)
    assert not offline
    await later(hass, freezer, 1.1)
    (alert,) = told(offline)
    assert alert.pop("offline_since") == dt_util.as_local(since).isoformat()
    assert alert == {
        "computer": "Reception PC",
        "computer_id": device_id_of(hass, entry, 1),
        "entity_id": entity_id_of(hass, entry, 1, "online"),
    }
    account.come(account.agents[1])
    await later(hass, freezer, 2)
    (alert,) = told(back)
    assert alert["offline_since"] == dt_util.as_local(since).isoformat()
    assert not offline


async def test_offline_for_a_moment(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    entry = await set_up()
    offline, back = await watch(hass, entry, 1)
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    account.come(account.agents[1])
    await later(hass, freezer, 2)
    await later(hass, freezer, 30)
    assert not offline
    assert not back


async def test_offline_is_told_in_home_assistant(
    hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """By default, and what is back takes the place of what was offline."""
    await _assert_reported(hass, account, await set_up(), freezer, "Reception PC")


async def _assert_reported(
    hass: HomeAssistant, account: Account, entry: MockConfigEntry, freezer: FrozenDateTimeFactory, name: str
) -> None:
    """Let the first computer go offline and come back, and check that one notification says each, with this name."""
    await automate(hass, "offline_alert", computers=[entity_id_of(hass, entry, 1, "online")])
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    await later(hass, freezer, 16)
    (message,) = notifications(hass)
    assert message.startswith(f"{name} has been offline since ")
    account.come(account.agents[1])
    await later(hass, freezer, 2)
    (message,) = notifications(hass)
    assert message.startswith(f"{name} is back.")


async def test_offline_at_other_hours(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """Neither that it is offline is told, nor that it is back, although that is within the hours."""
    freezer.move_to(local("2026-06-05 07:00:00"))
    entry = await set_up()
    offline, back = await watch(hass, entry, 1, hours="only", **OFFICE)
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    await later(hass, freezer, 16)
    await later(hass, freezer, 60)
    account.come(account.agents[1])
    await later(hass, freezer, 2)
    assert not offline
    assert not back
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    await later(hass, freezer, 16)
    assert len(told(offline)) == 1


async def test_an_outage_is_not_offline(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """Who went meanwhile is told of, afterwards; who was offline before is not told of again. It takes one request."""
    entry = await set_up()
    offline, back = await watch(hass, entry, 1, 2, 3)
    simulator.fail(Fault.SERVER_ERROR)
    await later(hass, freezer, 2)
    assert state_of(hass, entry, 1, "online").state == STATE_UNAVAILABLE
    account.go(account.agents[1])
    await later(hass, freezer, 30)
    assert not offline
    simulator.heal()
    for _ in range(4):
        await later(hass, freezer, 30)
        if state_of(hass, entry, 1, "online").state == "off":
            break
    simulator.requests.clear()
    await later(hass, freezer, 16)
    (alert,) = told(offline)
    assert alert["computer"] == "Reception PC"
    assert dt_util.parse_datetime(alert["offline_since"]) == dt_util.utc_from_timestamp(account.agents[1].last_time)
    assert [request.parameters for request in simulator.requests if request.method == "agents/list"].count({}) <= 2
    assert not back


async def test_a_restart(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """Who went shortly before or meanwhile is told of; who has been offline for long was told of then."""
    account.go(account.agents[1])
    account.go(account.agents[2])
    hass.set_state(CoreState.starting)
    entry = await set_up()
    offline, _ = await watch(hass, entry, 1, 2, 3)
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await settle(hass)
    assert not offline
    await later(hass, freezer, 15.1)
    assert {alert["computer"] for alert in told(offline)} == {"Reception PC", "Marta's MacBook"}


async def test_beside_an_account_that_is_down(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """A computer that went offline during an outage is reported though another one has been unavailable for days."""
    entry = await set_up()
    async with Simulator(Account(devices=1, seed=2), key="b-key") as other_simulator:
        data = {"api_key": other_simulator.key, "url": other_simulator.url}
        other = MockConfigEntry(domain=DOMAIN, title="getscreen", unique_id="other", data=data)
        other.add_to_hass(hass)
        await hass.config_entries.async_setup(other.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        other_simulator.fail(Fault.SERVER_ERROR)
        await later(hass, freezer, 2)
        chosen = [entity_id_of(hass, entry, 1, "online"), entity_id_of(hass, other, 1, "online")]
        await automate(hass, "offline_alert", computers=chosen, offline_actions=told_as("offline"))
        offline = async_capture_events(hass, "offline")
        await an_outage(hass, account, simulator, freezer)
        await later(hass, freezer, 16)
        assert [alert["computer"] for alert in told(offline)] == ["Reception PC"]


async def an_outage(hass: HomeAssistant, account: Account, simulator: Simulator, freezer: FrozenDateTimeFactory) -> None:
    """Let the first computer go offline during an outage, and the account be back."""
    simulator.fail(Fault.SERVER_ERROR, "agents/list")
    await later(hass, freezer, 2)
    account.go(account.agents[1])
    simulator.heal()
    await later(hass, freezer, 2)


@pytest.mark.parametrize("before", [True, False])
async def test_beside_a_computer_that_is_unknown(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory, before: bool
) -> None:
    """The server does not say whether another one is online; that one is reported too, if it turns out to be offline since."""
    known = account.agents[2].online
    if before:
        account.agents[2].online = None  # type: ignore[assignment]
    entry = await set_up()
    offline, _ = await watch(hass, entry, 1, 2)
    account.agents[2].online = None  # type: ignore[assignment]
    await an_outage(hass, account, simulator, freezer)
    assert state_of(hass, entry, 2, "online").state == "unknown"
    await later(hass, freezer, 16)
    assert [alert["computer"] for alert in told(offline)] == ["Reception PC"]
    account.agents[2].online = known
    account.go(account.agents[2])
    await later(hass, freezer, 2)
    await later(hass, freezer, 16)
    assert [alert["computer"] for alert in told(offline)] == ["Marta's MacBook"]


async def test_offline_however_it_is_shown(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """Also if the user has chosen another entity of the computer by mistake, which does nothing."""
    entry = await set_up()
    show_as(hass, entity_id_of(hass, entry, 1, "online"), "power")
    await pass_time(hass)
    account.start_session(2)
    await pass_time(hass)
    computers = [entity_id_of(hass, entry, 1, "online"), entity_id_of(hass, entry, 2, "session")]
    await automate(hass, "offline_alert", computers=computers, offline_actions=told_as("offline"))
    offline = async_capture_events(hass, "offline")
    account.end_session(2)
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    await later(hass, freezer, 16)
    assert [alert["computer"] for alert in told(offline)] == ["Reception PC"]


async def test_names_of_offline_computers_are_no_markdown(
    hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    account.agents[1].name = HOSTILE
    await _assert_reported(hass, account, await set_up(), freezer, ESCAPED)


# Rebooting


@pytest.fixture
def night(freezer: FrozenDateTimeFactory) -> FrozenDateTimeFactory:
    """Make it the small hours of a Friday."""
    freezer.move_to(local("2026-06-05 02:58:00"))
    return freezer


async def look(hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: float) -> None:
    """Let minutes pass, and the automation look whom it can reboot."""
    await later(hass, freezer, minutes)
    await later(hass, freezer, 0.1)


async def reboot(hass: HomeAssistant, entry: MockConfigEntry, *agents: int, **inputs: Any) -> Events:
    """Have computers rebooted, and return what is told afterwards."""
    computers = [device_id_of(hass, entry, agent_id) for agent_id in agents]
    await automate(hass, "reboot_at_night", computers=computers, after_actions=told_as("after"), **inputs)
    return async_capture_events(hass, "after")


async def test_reboot(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory) -> None:
    """One that is offline is left alone, and one that is not chosen too."""
    entry = await set_up()
    after = await reboot(hass, entry, 1, 3)
    assert commanded(simulator, "reboot") == []
    await look(hass, night, 2.1)
    assert commanded(simulator, "reboot") == [1]
    assert told(after) == [{"rebooted": ["Reception PC"], "failed": [], "busy": [], "offline": ["Server room NAS"]}]


async def test_not_on_other_days(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory) -> None:
    entry = await set_up()
    after = await reboot(hass, entry, 1, weekdays=["sat"])
    await look(hass, night, 2.1)
    assert not after
    assert commanded(simulator, "reboot") == []


async def test_a_session_is_not_cut_off(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """Even if it has begun since the last look; it is tried again, and the other one is rebooted once."""
    account.agents[3].online = True
    entry = await set_up(scan_interval=3600)
    after = await reboot(hass, entry, 1, 3)
    account.start_session(1)
    assert state_of(hass, entry, 1, "session").state == "off"
    await look(hass, night, 2.1)
    assert commanded(simulator, "reboot") == [3]
    await look(hass, night, 15.1)
    assert commanded(simulator, "reboot") == [3]
    account.end_session(1)
    await look(hass, night, 15.1)
    assert commanded(simulator, "reboot") == [1, 3]
    assert told(after) == [{"rebooted": ["Server room NAS", "Reception PC"], "failed": [], "busy": [], "offline": []}]


async def test_a_session_all_night(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    account.start_session(1)
    entry = await set_up()
    after = await reboot(hass, entry, 1, try_for={"minutes": 35})
    await look(hass, night, 2.1)
    await look(hass, night, 15.1)
    assert not after
    await look(hass, night, 15.1)
    assert told(after) == [{"rebooted": [], "failed": [], "busy": ["Reception PC"], "offline": []}]
    assert commanded(simulator, "reboot") == []


async def test_reboot_however_it_is_shown(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """Shown as something else, renamed, beside sensors of another integration, and with an account that is called like the integration."""
    account.agents[3].online = True
    entry = await set_up()
    for agent_id, key, device_class in ((1, "online", "power"), (1, "session", "occupancy"), (3, "session", "connectivity")):
        show_as(hass, entity_id_of(hass, entry, agent_id, key), device_class)
    er.async_get(hass).async_update_entity(entity_id_of(hass, entry, 1, "session"), new_entity_id="binary_sensor.mine", name="Mine")
    await later(hass, night, 0.1)
    for device_class in ("connectivity", "running"):
        another_sensor(hass, device_id_of(hass, entry, 1), device_class=device_class, start=None, agent_id=1)
    called_alike = MockConfigEntry(domain="other", title="getscreen")
    called_alike.add_to_hass(hass)
    er.async_get(hass).async_get_or_create("binary_sensor", "other", "alike", config_entry=called_alike)
    after = await reboot(hass, entry, 1, 3)
    account.start_session(3)
    await look(hass, night, 2.1)
    assert commanded(simulator, "reboot") == [1]
    account.end_session(3)
    await look(hass, night, 15.1)
    assert told(after) == [{"rebooted": ["Reception PC", "Server room NAS"], "failed": [], "busy": [], "offline": []}]


async def test_a_session_whose_end_was_never_written(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """The power went during it: once the computer is back, nobody is connected."""
    night.move_to(local("2026-06-05 02:50:00"))
    account.start_session(1)
    entry = await set_up()
    account.agents[1].online = False
    await later(hass, night, 2)
    account.agents[1].online = True
    await later(hass, night, 2)
    after = await reboot(hass, entry, 1)
    await look(hass, night, 6.1)
    assert told(after) == [{"rebooted": ["Reception PC"], "failed": [], "busy": [], "offline": []}]
    assert commanded(simulator, "reboot") == [1]


async def test_not_knowing_is_no_reason_to_reboot(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """As in an outage; and once means once."""
    entry = await set_up()
    simulator.fail(Fault.SERVER_ERROR, "agents/list")
    after = await reboot(hass, entry, 1, try_for={"minutes": 0})
    await look(hass, night, 2.1)
    assert told(after) == [{"rebooted": [], "failed": [], "busy": ["Reception PC"], "offline": []}]
    assert commanded(simulator, "reboot") == []


async def test_without_the_entity_of_sessions(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    entry = await set_up()
    er.async_get(hass).async_update_entity(entity_id_of(hass, entry, 1, "session"), disabled_by=er.RegistryEntryDisabler.USER)
    await hass.async_block_till_done()
    after = await reboot(hass, entry, 1, try_for={"minutes": 0})
    await look(hass, night, 2.1)
    assert told(after)[0]["busy"] == ["Reception PC"]
    assert commanded(simulator, "reboot") == []


async def test_a_refused_reboot(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, night: FrozenDateTimeFactory
) -> None:
    """It does not keep the others from being rebooted."""
    account.agents[3].online = True
    entry = await set_up()
    simulator.command_status[1] = 7
    after = await reboot(hass, entry, 1, 3)
    await look(hass, night, 2.1)
    assert told(after) == [{"rebooted": ["Server room NAS"], "failed": ["Reception PC"], "busy": [], "offline": []}]


# Invitations


async def test_invite(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The operator's link is not handed on."""
    await set_up()
    await automate(hass, "invite", triggers=[GO], client_name="Aunt Mary", actions=told_as("invited"))
    invited = async_capture_events(hass, "invited")
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    invitation = account.invitations[max(account.invitations)]
    (handed,) = told(invited)
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
    """By default the link stands in a notification, nothing is kept in a trace, and a name is not needed."""
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
    actions = told_as("invited")
    await automate(hass, "invite", triggers=[GO], operator_link=True, account=entry.entry_id, actions=actions)
    invited = async_capture_events(hass, "invited")
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    (handed,) = told(invited)
    assert handed["connect_url"].startswith("http")
    assert handed["connect_url"] != handed["invite_url"]


async def test_one_of_two_accounts(hass: HomeAssistant, set_up: SetUp) -> None:
    """It has to be chosen."""
    entry = await set_up()
    MockConfigEntry(domain=DOMAIN, unique_id="another").add_to_hass(hass)
    await automate(hass, "invite", triggers=[GO], account=entry.entry_id, actions=told_as("invited"))
    invited = async_capture_events(hass, "invited")
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert len(told(invited)) == 1


async def test_an_invitation_that_fails(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/create")
    await automate(hass, "invite", triggers=[GO], client_name="Aunt Mary", actions=told_as("invited"), failure_actions=told_as("failed"))
    invited, failed = (async_capture_events(hass, event_type) for event_type in ("invited", "failed"))
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert not invited
    assert [handed["client_name"] for handed in told(failed)] == ["Aunt Mary"]


async def answer(hass: HomeAssistant, variables: dict[str, Any]) -> str:
    """Trigger the automation as a sentence does, and return what is said."""
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
    """It is said and answered for real."""
    await set_up()
    assert await async_setup_component(hass, "conversation", {})
    sentence = {"trigger": "conversation", "command": ["lade {gast} ein"]}
    await automate(hass, "invite", triggers=[sentence], answer="Der Code ist {{ code }}.")
    result = await async_converse(hass, "Lade Erna ein", None, Context())
    invitation = account.invitations[max(account.invitations)]
    assert invitation.client_name == "Erna"
    assert result.response.speech["plain"]["speech"] == f"Der Code ist {invitation.invite_code}."
