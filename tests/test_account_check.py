"""The check of a key and a server: errors in the forms, and their correction."""

from functools import partial
from unittest.mock import patch

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntryState,
    ConfigFlowContext,
    ConfigFlowResult,
)
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
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
from simulator import Fault, Simulator

from .flows import ERRORS, answer, begin, submit

FLOWS = ("user", "reauth", "reconfigure")


@pytest.mark.parametrize(("fault", "error"), ERRORS, ids=[fault.name for fault, _ in ERRORS])
async def test_failures_are_shown_and_can_be_corrected(hass: HomeAssistant, simulator: Simulator, fault: Fault, error: str) -> None:
    simulator.fail(fault)
    result = await submit(hass, simulator.key, simulator.url)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}
    assert simulator.key_leaks == 0
    simulator.heal()
    await end_well(hass, result, "user", simulator)


async def end_well(hass: HomeAssistant, result: ConfigFlowResult, flow: str, simulator: Simulator) -> None:
    """Submit a form again with correct data, and check that the account is set up."""
    result = await answer(hass, result, flow, simulator.key, simulator.url)
    if flow == "user":
        assert result["type"] is FlowResultType.CREATE_ENTRY
    else:
        assert result["reason"] == f"{flow}_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data == {CONF_API_KEY: simulator.key, CONF_URL: simulator.url}


@pytest.mark.parametrize("flow", FLOWS)
async def test_unexpected_failure(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture, flow: str
) -> None:
    result = await begin(hass, entry, flow)
    with patch.object(GetscreenClient, "list_agents", side_effect=RuntimeError("boom")):
        result = await answer(hass, result, flow, simulator.key, simulator.url)
    assert result["errors"] == {"base": "unknown"}
    assert "boom" in caplog.text
    assert simulator.key not in caplog.text
    await end_well(hass, result, flow, simulator)


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("key", ["", "   ", "two words", "clé", "a\nb", "a\x00b"])
async def test_malformed_key(hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, key: str, flow: str) -> None:
    """The key is rejected before a request is sent. Reconfiguring with an empty key keeps the current one."""
    result = await begin(hass, entry, flow)
    if key or flow != "reconfigure":
        result = await answer(hass, result, flow, key, simulator.url)
        assert result["errors"] == {CONF_API_KEY: "invalid_key"}
        assert simulator.count() == 0
    await end_well(hass, result, flow, simulator)


@pytest.mark.parametrize("flow", ["user", "reconfigure"])
async def test_invalid_address(hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, flow: str) -> None:
    """The address is rejected before a request is sent."""
    result = await begin(hass, entry, flow)
    result = await answer(hass, result, flow, simulator.key, "http://example.com/v1")
    assert result["errors"] == {CONF_URL: "invalid_url"}
    assert simulator.count() == 0
    await end_well(hass, result, flow, simulator)


def cause_of(result: ConfigFlowResult) -> str:
    """Return the cause of a failed connection in the words of the form."""
    assert result["errors"] == {"base": "cannot_connect"}
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    return placeholders["cause"]


@pytest.mark.parametrize("flow", FLOWS)
async def test_server_that_does_not_answer(hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, flow: str) -> None:
    result = await begin(hass, entry, flow)
    simulator.fail(Fault.HANG)
    with patch("custom_components.getscreen.account_check.GetscreenClient", partial(GetscreenClient, timeout=0.1)):
        result = await answer(hass, result, flow, simulator.key, simulator.url)
    assert cause_of(result) == "it did not answer in time"
    simulator.heal()
    await end_well(hass, result, flow, simulator)


@pytest.mark.parametrize("flow", FLOWS)
async def test_server_that_is_not_there(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture, flow: str
) -> None:
    """The form says why, in Home Assistant's language; the log says more at debug level."""
    caplog.set_level("DEBUG", "custom_components.getscreen")
    result = await begin(hass, entry, flow)
    await simulator.__aexit__()
    result = await answer(hass, result, flow, simulator.key, simulator.url)
    assert cause_of(result) == "it refused the connection"
    assert f"127.0.0.1:{simulator.port}" in caplog.text
    assert simulator.key not in caplog.text
    async with simulator:
        await end_well(hass, result, flow, simulator)
        await hass.config_entries.async_unload(hass.config_entries.async_entries(DOMAIN)[0].entry_id)


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
        (GetscreenConnectionError("cut {off}"), "the connection failed or was lost"),
    ],
)
async def test_why_a_server_cannot_be_reached(hass: HomeAssistant, error: Exception, cause: str) -> None:
    with patch.object(GetscreenClient, "list_agents", side_effect=error):
        assert cause_of(await submit(hass, "a-key", "https://api.getscreen.me/v1")) == cause


async def test_proxy_rejects_the_request(hass: HomeAssistant) -> None:
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


async def test_old_server_with_the_key_as_a_parameter(hass: HomeAssistant, simulator: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    """If the header is rejected, the parameter is tried once and stored. A changed server gets the header first."""
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
async def test_old_server_that_rejects_both_ways(hass: HomeAssistant, first: Exception, second: Exception, reason: str) -> None:
    """The form shows the API's answer, whichever of the two it is."""
    with patch.object(GetscreenClient, "list_agents", side_effect=[first, second]):
        result = await submit(hass, "a-key", "https://getscreen.example.com/v1")
    assert result["errors"] == {"base": reason}


async def test_a_public_server_gets_the_key_in_a_header_only(hass: HomeAssistant) -> None:
    with patch.object(GetscreenClient, "list_agents", side_effect=AccessDeniedError("HTTP 403")) as list_agents:
        result = await submit(hass, "a-key", "https://api.getscreen.me/v1")
    assert result["errors"] == {"base": "invalid_auth"}
    assert list_agents.call_count == 1
