"""Helpers that set up an automation from a blueprint, let time pass, and read the variables of the user's actions."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import persistent_notification
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from ..helpers import account_state, until

type Events = list[Event[dict[str, Any]]]

FOLDER = Path(__file__).parents[2] / "blueprints" / "automation"
GO = {"trigger": "event", "event_type": "go"}
# All variables that a blueprint hands to the user's actions.
WORDS = (
    *("computer", "computer_id", "entity_id", "start", "start_time", "offline_since", "awake", "asleep", "rebooted", "failed", "busy"),
    *("up", "down", "up_ids", "down_ids", "actions_failed", "report_markdown"),
    *("full", "sessions", "persons", "requests", "incomplete"),
    *("unfamiliar", "country", "city", "place_markdown"),
    *("offline", "invite_url", "code", "client_name", "invitation_id", "connect_url", "created"),
)
OFFICE: dict[str, Any] = {"hours_from": "08:00:00", "hours_to": "18:00:00", "weekdays": ["mon", "tue", "wed", "thu", "fri"]}


def report(event_type: str) -> list[dict[str, Any]]:
    """Return actions of a user that fire an event with all the variables a blueprint hands them."""
    data = {word: f"{{{{ {word} | default('-') }}}}" for word in WORDS}
    return [{"event": event_type, "event_data": data}]


def reports(events: Events) -> list[dict[str, Any]]:
    """Return the variables passed to the user's actions since the last call, without those that a blueprint does not have."""
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
    """Wait until nothing happens any more, except automations that wait for time: Home Assistant's own helper would wait for their end."""
    loop: Any = hass.loop
    connector: Any = async_get_clientsession(hass).connector
    await until(lambda: not (loop._ready or connector._acquired or hass._background_tasks))  # noqa: SLF001 - no public name says what is still to run


def let_pass(hass: HomeAssistant, seconds: float) -> None:
    """Let timers fire while an automation is still running."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))


def notifications(hass: HomeAssistant) -> list[str]:
    """Return the messages of the notifications in Home Assistant."""
    return [notification["message"] for notification in hass.data.get(persistent_notification.DOMAIN, {}).values()]


def show_as(hass: HomeAssistant, entity_id: str, device_class: str) -> None:
    """Change the device class of an entity, as the user does in its settings."""
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


async def later(hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: float) -> None:
    """Let minutes pass in the simulator and in Home Assistant, and wait for the effects. Waiting automations keep waiting."""
    freezer.tick(minutes * 60)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=1))
    await settle(hass)
