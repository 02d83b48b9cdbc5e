"""Requests that the API rejects: keys, verbs, parameters, limits."""

import aiohttp
import pytest

from simulator import Account, Simulator

from .conftest import Call

_UPDATE = {"id": 1}


@pytest.mark.parametrize(
    ("method", "verb", "parameters", "code"),
    [
        ("agents/foo", "GET", {}, 404),
        ("agents/list", "POST", {}, 405),
        ("support/create", "GET", {}, 405),
        ("agents/wake", "PUT", {"id": 1}, 405),
        ("agents/list", "GET", {"page": 1}, 400),
        ("agents/list", "GET", {"apikey": "the-key"}, 403),
        ("agents/info", "GET", {}, 400),
        ("agents/info", "GET", {"id": 1}, 400),
        ("agents/info", "GET", {"agent_id": "one"}, 400),
        ("agents/info", "GET", {"agent_id": 99}, 403),
        ("agents/wake", "POST", {"id": 99}, 403),
        ("agents/connect", "POST", {}, 400),
        ("agents/connect", "POST", {"agent_id": 1, "device_id": 1}, 400),
        ("agents/connect", "POST", {"device_id": "nobody"}, 403),
        ("agents/connect", "POST", {"agent_id": 1, "video": "True"}, 400),
        ("agents/reboot", "POST", {"id": 1, "safe": "1"}, 400),
        ("support/info", "GET", {"connection_id": 1}, 400),
        ("support/close", "POST", {}, 400),
        ("history/list", "GET", {"limit": 101}, 400),
        ("history/list", "GET", {"limit": 0}, 400),
        ("history/list", "GET", {"offset": -1}, 400),
        ("history/list", "GET", {"date_from": 1.5}, 400),
        ("history/list", "GET", {"agent_id": 99}, 403),
    ],
)
async def test_invalid_requests_are_rejected(call: Call, method: str, verb: str, parameters: dict[str, object], code: int) -> None:
    answered, answer = await call(method, verb, **parameters)
    assert answered == code
    assert answer["error"]


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"name": "no id"},
        _UPDATE | {"color": "red"},
        {"id": "1"},
        {"id": True},
        _UPDATE | {"name": ""},
        _UPDATE | {"permanent_url": "front"},
        _UPDATE | {"permanent_url": {"enable": "true"}},
        _UPDATE | {"permanent_url": {"password": "short"}},
        _UPDATE | {"permanent_url": {"password": "no spaces!"}},
    ],
)
async def test_invalid_updates_are_rejected(call: Call, body: object) -> None:
    assert (await call("devices/update", "POST", json=body))[0] == 400


async def test_parameters_have_their_place(call: Call, session: aiohttp.ClientSession, simulator: Simulator) -> None:
    assert (await call("devices/update", "POST", json={"id": 1}, id=1))[0] == 400
    assert (await call("agents/wake", "POST", json={"id": 3}))[0] == 400
    assert (await call("agents/wake", "POST", json={}, id=3))[0] == 400
    assert (await session.post(f"{simulator.url}/devices/update", data=b'{"id": 1}')).status == 400
    assert (await session.get(f"{simulator.url}/agents/info?agent_id=1&agent_id=2")).status == 400


async def test_the_key_counts_in_its_header_only(
    simulator: Simulator, session: aiohttp.ClientSession, browser: aiohttp.ClientSession
) -> None:
    assert (await browser.get(f"{simulator.url}/agents/list")).status == 403
    assert (await browser.get(f"{simulator.url}/agents/list?apikey=the-key")).status == 403
    simulator.key = "rotated"
    assert (await session.get(f"{simulator.url}/agents/list")).status == 403
    assert (await session.get(f"{simulator.url}/agents/list", headers={"X-Api-Key": "rotated"})).status == 200


