"""Every fault of reading hardware, at set-up and in mid-life."""

from datetime import timedelta
import logging

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Account, Fault, Simulator

from ..conftest import SetUp
from ..helpers import act, device_id_of, device_of, pass_time, state_of, states
from .steps import FAULTS, LONG, logged
from .tables import BY_ITSELF, HARDWARE, LOADED, NEXT_DAY


@FAULTS
async def test_hardware_at_set_up(
    hass: HomeAssistant,
    simulator: Simulator,
    set_up: SetUp,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    """The computer works without its hardware, and the log has no line for the user."""
    simulator.fail(fault, "agents/info")
    entry = await set_up()
    assert entry.state is LOADED
    assert state_of(hass, entry, 1, "online").state == "on"
    assert "cpu" not in state_of(hass, entry, 1, "online").attributes
    assert state_of(hass, entry, 1, "memory_usage").state == STATE_UNKNOWN
    issues = [issue.translation_key for issue in ir.async_get(hass).issues.values()]
    assert issues == (["request_limit"] if fault is Fault.PAYMENT_REQUIRED else [])
    simulator.heal()
    simulator.requests.clear()
    assert await way_of_hardware(hass, entry, simulator, 1, monkeypatch) == HARDWARE[fault]
    assert state_of(hass, entry, 1, "memory_usage").state != STATE_UNKNOWN
    assert not ir.async_get(hass).issues
    assert not logged(caplog, logging.INFO)
    assert not hass.config_entries.flow.async_progress()
    assert simulator.key not in caplog.text


async def test_hardware_after_set_up(
    hass: HomeAssistant,
    account: Account,
    simulator: Simulator,
    set_up: SetUp,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Known hardware stays. A new computer appears without hardware, and gets it later."""
    entry = await set_up()
    before = states(hass)
    known = {agent_id: state_of(hass, entry, agent_id, "online").attributes for agent_id in (1, 2, 3)}
    devices = {agent_id: device_of(hass, entry, agent_id) for agent_id in known}

    async def try_fault(fault: Fault) -> str:
        simulator.fail(fault, "agents/info")
        new = account.add_agent("New PC", id=10 + list(Fault).index(fault), online=True, hardware=account.agents[1].hardware)
        await pass_time(hass)
        assert state_of(hass, entry, new.id, "online").state == "on", fault
        assert "cpu" not in state_of(hass, entry, new.id, "online").attributes, fault
        with pytest.raises(HomeAssistantError):
            await act(hass, "refresh_hardware", device_id=device_id_of(hass, entry, 1))
        for agent_id, attributes in known.items():
            found = state_of(hass, entry, agent_id, "online").attributes
            assert {**found, "hardware_updated": None} == {**attributes, "hardware_updated": None}, fault
            assert device_of(hass, entry, agent_id) == devices[agent_id], fault
        simulator.heal()
        simulator.requests.clear()
        way = await way_of_hardware(hass, entry, simulator, new.id, monkeypatch)
        assert not ir.async_get(hass).issues, fault
        account.remove_agent(new.id)
        await pass_time(hass)
        assert states(hass) == before, fault
        return way

    assert {fault: await try_fault(fault) for fault in Fault} == HARDWARE
    assert not logged(caplog, logging.INFO)
    assert not hass.config_entries.flow.async_progress()
    assert simulator.key not in caplog.text


async def way_of_hardware(
    hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator, agent_id: int, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Return when hardware that could not be read is read after all."""
    for _ in range(3):
        await pass_time(hass, LONG)
    if "cpu" in state_of(hass, entry, agent_id, "online").attributes:
        return BY_ITSELF
    assert simulator.count("agents/info") == 0
    with monkeypatch.context() as later:
        tomorrow = dt_util.utcnow() + timedelta(hours=25)
        later.setattr(dt_util, "utcnow", lambda: tomorrow)
        await pass_time(hass, LONG)
    return NEXT_DAY if "cpu" in state_of(hass, entry, agent_id, "online").attributes else "never"
