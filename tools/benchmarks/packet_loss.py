"""Polls an account over a network that loses, delays and reorders packets: python -m benchmarks.packet_loss [PERCENT ...].

Linux only. The network is a virtual device in a network namespace that ends with this program. The program returns packets for FAR to
NEAR as if FAR had sent them, so a local server is reached like a distant one.
"""

import argparse
import asyncio
import fcntl
import os
from random import Random
import struct
import subprocess
import sys
import time
from typing import override

from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.getscreen  # noqa: F401 - has to be imported before Home Assistant starts
from simulator import Account, Simulator

from .instance import running_instance, settle

NEAR, FAR = "10.255.0.1", "10.255.0.2"
_KEY = "a-key"
_POLLS = 20
_DELAY = 0.02
"""The shortest delay of a packet in seconds; the longest is twice as long, so packets overtake each other."""
# The ioctl for a device that carries IP packets without an additional header.
_SET_INTERFACE, _TUN, _NO_INFORMATION = 0x400454CA, 0x0001, 0x1000
_INSIDE = "GETSCREEN_PACKET_LOSS"


class Network:
    """A virtual network device that drops, delays and reorders packets."""

    def __init__(self) -> None:
        self.loss = 0.0
        self.lost = self.carried = 0
        self._random = Random(1)
        self._device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self._device, _SET_INTERFACE, struct.pack("16sH22x", b"lossy", _TUN | _NO_INFORMATION))
        for command in ("link set lo up", f"addr add {NEAR}/24 dev lossy", "link set lossy up"):
            subprocess.run(["ip", *command.split()], check=True)  # noqa: S603, S607 - constant commands
        asyncio.get_running_loop().add_reader(self._device, self._carry)

    def _carry(self) -> None:
        packet = os.read(self._device, 65_536)
        if packet[0] >> 4 != 4:
            return
        if self._random.random() < self.loss:
            self.lost += 1
            return
        self.carried += 1
        # Swapping the two addresses does not change the checksums.
        back = packet[:12] + packet[16:20] + packet[12:16] + packet[20:]
        asyncio.get_running_loop().call_later(_DELAY * (1 + self._random.random()), os.write, self._device, back)


class _FarSimulator(Simulator):
    """A simulator whose links use the far address."""

    @property
    @override
    def root(self) -> str:
        return f"http://{FAR}:{self.port}"


async def _measure(hass: HomeAssistant, network: Network, simulator: Simulator, entry: MockConfigEntry, percent: int) -> str:
    """Return a line of the table: the results of the polls at this loss, and whether everything works again after it."""
    agents = entry.runtime_data.agents
    network.loss, network.lost, network.carried = percent / 100, 0, 0
    longest, failed, before = 0.0, 0, simulator.count("agents/list")
    for _ in range(_POLLS):
        started = time.monotonic()
        await agents.async_refresh()
        longest = max(longest, time.monotonic() - started)
        failed += not agents.last_update_success
    requests = simulator.count("agents/list") - before
    lost = network.lost / max(1, network.lost + network.carried)
    network.loss = 0.0
    await agents.async_refresh()
    await settle(hass)
    states = {state.state for state in hass.states.async_all("binary_sensor")}
    healed = agents.last_update_success and "unavailable" not in states
    return f"| {percent} % | {lost:.0%} | {_POLLS} | {failed} | {requests} | {longest:.1f} s | {'yes' if healed else 'NO'} |"


async def _run(percents: list[int]) -> None:
    network = Network()
    async with _FarSimulator(Account(devices=200, seed=1), key=_KEY, host=NEAR) as simulator, running_instance() as hass:
        entry = MockConfigEntry(domain="getscreen", title="Far away", unique_id="far", data={CONF_API_KEY: _KEY, CONF_URL: simulator.url})
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await settle(hass)
        print("| loss | packets lost | polls | failed | requests | longest poll | well after it |\n|---|---|---|---|---|---|---|")
        for percent in percents:
            print(await _measure(hass, network, simulator, entry, percent), flush=True)


def main() -> int:
    """Print a table, in a network namespace of its own; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.packet_loss", description=__doc__)
    parser.add_argument("percents", nargs="*", type=int, default=[0, 5, 10, 20, 30, 50, 70])
    percents = parser.parse_args().percents
    if _INSIDE not in os.environ:
        words = ["unshare", "--net", "--map-root-user", sys.executable, "-m", "benchmarks.packet_loss", *map(str, percents)]
        return subprocess.run(words, check=False, env=os.environ | {_INSIDE: "1"}).returncode  # noqa: S603 - runs this module
    asyncio.run(_run(percents))
    return 0


if __name__ == "__main__":
    sys.exit(main())
