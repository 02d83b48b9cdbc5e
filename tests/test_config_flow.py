"""The flow that adds an account, step by step."""

from typing import Any

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.options import DEFAULT_OPTIONS
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .flows import submit, suggested_values


async def test_one_key_sets_up_the_account(hass: HomeAssistant, simulator: Simulator) -> None:
    """A key and a server make an entry with the default options, named after the owner; spaces and slashes around them do not matter."""
    result = await submit(hass, f" {simulator.key}\n", f"{simulator.url}/ ")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "owner@example.com"
    assert result["data"] == {CONF_API_KEY: simulator.key, CONF_URL: simulator.url}
    assert result["options"] == DEFAULT_OPTIONS
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    assert entry.unique_id
    assert simulator.key not in entry.unique_id


async def test_the_dashboard_is_offered(hass: HomeAssistant, simulator: Simulator) -> None:
    """The last step of the dialog has a link to the page that adds dashboards."""
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    texts = await async_get_translations(hass, "en", "config", {DOMAIN})
    text = texts[f"component.{DOMAIN}.config.create_entry.{result['description'] or 'default'}"]
    assert "](/config/lovelace/dashboards)" in text


async def test_form_offers_the_public_servers(hass: HomeAssistant) -> None:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    schema = result["data_schema"]
    assert schema is not None
    assert schema({CONF_API_KEY: "x"})[CONF_URL] == "https://api.getscreen.me/v1"
    selectors = {str(field): selector for field, selector in schema.schema.items()}
    assert selectors[CONF_URL].config["options"] == [
        "https://api.getscreen.me/v1",
        "https://api.getscreen.ru/v1",
        "https://api.pro32connect.ru/v1",
    ]
    assert selectors[CONF_API_KEY].config["type"] == "password"


@pytest.mark.parametrize("owners", [("a@example.com", "b@example.com"), (None, None)], ids=["several", "none"])
async def test_title_without_a_common_owner(
    hass: HomeAssistant, account: Account, simulator: Simulator, owners: tuple[str | None, ...]
) -> None:
    for agent, owner in zip(account.agents.values(), (*owners, owners[0]), strict=True):
        agent.owner = owner or ""
    result = await submit(hass, simulator.key, simulator.url)
    assert result["title"] == "Getscreen.me"


async def test_the_form_keeps_the_input(hass: HomeAssistant, simulator: Simulator) -> None:
    """The form keeps the key too, unless it was rejected."""
    simulator.fail(Fault.SERVER_ERROR)
    assert suggested_values(await submit(hass, "typed", simulator.url)) == {CONF_API_KEY: "typed", CONF_URL: simulator.url}
    assert suggested_values(await submit(hass, "typed", "no address")) == {CONF_API_KEY: "typed", CONF_URL: "no address"}
    simulator.heal()
    assert suggested_values(await submit(hass, "typed", simulator.url)) == {CONF_API_KEY: None, CONF_URL: simulator.url}


async def test_same_account_twice(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The same key and server is a duplicate, also in another spelling."""
    await set_up()
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    result = await submit(hass, simulator.key, f" {simulator.url.replace('http', 'HTTP')}/ ")
    assert result["reason"] == "already_configured"


@pytest.mark.parametrize("disabled", [False, True], ids=["enabled", "disabled"])
@pytest.mark.parametrize(
    ("stored", "options"),
    [
        ({}, DEFAULT_OPTIONS),
        ({"scan_interval": 120}, {**DEFAULT_OPTIONS, "scan_interval": 120}),
        ({"search": ["a"], "group_id": None, "hardware_interval": "24"}, DEFAULT_OPTIONS),
        ({"search": "", "of_a_later_version": 1}, {**DEFAULT_OPTIONS, "of_a_later_version": 1}),
    ],
    ids=["none", "some", "unusable", "unknown"],
)
async def test_same_account_twice_with_an_entry_of_an_earlier_version(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, stored: dict[str, Any], options: dict[str, Any], disabled: bool
) -> None:
    """Such an entry stores no or few options, and a file that was edited may hold unusable ones: the defaults apply to all of them.

    They are stored when another account is about to be added, without a reload.
    """
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options=stored)
    if disabled:
        await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    else:
        await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    state = entry.state
    simulator.requests.clear()
    result = await submit(hass, simulator.key, simulator.url)
    assert result["reason"] == "already_configured"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == options
    assert entry.state is state
    assert simulator.count() == 1  # The flow's own.
