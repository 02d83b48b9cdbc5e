"""Identifiers of devices and entities."""

from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.identifiers import account_identifier, agent_id_of, agent_identifier
from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import device_id_of, device_of, registered, state_of


async def test_two_accounts_with_the_same_computers(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    """Each account has its own devices, and removing one account does not affect those of the other."""
    entry = await set_up()
    other = MockConfigEntry(domain=DOMAIN, title="Other", unique_id="account_2", data=entry.data, options={"search": "e"})
    other.add_to_hass(hass)
    assert await hass.config_entries.async_setup(other.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    first, second = device_of(hass, entry, 1), device_of(hass, other, 1)
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert account.agents.keys() == set(entry.runtime_data.agents.data)
    await hass.config_entries.async_remove(other.entry_id)
    assert device_of(hass, entry, 1) is not None
    assert simulator.count("agents/list") == 2


async def test_a_new_key_changes_no_identifier(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    devices = {agent_id: device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)}
    entities = {entity.unique_id: entity.entity_id for entity in registered(hass, entry)}
    simulator.key = "new-key"
    flow = await entry.start_reconfigure_flow(hass)
    await hass.config_entries.flow.async_configure(flow["flow_id"], {CONF_API_KEY: "new-key", CONF_URL: simulator.url})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, entry, 1, "online").state in ("on", "off")
    assert {agent_id: device_id_of(hass, entry, agent_id) for agent_id in (1, 2, 3)} == devices
    assert {entity.unique_id: entity.entity_id for entity in registered(hass, entry)} == entities


@pytest.mark.parametrize("unique_id", ["account", None], ids=["unique id", "no unique id"])
@pytest.mark.parametrize("agent_id", [1, 0, -7, 2**63])
async def test_the_device_of_an_agent(hass: HomeAssistant, unique_id: str | None, agent_id: int) -> None:
    """A device leads back to its agent, but only in the agent's own account. The account's own device is no agent's."""
    entry, other = (MockConfigEntry(domain=DOMAIN, unique_id=each) for each in (unique_id, "other"))
    for each in (entry, other):
        each.add_to_hass(hass)
    devices = dr.async_get(hass)
    computer = devices.async_get_or_create(config_entry_id=entry.entry_id, identifiers={agent_identifier(entry, agent_id)})
    service = devices.async_get_or_create(config_entry_id=entry.entry_id, identifiers={account_identifier(entry)})
    foreign = devices.async_get_or_create(config_entry_id=entry.entry_id, identifiers={("other", f"{unique_id}_1")})
    assert agent_id_of(entry, computer) == agent_id
    assert agent_id_of(other, computer) is agent_id_of(entry, service) is agent_id_of(entry, foreign) is None
