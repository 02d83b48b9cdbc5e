"""The flows that change an account: a new key after a rejection, or a new key or server on request."""

from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
)
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.options import DEFAULT_OPTIONS
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .flows import ERRORS, answer, begin, suggested_values
from .helpers import device_of, pass_time


async def test_a_rejected_key_starts_the_key_form(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Two rejections of the key start the flow. It stores the new key and changes nothing else."""
    entry = await set_up()
    simulator.key = "new-key"
    await pass_time(hass)
    await pass_time(hass)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    assert flow["step_id"] == "reauth_confirm"
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_API_KEY: "wrong-key"})
    assert result["errors"] == {"base": "invalid_auth"}
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_API_KEY: "new-key"})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == {CONF_API_KEY: "new-key", CONF_URL: simulator.url}
    assert entry.state is ConfigEntryState.LOADED
    assert not hass.config_entries.flow.async_progress()


async def test_the_name_of_an_account_is_escaped_as_markdown(hass: HomeAssistant, set_up: SetUp) -> None:
    """The name comes from the server, and the form would show its links and pictures."""
    entry = await set_up()
    hass.config_entries.async_update_entry(entry, title="![x](http://a.example/p)\n# _Marta_ my_name@www.example.com")
    result = await entry.start_reauth_flow(hass)
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["account"] == r"\!\[x\]\(http\://a.example/p\) \# \_Marta\_ my_name@www\.example.com"


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
@pytest.mark.parametrize("options", [{}, {"search": "Reception"}, {"group_id": "1"}], ids=["all", "search", "group"])
async def test_key_of_another_account(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str, options: dict[str, Any]) -> None:
    """The other account is recognized even if the entry's filter matches nothing in it."""
    entry = await set_up(**options)
    assert device_of(hass, entry, 1)
    mine = list(simulator.account.agents)
    simulator.account.add_agent("Somebody else's", group=None)
    for agent_id in mine:
        simulator.account.remove_agent(agent_id)
    simulator.key = "other-key"
    result = await begin(hass, entry, flow)
    result = await answer(hass, result, flow, "other-key", simulator.url)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "wrong_account"
    assert entry.data[CONF_API_KEY] == "a-key"


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
@pytest.mark.parametrize("left", [1, 0], ids=["some known", "none at all"])
async def test_key_of_an_account_that_shrank(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str, left: int) -> None:
    """The account is the same if one known computer is left, and may be the same if it has no computers at all."""
    entry = await set_up()
    for agent_id in list(simulator.account.agents)[left:]:
        simulator.account.remove_agent(agent_id)
    simulator.key = "new-key"
    result = await begin(hass, entry, flow)
    result = await answer(hass, result, flow, "new-key", simulator.url)
    assert result["reason"] == f"{flow}_successful"
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
@pytest.mark.parametrize("name", ["Front desk", "Reception"], ids=["of nothing", "of others"])
async def test_a_filter_without_matches(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str, name: str) -> None:
    """The account is still the same, although the computers of the entry have other names now."""
    entry = await set_up(search="Reception")
    simulator.account.agents[1].name = "Front desk"
    simulator.account.agents[2].name = name
    simulator.key = "new-key"
    result = await answer(hass, await begin(hass, entry, flow), flow, "new-key", simulator.url)
    assert result["reason"] == f"{flow}_successful"
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
@pytest.mark.parametrize(("fault", "error"), ERRORS[:3] + ERRORS[-4:])
async def test_failures_while_changing(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str, fault: Fault, error: str
) -> None:
    """Each can be corrected."""
    entry = await set_up()
    result = await begin(hass, entry, flow)
    simulator.fail(fault)
    result = await answer(hass, result, flow, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}
    simulator.heal()
    result = await answer(hass, result, flow, simulator.key, simulator.url)
    assert result["reason"] == f"{flow}_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED


async def test_another_server_with_the_same_key(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """An empty key field keeps the current key, and the devices stay the same."""
    entry = await set_up()
    device = device_of(hass, entry, 1)
    async with Simulator(account, key=simulator.key) as other:
        result = await entry.start_reconfigure_flow(hass)
        assert suggested_values(result) == {CONF_API_KEY: None, CONF_URL: simulator.url}
        result = await hass.config_entries.flow.async_configure(result["flow_id"], {CONF_URL: "http://example.com/v1"})
        assert result["errors"] == {CONF_URL: "invalid_url"}
        result = await hass.config_entries.flow.async_configure(result["flow_id"], {CONF_URL: other.url})
        assert result["reason"] == "reconfigure_successful"
        await hass.async_block_till_done(wait_background_tasks=True)
        assert entry.data == {CONF_API_KEY: "a-key", CONF_URL: other.url}
        assert other.count("agents/list") == 2  # The flow's own, and that of the set-up.
        assert device_of(hass, entry, 1) == device


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
@pytest.mark.parametrize(("options", "filtered"), [({}, False), (DEFAULT_OPTIONS, False), ({"group_id": "Shop"}, True)])
async def test_changing_to_an_account_that_is_set_up(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str, options: dict[str, Any], filtered: bool
) -> None:
    """Another entry's key and server are accepted with another filter only."""
    reason = f"{flow}_successful" if filtered else "already_configured"
    entry = await set_up()
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", data={**entry.data, CONF_API_KEY: "old-key"}, options=options)
    other.add_to_hass(hass)
    result = await begin(hass, other, flow)
    result = await answer(hass, result, flow, simulator.key, simulator.url)
    assert result["reason"] == reason
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("options", [{}, DEFAULT_OPTIONS], ids=["earlier version", "now"])
@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
async def test_saving_without_changes(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str, options: dict[str, Any]) -> None:
    """An entry is no duplicate of itself."""
    entry = await set_up(**options)
    result = await begin(hass, entry, flow)
    result = await answer(hass, result, flow, simulator.key, simulator.url)
    assert result["reason"] == f"{flow}_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