async def test_unproven_verbs_can_be_others(call: Call, account: Account) -> None:
    account.verbs["agents/wake"] = "PUT"
    account.wrong_verb_code = 404
    assert (await call("agents/wake", "POST", id=3))[0] == 404
    assert not account.agents[3].online
    assert (await call("agents/wake", "PUT", id=3))[0] == 200


async def test_a_plan_runs_out_of_requests(call: Call, simulator: Simulator) -> None:
    simulator.limit = 2
    assert [(await call("agents/list"))[0] for _ in range(3)] == [200, 200, 402]
    simulator.limit = None
    assert (await call("agents/list"))[0] == 200


async def test_requests_are_recorded(call: Call, simulator: Simulator) -> None:
    await call("agents/info", agent_id=1)
    await call("devices/update", "POST", json={"id": 1, "name": "Front desk"})
    await call("nowhere")
    info, update, nowhere = simulator.requests
    assert (info.method, info.verb, info.parameters, info.body) == ("agents/info", "GET", {"agent_id": "1"}, None)
    assert update.body == {"id": 1, "name": "Front desk"}
    assert nowhere.method == "nowhere"
    assert (simulator.count(), simulator.count("agents/info"), simulator.count("agents/list")) == (3, 1, 0)


async def test_an_old_server_takes_the_key_as_a_parameter_only(simulator: Simulator, browser: aiohttp.ClientSession) -> None:
    simulator.key_in_query = True
    header = {"X-Api-Key": simulator.key}
    wrong: list[tuple[str, dict[str, str]]] = [
        ("", {}),
        ("?apikey=another", {}),
        ("?APIKEY=the-key", {}),
        ("?key=the-key", {}),
        ("?apikey=the-key&apikey=the-key", {}),
        ("", header),
        ("?apikey=the-key", header),
    ]
    for query, headers in wrong:
        assert (await browser.get(f"{simulator.url}/agents/list{query}", headers=headers)).status == 403, query
    assert (await browser.get(f"{simulator.url}/agents/list?apikey=the-key&search=x")).status == 200
    assert (await browser.post(f"{simulator.url}/devices/update?apikey=the-key", json={"id": 1})).status == 200


async def test_commands_as_json(call: Call, account: Account) -> None:
    account.json_commands = True
    bodies: list[object] = [None, [], {}, {"id": "3"}, {"id": True}, {"id": 3, "safe": "true"}, {"id": 3, "safe": 1}, {"id": 3, "x": 1}]
    for method in ("agents/wake", "agents/reboot", "agents/logout"):
        assert (await call(method, "POST", id=3))[0] == 400
        assert (await call(method, "POST", json={"id": 3}, id=3))[0] == 400
        for body in bodies:
            assert (await call(method, "POST", json=body))[0] == 400, body
        assert not account.agents[3].online
    assert await call("agents/wake", "POST", json={"id": 3}) == (200, {"status": 0})
    assert await call("agents/reboot", "POST", json={"id": 3, "safe": True}) == (200, {"status": 0})
    assert (await call("agents/connect", "POST", json={"agent_id": 1}))[0] == 400


async def test_groups_are_known_by_any_text(call: Call, account: Account) -> None:
    account.groups["work-shop/2"] = "Office"
    office = [agent.id for agent in account.agents.values() if agent.group == "Office"]
    for group_id, found in (("work-shop/2", office), ("1", office), ("01", []), ("work-shop", [])):
        assert [agent["id"] for agent in (await call("agents/list", group_id=group_id))[1]["data"]] == found


async def test_links_that_are_signed_anew(call: Call, account: Account, simulator: Simulator, browser: aiohttp.ClientSession) -> None:
    account.signed_previews = True
    first = (await call("agents/list"))[1]["data"][0]["preview_url"]
    second = (await call("agents/info", agent_id=1))[1]["data"]["preview_url"]
    assert first != second
    assert first.partition("?")[0] == second.partition("?")[0]
    assert (await browser.get(first)).status == 200
    assert first not in repr((await call("agents/list"))[1])
