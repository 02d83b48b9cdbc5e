"""Home Assistant's exceptions for the client's errors and for bad input, with texts in the user's language."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict

from homeassistant.core import HomeAssistant, async_get_hass, callback
from homeassistant.exceptions import ConfigEntryError, HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_cached_translations

from .api import (
    AccessDeniedError,
    CommandFailedError,
    ConnectionCause,
    GetscreenConnectionError,
    GetscreenError,
    InvalidResponseError,
    RequestLimitError,
    RequestRefusedError,
    ResponseFault,
)
from .const import DOMAIN

# Parts of OpenSSL's messages about a rejected certificate, and the key of the translated text.
_CERTIFICATE_FAULTS = {
    "has expired": "certificate_expired",
    "self-signed": "certificate_self_signed",
    "ismatch": "certificate_host",
}


class Translation(TypedDict):
    """The arguments of a translated HomeAssistantError."""

    translation_domain: str
    translation_key: str
    translation_placeholders: dict[str, str]


def translate(error: GetscreenError, name: str) -> Translation:
    """Return the translation for an error; `name`: the computer or account that it concerns."""
    placeholders = {"name": name}
    match error:
        case AccessDeniedError():
            key = "access_denied"
        case RequestLimitError():
            key = "request_limit"
        case GetscreenConnectionError():
            key = "cannot_connect"
            placeholders["error"] = async_cause_text(async_get_hass(), error)
        case RequestRefusedError():
            key = "refused"
            placeholders["reason"] = error.reason or _async_common_text(async_get_hass(), "answer_no_reason", str(error))
        case CommandFailedError():
            key = "command_failed"
            placeholders["status"] = str(error.status)
        case _:
            key = "invalid_response"
            placeholders["error"] = _async_fault_text(async_get_hass(), error)
    return Translation(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)


@callback
def async_cause_text(hass: HomeAssistant, error: GetscreenConnectionError) -> str:
    """Return why the server cannot be reached, in Home Assistant's language; in English while its texts are not loaded."""
    key, detail = f"cause_{error.cause}", str(error)
    if error.cause is ConnectionCause.CERTIFICATE:
        key = next((f"cause_{fault}" for words, fault in _CERTIFICATE_FAULTS.items() if words in detail), key)
    return _async_common_text(hass, key, detail)


@callback
def _async_fault_text(hass: HomeAssistant, error: GetscreenError) -> str:
    """Return what is wrong with an answer, in Home Assistant's language. An HTTP code with its API method needs no translation."""
    if isinstance(error, InvalidResponseError) and error.fault is not ResponseFault.CODE:
        return _async_common_text(hass, f"answer_{error.fault}", str(error))
    return str(error)


@callback
def _async_common_text(hass: HomeAssistant, key: str, detail: str) -> str:
    """Return a text of `common`, with the detail filled in if it has a place for it; the detail alone while the texts are not loaded."""
    texts = async_get_cached_translations(hass, hass.config.language, "common", DOMAIN)
    text = texts.get(f"component.{DOMAIN}.common.{key}")
    return text.format(detail=detail) if text else detail


def invalid(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error for invalid input; `key`: that of its translated text."""
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)


def failed(key: str, **placeholders: str) -> HomeAssistantError:
    """Return the error for a failed operation; `key`: that of its translated text."""
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)


def invalid_entry(name: str) -> ConfigEntryError:
    """Return the error for a config entry whose data is damaged."""
    return ConfigEntryError(translation_domain=DOMAIN, translation_key="invalid_entry", translation_placeholders={"name": name})


@contextmanager
def translated_errors(name: str) -> Iterator[None]:
    """Raise the client's errors as HomeAssistantError, with a text that names the computer or account `name`."""
    try:
        yield
    except GetscreenError as error:
        raise HomeAssistantError(**translate(error, name)) from error
