"""The number of requests of an account since midnight, also after restarts."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.util import dt as dt_util
from hypothesis import example, given, settings
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.request_counter import RequestCounter
from custom_components.getscreen.const import DOMAIN
from simulator import Simulator

from ..helpers import account_state, pass_time
from .restarts import Storage, run
from .strategies import JSON

# Home Assistant does not cancel its timers when it stops, but ends.
pytestmark = pytest.mark.parametrize("expected_lingering_timers", [True])


async def test_requests_are_counted_over_restarts_until_midnight(
    simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(dt_util.now().replace(hour=12))
    async with run(entry) as hass:
        await pass_time(hass)
        await pass_time(hass, 301)
    before = simulator.count()
    async with run(entry) as hass:
        states = [state for state in hass.states.async_all("sensor") if state.entity_id.endswith("requests_today")]
        assert [state.state for state in states] == [str(simulator.count())]
        assert states[0].attributes["agents/list"] == simulator.count("agents/list")
        assert simulator.count() == before + 2
    freezer.tick(timedelta(days=1))
    async with run(entry) as hass:
        assert [state.state for state in hass.states.async_all("sensor") if state.entity_id.endswith("requests_today")] == ["2"]


async def test_requests_today_do_not_decrease_after_a_power_cut(
    simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage
) -> None:
    """The file contains the number that was shown, even if Home Assistant does not stop normally."""
    async with run(entry) as hass:
        for seconds in (*[61] * 12, 301):
            await pass_time(hass, seconds)
        shown = int(account_state(hass, entry, "requests_today").state)
        file = deepcopy(hass_storage[f"{DOMAIN}.{entry.entry_id}"])
        await pass_time(hass)
    hass_storage[f"{DOMAIN}.{entry.entry_id}"] = file
    async with run(entry) as hass:
        assert int(account_state(hass, entry, "requests_today").state) >= shown > 20


@settings(max_examples=300, deadline=None)
@given(requests=JSON, counts=JSON)
@example(requests="no day", counts={"agents/list": 1})
@example(requests="", counts={"agents/wake": 0})
def test_invalid_stored_counts(requests: Any, counts: Any) -> None:
    """Only a count of requests is restored, and added to the count since the start."""
    counter = RequestCounter()
    day = dt_util.now().date().isoformat()
    for saved in (requests, {"day": requests, "counts": counts}, {"day": day, "counts": counts}):
        counter.restore(saved)
    before = counter.today.get("agents/list", 0)
    counter.restore({"day": day, "counts": {"agents/list": 2}})
    assert counter.today["agents/list"] == before + 2
    assert all(type(count) is int and count > 0 for count in counter.today.values())
