"""Devices: lists, details and commands."""

import aiohttp
import pytest

from simulator import Account, Geo, Oddity, Simulator

from .conftest import Call, Clock


async def test_lists_every_agent(call: Call, account: Account) -> None:
    code, answer = await call("agents/list")
    assert code == 200
    assert [(agent["id"], agent["name"], agent["online"]) for agent in answer["data"]] == [
        (1, "Reception PC", True),
        (2, "Marta's MacBook", True),
        (3, "Server room NAS", False),
    ]
    account.bare_lists = True
    assert (await call("agents/list"))[1] == answer["data"]


async def test_a_list_shows_every_change_made_by_hand(call: Call, account: Account) -> None:
    await call("agents/list")
    account.agents[1].online = False
    account.agents[2].geo = Geo("192.0.2.1", "Spain", "", "Madrid")
    account.start_session(3).start = 42
    account.remove_agent(2)
    account.add_agent("Barn", os="linux", extra={"os_user": "cow"})
    agents = (await call("agents/list"))[1]["data"]
    assert [agent["id"] for agent in agents] == [1, 3, 4]
    assert agents[0]["online"] is False
    assert agents[1]["sessions"]["last"]["start_time"] == 42
    assert not agents[1]["sessions"]["last"]["stop_time"]
    assert (agents[2]["name"], agents[2]["os"], agents[2]["os_user"]) == ("Barn", "linux", "cow")
    account.end_session(3)
    assert (await call("agents/list"))[1]["data"][1]["sessions"]["last"]["stop_time"] > 0


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"search": "macb"}, [2]),
        ({"search": "203.0.113"}, [1, 2, 3]),
        ({"search": "OFFICE"}, [1]),
        ({"group_id": 4}, [3]),
        ({"group_id": 9}, []),
    ],
)
async def test_searches_names_addresses_and_groups(call: Call, parameters: dict[str, object], found: list[int]) -> None:
    assert [agent["id"] for agent in (await call("agents/list", **parameters))[1]["data"]] == found


async def test_info_has_hardware_and_a_onetime_link(call: Call, account: Account, browser: aiohttp.ClientSession) -> None:
    info = (await call("agents/info", agent_id=1))[1]["data"]
    assert info["hardware"]["RAMPhys"] == 8 * 1024 - 52
    assert {"CPU", "LogicalDisks", "NetAdapters", "ComputerIP", "Monitors"} <= info["hardware"].keys()
    assert (await call("agents/info", agent_id=1))[1]["data"]["onetime_url"] == info["onetime_url"]
    async with browser.get(info["onetime_url"]) as page:
        assert page.status == 200
    assert account.agents[1].in_session
    assert (await call("agents/info", agent_id=1))[1]["data"]["onetime_url"] != info["onetime_url"]


async def test_odd_values_occur(account: Account, call: Call) -> None:
    for number in range(4, 40):
        account.add_agent(id=number)
    agents = (await call("agents/list"))[1]["data"]
    infos = [(await call("agents/info", agent_id=agent["id"]))[1]["data"] for agent in agents]
    blocks = [info["hardware"] for info in infos if info.get("hardware")]
    assert any((agent.get("permanent_url") or "").startswith("https://https://") for agent in agents)
    assert {"", None} <= {agent.get("permanent_url", "missing") for agent in agents}
    assert {"", None, "missing"} <= {agent.get("preview_url", "missing") for agent in agents}
    assert any("os_user" in agent and "isp" in agent["geo"] for agent in agents)
    assert any(agent.get("sessions", "missing") == "missing" for agent in agents)
    assert any(agent.get("sessions", "missing") is None for agent in agents)
    assert any((agent.get("sessions") or {}).get("last", "missing") is None for agent in agents)
    assert {"missing", 0} <= {len(info["hardware"]) if "hardware" in info else "missing" for info in infos}
    assert any("/" in block["ComputerIP"][0] for block in blocks)
    assert any(disk["Size"] == 0 for block in blocks for disk in block["LogicalDisks"])
    assert any("RAMPhysAvail" not in block for block in blocks)


async def test_waking_takes_time_and_may_fail(call: Call, account: Account, clock: Clock) -> None:
    account.wake_seconds = 20
    account.agents[2].online = False
    for agent in (2, 3):
        assert await call("agents/wake", "POST", id=agent) == (200, {"status": 0})
    clock.now += 19
    assert [agent["online"] for agent in (await call("agents/list"))[1]["data"]] == [True, False, False]
    clock.now += 1
    assert [agent["online"] for agent in (await call("agents/list"))[1]["data"]] == [True, False, True]


