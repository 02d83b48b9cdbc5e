"""The options of the demo's command line.

`scripts/demo --help` runs only this file, before anything is installed, so it has to work on any Python 3 without packages.
"""

import argparse
from pathlib import Path

SERVICE_URL = "https://api.getscreen.me/v1"
_FOLDER = Path(__file__).resolve().parents[2] / ".demo"


def parse_arguments() -> argparse.Namespace:
    """Return the options of the command line; exits the process after `--help` and for invalid options."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description="Start Home Assistant with a simulated or a real Getscreen account.")
    parser.add_argument("--port", type=int, default=8123, help="Home Assistant's port (default: %(default)s)")
    parser.add_argument("--simulator-port", type=int, help="the simulated account's port (default: the one after Home Assistant's)")
    parser.add_argument("--devices", type=int, default=25, help="number of computers of the simulated account (default: %(default)s)")
    parser.add_argument("--key", help="API key of a real account, which replaces the simulated one")
    parser.add_argument("--url", default=SERVICE_URL, help="API URL of the real account (default: %(default)s)")
    parser.add_argument("--folder", type=Path, default=_FOLDER, help="configuration folder of Home Assistant (default: %(default)s)")
    parser.add_argument("--fresh", action="store_true", help="delete the folder of earlier starts first")
    parser.add_argument("--check", action="store_true", help="start in a temporary folder and on free ports, check the entities, and exit")
    return parser.parse_args()


if __name__ == "__main__":
    parse_arguments()
