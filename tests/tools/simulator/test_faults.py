"""Every fault as a client sees it, and the cleanup of a stopped simulator."""

import asyncio

import aiohttp
import pytest

from simulator import Account, Fault, Simulator
from tests.helpers import end_timers, until

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


async def test_redirects_show_whether_the_key_was_sent(
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


async def test_faults_end_and_affect_only_their_methods(call: Call, simulator: Simulator) -> None:
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
    simulator.latency = 60
    asking = asyncio.ensure_future(call("agents/list"))
    await until(simulator.count)
    assert not asking.done()
    end_timers(60)
    assert (await asking)[0] == 200


async def test_held_requests_are_answered_afterwards(call: Call, account: Account, simulator: Simulator) -> None:
    with simulator.hold("agents/wake"):
        waking = asyncio.ensure_future(call("agents/wake", "POST", id=3))
        await until(lambda: simulator.count("agents/wake"))
        assert (await call("agents/list"))[0] == 200
        assert not waking.done()
        assert not account.agents[3].online
    assert await waking == (200, {"status": 0})
    assert account.agents[3].online
    assert (await call("agents/wake", "POST", id=3))[0] == 200
    with pytest.raises(ValueError, match="agents/lst"), simulator.hold("agents/lst"):
        pass


async def test_stops_at_once_while_requests_hang(account: Account) -> None:
    """The requests are those of a waiting client, of a client that has given up, and slow or held ones."""
    async with aiohttp.ClientSession(headers={"X-Api-Key": "k"}) as session:
        async with Simulator(account, key="k") as simulator:

            async def ask(method: str) -> asyncio.Task[aiohttp.ClientResponse]:
                asked = simulator.count()
                asking = asyncio.ensure_future(session.get(f"{simulator.url}/{method}").__aenter__())
                await until(lambda: simulator.count() > asked)
                return asking

            simulator.fail(Fault.HANG, "agents/list")
            hanging, given_up = await ask("agents/list"), await ask("agents/list")
            given_up.cancel()
            with simulator.hold("history/list"):
                held = await ask("history/list")
                simulator.latency = 3600
                slow = await ask("support/list")
                assert not any(asking.done() for asking in (hanging, held, slow))
                await simulator.__aexit__()
        answers = await asyncio.gather(hanging, held, slow, return_exceptions=True)
        assert all(isinstance(answer, aiohttp.ClientConnectionError) for answer in answers[:2])


async def test_starts_again_on_the_same_port(account: Account) -> None:
    simulator = Simulator(account, key="k")
    ports = set()
    for _ in range(2):
        async with simulator, aiohttp.ClientSession(headers={"X-Api-Key": "k"}) as session:
            ports.add(simulator.port)
            assert (await session.get(f"{simulator.url}/agents/list")).status == 200
    assert len(ports) == 1
