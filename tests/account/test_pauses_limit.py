"""The plan's request limit and a server's `Retry-After`: which requests pause, and for how long."""

import asyncio

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import act, device_id_of, device_of, pass_time, repairs, state_of, until

LIST = "agents/list"


async def test_the_request_limit(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The pauses double up to an hour. There is one repair issue, which is removed automatically."""
    entry = await set_up()
    simulator.limit = 0
    await pass_time(hass)
    assert repairs(hass) == ["request_limit"]
    assert state_of(hass, entry, 1, "online").state == STATE_UNAVAILABLE
    for pause in (120, 240, 480, 960, 1920, 3600, 3600):
        simulator.requests.clear()
        await pass_time(hass, pause - 5)
        assert simulator.count() == 0
        await pass_time(hass, pause + 2)
        assert simulator.count() == 1
    assert repairs(hass) == ["request_limit"]
    simulator.limit = None
    await pass_time(hass, 3602)
    assert not repairs(hass)
    assert state_of(hass, entry, 1, "online").state in ("on", "off")
    simulator.fail(Fault.PAYMENT_REQUIRED, retry_after=900)
    await pass_time(hass)
    simulator.requests.clear()
    await pass_time(hass, 890)
    assert simulator.count() == 0
    await pass_time(hass, 902)
    assert simulator.count() == 1


async def test_the_request_limit_at_set_up(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Home Assistant's own set-up attempts during the pause send nothing; a reload by the user polls at once."""
    simulator.limit = 0
    entry = await set_up()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert repairs(hass) == ["request_limit"]
    assert simulator.count() == 1
    for _ in range(3):
        await pass_time(hass, 81)
        assert entry.state is ConfigEntryState.SETUP_RETRY
    assert simulator.count() == 1
    await pass_time(hass, 130)
    await pass_time(hass, 130)
    assert simulator.count() == 2
    simulator.limit = None
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert not repairs(hass)


async def test_a_reload_without_invitations_forgets_their_limit(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The next repair issue is removed when the requests work that have hit the limit since the reload."""
    entry = await set_up()
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/list")
    await pass_time(hass)
    assert repairs(hass) == ["request_limit"]
    hass.config_entries.async_update_entry(entry, options={"invitations": False})
    simulator.heal()
    assert await hass.config_entries.async_reload(entry.entry_id)
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/list", times=1)
    await pass_time(hass)
    assert repairs(hass) == ["request_limit"]
    await pass_time(hass, 122)
    assert not repairs(hass)


async def test_a_reload_forgets_the_limit_of_earlier_requests(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The next repair issue is removed when the requests that caused it work again, not those before the reload."""
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/list")
    entry = await set_up()
    assert repairs(hass) == ["request_limit"]
    simulator.heal()
    # From now on the invitations fail for another reason, so that they never work again.
    simulator.fail(Fault.SERVER_ERROR, "support/list")
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/list", times=1)
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert repairs(hass) == ["request_limit"]
    for _ in range(2):
        await pass_time(hass, 4000)
    assert entry.state is ConfigEntryState.LOADED
    assert repairs(hass) == []


async def test_a_computer_that_leaves_at_the_limit(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """The repair issue is removed with the computer whose reading hit the limit, even if no other reading succeeds."""
    entry = await set_up()
    agent = account.add_agent()
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/info")
    await pass_time(hass)
    assert repairs(hass) == ["request_limit"]
    simulator.heal()
    account.remove_agent(agent.id)
    await entry.runtime_data.agents.async_refresh()
    simulator.requests.clear()
    for _ in range(3):
        await pass_time(hass, 4000)
    assert device_of(hass, entry, agent.id) is None
    assert simulator.count("agents/info") == 0
    assert repairs(hass) == []


@pytest.mark.parametrize("fault", [Fault.PAYMENT_REQUIRED, Fault.UNAVAILABLE])
async def test_an_answer_after_the_account_was_unloaded(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault) -> None:
    """A late answer causes neither a pause nor a repair issue."""
    entry = await set_up()
    simulator.fail(fault, LIST, retry_after=7200)
    with simulator.hold(LIST):
        poll = asyncio.create_task(entry.runtime_data.agents.async_refresh())
        await until(lambda: simulator.count(LIST) == 2)
        await hass.config_entries.async_unload(entry.entry_id)
    await poll
    assert not repairs(hass)
    simulator.heal()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, entry, 1, "online").state in ("on", "off")


@pytest.mark.parametrize(("retry_after", "pause"), [(30, 120), (7200, 7200)])
async def test_a_pause_that_the_server_asks_for_during_another(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, retry_after: int, pause: int
) -> None:
    """Polls share the pause that the reading of hardware began, unless the server asks for a longer one. Other requests go on."""
    entry = await set_up(hardware_interval=0)
    simulator.fail(Fault.PAYMENT_REQUIRED, "agents/info")
    with pytest.raises(HomeAssistantError):
        await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1))
    simulator.fail(Fault.PAYMENT_REQUIRED, LIST, retry_after=retry_after)
    await pass_time(hass)
    simulator.requests.clear()
    await pass_time(hass, pause - 5)
    assert simulator.count(LIST) == 0
    assert await act(hass, "get_history", response=True)
    assert await act(hass, "list_invitations", response=True)
    await pass_time(hass, pause + 2)
    assert simulator.count(LIST) == 1


async def test_a_failing_server_that_asks_for_a_pause(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The longest pause counts for all requests that failed, but no shorter one than the update interval. There is nothing to repair."""
    await set_up(hardware_interval=0, invitations=False)
    simulator.fail(Fault.UNAVAILABLE, "history/list", retry_after=600)
    with pytest.raises(HomeAssistantError):
        await act(hass, "get_history", response=True)
    simulator.fail(Fault.UNAVAILABLE, LIST, retry_after=300)
    await pass_time(hass)
    assert repairs(hass) == []
    simulator.heal()
    simulator.requests.clear()
    await pass_time(hass, 305)
    with pytest.raises(HomeAssistantError):
        await act(hass, "get_history", response=True)
    assert simulator.count("history/list") == 0
    await pass_time(hass, 601)
    assert await act(hass, "get_history", response=True)


async def test_a_new_key_forgets_the_limit_of_earlier_requests(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The next repair issue is removed when the requests that caused it work again, not those of the old key."""
    simulator.fail(Fault.PAYMENT_REQUIRED, "support/list")
    entry = await set_up()
    assert repairs(hass) == ["request_limit"]
    # From now on, the invitations fail for another reason, so they never work again.
    simulator.fail(Fault.SERVER_ERROR, "support/list")
    simulator.key = "new-key"
    flow = await entry.start_reconfigure_flow(hass)
    await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_API_KEY: "new-key", CONF_URL: simulator.url})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert repairs(hass) == []
    simulator.fail(Fault.PAYMENT_REQUIRED, LIST, times=1)
    await pass_time(hass)
    assert repairs(hass) == ["request_limit"]
    await pass_time(hass, 122)
    assert state_of(hass, entry, 1, "online").state in ("on", "off")
    assert repairs(hass) == []
