"""Days of a whole Home Assistant under a plan with a limit, from timer to timer."""

from collections.abc import Callable
from datetime import datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator
from simulator.plans import per_day

from ..conftest import SetUp
from ..helpers import account_state, act, commanded, device_id_of, repairs, state_of


async def live_until(hass: HomeAssistant, freezer: FrozenDateTimeFactory, end: datetime, look: Callable[[], None] = lambda: None) -> None:
    """Let time pass from timer to timer, and call `look` after each."""
    while (now := dt_util.utcnow()) < end:
        loop = hass.loop.time()
        due = min(handle.when() for handle in get_scheduled_timer_handles(hass.loop) if not handle.cancelled())
        freezer.tick(min(max(due - loop, 0.0) + 0.001, (end - now).total_seconds()))
        async_fire_time_changed(hass, dt_util.utcnow())
        await hass.async_block_till_done(wait_background_tasks=True)
        look()


@pytest.mark.parametrize("account", [Account(devices=3)], ids=["3 computers"])
async def test_a_plan_of_250_requests_a_day(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """The first day runs dry. On the second one, polls are spread, a wake at 23:50 gets through, and nothing is ever unavailable."""
    morning = (dt_util.utcnow() + timedelta(days=1)).replace(hour=6, minute=0, second=0)
    freezer.move_to(morning)
    account.invitations.clear()
    plan = simulator.plan = per_day(250, clock=account.clock)
    entry = await set_up()
    er.async_get(hass).async_update_entity(
        er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"{entry.unique_id}_update_interval") or "", disabled_by=None
    )
    await hass.config_entries.async_reload(entry.entry_id)
    midnight = morning.replace(hour=0) + timedelta(days=1)
    await live_until(hass, freezer, midnight - timedelta(minutes=1))
    assert repairs(hass) == ["request_limit"]
    assert state_of(hass, entry, 1, "online").state == STATE_UNAVAILABLE
    await live_until(hass, freezer, midnight + timedelta(hours=2))
    assert repairs(hass) == []
    pace = account_state(hass, entry, "update_interval")
    assert (pace.attributes["reason"], pace.attributes["plan_window"], pace.attributes["plan_reset"]) == ("plan", "day", "00:00Z")
    assert pace.attributes["plan_requests"] == pytest.approx(250, abs=3)
    assert 300 < int(pace.state) < 600

    states, ages = set[str](), list[float]()

    def look() -> None:
        states.add(state_of(hass, entry, 1, "online").state)
        ages.append(entry.runtime_data.schedule.age)

    simulator.requests.clear()
    plan.refused = 0
    late = midnight + timedelta(hours=23, minutes=50)
    await live_until(hass, freezer, late, look)
    await act(hass, "wake", device_id=device_id_of(hass, entry, 3))
    assert commanded(simulator, "wake") == [3]
    await live_until(hass, freezer, midnight + timedelta(hours=24, minutes=30), look)
    assert STATE_UNAVAILABLE not in states
    assert max(ages) < 18 * 60
    assert simulator.count() > 0.85 * 250 * 22 / 24
    assert plan.refused <= 3
    assert repairs(hass) == []
