"""Every fault of the history, in the calendar and in the media browser."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from simulator import Fault, Simulator

from ..calendars import events_of
from ..conftest import SetUp
from ..helpers import account_state
from .steps import end_pause, failure_of, logged, outcome_of
from .tables import DONE, MEDIA


async def test_the_calendar(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    """The calendar says what happened, and shows the sessions when the server recovers."""
    entry = await set_up()
    now = dt_util.utcnow()
    ranges = {fault: now - timedelta(days=30, minutes=number) for number, fault in enumerate(Fault)}

    async def try_fault(fault: Fault) -> str:
        simulator.fail(fault, "history/list")
        found: list[Any] = []

        async def read() -> None:
            found.extend(await events_of(hass, entry, ranges[fault], now))

        outcome = outcome_of(await failure_of(read()), "owner@example.com: ", simulator)
        assert found == [], fault
        simulator.heal()
        await end_pause(hass, fault)
        assert await events_of(hass, entry, ranges[fault] - timedelta(hours=5), now), fault
        return outcome

    assert {fault: await try_fault(fault) for fault in Fault} == MEDIA
    assert account_state(hass, entry, "connection_history", "calendar").state == "off"
    assert not logged(caplog)
    assert simulator.key not in caplog.text


async def test_the_media_browser(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, hass_ws_client: WebSocketGenerator, caplog: pytest.LogCaptureFixture
) -> None:
    """Folders and recordings say what happened, in the same words."""
    assert await async_setup_component(hass, "media_source", {})
    entry = await set_up()
    client = await hass_ws_client()
    words = {
        "refused": "the server refused the request",
        "request_limit": "the request limit",
        "access_denied": "the server denies access",
        "cannot_connect": "the server could not be reached",
        "invalid_response": "the server did not respond like the Getscreen.me API",
    }

    async def ask_for(what: str, place: str) -> Any:
        await client.send_json_auto_id(
            {
                "type": f"media_source/{what}",
                "media_content_id": f"media-source://getscreen/{entry.entry_id}/{place}",
            }
        )
        return await client.receive_json()

    async def try_fault(fault: Fault) -> str:
        # Another month for each fault, because known months are cached.
        number = list(Fault).index(fault)
        simulator.fail(fault, "history/list")
        folder = await ask_for("browse_media", f"month/20{number + 30}-01")
        recording = await ask_for("resolve_media", f"recording/{number}-1")
        simulator.heal()
        await end_pause(hass, fault)
        assert not recording["success"], fault
        assert simulator.key not in str([folder, recording]), fault
        if folder["success"]:
            assert folder["result"]["children"] == [], fault
            assert recording["error"]["message"].startswith("There is no such recording"), fault
            return DONE
        assert recording["error"]["message"] == folder["error"]["message"], fault
        return next(key for key, text in words.items() if folder["error"]["message"].startswith(f"owner@example.com: {text}"))

    assert {fault: await try_fault(fault) for fault in Fault} == MEDIA
    assert not logged(caplog)
    assert simulator.key not in caplog.text
