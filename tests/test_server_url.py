"""Which addresses of a server the form accepts."""

from unittest.mock import patch

from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.getscreen.api import (
    GetscreenClient,
    GetscreenConnectionError,
)
from simulator import Simulator

from .flows import submit


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
async def test_url_that_cannot_be_right(hass: HomeAssistant, simulator: Simulator, url: str) -> None:
    """The address is rejected before a request is sent."""
    result = await submit(hass, simulator.key, url)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_URL: "invalid_url"}
    assert simulator.count() == 0


@pytest.mark.parametrize("url", ["http://localhost:1/v1", "http://[::1]:1/v1", "http://127.8.9.10:1/v1"])
async def test_loopback_may_do_without_https(hass: HomeAssistant, url: str) -> None:
    # The tests may only talk to 127.0.0.1 itself.
    with patch.object(GetscreenClient, "list_agents", side_effect=GetscreenConnectionError("nobody there")):
        result = await submit(hass, "a-key", url)
    assert result["errors"] == {"base": "cannot_connect"}
