"""Measures the cost of polls, compared with other integrations and with the minimum: python -m benchmarks [DEVICES ...]."""

import argparse
import subprocess
import sys

import orjson

from .integrations import INTEGRATIONS
from .table import Measured, tables

_DEVICES = (100, 1000, 5000, 10000)


def _measure(domain: str, devices: int) -> Measured:
    """Measure one integration in a separate process, so that the memory of other integrations is not counted."""
    words = [sys.executable, "-m", "benchmarks.measurement", domain, str(devices)]
    result = subprocess.run(words, check=True, stdout=subprocess.PIPE)  # noqa: S603 - runs this package
    measured: Measured = orjson.loads(result.stdout)
    return {"domain": domain, "devices": devices, **measured}


def main() -> None:
    """Measure all integrations and print tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("devices", nargs="*", type=int, default=_DEVICES)
    measured = []
    for devices in parser.parse_args().devices:
        for domain in INTEGRATIONS:
            print(f"{domain} with {devices} devices …", file=sys.stderr)
            measured.append(_measure(domain, devices))
    print("\n\n".join(tables(measured)))


if __name__ == "__main__":
    main()
