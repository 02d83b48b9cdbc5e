"""Agents of any record: hypothesis searches for one that breaks a property."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from custom_components.getscreen.api import Agent
from custom_components.getscreen.api.reader import Notes, Reader

from .checks import QUARTER, assert_impersonal, assert_is_a_model, assert_seen_about, decoded
from .strategies import AGENT_IDS, AGENTS, JSON, MANY, NAMES


@MANY
@given(AGENTS | st.dictionaries(NAMES, JSON))
def test_any_record_is_an_agent_or_none(record: dict[str, Any]) -> None:
    before, notes = deepcopy(record), Notes()
    agent = Agent.from_dict(record, notes)
    assert_impersonal(notes)
    assert record == before
    if agent is None:
        assert Reader(record, Notes()).id("id") is None
    else:
        assert_is_a_model(agent, Agent.from_dict(decoded(record), Notes()), Agent)
        assert agent.source is record
        assert agent.in_session is (agent.last_session is not None and agent.last_session.end is None)
        assert not (agent.in_session and agent.online is False)


_SEEN = st.fixed_dictionaries({"last_time": st.integers(1_765_000_000, 1_765_004_000) | st.just(0), "online": st.booleans() | st.none()})


def _agent(agent_id: int, **changes: Any) -> Agent:
    agent = Agent.from_dict({"id": agent_id, "name": "PC", **changes}, Notes())
    assert agent is not None
    return agent


@MANY
@given(AGENT_IDS, _SEEN, _SEEN)
def test_last_seen_counts_only_in_steps(agent_id: int, first: dict[str, Any], second: dict[str, Any]) -> None:
    one, other = _agent(agent_id, **first), _agent(agent_id, **second)
    assert (one == other) is (one.online == other.online and one.last_seen_rounded == other.last_seen_rounded)
    assert one != other or hash(one) == hash(other)
    if one.online and other.online and one.last_seen and other.last_seen and abs(one.last_seen - other.last_seen) >= QUARTER:
        assert one != other


@MANY
@given(AGENT_IDS, st.lists(_SEEN, min_size=2, max_size=8))
def test_last_seen_goes_back_only_if_the_server_says_so(agent_id: int, moments: list[dict[str, Any]]) -> None:
    earlier = _agent(agent_id, **moments[0])
    for moment in moments[1:]:
        seen = earlier.last_seen
        agent = earlier.updated_from({"id": agent_id, "name": "PC", **moment}, Notes())
        assert agent
        assert_seen_about(agent)
        assert agent.last_seen == _agent(agent_id, **moment).last_seen
        if agent.last_seen and seen and agent.last_seen >= seen:
            assert agent.last_seen_rounded
            assert earlier.last_seen_rounded
            assert agent.last_seen_rounded >= earlier.last_seen_rounded
        elif not agent.last_seen or not seen:
            assert agent == _agent(agent_id, **moment)
        assert agent.updated_from(agent.source, Notes()) is agent
        earlier = agent
