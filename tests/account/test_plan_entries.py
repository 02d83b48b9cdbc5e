"""The plan of a key in Home Assistant: entries share it, and it is the same after changed options and restarts."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.pauses import Kind
from custom_components.getscreen.account.store import async_store
from custom_components.getscreen.account.windows import Limit, Window
from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_state, pass_time, repairs, state_of


async def set_options(hass: HomeAssistant, entry: MockConfigEntry, **options: object) -> None:
    """Set options, and reload the account as Home Assistant does."""
    hass.config_entries.async_update_entry(entry, options={**entry.options, **options})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_entries_with_one_key_share_a_budget(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Each polls half as often as one alone, until the other is unloaded. The smallest number that users entered counts."""
    entry = await set_up(daily_requests=1000, invitations=False, hardware_interval=0)
    schedule = entry.runtime_data.schedule
    alone = schedule.interval(Kind.AGENTS)
    options = {"search": "PC", "daily_requests": 500, "invitations": False, "hardware_interval": 0}
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", data=dict(entry.data), options=options)
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    assert other.runtime_data.schedule.plan is schedule.plan
    assert schedule.plan.even_pace == pytest.approx(0.94 * 500 / 2 / 86_400)
    await hass.config_entries.async_unload(other.entry_id)
    assert schedule.plan.even_pace == pytest.approx(0.94 * 1000 / 86_400)
    assert schedule.interval(Kind.AGENTS) == pytest.approx(alone, rel=0.2)


async def test_spellings_of_an_address_share_a_plan(hass: HomeAssistant) -> None:
    stores = [async_store(hass, MockConfigEntry(domain=DOMAIN)) for _ in range(3)]
    for store, url in zip(
        stores, ("https://api.example.com/v1", "https://www.API.example.com./v2", "https://api.example.net/v1"), strict=True
    ):
        store.async_join_plan(url, "key", 0)
    assert stores[0].schedule.plan is stores[1].schedule.plan
    assert stores[0].schedule.plan is not stores[2].schedule.plan


async def test_another_key_has_another_plan(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    async with Simulator(Account(devices=1), key="b") as simulator:
        other = MockConfigEntry(domain=DOMAIN, unique_id="other", data={"api_key": "b", "url": simulator.url})
        other.add_to_hass(hass)
        assert await hass.config_entries.async_setup(other.entry_id)
        assert other.runtime_data.schedule.plan is not entry.runtime_data.schedule.plan
        await hass.config_entries.async_unload(other.entry_id)


async def test_an_entered_limit_that_is_used_up(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The account is set up with all its entities; polls come slowly."""
    entry = await set_up()
    for _ in range(300):
        entry.runtime_data.schedule.plan.count_request()
    await set_options(hass, entry, daily_requests=250)
    assert entry.state is ConfigEntryState.LOADED
    for key in ("devices", "open_invitations"):
        assert account_state(hass, entry, key).state not in (STATE_UNAVAILABLE, "unknown")
    assert entry.runtime_data.schedule.interval(Kind.AGENTS) > 500
    assert repairs(hass) == []


async def test_an_entered_limit_replaces_a_learned_one(hass: HomeAssistant, set_up: SetUp) -> None:
    """A reload alone does not."""
    entry = await set_up(daily_requests=0)
    entry.runtime_data.schedule.plan.learned = Limit(250, Window.DAY, 0)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data.schedule.plan.learned == Limit(250, Window.DAY, 0)
    await set_options(hass, entry, daily_requests=10_000)
    assert entry.runtime_data.schedule.plan.learned is None
    assert entry.runtime_data.schedule.interval(Kind.AGENTS) == 60


async def test_without_quick_support_the_list_gets_its_share(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    simulator.fail(Fault.FORBIDDEN, "support/list")
    entry = await set_up(daily_requests=1000, hardware_interval=0)
    assert entry.runtime_data.schedule.interval(Kind.AGENTS) == pytest.approx(86_400 / 940, rel=0.01)


async def test_a_limit_on_invitations_does_not_stop_hardware_reads(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp
) -> None:
    entry = await set_up()
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/list")
    await pass_time(hass)
    assert repairs(hass) == ["request_limit"]
    new = account.add_agent("New PC")
    await pass_time(hass)
    assert "cpu" in state_of(hass, entry, new.id, "online").attributes


async def test_without_hardware_reads_the_list_gets_their_share(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up(daily_requests=250, invitations=False, hardware_interval=1)
    schedule = entry.runtime_data.schedule
    assert schedule.interval(Kind.HARDWARE) == pytest.approx(86_400 / 23.5)
    await set_options(hass, entry, hardware_interval=0)
    assert schedule.interval(Kind.HARDWARE) == float("inf")
