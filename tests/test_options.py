"""The options of an account: the form, stored values and applied values."""

from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.options import DEFAULT_OPTIONS
from simulator import Account, Simulator

from .conftest import SetUp
from .flows import suggested_values
from .helpers import device_of, pass_time

OPTIONS = {
    "scan_interval": 120,
    "daily_requests": 0,
    "hardware_interval": 0,
    "search": "",
    "group_id": "",
    "invitations": False,
    "show_permanent_link": False,
}


async def test_options_begin_with_the_defaults(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["step_id"] == "init"
    assert suggested_values(result) == DEFAULT_OPTIONS


async def test_options_are_used_after_one_reload(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    kept = account.agents[2]
    simulator.requests.clear()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(result["flow_id"], {**OPTIONS, "search": f" {kept.name} "})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == {**OPTIONS, "search": kept.name}
    (request,) = simulator.requests
    assert request.parameters == {"search": kept.name}
    assert [agent_id for agent_id in account.agents if device_of(hass, entry, agent_id)] == [kept.id]
    await pass_time(hass, 61)
    assert simulator.count() == 1
    await pass_time(hass, 121)
    assert simulator.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"scan_interval": 29},
        {"scan_interval": 3601},
        {"scan_interval": "often"},
        {"daily_requests": -1},
        {"daily_requests": 100_001},
        {"hardware_interval": -1},
        {"hardware_interval": 721},
        {"disk_threshold": 49},
        {"disk_threshold": 100},
        {"disk_threshold": "full"},
        {"color": "blue"},
    ],
)
async def test_invalid_options(hass: HomeAssistant, set_up: SetUp, wrong: dict[str, Any]) -> None:
    entry = await set_up()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(result["flow_id"], {**OPTIONS, **wrong})
    assert entry.options == {}


@pytest.mark.parametrize("group", ["abc", "1.5", "-1", "Büro West"])
async def test_a_group_is_any_text(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, group: str) -> None:
    entry = await set_up()
    simulator.requests.clear()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(result["flow_id"], {**OPTIONS, "group_id": f" {group} "})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [request.parameters for request in simulator.requests] == [{"group_id": group}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hardware_interval", None),
        ("hardware_interval", "24"),
        ("hardware_interval", -1),
        ("hardware_interval", 10**9),
        ("scan_interval", 0.5),
        ("scan_interval", True),
        ("search", ["a"]),
        ("invitations", "yes"),
        ("disk_threshold", 100),
        ("disk_threshold", 90.5),
    ],
)
async def test_options_from_an_edited_file(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture, name: str, value: Any
) -> None:
    """The account works with the default, one warning says so, and the form can be saved."""
    entry = await set_up(**{name: value})
    assert entry.state is ConfigEntryState.LOADED
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    warnings = [record.getMessage() for record in caplog.records if record.name == "custom_components.getscreen" and record.levelno > 20]
    assert warnings == [f"owner@example.com: these options are invalid, so their default values are used: {name}"]
    assert simulator.requests[0].parameters == {}
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert suggested_values(result) == DEFAULT_OPTIONS


@pytest.mark.parametrize("of_other", [{}, DEFAULT_OPTIONS], ids=["earlier version", "now"])
async def test_options_that_duplicate_another_entry(hass: HomeAssistant, set_up: SetUp, of_other: dict[str, Any]) -> None:
    entry = await set_up(**of_other)
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", data=entry.data, options={"search": "Reception"})
    other.add_to_hass(hass)
    result = await hass.config_entries.options.async_init(other.entry_id)
    result = await hass.config_entries.options.async_configure(result["flow_id"], OPTIONS)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_two_entries_with_other_filters(hass: HomeAssistant, set_up: SetUp) -> None:
    """The same key and server may have several entries with different filters, and the options of each can be saved unchanged."""
    entry = await set_up(group_id="Office")
    other = MockConfigEntry(domain=DOMAIN, unique_id="other", data=entry.data, options={"group_id": "Shop"})
    other.add_to_hass(hass)
    for of_account, group in ((entry, "Office"), (other, "Shop")):
        result = await hass.config_entries.options.async_init(of_account.entry_id)
        typed = suggested_values(result)
        assert typed == {**DEFAULT_OPTIONS, "group_id": group}
        result = await hass.config_entries.options.async_configure(result["flow_id"], typed)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done(wait_background_tasks=True)
        assert of_account.options == typed
