"""Equal reads in flight share one request."""

import asyncio

from custom_components.getscreen.api import GetscreenClient, GetscreenConnectionError, InFlight
from simulator import Fault, Simulator
from tests.helpers import until


async def test_equal_reads_in_flight_share_one_request(client: GetscreenClient, simulator: Simulator) -> None:
    with simulator.hold():
        lists = asyncio.gather(*(client.list_agents() for _ in range(3)))
        details = asyncio.gather(*(client.get_agent(agent_id) for agent_id in (1, 1, 2)))
        await until(lambda: simulator.count() >= 3)
    first, _, last = await lists
    await details
    assert simulator.count("agents/list") == 1
    assert simulator.count("agents/info") == 2
    assert first == last
    await client.list_agents()
    assert simulator.count("agents/list") == 2


async def test_different_reads_are_not_shared(client: GetscreenClient, simulator: Simulator) -> None:
    with simulator.hold():
        lists = asyncio.gather(client.list_agents(), client.list_agents(search="Reception"))
        await until(lambda: simulator.count() == 2)
    everything, some = await lists
    assert len(everything.agents) > len(some.agents) == 1


async def test_failures_are_shared_too(client: GetscreenClient, simulator: Simulator) -> None:
    simulator.fail(Fault.SERVER_ERROR)
    with simulator.hold():
        lists = asyncio.gather(client.list_agents(), client.list_agents(), return_exceptions=True)
        await until(simulator.count)
    assert [type(error) for error in await lists] == [GetscreenConnectionError] * 2
    assert simulator.count() == 1
    simulator.heal()
    assert (await client.list_agents()).agents


async def test_cancelling_one_caller_does_not_cancel_the_others(client: GetscreenClient, simulator: Simulator) -> None:
    with simulator.hold():
        first = asyncio.create_task(client.list_agents())
        second = asyncio.create_task(client.list_agents())
        await until(simulator.count)
        first.cancel()
        # The second caller sends the request again.
        await until(lambda: simulator.count() == 2)
    assert (await second).agents
    assert first.cancelled()


async def test_commands_are_not_shared_and_later_reads_do_not_join_earlier_ones(client: GetscreenClient, simulator: Simulator) -> None:
    """A read that was sent before a command does not know of its effect."""
    with simulator.hold("agents/list"):
        before = asyncio.create_task(client.list_agents())
        await until(simulator.count)
        await asyncio.gather(client.update_device(1, name="A"), client.update_device(2, name="B"))
        after = asyncio.create_task(client.list_agents())
        await until(lambda: simulator.count("agents/list") == 2)
    assert (await after).agents[1].name == "A"
    await before
    assert simulator.count("devices/update") == 2
    assert simulator.count("agents/list") == 2


async def test_a_fetch_in_flight_can_be_closed() -> None:
    """Later callers fetch again; callers that joined earlier still get the result."""
    in_flight, results, release = InFlight[int](), iter((1, 2)), asyncio.Event()

    async def fetch() -> int:
        result = next(results)
        await release.wait()
        return result

    early = [asyncio.create_task(in_flight.get("key", fetch)) for _ in range(2)]
    await asyncio.sleep(0)
    in_flight.close("key")
    in_flight.close("another key")
    later = asyncio.create_task(in_flight.get("key", fetch))
    await asyncio.sleep(0)
    release.set()
    assert await asyncio.gather(*early, later) == [1, 1, 2]
