"""Finds the computers of a Getscreen.me group by the group's name."""

from collections import defaultdict
from collections.abc import Mapping
from unicodedata import normalize

from ..api import Agent
from ..texts import short


def groups_of(agents: Mapping[int, Agent]) -> dict[str, list[int]]:
    """Return the agent ids by the name of their group."""
    groups: dict[str, list[int]] = defaultdict(list)
    for agent_id, agent in agents.items():
        if agent.group:
            groups[agent.group].append(agent_id)
    return groups


def members_of(groups: Mapping[str, list[int]], name: str) -> list[int]:
    """Return the agent ids of the group `name`; empty if there is no such group.

    A name as the entities show it (shortened), a different case or different spaces are accepted if only one group matches: a command must
    not reach the wrong group.
    """
    if name in groups:
        return groups[name]
    for form in (short, _plain):
        if alike := [members for other, members in groups.items() if form(other) == form(name)]:
            return alike[0] if len(alike) == 1 else []
    return []


def _plain(name: str) -> str:
    return normalize("NFKC", " ".join(short(name).split())).casefold()
