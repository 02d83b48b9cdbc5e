"""Every fault as a client sees it, and that a stopped simulator leaves nothing behind."""

import asyncio
import time

import aiohttp
import pytest

from simulator import Account, Fault, Simulator

from .conftest import Call


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault.isdecimal()])
async def test_codes(simulator: Simulator, session: aiohttp.ClientSession, fault: Fault) -> None:
    simulator.fail(fault, retry_after=30)
    async with session.get(f"{simulator.url}/agents/list") as response:
        assert (response.status, response.headers["Retry-After"]) == (int(fault), "30")
        assert "error" in await response.json()


@pytest.mark.parametrize(
    ("fault", "told", "start"),
    [
        (Fault.HTML, (200, "text/html"), b"<!DOCTYPE"),
        (Fault.HTML_BAD_GATEWAY, (502, "text/html"), b"<!DOCTYPE"),
        (Fault.CUT_JSON, (200, "application/json"), b'{"data": [{'),
        (Fault.EMPTY, (200, "application/json"), b""),
        (Fault.WRONG_TYPES, (200, "application/json"), b'{"data": "'),
        (Fault.WRONG_ITEMS, (200, "application/json"), b'{"data": [null'),
        (Fault.NULL, (200, "application/json"), b"null"),
    ],
)
async def test_bodies(simulator: Simulator, session: aiohttp.ClientSession, *, fault: Fault, told: tuple[int, str], start: bytes) -> None:
    simulator.fail(fault)
    async with session.get(f"{simulator.url}/agents/list") as response:
        assert (response.status, response.content_type) == told
        body = await response.read()
        assert body.startswith(start)
        assert bool(body) == bool(start)


@pytest.mark.parametrize("fault", [Fault.DROPPED, Fault.LOST_ANSWER])
async def test_dropped_connections(call: Call, simulator: Simulator, account: Account, fault: Fault) -> None:
    simulator.fail(fault)
    with pytest.raises(aiohttp.ClientConnectionError):
        await call("agents/wake", "POST", id=3)
    assert account.agents[3].online is (fault is Fault.LOST_ANSWER)


async def test_a_connection_cut_in_the_middle(call: Call, simulator: Simulator) -> None:
    simulator.fail(Fault.CUT_CONNECTION)
    with pytest.raises(aiohttp.ClientPayloadError):
        await call("agents/list")


async def test_a_huge_answer_is_streamed(session: aiohttp.ClientSession, simulator: Simulator) -> None:
    simulator.fail(Fault.HUGE)
    async with session.get(f"{simulator.url}/agents/list") as response:
        assert response.content_length is None
        assert len(await response.content.readexactly(3_000_000)) == 3_000_000


async def test_redirects_tell_whether_the_key_came_along(
    session: aiohttp.ClientSession, browser: aiohttp.ClientSession, simulator: Simulator
) -> None:
    simulator.fail(Fault.REDIRECT)
    async with session.get(f"{simulator.url}/agents/list", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, "/elsewhere/v1/agents/list")
    assert (simulator.redirects_followed, simulator.key_leaks) == (0, 0)
    await browser.get(f"{simulator.url}/agents/list")
    assert (simulator.redirects_followed, simulator.key_leaks) == (1, 0)
    await session.get(f"{simulator.url}/agents/list")
    assert (simulator.redirects_followed, simulator.key_leaks) == (2, 1)


async def test_faults_end_and_spare_other_methods(call: Call, simulator: Simulator) -> None:
    simulator.fail(Fault.UNAVAILABLE, "agents/list", times=2)
    assert (await call("support/list"))[0] == 200
    assert [(await call("agents/list"))[0] for _ in range(3)] == [503, 503, 200]
    simulator.fail(Fault.SERVER_ERROR)
    simulator.fail(Fault.NOT_FOUND, "support/list")
    assert [(await call(method))[0] for method in ("agents/list", "support/list")] == [500, 404]
    with pytest.raises(ValueError, match="agents/lst"):
        simulator.fail(Fault.HANG, "agents/lst")
    simulator.heal()
    assert [(await call(method))[0] for method in ("agents/list", "support/list")] == [200, 200]


async def test_latency(call: Call, simulator: Simulator) -> None:
    simulator.latency = 0.05
    start = time.monotonic()
    assert (await call("agents/list"))[0] == 200
    assert time.monotonic() - start >= 0.05


async def test_stops_at_once_while_requests_hang(account: Account) -> None:
    async with aiohttp.ClientSession(headers={"X-Api-Key": "k"}) as session:
        async with Simulator(account, key="k") as simulator:
            simulator.fail(Fault.HANG, "agents/list")
            hanging = asyncio.create_task(session.get(f"{simulator.url}/agents/list").__aenter__())
            with pytest.raises(TimeoutError):
                await session.get(f"{simulator.url}/agents/list", timeout=aiohttp.ClientTimeout(total=0.05))
            simulator.latency = 60
            slow = asyncio.create_task(session.get(f"{simulator.url}/support/list").__aenter__())
            await asyncio.sleep(0.05)
            assert simulator.count() == 3
            start = time.monotonic()
        assert time.monotonic() - start < 1
        answers = await asyncio.gather(hanging, slow, return_exceptions=True)
        assert isinstance(answers[0], aiohttp.ClientConnectionError)


async def test_starts_again_on_the_same_port(account: Account) -> None:
    simulator = Simulator(account, key="k")
    ports = set()
    for _ in range(2):
        async with simulator, aiohttp.ClientSession(headers={"X-Api-Key": "k"}) as session:
            ports.add(simulator.port)
            assert (await session.get(f"{simulator.url}/agents/list")).status == 200
    assert len(ports) == 1
