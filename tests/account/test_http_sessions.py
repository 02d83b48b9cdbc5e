"""Sessions for HTTP requests: cookies, and when they are closed."""

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from custom_components.getscreen.account.http_sessions import async_api_session

from ..conftest import SetUp
from ..internet import API, Internet
from .conftest import Open
from .downloads import fetched


async def test_cookies(hass: HomeAssistant, net: Internet, open_session: Open) -> None:
    """None of our sessions stores or sends a cookie, or gives one to Home Assistant's own session."""
    api, media, shared = async_api_session(hass), open_session(API), async_get_clientsession(hass)
    for session in (api, media, api, media, shared):
        assert await fetched(session, "https://elsewhere.example/")
    assert all("Cookie" not in request.headers for request in net.requests)
    # The test's server does set a cookie: Home Assistant's own session now has it.
    assert await fetched(shared, "https://elsewhere.example/")
    assert net.requests[-1].headers["Cookie"] == "session=attacker"
    assert api is async_api_session(hass)
    assert "Home" in net.requests[0].headers["User-Agent"] == net.requests[1].headers["User-Agent"]


async def test_a_session_ends_with_its_account(hass: HomeAssistant, set_up: SetUp) -> None:
    entry = await set_up()
    sessions = entry.runtime_data.preview_session, entry.runtime_data.recording_session
    assert not any(session.closed for session in sessions)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert all(session.closed for session in sessions)
    assert not async_api_session(hass).closed


async def test_a_session_ends_with_home_assistant(hass: HomeAssistant, net: Internet, open_session: Open) -> None:
    session = open_session(API)
    assert await fetched(session, "https://elsewhere.example/")
    hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    await hass.async_block_till_done()
    assert session.closed
