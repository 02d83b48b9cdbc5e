"""Computers that need attention: the sensor is current without a card, and unchanged computers cost no work."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account import attention_tracker
from custom_components.getscreen.account.attention import reasons
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_state, act, device_id_of, pass_time
from ..subscribers import OpenCard

FULL: dict[str, object] = {"CPU": "i5", "LogicalDisks": [{"Disk": "C:", "Size": 1000, "FreeSpace": 50}]}
EMPTY: dict[str, object] = {"CPU": "i5", "LogicalDisks": [{"Disk": "C:", "Size": 1000, "FreeSpace": 950}]}


@pytest.fixture
def account() -> Account:
    """Return an account of three computers that need no attention."""
    account = Account(devices=3, seed=1)
    for agent in account.agents.values():
        agent.os, agent.version, agent.online, agent.hardware = "win", "3.9", True, EMPTY
    return account


def shown(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, list[str]]:
    """Return the reasons by name as the sensor has them."""
    state = account_state(hass, entry, "needs_attention")
    computers = state.attributes["computers"]
    assert int(state.state) == len(computers)
    return {computer["name"]: computer["reasons"] for computer in computers}


async def test_no_reasons(hass: HomeAssistant, set_up: SetUp) -> None:
    assert shown(hass, await set_up()) == {}


async def test_a_computer_as_the_sensor_has_it(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.agents[2].extra = {"disabled": True, "limited": True}
    entry = await set_up()
    assert account_state(hass, entry, "needs_attention").attributes["computers"] == [
        {"device_id": device_id_of(hass, entry, 2), "name": account.agents[2].name, "reasons": ["blocked", "limited"]}
    ]
    account.agents[2].extra = {"disabled": False, "limited": True}
    await pass_time(hass)
    assert shown(hass, entry) == {account.agents[2].name: ["limited"]}
    account.remove_agent(2)
    await pass_time(hass)
    assert shown(hass, entry) == {}


async def test_hardware(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """New hardware changes the sensor at once, and the option sets the threshold of disk usage."""
    account.agents[1].hardware = FULL
    entry = await set_up(disk_threshold=94)
    assert shown(hass, entry) == {account.agents[1].name: ["disk_almost_full"]}
    account.agents[1].hardware = EMPTY
    await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1))
    assert shown(hass, entry) == {}


async def test_another_threshold(hass: HomeAssistant, account: Account, set_up: SetUp, open_card: OpenCard) -> None:
    """The threshold also applies to the records of cards."""
    account.agents[1].hardware = FULL
    entry = await set_up(disk_threshold=95)
    card = await open_card()
    await card.subscribe()
    assert (shown(hass, entry), card.computers[1]["attention"]) == ({}, [])


def go_for_almost_a_month(account: Account) -> None:
    """Make the first computer one that will have been offline for 30 days in 90 seconds."""
    account.go(account.agents[1])
    account.agents[1].last_time = int((dt_util.utcnow() - timedelta(days=30) + timedelta(seconds=90)).timestamp())


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the ids of the computers that are checked, in order."""
    ids: list[int] = []

    def check(agent: Any, *others: Any) -> list[str]:
        ids.append(agent.id)
        return reasons(agent, *others)

    monkeypatch.setattr(attention_tracker, "reasons", check)
    return ids


async def test_time_alone(hass: HomeAssistant, account: Account, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """A month offline is over at the next poll, in which nothing else happens."""
    go_for_almost_a_month(account)
    entry = await set_up(hardware_interval=0)
    for expected in ({}, {account.agents[1].name: ["offline_long"]}):
        freezer.tick(61)
        await pass_time(hass, 0)
        assert shown(hass, entry) == expected
    account.come(account.agents[1])
    await pass_time(hass)
    assert shown(hass, entry) == {}


async def test_a_newer_agent(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """An update of the first computer makes the others with its system outdated until they have it too."""
    account.agents[3].os = "mac"
    entry = await set_up()
    account.agents[1].version = "3.10"
    await pass_time(hass)
    assert shown(hass, entry) == {account.agents[2].name: ["agent_outdated"]}
    account.agents[2].version = "3.10"
    await pass_time(hass)
    assert shown(hass, entry) == {}
    account.agents[2].version = "3.9"
    await pass_time(hass)
    account.remove_agent(1)
    await pass_time(hass)
    assert shown(hass, entry) == {}


async def test_devices(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """A computer has the name set by the user. A computer with a disabled device does not count."""
    account.agents[1].hardware = FULL
    entry = await set_up()
    registry, device_id = dr.async_get(hass), device_id_of(hass, entry, 1)
    for changes, expected in (
        ({"name_by_user": "Front desk"}, ["Front desk"]),
        ({"disabled_by": dr.DeviceEntryDisabler.USER}, []),
        ({"disabled_by": None}, ["Front desk"]),
        ({"name_by_user": None}, [account.agents[1].name]),
        ({"labels": {"desk"}}, [account.agents[1].name]),
    ):
        registry.async_update_device(device_id, **changes)
        await hass.async_block_till_done()
        assert list(shown(hass, entry)) == expected
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    foreign = registry.async_get_or_create(config_entry_id=other.entry_id, identifiers={("other", "1")})
    for device in (foreign.id, device_id_of(hass, entry, 2)):
        before = account_state(hass, entry, "needs_attention")
        registry.async_update_device(device, name_by_user="Another")
        await hass.async_block_till_done()
        assert account_state(hass, entry, "needs_attention") is before


async def test_an_outage(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    account.agents[1].hardware = FULL
    entry = await set_up()
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert account_state(hass, entry, "needs_attention").state == STATE_UNAVAILABLE
    simulator.heal()
    await pass_time(hass, 200)
    assert shown(hass, entry) == {account.agents[1].name: ["disk_almost_full"]}


async def test_only_changed_computers_are_checked(account: Account, set_up: SetUp, checked: list[int]) -> None:
    entry = await set_up()
    checked.clear()
    agents = entry.runtime_data.agents
    await agents.async_refresh()
    assert checked == []
    account.agents[2].group = "Annex"
    await agents.async_refresh()
    assert checked == [2]


async def test_a_computer_that_is_offline_for_a_month_is_checked_once(
    account: Account, set_up: SetUp, checked: list[int], freezer: FrozenDateTimeFactory
) -> None:
    """Later polls do not check it again."""
    go_for_almost_a_month(account)
    entry = await set_up(hardware_interval=0)
    checked.clear()
    for expected in ([], [1], [1]):
        freezer.tick(61)
        await entry.runtime_data.agents.async_refresh()
        assert checked == expected


async def test_the_most_urgent_of_many(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """All count, and 50 are named, those with an outdated agent last."""
    for number in range(100, 160):
        agent = account.add_agent(f"PC {number}", id=number)
        agent.os, agent.version, agent.online = "win", "3.8", True
    account.agents[159].extra = {"disabled": True}
    entry = await set_up(hardware_interval=0)
    state = account_state(hass, entry, "needs_attention")
    assert (state.state, len(state.attributes["computers"])) == ("60", 50)
    assert state.attributes["computers"][0]["reasons"] == ["blocked", "agent_outdated"]
