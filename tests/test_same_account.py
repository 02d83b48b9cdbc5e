"""An account is recognized by its computers: its key can be updated, or an entry for a part of it added."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState, ConfigFlowResult
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.api import GetscreenClient
from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.options import DEFAULT_OPTIONS
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .flows import ERRORS, answer, begin, choose, submit, suggested_values

NEW_KEY = "new-key"


async def submit_new_key(hass: HomeAssistant, simulator: Simulator) -> ConfigFlowResult:
    """Add the account with a key that replaces the current one."""
    simulator.key = NEW_KEY
    return await submit(hass, NEW_KEY, simulator.url)


async def add_entry(hass: HomeAssistant, simulator: Simulator, unique_id: str, **options: Any) -> MockConfigEntry:
    """Set up one more entry for the account, with another key than the first one."""
    data = {CONF_API_KEY: simulator.key, CONF_URL: simulator.url}
    entry = MockConfigEntry(domain=DOMAIN, title="owner@example.com", unique_id=unique_id, data=data, options=options)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def accounts_of(menu: ConfigFlowResult) -> str:
    """Return the entries that the menu names."""
    assert menu["type"] is FlowResultType.MENU
    assert menu["step_id"] == "same_account"
    assert menu["menu_options"] == ["update_key", "add_filtered"]
    placeholders = menu["description_placeholders"]
    assert placeholders is not None
    return placeholders["accounts"]


async def test_update_the_key(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The entry gets the new key and is reloaded. Its devices stay, and it no longer asks for a key."""
    entry = await set_up()
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    menu = await submit_new_key(hass, simulator)
    entry.async_start_reauth(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert accounts_of(menu) == "owner@example.com"
    result = await choose(hass, menu, "update_key")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
    assert entry.data == {CONF_API_KEY: NEW_KEY, CONF_URL: simulator.url}
    assert entry.state is ConfigEntryState.LOADED
    assert not hass.config_entries.flow.async_progress()
    assert dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id) == devices


@pytest.mark.parametrize("state", ["disabled", "unloaded", "in an outage"])
async def test_an_account_that_is_not_loaded(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, state: str) -> None:
    """Its computers are known from the device registry. A disabled entry gets the key and stays disabled."""
    entry = await set_up()
    if state == "disabled":
        await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    elif state == "unloaded":
        await hass.config_entries.async_unload(entry.entry_id)
    else:
        simulator.fail(Fault.SERVER_ERROR)
        await hass.config_entries.async_reload(entry.entry_id)
        simulator.heal()
    assert entry.state is not ConfigEntryState.LOADED
    result = await choose(hass, await submit_new_key(hass, simulator), "update_key")
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data[CONF_API_KEY] == NEW_KEY
    assert (entry.state is ConfigEntryState.LOADED) is (state != "disabled")


