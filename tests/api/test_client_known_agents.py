"""Agents of an earlier answer: unchanged ones stay the same objects, for any next answer."""

from dataclasses import fields, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.getscreen.api import Agent, GetscreenClient

from .checks import assert_impersonal, assert_seen_about
from .helpers import Canned
from .strategies import AGENT_IDS, AGENTS, HIDDEN, MANY

_LISTED = settings(MANY, max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def _values(agent: Agent) -> dict[str, Any]:
    """Return the values of an agent that do not depend on an earlier answer: all but its step and an assumed end of its session."""
    values = {field.name: getattr(agent, field.name) for field in fields(agent) if field.name != "last_seen_rounded"}
    if session := agent.last_session:
        values["last_session"] = replace(session, end=None if session.end_assumed else session.end)
    return values


@_LISTED
@given(records=st.dictionaries(AGENT_IDS, AGENTS, max_size=4), data=st.data())
async def test_unchanged_agents_stay_the_same_objects_in_any_order(
    canned: Canned, canned_client: GetscreenClient, records: dict[int, dict[str, Any]], data: st.DataObject
) -> None:
    listed: list[Any] = [{**record, "id": number} for number, record in records.items()] + [None, {}]
    canned.reply_json(listed)
    first = await canned_client.list_agents()
    assert first.agents.keys() == records.keys()
    assert first.skipped == 2
    canned.reply_json(data.draw(st.permutations(listed)))
    again = await canned_client.list_agents(previous=first.agents)
    assert again.skipped == 2
    assert again.agents == first.agents
    assert all(again.agents[number] is agent for number, agent in first.agents.items())
    assert len({*again.agents.values()}) == len(records)
    assert repr(again).count("Agent(") == len(records)
    assert HIDDEN not in repr(again)
    assert_impersonal(canned_client.reports["agents/list"].notes)


@_LISTED
@given(first=st.lists(AGENTS, max_size=4), second=st.lists(AGENTS, max_size=4), data=st.data())
async def test_known_agents_do_not_change_the_result(
    canned: Canned, canned_client: GetscreenClient, first: list[dict[str, Any]], second: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Also with several records of one id, ids of other types, and records that are added, removed or reordered."""
    canned.reply_json(first)
    known = (await canned_client.list_agents()).agents
    canned.reply_json(data.draw(st.permutations(first + second)) if data.draw(st.booleans()) else second)
    fresh, answer = await canned_client.list_agents(), await canned_client.list_agents(previous=known)
    assert answer.skipped == fresh.skipped
    assert [*answer.agents] == [*fresh.agents]
    for number, agent in answer.agents.items():
        assert_seen_about(agent)
        if agent is known.get(number):
            assert agent.source == fresh.agents[number].source
        else:
            assert _values(agent) == _values(fresh.agents[number])
    for number, agent in (await canned_client.list_agents(previous=answer.agents)).agents.items():
        assert agent is answer.agents[number]


@_LISTED
@given(st.sampled_from(["5", "005", 5.0]), st.integers(1_765_000_000, 1_765_004_000))
async def test_an_agent_is_known_whatever_type_its_id_is_of(
    canned: Canned, canned_client: GetscreenClient, agent_id: object, seen: int
) -> None:
    canned.reply_json([{"id": agent_id, "online": True, "last_time": seen}])
    known = (await canned_client.list_agents()).agents
    assert (await canned_client.list_agents(previous=known)).agents[5] is known[5]
