"""Every fault of a poll, at set-up and in mid-life."""

import gc
import logging
import tracemalloc
from typing import Any

from aiohttp import web
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from simulator import Fault, Simulator

from ..conftest import SetUp
from ..helpers import account_state, device_of, pass_time, state_of, states
from .steps import FAULTS, LOGGER_NAME, LONG, heal, logged, recoveries, registrations, settle
from .tables import AGENTS_AT_SET_UP, AGENTS_IN_MID_LIFE, INVITATIONS_AT_SET_UP, INVITATIONS_IN_MID_LIFE, LOADED, SAID


def read_as(words: str | None, messages: list[str]) -> str | None:
    """Return the text of the single message if it has the words, else the message itself, or None without one."""
    return next((words if words and words in message else message for message in messages), None)


@FAULTS
async def test_agents_at_set_up(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    """The entry says what happened, and recovers automatically."""
    simulator.fail(fault, "agents/list")
    entry = await set_up()
    assert entry.state is AGENTS_AT_SET_UP[fault]
    if fault in SAID:
        key, words = SAID[fault]
        # Home Assistant 2026.8 stores the text alone.
        assert entry.error_reason_translation_key in (key, None)
        assert entry.reason is not None
        assert entry.reason.startswith("owner@example.com: ")
        assert words in entry.reason
    assert device_of(hass, entry, 1) is None
    assert not [message for message in logged(caplog) if "Traceback" in message]
    await heal(hass, simulator)
    assert entry.state is LOADED
    assert entry.reason is None
    assert state_of(hass, entry, 1, "online").state == "on"
    assert "cpu" in state_of(hass, entry, 1, "online").attributes
    assert not ir.async_get(hass).issues
    assert simulator.key not in caplog.text + str(entry.reason)
    assert simulator.key_leaks == simulator.redirects_followed == 0


@FAULTS
async def test_agents_after_set_up(
    hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    """The log has one line at the beginning and one at the end of the failures. No device is removed, and all is as before."""
    entry = await set_up()
    before, known = states(hass), registrations(hass, entry)
    hardware = state_of(hass, entry, 1, "online").attributes
    caplog.clear()
    simulator.requests.clear()
    simulator.fail(fault, "agents/list")
    for _ in range(3):
        await pass_time(hass, LONG)
        assert state_of(hass, entry, 1, "online").state == AGENTS_IN_MID_LIFE[fault]
    assert registrations(hass, entry) == known
    assert simulator.count("agents/list") >= 3
    # Only a rejected key needs the user.
    assert bool(hass.config_entries.flow.async_progress()) is (fault is Fault.FORBIDDEN)
    if fault in SAID:
        (message,) = logged(caplog)
        assert "owner@example.com" in message
        assert SAID[fault][1] in message
        assert all(state == STATE_UNAVAILABLE for state in states(hass).values())
    else:
        assert not logged(caplog)
    assert not recoveries(caplog)
    await heal(hass, simulator)
    assert states(hass) == before
    assert registrations(hass, entry) == known
    assert state_of(hass, entry, 1, "online").attributes == hardware
    assert len(logged(caplog)) == (1 if fault in SAID else 0)
    # The polls of the invitations, which pause during the outage, add none.
    assert recoveries(caplog) == (["Fetching owner@example.com agents data recovered"] if fault in SAID else [])
    assert not ir.async_get(hass).issues
    assert not hass.config_entries.flow.async_progress()
    assert simulator.key not in caplog.text
    assert simulator.key_leaks == simulator.redirects_followed == 0


async def test_invitations_at_set_up(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    """The account works without invitations, requests no new key, and has them as soon as the server recovers."""
    entry = await set_up()
    known = registrations(hass, entry)

    async def try_fault(fault: Fault) -> tuple[str, str | None]:
        caplog.clear()
        simulator.fail(fault, "support/list")
        assert await hass.config_entries.async_unload(entry.entry_id), fault
        assert await hass.config_entries.async_setup(entry.entry_id), fault
        await settle(hass)
        invitations = account_state(hass, entry, "open_invitations").state
        for _ in range(2):
            await pass_time(hass, LONG)
            assert account_state(hass, entry, "open_invitations").state == invitations, fault
            assert state_of(hass, entry, 1, "online").state == "on", fault
        messages = logged(caplog)
        assert len(messages) <= 1, fault
        assert all("owner@example.com" in message for message in messages), fault
        await heal(hass, simulator)
        assert account_state(hass, entry, "open_invitations").state == "2", fault
        assert account_state(hass, entry, "invitations_remaining").state == "20", fault
        assert len(logged(caplog)) == len(recoveries(caplog)) == len(messages), fault
        assert registrations(hass, entry) == known, fault
        assert not ir.async_get(hass).issues, fault
        assert simulator.key not in caplog.text, fault
        return invitations, read_as(INVITATIONS_AT_SET_UP[fault][1], messages)

    assert {fault: await try_fault(fault) for fault in Fault} == INVITATIONS_AT_SET_UP


async def test_invitations_after_set_up(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, caplog: pytest.LogCaptureFixture) -> None:
    """The computers do not change, and all is as before once the server recovers."""
    entry = await set_up()
    before, known = states(hass), registrations(hass, entry)

    async def try_fault(fault: Fault) -> tuple[str, str | None]:
        caplog.clear()
        simulator.fail(fault, "support/list")
        for _ in range(2):
            await pass_time(hass, LONG)
        invitations = account_state(hass, entry, "open_invitations").state
        assert state_of(hass, entry, 1, "online").state == "on", fault
        messages = logged(caplog)
        assert len(messages) <= 1, fault
        await heal(hass, simulator)
        assert len(logged(caplog)) == len(recoveries(caplog)) == len(messages), fault
        assert states(hass) == before, fault
        assert registrations(hass, entry) == known, fault
        assert not ir.async_get(hass).issues, fault
        assert simulator.key not in caplog.text, fault
        return invitations, read_as(INVITATIONS_IN_MID_LIFE[fault][1], messages)

    assert {fault: await try_fault(fault) for fault in Fault} == INVITATIONS_IN_MID_LIFE


@pytest.mark.parametrize("key", ["preview", "last_seen"])
async def test_a_garbled_answer_changes_no_state(hass: HomeAssistant, simulator: Simulator, set_up: SetUp, key: str) -> None:
    """A computer with one unreadable record has not been woken, so there is no new picture, and was not seen at another time."""
    agent = simulator.account.agents[1]
    # In the middle of a step of a quarter of an hour.
    agent.last_time -= (agent.last_time + agent.id) % 900 + 450
    entry = await set_up()
    before = state_of(hass, entry, 1, key).state
    simulator.fail(Fault.WRONG_ITEMS, "agents/list", times=1)
    for _ in range(2):
        await pass_time(hass)
        assert state_of(hass, entry, 1, key).state == before


@pytest.mark.parametrize("method", ["agents/list", "support/list"])
async def test_a_huge_answer_is_not_stored(
    hass: HomeAssistant,
    simulator: Simulator,
    set_up: SetUp,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    """The connection is closed long before the end of the answer, and its memory is freed."""
    caplog.set_level(logging.INFO, LOGGER_NAME)
    await set_up()
    sent = 0
    write = web.StreamResponse.write

    async def counting(response: web.StreamResponse, data: Any) -> None:
        nonlocal sent
        sent += len(data)
        await write(response, data)

    monkeypatch.setattr(web.StreamResponse, "write", counting)
    simulator.fail(Fault.HUGE, method)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        await pass_time(hass)
        # Unlike Home Assistant's log, a test's log stores the errors themselves.
        caplog.clear()
        gc.collect()
        after, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert simulator.count(method) == 2
    assert sent < 45_000_000
    assert most - before < 100_000_000
    assert after - before < 2_000_000
