"""The server of a benchmark, which runs in a separate process so that its work is not counted.

It serves the simulated account and the answers for the peers, and accepts commands. `python -m benchmarks.server` prints two URLs: that
of the account's API, and that of everything else.
"""

import asyncio
from collections.abc import Callable, Mapping
import signal
import sys
import time

from aiohttp import web

from benchmarks.churn import Churn
from benchmarks.fleet import change, grow
from benchmarks.peer_answers import location_share, monitors
from simulator import Account, Fault, Simulator

KEY = "benchmark"
FIRST_DEVICES = 3


class Server:
    """An account that is changed by commands, and its computers in the answers for the peers."""

    def __init__(self) -> None:
        self._passed = 0.0
        self.account = Account(FIRST_DEVICES, clock=lambda: time.time() + self._passed)
        self.simulator = Simulator(self.account, key=KEY)
        self._churn = Churn(self.account, self.simulator)
        self._fails = False
        self._peers: dict[str, bytes] = {}
        self._commands: dict[str, Callable[[Mapping[str, str]], None]] = {
            "grow": self._grow,
            "change": self._change,
            "fail": self._fail,
            "heal": self._heal,
            "churn": self._happen,
            "calm": self._calm,
        }
        self._encode()

    def app(self) -> web.Application:
        """Return the web application for the peers and the commands."""
        app = web.Application()
        app.router.add_get("/v3/monitors", self._monitors)
        app.router.add_get("/v1/location-shares/{token}/view", self._share)
        app.router.add_post("/{command}", self._command)
        return app

    def _encode(self) -> None:
        # Encoded in advance, so that a peer's poll does not wait for it.
        agents = list(self.account.agents.values())
        self._peers = {"monitors": monitors(agents), "share": location_share(agents)}

    async def _monitors(self, _request: web.Request) -> web.Response:
        return self._answer("monitors")

    async def _share(self, _request: web.Request) -> web.Response:
        return self._answer("share")

    def _answer(self, name: str) -> web.Response:
        if self._fails:
            return web.Response(status=500)
        return web.Response(body=self._peers[name], content_type="application/json")

    async def _command(self, request: web.Request) -> web.Response:
        self._commands[request.match_info["command"]](request.query)
        self.simulator.requests.clear()  # they would fill the memory during a soak
        return web.Response()

    def _grow(self, query: Mapping[str, str]) -> None:
        grow(self.account, int(query["devices"]))
        self._encode()

    def _change(self, query: Mapping[str, str]) -> None:
        change(self.account, query["kind"])
        self._encode()

    def _fail(self, _query: Mapping[str, str]) -> None:
        self._fails = True
        self.simulator.fail(Fault.SERVER_ERROR)

    def _heal(self, _query: Mapping[str, str]) -> None:
        self._fails = False
        self.simulator.heal()

    def _happen(self, query: Mapping[str, str]) -> None:
        self._passed += float(query["seconds"])
        self._churn.happen()

    def _calm(self, query: Mapping[str, str]) -> None:
        self._churn.calm(int(query["devices"]))


async def _serve() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    asyncio.get_running_loop().add_reader(sys.stdin, stop.set)  # is closed when the parent process exits in any way
    server = Server()
    async with server.simulator:
        runner = web.AppRunner(server.app(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(server.simulator.url, f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await stop.wait()
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve())