async def test_waking_at_once(call: Call, account: Account) -> None:
    preview = (await call("agents/list"))[1]["data"][2]["preview_url"]
    await call("agents/wake", "POST", id=3)
    assert account.agents[3].online
    assert (await call("agents/list"))[1]["data"][2]["preview_url"] != preview


async def test_reboot_goes_and_comes_back(call: Call, account: Account, clock: Clock) -> None:
    account.reboot_seconds = (5, 40)
    session = account.start_session(1)
    assert await call("agents/reboot", "POST", id=1, safe="true") == (200, {"status": 0})
    states = []
    for seconds in (4, 2, 33, 2):
        clock.now += seconds
        account.advance()
        states.append(account.agents[1].online)
    assert states == [True, False, False, True]
    assert session.stop == int(clock.now) - 36


async def test_a_device_may_leave_the_account_while_it_reboots(call: Call, account: Account, clock: Clock) -> None:
    account.reboot_seconds = (5, 40)
    await call("agents/reboot", "POST", id=1)
    await call("agents/logout", "POST", id=1)
    clock.now += 60
    assert [agent["id"] for agent in (await call("agents/list"))[1]["data"]] == [2, 3]


async def test_an_offline_device_cannot_reboot_and_a_disabled_one_does_nothing(call: Call, account: Account) -> None:
    assert (await call("agents/reboot", "POST", id=3))[1]["status"] != 0
    account.agents[1].disabled = True
    for method, parameter in (("agents/wake", "id"), ("agents/logout", "id"), ("agents/connect", "agent_id")):
        code, answer = await call(method, "POST", **{parameter: 1})
        assert (code, bool(answer["status"]), "data" in answer) == (200, True, False)
    assert 1 in account.agents


async def test_logout_removes_the_agent(call: Call, account: Account) -> None:
    assert await call("agents/logout", "POST", id=2) == (200, {"status": 0})
    assert 2 not in account.agents
    assert (await call("agents/info", agent_id=2))[0] == 403
    assert (await call("history/list", agent_id=2))[0] == 200


async def test_a_connection_link_works_once(call: Call, account: Account, browser: aiohttp.ClientSession, simulator: Simulator) -> None:
    url = (await call("agents/connect", "POST", agent_id=1, video="true"))[1]["data"]["url"]
    by_card = (await call("agents/connect", "POST", device_id=account.agents[3].device_id))[1]["data"]["url"]
    before = account.agents[1].sessions_total
    assert [(await browser.get(url)).status for _ in range(2)] == [200, 410]
    assert (account.agents[1].in_session, account.agents[1].sessions_total) == (True, before + 1)
    assert "offline" in await (await browser.get(by_card)).text()
    assert not account.agents[3].in_session
    assert (await browser.get(f"{simulator.root}/connect/guessed")).status == 404


async def test_update_changes_only_what_is_given(call: Call, account: Account) -> None:
    agent = account.agents[1]
    agent.oddities -= {Oddity.DOUBLED_SCHEME}
    code, answer = await call("devices/update", "POST", json={"id": 1, "name": "Front desk"})
    assert (code, answer["status"], answer["data"]["name"]) == (200, 0, "Front desk")
    link = {"enable": True, "url": "front", "password": "secret123"}
    answer = (await call("devices/update", "POST", json={"id": 1, "permanent_url": link}))[1]
    assert answer["data"]["permanent_url"] == "https://go.getscreen.me/front"
    assert (agent.name, agent.permanent_password) == ("Front desk", "secret123")
    await call("devices/update", "POST", json={"id": 1, "permanent_url": {"enable": False}})
    assert agent.permanent_url is None
    await call("devices/update", "POST", json={"id": 1, "permanent_url": {"enable": True}})
    assert agent.permanent_url == "https://go.getscreen.me/front"


async def test_a_device_can_be_refused_or_fail_alone(call: Call, simulator: Simulator) -> None:
    simulator.refuse(1, 500)
    simulator.command_status[3] = 17
    assert (await call("agents/info", agent_id=1))[0] == 500
    assert (await call("agents/wake", "POST", id=1))[0] == 500
    assert await call("agents/wake", "POST", id=3) == (200, {"status": 17})
    assert (await call("agents/info", agent_id=2))[0] == 200
    simulator.heal()
    assert await call("agents/wake", "POST", id=3) == (200, {"status": 0})
