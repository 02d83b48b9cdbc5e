"""Assumed ends of sessions outlive restarts."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.getscreen.account.session_ends import SessionEnds
from custom_components.getscreen.const import DOMAIN
from simulator import Simulator

from ..helpers import pass_time, state_of
from .restarts import Storage, run
from .strategies import JSON, ODD_NUMBERS

# Home Assistant does not cancel its timers when it stops, but ends.
pytestmark = pytest.mark.parametrize("expected_lingering_timers", [True])


async def test_an_ended_session_stays_ended_after_a_restart(simulator: Simulator, entry: MockConfigEntry, hass_storage: Storage) -> None:
    """The server never wrote its end, and the computer is back online without a session. The next session counts again."""
    agent = simulator.account.agents[1]
    simulator.account.start_session(1)
    assert agent.session is not None
    # Or the next session might begin in the same second, on a fast machine.
    agent.session.start -= 60
    agent.online = False
    async with run(entry) as hass:
        assert state_of(hass, entry, 1, "session").state == "off"
        end = state_of(hass, entry, 1, "last_session").attributes["end"]
        await pass_time(hass, 2)
    agent.online = True
    for _ in range(2):
        async with run(entry) as hass:
            assert state_of(hass, entry, 1, "online").state == "on"
            assert state_of(hass, entry, 1, "session").state == "off"
            assert state_of(hass, entry, 1, "last_session").attributes["end"] == end
    simulator.account.start_session(1)
    async with run(entry) as hass:
        assert state_of(hass, entry, 1, "session").state == "on"
    assert hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]["session_ends"] == {}


@settings(max_examples=300, deadline=None)
@given(ends=JSON | st.dictionaries(st.text(max_size=6), st.lists(ODD_NUMBERS | JSON, max_size=3)))
def test_invalid_stored_ends(ends: Any) -> None:
    """Anything but an end of a session is ignored."""
    session_ends = SessionEnds()
    session_ends.restore(ends)
    session_ends.restore({"7": [1_790_000_000, 1_790_000_060.5]})
    assert session_ends.saved()["7"] == [1_790_000_000, 1_790_000_060.5]
