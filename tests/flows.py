"""Steps that the tests of several flows share."""

from typing import Any

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigFlowResult,
)
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.const import DOMAIN
from simulator import Fault

# What the server does, and the error that the form shows.
ERRORS = (
    (Fault.FORBIDDEN, "invalid_auth"),
    (Fault.PAYMENT_REQUIRED, "request_limit"),
    (Fault.TOO_MANY_REQUESTS, "cannot_connect"),
    (Fault.SERVER_ERROR, "cannot_connect"),
    (Fault.BAD_GATEWAY, "cannot_connect"),
    (Fault.UNAVAILABLE, "cannot_connect"),
    (Fault.HTML_BAD_GATEWAY, "cannot_connect"),
    (Fault.DROPPED, "cannot_connect"),
    (Fault.CUT_CONNECTION, "cannot_connect"),
    (Fault.BAD_REQUEST, "invalid_response"),
    (Fault.NOT_FOUND, "invalid_response"),
    (Fault.METHOD_NOT_ALLOWED, "invalid_response"),
    (Fault.HTML, "invalid_response"),
    (Fault.CUT_JSON, "invalid_response"),
    (Fault.EMPTY, "invalid_response"),
    (Fault.NULL, "invalid_response"),
    (Fault.WRONG_TYPES, "invalid_response"),
    (Fault.REDIRECT, "invalid_response"),
    (Fault.HUGE, "invalid_response"),
)


async def begin(hass: HomeAssistant, entry: MockConfigEntry, flow: str) -> ConfigFlowResult:
    """Start the flow that adds an account (`user`), or one that changes the entry (`reauth`, `reconfigure`), and return its form."""
    if flow == "user":
        return await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    if hass.config_entries.async_get_entry(entry.entry_id) is None:
        entry.add_to_hass(hass)
    return await (entry.start_reauth_flow(hass) if flow == "reauth" else entry.start_reconfigure_flow(hass))


async def answer(hass: HomeAssistant, form: ConfigFlowResult, flow: str, api_key: str, url: str) -> ConfigFlowResult:
    """Submit the form of one of these flows. The form of `reauth` has no address."""
    typed = {CONF_API_KEY: api_key} if flow == "reauth" else {CONF_API_KEY: api_key, CONF_URL: url}
    return await hass.config_entries.flow.async_configure(form["flow_id"], typed)


async def choose(hass: HomeAssistant, menu: ConfigFlowResult, option: str) -> ConfigFlowResult:
    """Choose an option of a menu."""
    assert menu["type"] is FlowResultType.MENU
    return await hass.config_entries.flow.async_configure(menu["flow_id"], {"next_step_id": option})


async def submit(hass: HomeAssistant, api_key: str, url: str) -> ConfigFlowResult:
    """Start the flow that adds an account, submit its form, and return the result."""
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.FORM
    return await hass.config_entries.flow.async_configure(result["flow_id"], {CONF_API_KEY: api_key, CONF_URL: url})


def suggested_values(result: ConfigFlowResult) -> dict[str, Any]:
    """Return the suggested values of a form by field name."""
    schema = result["data_schema"]
    assert schema is not None
    return {str(field): (field.description or {}).get("suggested_value") for field in schema.schema}
