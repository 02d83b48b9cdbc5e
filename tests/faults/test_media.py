"""Every fault of previews and recordings."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.getscreen.recordings.ids import recording_path
from simulator import Account, Fault, Simulator, pages

from ..conftest import SetUp
from ..helpers import end_timers, entity_id_of, pass_time, state_of, until
from .steps import end_pause, logged
from .tables import PREVIEW, VIDEO, VIDEO_OF_A_FAILING_HISTORY


async def without_waiting[T](download: Coroutine[Any, Any, T], simulator: Simulator, fault: Fault) -> T:
    """Return the result of a download. If the server never answers, let the client's timeout pass at once."""
    downloads = len(simulator.downloads)
    running = asyncio.create_task(download)
    if fault is Fault.HANG:
        await until(lambda: len(simulator.downloads) > downloads)
        end_timers(31)
    return await running


async def test_previews(
    hass: HomeAssistant,
    simulator: Simulator,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The browser gets a whole picture or none, and a new one as soon as the server has recovered."""
    entry = await set_up()
    client = await hass_client()
    agent, entity_id = simulator.account.agents[1], entity_id_of(hass, entry, 1, "preview")

    async def picture() -> bytes | None:
        response = await client.get(f"/api/image_proxy/{entity_id}")
        content = bytes(await response.read())
        assert response.status in (200, 500)
        return content if response.status == 200 else None

    async def try_fault(fault: Fault) -> tuple[bool, bool]:
        simulator.fail(fault, "preview")
        seen = await without_waiting(picture(), simulator, fault)
        outcome = seen is not None, state_of(hass, entry, 1, "preview").state != STATE_UNAVAILABLE
        assert seen is None or seen.startswith(b"\x89PNG"), fault
        simulator.heal()
        agent.preview_time += 60
        await pass_time(hass)
        assert state_of(hass, entry, 1, "preview").state != STATE_UNAVAILABLE, fault
        healed = await picture()
        assert healed is not None, fault
        assert healed.startswith(b"\x89PNG"), fault
        agent.preview_time += 60
        await pass_time(hass)
        return outcome

    assert {fault: await try_fault(fault) for fault in Fault} == PREVIEW
    assert not logged(caplog)
    assert simulator.key not in caplog.text
    assert simulator.key_leaks == 0


@pytest.mark.parametrize(
    ("method", "table"), [("video", VIDEO), ("history/list", VIDEO_OF_A_FAILING_HISTORY)], ids=["the recording fails", "the history fails"]
)
async def test_recordings(
    hass: HomeAssistant,
    account: Account,
    simulator: Simulator,
    set_up: SetUp,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    method: str,
    table: dict[Fault, int],
) -> None:
    """A browser gets the recording or a bare HTTP code."""
    monkeypatch.setattr(pages, "make_recording", lambda *arguments: bytes(arguments[-1]))
    entry = await set_up()
    client = await hass_client()
    recorded = [session for session in account.history if session.video_size]

    async def try_fault(fault: Fault) -> int:
        # Another one for each fault, because recordings that were just found are cached.
        session = recorded[list(Fault).index(fault)]
        path = recording_path(entry.entry_id, session.start, session.id)
        simulator.fail(fault, method)
        response = await (without_waiting(client.get(path), simulator, fault) if method == "video" else client.get(path))
        content = await response.read()
        assert len(content) == (session.video_size if response.status == 200 else 0), fault
        simulator.heal()
        await end_pause(hass, fault)
        if response.status == 502:
            assert (await client.get(path, headers={"Range": "bytes=0-9"})).status == 206, fault
        return int(response.status)

    assert {fault: await try_fault(fault) for fault in Fault} == table
    assert not logged(caplog)
    assert simulator.key not in caplog.text
    assert simulator.key_leaks == 0
