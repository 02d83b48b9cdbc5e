"""How the devices of a measured account change between two polls."""

from simulator import Account

# Percent of the devices that change in each kind of poll.
KINDS = {"unchanged": 0, "seen": 0, "some": 1, "all": 100}

_SECONDS = 60


def grow(account: Account, devices: int) -> None:
    """Let an account have as many devices."""
    for number in range(len(account.agents) + 1, devices + 1):
        account.add_agent(id=number)  # without an id, each would search for the highest


def change(account: Account, kind: str) -> None:
    """Let the devices change as they do before a `kind` of poll."""
    agents = list(account.agents.values())
    if kind == "seen":
        for agent in agents:
            if agent.online:
                agent.last_time += _SECONDS
    share = len(agents) * KINDS[kind] // 100
    for agent in agents[:share]:
        agent.online = not agent.online
        agent.last_time += _SECONDS
