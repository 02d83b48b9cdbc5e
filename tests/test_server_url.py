"""Which addresses of a server the form accepts."""

from unittest.mock import patch

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.getscreen.api import (
    AccessDeniedError,
    ConnectionCause,
    GetscreenClient,
    GetscreenConnectionError,
    InvalidResponseError,
    RequestLimitError,
)
from custom_components.getscreen.server_url import is_same_server, website, with_version
from simulator import Simulator

from .flows import submit, suggested_values


@pytest.mark.parametrize(
    "url",
    [
        "http://api.getscreen.me/v1",
        "http://192.168.1.10/v1",
        "http://localhost.example.com/v1",
        "http://name.localhost/v1",
        "http://127.0.0.1.nip.io/v1",
        "ftp://127.0.0.1/v1",
        "api.getscreen.me/v1",
        "https://",
        "https://user:password@api.getscreen.me/v1",
        "https://api.getscreen.me/v1?apikey=x",
        "https://api.getscreen.me/v1#x",
        "https://api.getscreen.me:99999/v1",
        "https://[::1/v1",
        "not a url",
        "https://ex ample.com/v1",
        "https://ex\nample.com/v1",
        "https://..",
        "https://%00/v1",
        "https://-/v1",
        "",
    ],
)
async def test_invalid_url(hass: HomeAssistant, simulator: Simulator, url: str) -> None:
    """The address is rejected before a request is sent."""
    result = await submit(hass, simulator.key, url)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_URL: "invalid_url"}
    assert simulator.count() == 0


@pytest.mark.parametrize("url", ["http://localhost:1/v1", "http://[::1]:1/v1", "http://127.8.9.10:1/v1"])
async def test_loopback_without_https(hass: HomeAssistant, url: str) -> None:
    # The tests may only talk to 127.0.0.1 itself.
    with patch.object(GetscreenClient, "list_agents", side_effect=GetscreenConnectionError("nobody there")):
        result = await submit(hass, "a-key", url)
    assert result["errors"] == {"base": "cannot_connect"}


@pytest.mark.parametrize(
    ("url", "completed"),
    [
        ("https://getscreen.example.com", "https://getscreen.example.com/v1"),
        ("https://getscreen.example.com/api", "https://getscreen.example.com/api/v1"),
        ("https://getscreen.example.com/v1", None),
        ("https://getscreen.example.com/api/V12", None),
        ("https://v1", "https://v1/v1"),
    ],
)
def test_the_version(url: str, completed: str | None) -> None:
    assert with_version(url) == completed


@pytest.mark.parametrize(
    ("server", "shown"),
    [
        ("https://api.getscreen.me/v1", "https://getscreen.me"),
        ("https://api.pro32connect.ru/v1", "https://pro32connect.ru"),
        ("https://help.example.com:8443/api/v1", "https://help.example.com:8443"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/v1", "http://[::1]:8080"),
        ("", None),
        ("javascript:alert(1)", None),
        ("https://user:secret@help.example.com/v1", None),
    ],
)
def test_the_website(server: str, shown: str | None) -> None:
    assert website(server) == shown


async def test_a_missing_version_is_tried(hass: HomeAssistant, simulator: Simulator) -> None:
    """The address that works is stored."""
    result = await submit(hass, simulator.key, simulator.url.removesuffix("/v1"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"][CONF_URL] == simulator.url
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_version_is_missing_from_a_public_server(hass: HomeAssistant) -> None:
    """Only the address with the version gets the key."""
    with patch.object(GetscreenClient, "list_agents", side_effect=AccessDeniedError("HTTP 403")) as list_agents:
        result = await submit(hass, "a-key", "https://api.getscreen.me/")
    assert result["errors"] == {"base": "invalid_auth"}
    assert list_agents.call_count == 1


@pytest.mark.parametrize(
    ("failures", "error", "attempts"),
    [
        ([InvalidResponseError("HTTP 404"), InvalidResponseError("HTTP 404")], "invalid_response", 2),
        ([InvalidResponseError("HTTP 404"), RequestLimitError("HTTP 402")], "request_limit", 2),
        ([InvalidResponseError("HTTP 404"), GetscreenConnectionError("HTTP 502")], "invalid_response", 2),
        ([GetscreenConnectionError("HTTP 502", cause=ConnectionCause.SERVER), InvalidResponseError("HTTP 404")], "cannot_connect", 2),
        ([GetscreenConnectionError("no answer", cause=ConnectionCause.TIMEOUT)], "cannot_connect", 1),
        ([GetscreenConnectionError("no such host", cause=ConnectionCause.NAME)], "cannot_connect", 1),
    ],
)
async def test_error_if_neither_address_works(hass: HomeAssistant, failures: list[Exception], error: str, attempts: int) -> None:
    """The error is that of the typed address, unless only the other one answered like the API. The form keeps the input."""
    with patch.object(GetscreenClient, "list_agents", side_effect=failures) as list_agents:
        result = await submit(hass, "a-key", "https://getscreen.example.com")
    assert result["errors"] == {"base": error}
    assert suggested_values(result) == {"api_key": "a-key", CONF_URL: "https://getscreen.example.com"}
    assert list_agents.call_count == attempts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://getscreen.example.com/v1", "https://GetScreen.Example.com/v1", True),
        ("https://getscreen.example.com/v1", "https://www.getscreen.example.com/v1", True),
        ("https://getscreen.example.com/v1", "https://getscreen.example.com", True),
        ("https://getscreen.example.com/v1", "https://getscreen.example.com/V2/", True),
        ("https://getscreen.example.com/v1", "https://getscreen.example.com.:443/v1", True),
        ("https://getscreen.example.com/v1", "https://getscreen.example.com:8443/v1", False),
        ("https://getscreen.example.com/a/v1", "https://getscreen.example.com/b/v1", False),
        ("https://api.getscreen.me/v1", "https://api.getscreen.ru/v1", False),
        ("", "", False),
        (None, None, False),
        ("https://a:b/v1", "https://a:b/v1", False),
    ],
)
def test_same_server(one: str | None, other: str | None, same: bool) -> None:
    """Damaged addresses are no server."""
    assert is_same_server(one, other) is same
