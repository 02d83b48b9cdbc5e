"""Runs a simulated account from the command line: `python -m simulator --devices 25 --port 8099`."""

import argparse
import asyncio
import signal

from . import Account, Simulator


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="Simulate the API of a Getscreen account on 127.0.0.1.")
    parser.add_argument("--devices", type=int, default=25, help="number of computers, 1 to 10,000 (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8099, help="port of the server, 0 for any free port (default: %(default)s)")
    parser.add_argument("--key", default="simulated-key", help="API key that the server accepts (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random account (default: %(default)s)")
    parser.add_argument("--still", action="store_true", help="change computers only by commands, not at random")
    parser.add_argument("--limit", type=int, help="number of requests that the service plan still allows (default: unlimited)")
    parser.add_argument("--bare-lists", action="store_true", help="answer agents/list with a bare list instead of an object")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    account = Account(
        arguments.devices,
        arguments.seed,
        living=not arguments.still,
        wake_seconds=15,
        reboot_seconds=(4, 40),
        bare_lists=arguments.bare_lists,
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Simulator(account, key=arguments.key, port=arguments.port) as simulator:
        simulator.limit = arguments.limit
        print(f"URL  {simulator.url}\nKey  {simulator.key}\nCtrl-C stops.", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_serve(_arguments()))
