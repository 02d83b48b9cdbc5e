"""The sensors of the account as a whole."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_state, pass_time


async def test_the_account(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    for key, value in (("devices", "3"), ("devices_online", "2"), ("open_invitations", "2"), ("invitations_remaining", "20")):
        assert account_state(hass, entry, key).state == value
    account.agents[3].online = True
    account.invite("Aunt Mary")
    await pass_time(hass)
    assert account_state(hass, entry, "devices_online").state == "3"
    assert account_state(hass, entry, "open_invitations").state == "3"
    assert account_state(hass, entry, "invitations_remaining").state == "19"
    simulator.fail(Fault.SERVER_ERROR)
    await pass_time(hass)
    assert account_state(hass, entry, "devices").state == STATE_UNAVAILABLE
    assert account_state(hass, entry, "open_invitations").state == STATE_UNAVAILABLE
    assert account_state(hass, entry, "requests_today").state.isdecimal()


async def test_requests_today(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory) -> None:
    """Every request counts, by method, also over a reload; the number moves every few minutes, and starts again at midnight."""
    freezer.move_to(dt_util.now().replace(hour=23, minute=30))
    entry = await set_up()

    def shown() -> dict[str, int]:
        state = account_state(hass, entry, "requests_today")
        counted = {method: count for method, count in state.attributes.items() if "/" in method}
        assert int(state.state) == sum(counted.values())
        return counted

    async def minutes(count: int) -> None:
        for _ in range(count):
            freezer.tick(60)
            await pass_time(hass, 1)

    await minutes(6)
    counted = shown()
    # The polls of the minute in which the number moved, and of the next, may be missing.
    assert 0 <= simulator.count() - sum(counted.values()) <= 4
    assert counted["agents/info"] == 3
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sum(shown().values()) == simulator.count()
    freezer.move_to(dt_util.start_of_local_day() + timedelta(days=1))
    await minutes(5)
    assert 0 <= sum(shown().values()) <= 10


async def test_requests_while_the_clock_jumps(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, freezer: FrozenDateTimeFactory
) -> None:
    """A clock without a battery is on another day until it is set. The count of the true day is still there then."""
    noon = dt_util.now().replace(hour=12)
    freezer.move_to(noon)
    entry = await set_up(hardware_interval=0)
    for days in (-1, 1, 0, 2, 3):
        freezer.move_to(noon + timedelta(days=days))
        before = simulator.count()
        await entry.runtime_data.agents.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
        requests = simulator.count() - before
        assert requests > 0
        assert sum(entry.runtime_data.store.requests.today.values()) == (requests if days else 2 + requests)


async def test_without_invitations(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The invitations cost one request per poll, which this option saves."""
    entry = await set_up(invitations=False)
    await pass_time(hass)
    assert simulator.count("support/list") == 0
    for platform, key in (("sensor", "open_invitations"), ("event", "invitation")):
        assert er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{entry.unique_id}_{key}") is None


async def test_groups(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Each group has its number of computers and of online ones. Computers without a group are not in any."""
    for number, (group, online) in enumerate((("Shop", True), ("Shop", False), (None, True)), 1):
        account.agents[number].group, account.agents[number].online = group, online
    entry = await set_up()
    assert account_state(hass, entry, "devices_online").attributes["groups"] == {"Shop": {"total": 2, "online": 1}}
    account.agents[3].group = "Office"
    await pass_time(hass)
    assert account_state(hass, entry, "devices_online").attributes["groups"] == {
        "Shop": {"total": 2, "online": 1},
        "Office": {"total": 1, "online": 1},
    }
    assert "groups" not in account_state(hass, entry, "devices").attributes


async def test_many_long_groups(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The largest are there, with names of a length that can be shown."""
    for number in range(10, 160):
        account.add_agent("PC", id=number).group = "Shop" if number > 150 else f"{number}{'long' * 5000}"
    entry = await set_up(hardware_interval=0)
    groups = account_state(hass, entry, "devices_online").attributes["groups"]
    assert (len(groups), max(map(len, groups)), next(iter(groups))) == (100, 255, "Shop")
