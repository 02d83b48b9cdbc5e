"""Whatever JSON a method is answered with, there is a value or a GetscreenError, and the key is in neither."""

from dataclasses import is_dataclass
from random import Random
from typing import Any

import orjson
import pytest

from custom_components.getscreen.api import GetscreenClient, GetscreenError
from simulator import Account
from simulator.methods import METHODS as SIMULATED
from simulator.methods import Api

from .helpers import METHODS, Canned

_PAYLOADS = 40
_NAMES = (
    *("data", "status", "error", "message", "text", "id", "name", "group", "disabled", "limited", "link_time", "last_time", "geo", "ip"),
    *("country", "region", "city", "permanent_url", "preview_url", "os", "version", "online", "installed", "favorite", "owner", "os_user"),
    *("sessions", "last", "start_time", "stop_time", "client", "clients", "user_agent", "login", "total", "hardware", "onetime_url", "url"),
    *("ComputerIP", "CPUSpeed", "RAMPhys", "HDD", "LogicalDisks", "Monitors", "NetAdapters", "Addresses", "DNS", "RAMBanks", "VideoCards"),
    *("SoundDevices", "Name", "Size", "create_time", "invite_code", "invite_url", "connect_url", "client_name", "client_os", "remain"),
    *("client_preview_url", "start", "stop", "support_id", "agent", "video", "size", "offset", "limit", "filter"),
)
_LEAVES: tuple[Any, ...] = (
    *(None, True, False, "", "x", "win", "0", "1", "-1", "1e400", "9" * 5000, "true", "https://https://a/b", "\x00", "a-key", "\U0001f511"),
    *(0, 1, 2, 3, 7, -1, 2**31, 2**53, 2**63, 2**64 - 1, -(2**63), 1_765_000_000, 1_765_000_000_000, 0.5, -1.5, 1e18, 1e300, -1e300),
)


def _any_json(random: Random, depth: int) -> Any:
    """Return JSON with the API's own names in it, nested at most so deep."""
    kind = random.random() if depth else 0
    if kind < 0.4:
        return random.choice(_LEAVES)
    if kind < 0.6:
        return [_any_json(random, depth - 1) for _ in range(random.randrange(4))]
    return {random.choice(_NAMES): _any_json(random, depth - 1) for _ in range(random.randrange(12))}


def _spoilt(random: Random, payload: Any) -> Any:
    """Return a good answer in which some values are others."""
    if random.random() < 0.05:
        return _any_json(random, 3)
    if isinstance(payload, dict):
        return {name: _spoilt(random, value) for name, value in payload.items() if random.random() < 0.98}
    if isinstance(payload, list):
        return [_spoilt(random, value) for value in payload]
    return payload


def _good(method: str) -> Any:
    """Return a good answer of the simulator."""
    account = Account(devices=3)
    account.start_session(1)
    values = {"id": 1} if method in ("devices/update", "agents/reboot", "agents/wake", "agents/logout") else {"agent_id": 1}
    values = {"connection_id": 7001} if method.startswith("support") else {} if method in ("agents/list", "history/list") else values
    return orjson.loads(SIMULATED[method].answer(Api(account, "https://go.getscreen.me"), values) or b"null")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("made", ["any", "spoilt"])
async def test_any_json(canned: Canned, canned_client: GetscreenClient, method: str, made: str) -> None:
    random = Random(f"{made} {method}")  # noqa: S311 - seeded, not secret
    good, values, errors = _good(method), 0, []
    for number in range(_PAYLOADS):
        payload = _any_json(random, 5) if made == "any" else _spoilt(random, good)
        canned.reply_json(payload, status="400 Bad Request" if number % 10 == 9 else "200 OK")
        try:
            answer = await METHODS[method](canned_client)
        except GetscreenError as error:
            errors.append(f"{error} {error!r} {getattr(error, 'reason', '')}")
        else:
            values += 1
            assert answer is None or is_dataclass(answer) or isinstance(answer, str), payload
    assert values or made == "any"  # a good answer by chance is too much to ask
    assert errors
    assert "a-key" not in "".join(errors)
    notes = canned_client.reports[method].notes
    assert len(notes.unknown) <= 100
    assert len(notes.unexpected) <= 100


async def test_agents_of_any_json_can_be_known_again(canned: Canned, canned_client: GetscreenClient) -> None:
    random = Random("known")  # noqa: S311 - seeded, not secret
    known = None
    for _ in range(_PAYLOADS):
        records = [{name: _any_json(random, 3) for name in random.sample(_NAMES, 9)} | {"id": number} for number in range(5)]
        canned.reply_json([*records, None])
        answer = await canned_client.list_agents(known=known)
        again = await canned_client.list_agents(known=answer.agents)
        assert answer.skipped == again.skipped == 1
        assert answer.agents.keys() == set(range(5))
        assert all(again.agents[number] is agent for number, agent in answer.agents.items())
        assert len({*answer.agents.values()}) == 5  # they have hashes
        assert repr(answer)
        known = answer.agents
