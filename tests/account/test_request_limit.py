"""The plan's request limit: which requests it holds up, and for how long its repair is there."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import device_of, pass_time


def repairs(hass: HomeAssistant) -> list[str]:
    """Return what the user is told to repair."""
    return [str(issue.translation_key) for issue in ir.async_get(hass).issues.values() if issue.domain == DOMAIN and issue.active]


async def test_a_reload_forgets_which_requests_met_the_limit(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The next repair is over when the requests that brought it about work again, whatever met the limit before the reload."""
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


async def test_hardware_that_nobody_reads_any_more(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """The repair is over when the computer whose reading met the limit has left, though no other reading proves it."""
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