async def test_an_account_that_was_never_loaded(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """No computer is known, so only the key identifies the account. Another key becomes a new entry."""
    simulator.fail(Fault.SERVER_ERROR)
    entry = await set_up()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    simulator.heal()
    assert (await submit(hass, simulator.key, simulator.url))["reason"] == "already_configured"
    assert (await submit_new_key(hass, simulator))["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_one_computer_in_common(hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    account.remove_agent(1)
    account.remove_agent(2)
    account.add_agent("New PC")
    assert accounts_of(await submit_new_key(hass, simulator))


@pytest.mark.parametrize("computers", [0, 2])
async def test_another_account_of_the_server(
    hass: HomeAssistant, account: Account, simulator: Simulator, set_up: SetUp, computers: int
) -> None:
    """The account has other computers or none, so nothing shows that it is the same, and it becomes a new entry."""
    await set_up()
    mine = list(account.agents)
    for number in range(computers):
        account.add_agent(f"Other {number}")
    for agent_id in mine:
        account.remove_agent(agent_id)
    result = await submit_new_key(hass, simulator)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_the_same_numbers_on_another_server(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """Each server has its own numbers for computers."""
    await set_up()
    async with Simulator(account, key=NEW_KEY) as other:
        result = await submit(hass, NEW_KEY, other.url)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done(wait_background_tasks=True)
        assert await hass.config_entries.async_unload(result["result"].entry_id)


async def test_a_server_in_another_spelling(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Both spellings are the same server, with the same key and with another one."""
    entry = await set_up()
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_URL: simulator.url.replace("http", "HTTP").replace("/v1", "/V1/")}
    )
    assert (await submit(hass, simulator.key, simulator.url))["reason"] == "already_configured"
    menu = await submit_new_key(hass, simulator)
    await choose(hass, menu, "update_key")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == {CONF_API_KEY: NEW_KEY, CONF_URL: simulator.url}


async def test_add_a_filter(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The form wants at least one field, and makes an entry with the filter and the default options otherwise."""
    await set_up(search=simulator.account.agents[2].name)
    menu = await submit(hass, simulator.key, simulator.url)
    assert accounts_of(menu) == rf"owner@example.com \({simulator.account.agents[2].name}\)"
    form = await choose(hass, menu, "add_filtered")
    assert form["step_id"] == "filter"
    for typed in ({}, {"search": " ", "group_id": ""}):
        form = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
        assert form["errors"] == {"base": "filter_required"}
    name = simulator.account.agents[1].name
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"search": f" {name} "})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "owner@example.com"
    assert result["data"] == {CONF_API_KEY: simulator.key, CONF_URL: simulator.url}
    assert result["options"] == {**DEFAULT_OPTIONS, "search": name}
    assert result["description"] is None
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    # The account's own, and the computer.
    assert len(dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)) == 2


async def open_filter(hass: HomeAssistant, simulator: Simulator) -> ConfigFlowResult:
    """Go on to the form of the filter, with a new key."""
    return await choose(hass, await submit_new_key(hass, simulator), "add_filtered")


async def test_a_filter_that_matches_nothing(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The entry is added, because its group may be filled later. The last step says so, because the filter may be mistyped."""
    await set_up()
    form = await open_filter(hass, simulator)
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"group_id": "Nothing here"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "owner@example.com"
    assert result["description"] == "no_match"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["result"].state is ConfigEntryState.LOADED


async def test_a_failure_after_the_menu(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The form shows the failure and keeps the input. If the key is rejected by then, the flow asks for another one."""
    await set_up()
    form = await open_filter(hass, simulator)
    simulator.fail(Fault.SERVER_ERROR)
    typed = {"search": simulator.account.agents[1].name, "group_id": ""}
    form = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
    assert form["step_id"] == "filter"
    assert form["errors"] == {"base": "cannot_connect"}
    assert suggested_values(form) == typed
    simulator.heal()
    simulator.key = "a-key"
    form = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
    assert form["step_id"] == "user"
    assert form["errors"] == {"base": "invalid_auth"}
    assert suggested_values(form) == {CONF_API_KEY: None, CONF_URL: simulator.url}
    simulator.key = NEW_KEY
    menu = await answer(hass, form, "user", NEW_KEY, simulator.url)
    form = await choose(hass, menu, "add_filtered")
    result = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("key", ["a-key", NEW_KEY])
async def test_a_filter_that_another_entry_has(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, key: str) -> None:
    """The entry is not added, because it would have the same computers as the other one, with any key of the account."""
    name = simulator.account.agents[1].name
    await set_up(search=name)
    simulator.key = key
    form = await choose(hass, await submit(hass, key, simulator.url), "add_filtered")
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"search": name})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_a_filter_that_two_flows_add(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Both forms are submitted while neither entry exists: only one is added."""
    await set_up()
    forms = [await open_filter(hass, simulator) for _ in range(2)]
    typed = {"search": simulator.account.agents[1].name}
    results = await asyncio.gather(*(hass.config_entries.flow.async_configure(form["flow_id"], typed) for form in forms))
    assert sorted(result["type"] for result in results) == [FlowResultType.ABORT, FlowResultType.CREATE_ENTRY]
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(hass.config_entries.async_entries(DOMAIN)) == 2


FILTER_ERRORS = [(fault, error) for fault, error in ERRORS if error != "invalid_auth"]


@pytest.mark.parametrize(("fault", "error"), FILTER_ERRORS, ids=[fault.name for fault, _ in FILTER_ERRORS])
async def test_failures_of_the_filter(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault, error: str) -> None:
    """Each can be corrected."""
    await set_up()
    form = await open_filter(hass, simulator)
    typed = {"search": simulator.account.agents[1].name}
    simulator.fail(fault)
    form = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
    assert form["step_id"] == "filter"
    assert form["errors"] == {"base": error}
    simulator.heal()
    result = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_an_unexpected_failure_of_the_filter(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    await set_up()
    form = await open_filter(hass, simulator)
    typed = {"search": simulator.account.agents[1].name}
    with patch.object(GetscreenClient, "list_agents", side_effect=RuntimeError("boom")):
        form = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
    assert form["errors"] == {"base": "unknown"}
    result = await hass.config_entries.flow.async_configure(form["flow_id"], typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_several_entries_of_the_account(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Each entry with computers of the account gets the new key."""
    first = await set_up(search=simulator.account.agents[1].name)
    second = await add_entry(hass, simulator, "second", search=simulator.account.agents[2].name)
    menu = await submit_new_key(hass, simulator)
    names = [simulator.account.agents[number].name for number in (1, 2)]
    assert all(name in accounts_of(menu) for name in names)
    await choose(hass, menu, "update_key")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [entry.data[CONF_API_KEY] for entry in (first, second)] == [NEW_KEY] * 2
    assert [entry.state for entry in (first, second)] == [ConfigEntryState.LOADED] * 2


@pytest.mark.parametrize("asks", [0, 1])
async def test_two_entries_with_the_same_computers(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, asks: int) -> None:
    """Earlier versions allowed such entries. Only the one that asks for a key gets it."""
    entries = [await set_up()]
    simulator.key = "second-key"
    entries.append(await add_entry(hass, simulator, "second"))
    entries[asks].async_start_reauth(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    other = entries[1 - asks].data
    await choose(hass, await submit_new_key(hass, simulator), "update_key")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entries[asks].data[CONF_API_KEY] == NEW_KEY
    assert entries[1 - asks].data == other


async def test_the_entry_leaves_while_the_menu_is_open(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Then nothing is left to update, and the account is added."""
    entry = await set_up()
    menu = await submit_new_key(hass, simulator)
    await hass.config_entries.async_remove(entry.entry_id)
    result = await choose(hass, menu, "update_key")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("flow", ["reauth", "reconfigure"])
@pytest.mark.parametrize("filtered", [False, True])
async def test_a_change_into_the_account_of_another_entry(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, flow: str, filtered: bool
) -> None:
    """An entry without computers must not become a second one of the account, unless it has its own filter."""
    await set_up()
    data = {CONF_API_KEY: "old-key", CONF_URL: simulator.url}
    options = {"search": simulator.account.agents[1].name} if filtered else {}
    empty = MockConfigEntry(domain=DOMAIN, unique_id="empty", data=data, options=options)
    empty.add_to_hass(hass)
    simulator.key = NEW_KEY
    result = await answer(hass, await begin(hass, empty, flow), flow, NEW_KEY, simulator.url)
    assert result["reason"] == (f"{flow}_successful" if filtered else "already_configured")
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_filter_that_is_removed(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Without its filter, an entry would be a second one for the whole account, with any key. Other options can be changed."""
    name = simulator.account.agents[1].name
    await set_up()
    simulator.key = NEW_KEY
    part = await add_entry(hass, simulator, "part", search=name)
    for options, reason in (({"search": name, "scan_interval": 90}, None), ({"search": ""}, "already_configured")):
        form = await hass.config_entries.options.async_init(part.entry_id)
        result = await hass.config_entries.options.async_configure(form["flow_id"], {**DEFAULT_OPTIONS, **options})
        assert result.get("reason") == reason
        await hass.async_block_till_done(wait_background_tasks=True)
    assert part.options == {**DEFAULT_OPTIONS, "search": name, "scan_interval": 90}


async def test_options_of_two_entries_with_the_same_computers(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """Earlier versions allowed them: their other options can be changed."""
    await set_up()
    simulator.key = NEW_KEY
    second = await add_entry(hass, simulator, "second")
    form = await hass.config_entries.options.async_init(second.entry_id)
    result = await hass.config_entries.options.async_configure(form["flow_id"], {**DEFAULT_OPTIONS, "scan_interval": 90})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("data", [{}, {CONF_API_KEY: None, CONF_URL: ["a", "b"]}])
async def test_options_of_a_damaged_entry(hass: HomeAssistant, set_up: SetUp, data: dict[str, Any]) -> None:
    """The options can be changed, although the edited file has no server or key to compare."""
    await set_up()
    damaged = MockConfigEntry(domain=DOMAIN, unique_id="damaged", data=data)
    damaged.add_to_hass(hass)
    form = await hass.config_entries.options.async_init(damaged.entry_id)
    result = await hass.config_entries.options.async_configure(form["flow_id"], {**DEFAULT_OPTIONS, "search": "a"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
