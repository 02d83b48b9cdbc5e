"""The simulated account of a small business, for the pictures of the README."""

import asyncio
from dataclasses import replace

from demo.client import Client
from simulator import Account, Session

_DAY = 86400
_OWNER = "maria@example.com"
_COMPUTERS = {
    # By the name in the simulator's fleet: a new name, short enough for a day in the calendar, and a group.
    "Reception PC": ("Reception PC", "Office"),
    "Marta's MacBook": ("Marta's Mac", "Office"),
    "Workshop laptop": ("Jonas at home", "Office"),
    "Accounting PC": ("Warehouse PC", "Office"),
    "Till 1": ("Till 1", "Shop"),
    "Till 2": ("Till 2", "Shop"),
    "Media centre": ("Shop window", "Shop"),
    "Grandpa's tablet": ("Stock tablet", "Shop"),
    "Home office Jonas": ("Workshop PC", "Workshop"),
    "CNC controller": ("CNC mill", "Workshop"),
    "Server room NAS": ("Storage", "Workshop"),
}
_GUESTS = ("Nora-PC", "Henrik", "Rosa-iPad")
_OFFLINE = ("Warehouse PC", "Till 2", "CNC mill")
IN_SESSION = "Reception PC"
"""The name of the computer with a running session."""


def business_account() -> Account:
    """Return an account like that of a small business; it does not change by itself."""
    account = Account(devices=11, seed=7, owner=_OWNER, wake_seconds=3600)
    for agent in account.agents.values():
        agent.name, agent.group = _COMPUTERS[agent.name]
        agent.online = agent.name not in (*_OFFLINE, IN_SESSION)
        agent.preview_time = 0 if agent.os == "android" else int(account.now)
        if not agent.online:
            agent.last_time = int(account.now) - 7400 * len(agent.name)
    account.history = _working_hours(account.history, account.now)
    return account


def _working_hours(history: list[Session], now: float) -> list[Session]:
    """Return the sessions, moved to between 08:00 and 18:00 UTC, with the users and guests of this business."""
    for session in history:
        day, second = divmod(session.start, _DAY)
        moved = day * _DAY + 8 * 3600 + second * 10 // 24 - session.start
        session.start += moved
        session.stop = (session.stop or session.start) + moved
        session.guest = _GUESTS[session.id % len(_GUESTS)]
        if session.client.login == "owner@example.com":
            session.client = replace(session.client, login=_OWNER)
    past = sorted((session for session in history if (session.stop or now) < now - 3600), key=lambda session: session.start)
    for number, session in enumerate(past, 1):
        session.id = number
        if session.agent is not None:
            session.agent.session = session
    return past


async def open_for_business(account: Account, client: Client) -> None:
    """Bring a computer online and start a session on it, and wait until Home Assistant shows both."""
    (agent,) = [agent for agent in account.agents.values() if agent.name == IN_SESSION]
    for key, happen in (
        ("online", lambda: account.come(agent)),
        ("session", lambda: account.start_session(agent.id, account.history[-1].client)),
    ):
        (entity_id,) = [entity["entity_id"] for entity in await client.entities() if entity["unique_id"].endswith(f"_{agent.id}_{key}")]
        happen()
        await client.command("call_service", domain="homeassistant", service="update_entity", service_data={"entity_id": entity_id})
        # The integration polls at most every ten seconds for `update_entity`.
        async with asyncio.timeout(30):
            while (await client.states())[entity_id]["state"] != "on":  # noqa: ASYNC110  # another process sets no events
                await asyncio.sleep(0.2)
