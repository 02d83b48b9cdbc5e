"""The command line of the demo."""

import argparse
import asyncio
import logging
from pathlib import Path
import signal
import sys
import tempfile
import time

from demo.arguments import parse_arguments
from demo.errors import DemoError
from demo.running import Demo, free_port, running_demo

_LOGGER = logging.getLogger("demo")


def main() -> str | None:
    """Run the demo until it ends; return an error message, None if there was no error."""
    # SIGTERM ends the demo like Ctrl-C. The handler of Ctrl-C is set too, because shells start background jobs with it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout)
    _LOGGER.setLevel(logging.INFO)
    arguments = parse_arguments()
    try:
        asyncio.run(_check(arguments) if arguments.check else _show(arguments))
    except DemoError as error:
        return f"demo: {error}"
    except KeyboardInterrupt:
        _LOGGER.info("The demo has ended.")
    return None


async def _show(arguments: argparse.Namespace) -> None:
    """Run the demo until it is interrupted."""
    started = time.monotonic()
    async with running_demo(
        folder=arguments.folder,
        port=arguments.port,
        simulator_port=arguments.simulator_port,
        devices=arguments.devices,
        key=arguments.key,
        url=arguments.url,
        fresh=arguments.fresh,
    ) as demo:
        _LOGGER.info("\nReady after %.0f s: open %s/ (Ctrl-C ends it)\n", time.monotonic() - started, demo.url)
        try:
            await demo.homeassistant.ended()
        except asyncio.CancelledError:
            _LOGGER.info("\nEnding …")
            raise


async def _check(arguments: argparse.Namespace) -> None:
    """Start the demo in a temporary folder and on free ports, and check its entities and its log."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="getscreen-demo-") as folder:
        async with running_demo(
            folder=Path(folder),
            port=free_port(),
            simulator_port=free_port(),
            devices=arguments.devices,
            key=arguments.key,
            url=arguments.url,
        ) as demo:
            found = await _findings(demo)
    _LOGGER.info("The demo works: %s, after %.0f s.", found, time.monotonic() - started)


async def _findings(demo: Demo) -> str:
    """Return a summary; raises DemoError for unavailable entities and for warnings or errors in the log."""
    entities, states = await demo.client.entities(), await demo.client.states()
    away = [entity["entity_id"] for entity in entities if states[entity["entity_id"]]["state"] == "unavailable"]
    # The image of a computer without a preview, such as a tablet, is unavailable. If all images are, something is wrong.
    pictures = [entity["entity_id"] for entity in entities if entity["entity_id"].startswith("image.")]
    excused = set(pictures) if set(pictures) - set(away) else set()
    if wrong := [entity_id for entity_id in away if entity_id not in excused]:
        raise DemoError(f"{len(wrong)} of {len(entities)} entities are unavailable, {wrong[0]} among them.")
    if complaints := demo.folder.complaints():
        raise DemoError("The log has warnings or errors of the integration:\n" + "\n".join(complaints))
    return f"the entry is loaded, {len({entity['device_id'] for entity in entities})} devices have {len(entities)} entities with states"


if __name__ == "__main__":
    sys.exit(main())
