"""The texts of errors: what happened, to which computer, and what the user can do."""

import re
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.getscreen.api import (
    ConnectionCause,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestRefusedError,
    ResponseFault,
)
from simulator import Fault, Simulator

from .conftest import SetUp
from .helpers import act, device_id_of


async def test_a_command_that_failed(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.command_status[1] = 7
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert error.value.translation_key == "command_failed"
    assert "status 7" in str(error.value)


async def test_a_rejection_contains_the_servers_reason(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    simulator.refuse(1, 400)
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert error.value.translation_key == "refused"
    assert error.value.translation_placeholders is not None
    assert "HTTP" not in error.value.translation_placeholders["reason"]


SENTENCES = {
    Fault.PAYMENT_REQUIRED: "the request limit of the Getscreen.me plan is used up. Wait until the plan allows requests again",
    Fault.FORBIDDEN: "the server denies access. Check that the computer still belongs to the account and that the API key is valid",
    Fault.DROPPED: "the server could not be reached or is unavailable (",
    Fault.SERVER_ERROR: "the server could not be reached or is unavailable (it reported a problem: agents/wake: HTTP 500)",
    Fault.NOT_FOUND: "the server did not respond like the Getscreen.me API (agents/wake: HTTP 404",
    Fault.BAD_REQUEST: "the server refused the request: told to answer 400",
}


@pytest.mark.parametrize(("fault", "sentence"), SENTENCES.items(), ids=[fault.name for fault in SENTENCES])
async def test_an_error_names_the_computer_and_the_remedy(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, fault: Fault, sentence: str
) -> None:
    entry = await set_up()
    dr.async_get(hass).async_update_device(device_id_of(hass, entry, 1), name_by_user="Front desk")
    simulator.fail(fault, "agents/wake")
    with pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert str(error.value).startswith(f"Front desk: {sentence}")


@pytest.mark.parametrize(
    ("detail", "sentence"),
    [
        ("certificate has expired", "its certificate has expired"),
        ("self-signed certificate", "its certificate is self-signed, so it is not trusted"),
        ("Hostname mismatch", "its certificate is for another host name"),
        ("unknown authority", "its certificate is not trusted"),
    ],
)
async def test_why_a_certificate_was_rejected(hass: HomeAssistant, set_up: SetUp, detail: str, sentence: str) -> None:
    entry = await set_up()
    rejected = GetscreenConnectionError(detail, cause=ConnectionCause.CERTIFICATE)
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=rejected), pytest.raises(HomeAssistantError) as error:
        await act(hass, "wake", device_id=device_id_of(hass, entry, 1))
    assert f"({sentence})" in str(error.value)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (GetscreenConnectionError("Connection reset by peer"), "the connection failed or was lost"),
        (GetscreenConnectionError("no answer within 10 seconds", cause=ConnectionCause.TIMEOUT), "it did not answer in time"),
        (GetscreenConnectionError("agents/wake: HTTP 500", cause=ConnectionCause.SERVER), "it reported a problem: agents/wake: HTTP 500"),
        (InvalidResponseError("agents/wake: HTTP 404", ResponseFault.CODE), "agents/wake: HTTP 404"),
        (InvalidResponseError("agents/wake: HTTP 200, no JSON", ResponseFault.JSON), "the response is not JSON"),
        (InvalidResponseError("the status is not a number"), "the response contains unexpected data"),
        (InvalidResponseError("the answer has more than 600000 values", ResponseFault.SIZE), "the response is too large"),
        (RequestRefusedError("agents/wake: HTTP 200 with an error", None), "no reason was given"),
    ],
)
async def test_texts_come_from_the_translations(hass: HomeAssistant, set_up: SetUp, error: GetscreenError, text: str) -> None:
    """Details in a text come from the translations, not from the client, whose texts exist only in English."""
    entry = await set_up()
    with patch("custom_components.getscreen.api.GetscreenClient.wake", side_effect=error), pytest.raises(HomeAssistantError) as raised:
        await act(hass, "wake", device_id=[device_id_of(hass, entry, number) for number in (1, 2)])
    placeholders = raised.value.translation_placeholders
    assert placeholders is not None
    assert len(re.findall(rf"(\(|: ){text}(\)|;|$)", placeholders["failures"])) == 2
