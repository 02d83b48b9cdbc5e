"""The blueprint that notifies of computers that went offline."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, STATE_UNAVAILABLE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import device_id_of, entity_id_of, pass_time, state_of
from ..markdown import ESCAPED, HOSTILE
from .helpers import OFFICE, Events, automate, later, local, notifications, report, reports, settle, show_as


async def watch(hass: HomeAssistant, entry: MockConfigEntry, *agents: int, **inputs: Any) -> tuple[Events, Events]:
    """Watch computers, and return the events of the actions: offline, back."""
    computers = [entity_id_of(hass, entry, agent_id, "online") for agent_id in agents]
    await automate(hass, "offline_alert", computers=computers, offline_actions=report("offline"), back_actions=report("back"), **inputs)
    return async_capture_events(hass, "offline"), async_capture_events(hass, "back")


async def test_offline_and_back(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    entry = await set_up()
    offline, back = await watch(hass, entry, 1, 2, 3)
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    since = state_of(hass, entry, 1, "online").last_changed
    await later(hass, freezer, 14)
    assert not offline
    await later(hass, freezer, 1.1)
    (alert,) = reports(offline)
    assert alert.pop("offline_since") == dt_util.as_local(since).isoformat()
    assert alert == {
        "computer": "Reception PC",
        "computer_id": device_id_of(hass, entry, 1),
        "entity_id": entity_id_of(hass, entry, 1, "online"),
    }
    account.come(account.agents[1])
    await later(hass, freezer, 2)
    (alert,) = reports(back)
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


async def test_offline_is_notified_in_home_assistant(
    hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """By default, alerts are notifications, and the one about the return replaces the one before."""
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
    assert message.startswith(f"{name} is online again.")


async def test_offline_at_other_hours(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """A computer that goes offline outside of the hours fires no alert, and neither does its return within them."""
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
    assert len(reports(offline)) == 1


async def test_an_outage_is_not_offline(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """Only computers that went offline during the outage are reported afterwards. The check takes one request."""
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
    (alert,) = reports(offline)
    assert alert["computer"] == "Reception PC"
    assert dt_util.parse_datetime(alert["offline_since"]) == dt_util.utc_from_timestamp(account.agents[1].last_time)
    assert [request.parameters for request in simulator.requests if request.method == "agents/list"].count({}) <= 2
    assert not back


async def test_a_restart(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """A computer that went offline shortly before or during the restart is reported, one that was offline for long is not."""
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
    assert {alert["computer"] for alert in reports(offline)} == {"Reception PC", "Marta's MacBook"}


async def test_beside_an_unavailable_account(
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
        await automate(hass, "offline_alert", computers=chosen, offline_actions=report("offline"))
        offline = async_capture_events(hass, "offline")
        await an_outage(hass, account, simulator, freezer)
        await later(hass, freezer, 16)
        assert [alert["computer"] for alert in reports(offline)] == ["Reception PC"]


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
    """Another computer has an unknown state. It is reported too if it has gone offline."""
    known = account.agents[2].online
    if before:
        account.agents[2].online = None  # type: ignore[assignment]
    entry = await set_up()
    offline, _ = await watch(hass, entry, 1, 2)
    account.agents[2].online = None  # type: ignore[assignment]
    await an_outage(hass, account, simulator, freezer)
    assert state_of(hass, entry, 2, "online").state == "unknown"
    await later(hass, freezer, 16)
    assert [alert["computer"] for alert in reports(offline)] == ["Reception PC"]
    account.agents[2].online = known
    account.go(account.agents[2])
    await later(hass, freezer, 2)
    await later(hass, freezer, 16)
    assert [alert["computer"] for alert in reports(offline)] == ["Marta's MacBook"]


async def test_offline_with_another_device_class(
    hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """Also if the user has chosen another entity of the computer by mistake, which does nothing."""
    entry = await set_up()
    show_as(hass, entity_id_of(hass, entry, 1, "online"), "power")
    await pass_time(hass)
    account.start_session(2)
    await pass_time(hass)
    computers = [entity_id_of(hass, entry, 1, "online"), entity_id_of(hass, entry, 2, "session")]
    await automate(hass, "offline_alert", computers=computers, offline_actions=report("offline"))
    offline = async_capture_events(hass, "offline")
    account.end_session(2)
    account.go(account.agents[1])
    await later(hass, freezer, 2)
    await later(hass, freezer, 16)
    assert [alert["computer"] for alert in reports(offline)] == ["Reception PC"]


async def test_names_are_escaped_as_markdown(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    account.agents[1].name = HOSTILE
    await _assert_reported(hass, account, await set_up(), freezer, ESCAPED)
