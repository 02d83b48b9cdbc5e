"""Pauses outlive restarts of Home Assistant."""

import time

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from simulator import Fault, Simulator

from ..helpers import pass_time, repairs
from .restarts import Storage, run

# Home Assistant does not cancel its timers when it stops, but ends.
pytestmark = pytest.mark.parametrize("expected_lingering_timers", [True])


async def test_a_pause_of_the_invitations_is_restored_after_restarts(
    simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage
) -> None:
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/list", retry_after=1800)
    for _ in range(2):
        async with run(entry):
            pass
    assert simulator.count("support/list") == 1
    assert simulator.count("agents/list") == 2


@pytest.mark.parametrize(
    ("fault", "reason", "issues"), [(Fault.PAYMENT_REQUIRED, "limit", ["request_limit"]), (Fault.UNAVAILABLE, "could not be reached", [])]
)
async def test_a_pause_is_restored_after_restarts(
    simulator: Simulator,
    entry: MockConfigEntry,
    hass_storage: Storage,
    freezer: FrozenDateTimeFactory,
    fault: Fault,
    reason: str,
    issues: list[str],
) -> None:
    """Nothing is sent before the time that the server asked for, whether the plan is used up or the server is in trouble."""
    simulator.fail(fault, retry_after=1800)
    async with run(entry):
        pass
    assert simulator.count() == 1
    freezer.tick(900)
    async with run(entry) as hass:
        found = hass.config_entries.async_entries(DOMAIN)[0]
        assert found.state is ConfigEntryState.SETUP_RETRY
        assert reason in str(found.reason)
        assert repairs(hass) == issues
        await pass_time(hass, 300)
    assert simulator.count() == 1
    simulator.heal()
    freezer.tick(901)
    async with run(entry) as hass:
        assert hass.config_entries.async_entries(DOMAIN)[0].state is ConfigEntryState.LOADED
        assert not repairs(hass)


async def test_the_next_pause_is_longer_even_after_a_restart(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    simulator.limit = 0
    until = []
    for seconds in (120, 240, 480):
        async with run(entry):
            pass
        pause = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["limit"]
        assert pause["seconds"] == seconds
        until.append(pause["until"])
        pause["until"] = time.time()
    assert simulator.count() == 3


@pytest.mark.parametrize(("limited", "hours"), [(False, 1), (True, 24)])
async def test_a_clock_that_was_put_back_does_not_prolong_a_pause(
    simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage, limited: bool, hours: int
) -> None:
    key = f"{DOMAIN}.{entry.entry_id}"
    limit = {"met": ["agents"], "limited": limited, "seconds": 0.0, "until": time.time() + 400 * 24 * 3600}
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": {"limit": limit, "requests": {}}}
    before = time.time()
    async with run(entry):
        pass
    assert before <= hass_storage[key]["data"]["limit"]["until"] - hours * 3600 <= time.time()
    assert simulator.count() == 0


async def test_a_pause_of_unknown_requests(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    """A damaged file, or a file of another version, leaves no repair issue for ever."""
    key = f"{DOMAIN}.{entry.entry_id}"
    limit = {"met": ["nonsense", 7, "agents"], "limited": True, "seconds": 120.0, "until": time.time()}
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": {"limit": limit, "requests": {}}}
    async with run(entry) as hass:
        assert hass.config_entries.async_entries(DOMAIN)[0].state is ConfigEntryState.LOADED
        assert not repairs(hass)
