"""The parts of an account, and entries with damaged data."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account import async_loaded_entry
from custom_components.getscreen.const import DOMAIN
from simulator import Fault, Simulator

from ..conftest import SetUp


@pytest.mark.parametrize(
    "data",
    [
        {},
        {CONF_API_KEY: "a-key"},
        {CONF_API_KEY: 7, CONF_URL: "https://api.getscreen.me/v1"},
        *(
            {CONF_API_KEY: "a-key", CONF_URL: url}
            for url in ("", "nonsense", "https://", "http://[", "https://getscreen.example.com:99999/v1")
        ),
    ],
)
async def test_an_entry_that_was_edited(hass: HomeAssistant, caplog: pytest.LogCaptureFixture, data: dict[str, Any]) -> None:
    """The reason names the error, and the user can enter a key and an address."""
    entry = MockConfigEntry(domain=DOMAIN, title="Office", data=data)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert "stored API key or server address cannot be used" in str(entry.reason)
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "reconfigure"
    # Home Assistant complains of the entry, as it should.
    caplog.clear()


async def test_what_belongs_to_an_account(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Each set-up creates everything again except the store."""
    entry = await set_up()
    before = entry.runtime_data
    assert before.entry is entry
    assert before.agents.data.keys() == before.hardware.records.keys() == {1, 2, 3}
    assert before.open_invitations.keys() == simulator.account.invitations.keys()
    await hass.config_entries.async_reload(entry.entry_id)
    after = entry.runtime_data
    assert after.store is before.store
    assert after.agents is not before.agents
    assert after.client is not before.client


async def test_an_account_whose_first_poll_fails(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The account exists before the first poll, for diagnostics; it has no invitations yet."""
    simulator.fail(Fault.SERVER_ERROR)
    entry = await set_up()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.runtime_data.store.requests.today == {"agents/list": 1}
    assert entry.runtime_data.open_invitations == {}


async def test_invitations_are_optional(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """An account is set up although its invitations cannot be polled, or without them."""
    simulator.fail(Fault.SERVER_ERROR, "support/list")
    entry = await set_up()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.open_invitations == {}
    hass.config_entries.async_update_entry(entry, options={**entry.options, "invitations": False})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data.invitations is None
    assert entry.runtime_data.open_invitations == {}
    assert simulator.count("support/list") == 1


async def test_the_entry_of_an_account(hass: HomeAssistant, set_up: SetUp) -> None:
    """An account is found by its entry's id only while it is set up."""
    entry = await set_up()
    other = MockConfigEntry(domain="other", state=ConfigEntryState.LOADED)
    other.add_to_hass(hass)
    assert async_loaded_entry(hass, entry.entry_id) is entry
    assert async_loaded_entry(hass, other.entry_id) is None
    assert async_loaded_entry(hass, "unknown") is None
    await hass.config_entries.async_unload(entry.entry_id)
    assert async_loaded_entry(hass, entry.entry_id) is None
