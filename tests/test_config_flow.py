"""The flow that adds an account, as the user is led through it."""

from functools import partial
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigFlowContext,
    ConfigFlowResult,
)
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.api import (
    AccessBlockedError,
    AccessDeniedError,
    ConnectionCause,
    GetscreenClient,
    GetscreenConnectionError,
    RequestLimitError,
)
from custom_components.getscreen.const import DOMAIN
from custom_components.getscreen.options import DEFAULT_OPTIONS
from simulator import Account, Fault, Simulator

from .conftest import SetUp
from .flows import ERRORS, submit, suggested_values


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
    """The last step of the dialog has a link to where dashboards are added."""
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


@pytest.mark.parametrize(("fault", "error"), ERRORS, ids=[fault.name for fault, _ in ERRORS])
async def test_failures_are_shown_and_can_be_corrected(hass: HomeAssistant, simulator: Simulator, fault: Fault, error: str) -> None:
    simulator.fail(fault)
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}
    assert simulator.key_leaks == 0
    simulator.heal()
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {CONF_API_KEY: simulator.key, CONF_URL: simulator.url})
    assert result["type"] is FlowResultType.CREATE_ENTRY


def cause_of(result: ConfigFlowResult) -> str:
    """Return why the server cannot be reached, as the form says it."""
    assert result["errors"] == {"base": "cannot_connect"}
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    return placeholders["cause"]


async def test_server_that_does_not_answer(hass: HomeAssistant, simulator: Simulator) -> None:
    simulator.fail(Fault.HANG)
    with patch("custom_components.getscreen.account_check.GetscreenClient", partial(GetscreenClient, timeout=0.1)):
        result = await submit(hass, simulator.key, simulator.url)
    assert cause_of(result) == "it did not answer in time"


async def test_server_that_is_not_there(hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
    """The form says why, in Home Assistant's language; the log says more at debug level."""
    caplog.set_level("DEBUG", "custom_components.getscreen")
    assert cause_of(await submit(hass, "a-key", "http://127.0.0.1:9/v1")) == "it refused the connection"
    assert "127.0.0.1:9" in caplog.text
    assert "a-key" not in caplog.text


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (GetscreenConnectionError("x", cause=ConnectionCause.NAME), "its name could not be resolved"),
        (GetscreenConnectionError("x", cause=ConnectionCause.CERTIFICATE), "its certificate is not trusted"),
        (GetscreenConnectionError("certificate has expired", cause=ConnectionCause.CERTIFICATE), "its certificate has expired"),
        (GetscreenConnectionError("Hostname mismatch", cause=ConnectionCause.CERTIFICATE), "its certificate is for another host name"),
        (
            GetscreenConnectionError("self-signed certificate", cause=ConnectionCause.CERTIFICATE),
            "its certificate is self-signed, so it is not trusted",
        ),
        (GetscreenConnectionError("cut {off}"), "the connection failed: cut {off}"),
    ],
)
async def test_why_a_server_cannot_be_reached(hass: HomeAssistant, error: Exception, cause: str) -> None:
    with patch.object(GetscreenClient, "list_agents", side_effect=error):
        assert cause_of(await submit(hass, "a-key", "https://api.getscreen.me/v1")) == cause


async def test_something_in_between_refuses(hass: HomeAssistant) -> None:
    """At first the form shows a connection error. If the same key gets the same answer again, it shows that the key may be wrong."""
    with patch.object(GetscreenClient, "list_agents", side_effect=AccessBlockedError("HTTP 403")):
        result = await submit(hass, "a-key", "https://api.getscreen.me/v1")
        for key, errors in (
            ("other-key", {"base": "cannot_connect"}),
            ("a-key", {"base": "cannot_connect"}),
            ("a-key", {"base": "invalid_auth"}),
        ):
            assert cause_of(result) == "a proxy, firewall or login page answered instead"
            typed = {CONF_API_KEY: key, CONF_URL: "https://api.getscreen.me/v1"}
            result = await hass.config_entries.flow.async_configure(result["flow_id"], typed)
            assert result["errors"] == errors


