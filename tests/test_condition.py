"""The conditions: they pass by the known states of the targeted computers only."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.condition import async_from_config, async_validate_condition_config
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.getscreen.condition import async_get_conditions
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .helpers import account_device, device_id_of, entity_id_of, pass_time, state_of
from .targets import KINDS, Target, offered, sensors_of_another, target

ALL = ["is_in_session", "is_offline", "is_online"]


async def passed(hass: HomeAssistant, target: Target, **options: Any) -> set[str]:
    """Return which of our conditions pass for a target."""
    found = set()
    for name in await async_get_conditions(hass):
        config = cv.CONDITION_SCHEMA({"condition": f"getscreen.{name}", "target": target, "options": options})
        condition = await async_from_config(hass, await async_validate_condition_config(hass, config))
        if condition.async_check():
            found.add(name)
        condition.async_unload()
    return found


@pytest.mark.parametrize("kind", KINDS)
async def test_each_kind_of_target(hass: HomeAssistant, account: Account, set_up: SetUp, kind: str) -> None:
    """A computer passes by its own state, whatever the state of other computers."""
    account.go(account.agents[2])
    entry = await set_up()
    aim = target(hass, entry, kind, 1)
    assert await passed(hass, aim) == {"is_online"}
    account.start_session(1)
    await pass_time(hass)
    assert await passed(hass, aim) == {"is_online", "is_in_session"}
    account.go(account.agents[1])
    account.start_session(2)
    await pass_time(hass)
    assert await passed(hass, aim) == {"is_offline"}


async def test_several_computers(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Any of them is enough, unless all are asked for."""
    account.start_session(1)
    account.go(account.agents[2])
    entry = await set_up()
    aim = target(hass, entry, "area", 1, 2)
    assert await passed(hass, aim) == {"is_online", "is_offline", "is_in_session"}
    assert await passed(hass, aim, behavior="all") == set()
    account.start_session(2)
    await pass_time(hass)
    assert await passed(hass, aim, behavior="all") == {"is_online", "is_in_session"}


@pytest.mark.parametrize("behavior", ["any", "all"])
async def test_an_outage(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, behavior: str) -> None:
    """No condition passes during an outage, so "all are offline" turns nothing off."""
    entry = await set_up()
    aim = target(hass, entry, "area", 1, 2, 3)
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert state_of(hass, entry, 1, "online").state == STATE_UNAVAILABLE
    assert await passed(hass, aim, behavior=behavior) == set()


async def test_an_unknown_state(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A computer with unknown state does not count among others, as in Home Assistant's own conditions."""
    account.agents[1].online = None  # type: ignore[assignment]
    entry = await set_up()
    assert await passed(hass, target(hass, entry, "device", 1)) == set()
    assert await passed(hass, target(hass, entry, "device", 1, 2), behavior="all") == {"is_online"}


@pytest.mark.parametrize("behavior", ["any", "all"])
async def test_for_at_least(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory, behavior: str) -> None:
    entry = await set_up()
    aim = target(hass, entry, "area", 1, 2)
    for agent_id in (1, 2):
        account.go(account.agents[agent_id])
    freezer.tick(120)
    await pass_time(hass, 1)
    freezer.tick(240)
    assert await passed(hass, aim, behavior=behavior, **{"for": "00:05:00"}) == set()
    freezer.tick(61)
    assert await passed(hass, aim, behavior=behavior, **{"for": "00:05:00"}) == {"is_offline"}


@pytest.mark.parametrize("kind", ["device", "area", "floor", "label"])
async def test_sensors_of_other_integrations(hass: HomeAssistant, set_up: SetUp, kind: str) -> None:
    """Another integration's sensors of the same classes at the same device do not count."""
    entry = await set_up()
    aim = target(hass, entry, kind, 1)
    sensors_of_another(hass, device_id_of(hass, entry, 1), "off")
    assert await passed(hass, aim, behavior="all") == {"is_online"}
    assert await passed(hass, aim) == {"is_online"}


async def test_without_its_session(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """With *Remote session* disabled, no computer is in session, not even in "all" of an empty set."""
    account.start_session(1)
    entry = await set_up()
    aim = target(hass, entry, "area", 1)
    er.async_get(hass).async_update_entity(entity_id_of(hass, entry, 1, "session"), disabled_by=er.RegistryEntryDisabler.INTEGRATION)
    await hass.async_block_till_done()
    assert await passed(hass, aim) == {"is_online"}
    assert await passed(hass, aim, behavior="all") == {"is_online"}


async def test_the_account(hass: HomeAssistant, set_up: SetUp, hass_ws_client: WebSocketGenerator) -> None:
    """The account's device is not a computer: no condition is offered for it, and none passes."""
    entry = await set_up()
    aim: Target = {"device_id": account_device(hass, entry).id}
    assert await offered(await hass_ws_client(hass), "conditions", aim) == []
    assert await passed(hass, aim, behavior="all") == set()


@pytest.mark.parametrize("kind", KINDS)
async def test_offered(hass: HomeAssistant, set_up: SetUp, hass_ws_client: WebSocketGenerator, kind: str) -> None:
    """The automation editor offers all three conditions for a computer, in any kind of target."""
    entry = await set_up()
    assert await offered(await hass_ws_client(hass), "conditions", target(hass, entry, kind, 1)) == ALL


async def test_in_an_automation(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """An automation that has the condition runs only while the condition passes."""
    entry = await set_up()
    aim = target(hass, entry, "area", 1)
    config = {
        "triggers": {"trigger": "event", "event_type": "go"},
        "conditions": {"condition": "getscreen.is_offline", "target": aim},
        "actions": {"event": "ran"},
    }
    assert await async_setup_component(hass, "automation", {"automation": config})
    ran: list[object] = []
    hass.bus.async_listen("ran", ran.append)
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert not ran
    account.go(account.agents[1])
    await pass_time(hass)
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert len(ran) == 1
