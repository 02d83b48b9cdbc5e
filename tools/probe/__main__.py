"""Reads the key from the environment, sends the requests, and prints the findings."""

import asyncio
from collections.abc import Mapping
import os
import sys

import aiohttp

from custom_components.getscreen.api import DEFAULT_URL, GetscreenError

from .findings import find
from .questions import Asker

_INTRODUCTION = """\
Which assumptions of docs/api.md hold for this account's server. The list contains no names, addresses or links.

"""


async def main(environment: Mapping[str, str]) -> int:
    """Run the probe; return the exit code: 2 without a key, 1 if the computers cannot be listed, else 0."""
    key, url = environment.get("GETSCREEN_API_KEY", "").strip(), environment.get("GETSCREEN_URL", "").strip()
    if not key:
        sys.stderr.write("probe: the API key is missing. Set the environment variable GETSCREEN_API_KEY.\n")
        return 2
    async with aiohttp.ClientSession() as session:
        asker = Asker(session, key, url.rstrip("/") or DEFAULT_URL)
        try:
            contact = await asker.ask()
        except GetscreenError as error:
            sys.stderr.write(f"probe: the computers could not be listed, so no assumption could be checked: {error}.\n")
            return 1
    sys.stdout.write(_INTRODUCTION)
    for finding in find(contact):
        sys.stdout.write(f"{finding}\n")
    sys.stdout.write(f"\n{contact.requests} requests were sent, none of them a command.\n")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(os.environ)))
