"""Changes the computers of a measured account between two polls."""

from simulator import Account

# The percentage of computers that change before each kind of poll.
KINDS = {"unchanged": 0, "seen": 0, "some": 1, "all": 100}

_SECONDS = 60


def grow(account: Account, devices: int) -> None:
    """Add computers to an account until it has `devices`."""
    for number in range(len(account.agents) + 1, devices + 1):
        account.add_agent(id=number)  # without an id, each call would search for the highest one


def change(account: Account, kind: str) -> None:
    """Change the computers for a `kind` of poll: a key of KINDS."""
    agents = list(account.agents.values())
    if kind == "seen":
        for agent in agents:
            if agent.online:
                agent.last_time += _SECONDS
    share = len(agents) * KINDS[kind] // 100
    for agent in agents[:share]:
        agent.online = not agent.online
        agent.last_time += _SECONDS