async def test_what_was_typed_stays(hass: HomeAssistant, simulator: Simulator) -> None:
    """The key too, unless it was refused."""
    simulator.fail(Fault.SERVER_ERROR)
    assert suggested_values(await submit(hass, "typed", simulator.url)) == {CONF_API_KEY: "typed", CONF_URL: simulator.url}
    assert suggested_values(await submit(hass, "typed", "no address")) == {CONF_API_KEY: "typed", CONF_URL: "no address"}
    simulator.heal()
    assert suggested_values(await submit(hass, "typed", simulator.url)) == {CONF_API_KEY: None, CONF_URL: simulator.url}


async def test_an_old_server_that_takes_the_key_as_a_parameter(
    hass: HomeAssistant, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """The parameter is tried once if the header is refused, and the entry stores that it worked; a changed server gets the header first."""
    caplog.set_level("DEBUG", "custom_components.getscreen")
    simulator.key_in_query = True
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {CONF_API_KEY: simulator.key, CONF_URL: simulator.url, "key_in_query": True}
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    # The header alone, then the parameter alone.
    assert [simulator.key in request.parameters.values() for request in simulator.requests[:3]] == [False, True, True]
    assert simulator.key not in caplog.text

    async def change(source: str, **typed: str) -> ConfigFlowResult:
        context = ConfigFlowContext(source=source, entry_id=entry.entry_id)
        result = await hass.config_entries.flow.async_init(DOMAIN, context=context, data=entry.data if source == SOURCE_REAUTH else None)
        return await hass.config_entries.flow.async_configure(result["flow_id"], typed)

    simulator.key = "new-key"
    assert (await change(SOURCE_REAUTH, api_key="new-key"))["reason"] == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == {CONF_API_KEY: "new-key", CONF_URL: simulator.url, "key_in_query": True}
    simulator.key_in_query = False
    assert (await change(SOURCE_RECONFIGURE, url=simulator.url))["reason"] == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == {CONF_API_KEY: "new-key", CONF_URL: simulator.url}
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (AccessBlockedError("HTTP 403"), AccessDeniedError("HTTP 403"), "invalid_auth"),
        (AccessDeniedError("HTTP 403"), AccessBlockedError("HTTP 403"), "invalid_auth"),
        (AccessDeniedError("HTTP 403"), RequestLimitError("HTTP 402"), "request_limit"),
        (AccessDeniedError("HTTP 403"), GetscreenConnectionError("no answer"), "invalid_auth"),
    ],
)
async def test_an_old_server_that_refuses_both_ways(hass: HomeAssistant, first: Exception, second: Exception, reason: str) -> None:
    """The form shows what the API says of the key, whichever of the two answers is the API's."""
    with patch.object(GetscreenClient, "list_agents", side_effect=[first, second]):
        result = await submit(hass, "a-key", "https://getscreen.example.com/v1")
    assert result["errors"] == {"base": reason}


async def test_a_public_server_gets_the_key_in_a_header_only(hass: HomeAssistant) -> None:
    with patch.object(GetscreenClient, "list_agents", side_effect=AccessDeniedError("HTTP 403")) as list_agents:
        result = await submit(hass, "a-key", "https://api.getscreen.me/v1")
    assert result["errors"] == {"base": "invalid_auth"}
    assert list_agents.call_count == 1


async def test_unexpected_failure(hass: HomeAssistant, simulator: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    with patch("custom_components.getscreen.account_check.GetscreenClient.list_agents", side_effect=RuntimeError("boom")):
        result = await submit(hass, simulator.key, simulator.url)
    assert result["errors"] == {"base": "unknown"}
    assert "boom" in caplog.text
    assert simulator.key not in caplog.text


@pytest.mark.parametrize("key", ["", "   ", "two words", "clé", "a\nb", "a\x00b"])
async def test_key_that_cannot_be_right(hass: HomeAssistant, simulator: Simulator, key: str) -> None:
    """The key is rejected before a request is sent."""
    result = await submit(hass, key, simulator.url)
    assert result["errors"] == {CONF_API_KEY: "invalid_key"}
    assert simulator.count() == 0


async def test_same_account_twice(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    """The same key and server is a duplicate, unless the existing entry has a filter."""
    entry = await set_up()
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    result = await submit(hass, simulator.key, f" {simulator.url.replace('http', 'HTTP')}/ ")
    assert result["reason"] == "already_configured"
    hass.config_entries.async_update_entry(entry, options={"search": "Reception"})
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len({entry.unique_id for entry in hass.config_entries.async_entries(DOMAIN)}) == 2


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
