"""Measures what the recorder writes for an account in a day: python -m benchmarks.recorder [--devices N ...] [--database URL]."""

# Imported before Home Assistant, because it patches the clocks.
from .simulated_time import SimulatedTime, simulated_time

# isort: split

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import logging
from pathlib import Path
from random import Random
import tempfile
import time
from unittest.mock import patch

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import async_initialize_recorder
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_test_home_assistant

from custom_components.getscreen.const import DOMAIN
from simulator import Account, Simulator

from .instance import without_network
from .rows import Database, Rows

_START = datetime(2026, 3, 2, tzinfo=UTC)
_WARM_UP = timedelta(hours=1)
_PAUSE = timedelta(minutes=1)
_DAY = 86400.0
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure. `happenings`: changes per device and day; `url`: of the database; `continues`: whether it may have records."""

    devices: int
    happenings: float
    hours: float
    url: str
    continues: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a measurement. `busy`: seconds of work of the recorder's thread, waiting included; `processor`: its processor time."""

    rows: Rows
    entities: int
    busy: float
    processor: float
    complaints: list[str]
    requests: int


class _Complaints(logging.Handler):
    """Collects the warnings and errors in the log of a run."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Store a line, except those about custom integrations and a faster zlib."""
        if record.name not in {"homeassistant.loader", "aiohttp_fast_zlib"}:
            self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


class _Busy:
    """Measures how long the recorder's thread works."""

    def __init__(self, recorder: Recorder) -> None:
        self.seconds = 0.0
        self._recorder = recorder
        self._process = recorder._process_one_task_or_event_or_recover
        recorder._process_one_task_or_event_or_recover = self._measured  # type: ignore[method-assign]

    def _measured(self, task: object) -> None:
        start = time.clock_gettime(time.CLOCK_MONOTONIC)
        self._process(task)  # type: ignore[arg-type]
        self.seconds += time.clock_gettime(time.CLOCK_MONOTONIC) - start

    @property
    def processor(self) -> float:
        """The processor time of the thread so far in seconds."""
        assert self._recorder.ident
        return time.clock_gettime(time.pthread_getcpuclockid(self._recorder.ident))


@contextmanager
def living(plan: Plan) -> Iterator[Account]:
    """Yield an account with the planned number of changes; with 0, nothing changes."""
    seconds = _DAY / (plan.happenings or 1)
    with patch.multiple("simulator.life", _HAPPENING_SECONDS=seconds, _SLOWEST=_DAY):
        yield Account(plan.devices, living=plan.happenings > 0, clock=lambda: time.time())  # noqa: PLW0108 - looked up at each call


def use_up(account: Account) -> None:
    """Change the free memory and disk space of each computer a little, for the next reading of its hardware."""
    random = Random(len(account.agents))
    for agent in account.agents.values():
        hardware = agent.hardware or {}
        if isinstance(memory := hardware.get("RAMPhysAvail"), int):
            hardware["RAMPhysAvail"] = int(memory * random.uniform(0.5, 1))
        disks = hardware.get("LogicalDisks")
        for disk in disks if isinstance(disks, list) else ():
            disk["FreeSpace"] = int(disk["FreeSpace"] * random.uniform(0.97, 1))


@asynccontextmanager
async def recording(hass: HomeAssistant, database: str) -> AsyncIterator[Recorder]:
    """Run the recorder with its default configuration, and stop Home Assistant when the context ends."""
    async_initialize_recorder(hass)
    assert await async_setup_component(hass, "recorder", {"recorder": {"db_url": database}})
    recorder = get_instance(hass)
    await recorder.async_recorder_ready.wait()
    try:
        yield recorder
    finally:
        # The recorder's thread would keep the process alive.
        await hass.async_stop(force=True)


async def set_up(hass: HomeAssistant, url: str) -> MockConfigEntry:
    """Set up the account with the default options."""
    hass.data.pop(DATA_CUSTOM_COMPONENTS)
    entry = MockConfigEntry(domain=DOMAIN, title="benchmark", unique_id="benchmark", data={CONF_API_KEY: "key", CONF_URL: url})
    entry.add_to_hass(hass)
    with without_network():
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def measure(plan: Plan, clock: SimulatedTime, database: Database) -> Result:
    """Let an hour pass to settle, then the planned hours, and return what was written in these."""
    complaints = _Complaints()
    with living(plan) as account:
        async with Simulator(account, key="key") as simulator, async_test_home_assistant() as hass:
            await hass.config.async_set_time_zone("UTC")
            logging.getLogger().addHandler(complaints)
            async with recording(hass, plan.url) as recorder:
                busy = _Busy(recorder)
                await set_up(hass, simulator.url)
                await clock.pass_by(hass, _WARM_UP, lambda: recorder.backlog)
                use_up(account)
                await recorder.async_block_till_done()
                mark, requests, seconds, processor = database.mark(), simulator.count(), busy.seconds, busy.processor
                await clock.pass_by(hass, timedelta(hours=plan.hours), lambda: recorder.backlog)
                await recorder.async_block_till_done()
                registry = er.async_get(hass)
                rows = database.since(mark, lambda entity_id: _key(registry, entity_id))
                result = Result(
                    rows,
                    len(hass.states.async_entity_ids()),
                    busy.seconds - seconds,
                    busy.processor - processor,
                    complaints.lines,
                    simulator.count() - requests,
                )
    logging.getLogger().removeHandler(complaints)
    return result


def _key(registry: er.EntityRegistry, entity_id: str) -> str:
    entity = registry.async_get(entity_id)
    return f"{entity.domain}.{entity.translation_key}" if entity else entity_id


def show(plan: Plan, result: Result) -> None:
    """Print the results of one fleet, per device and day."""
    rows, share = result.rows, 24 / plan.hours / plan.devices
    print(f"\n{plan.devices} devices, {result.entities} entities, {plan.hours:g} h, {plan.happenings:g} happenings per device and day:")
    print(f"  {result.requests * 24 / plan.hours:.0f} requests a day; per device and day:")
    print("  " + "  ".join(f"{table} {count * share:.2f}" for table, count in rows.tables.items()))
    busy, processor = result.busy * share * 1000, result.processor * share * 1000
    print(f"  bytes {rows.size * share:.0f}; the recorder's thread: {busy:.1f} ms busy, {processor:.1f} ms on the processor")
    print(f"  {'entity':<40} {'states':>9} {'repeated':>9} {'statistics':>10}")
    for key, _ in (rows.states + rows.statistics).most_common(_SHOWN):
        print(f"  {key:<40} {rows.states[key] * share:>9.2f} {rows.repeated[key] * share:>9.2f} {rows.statistics[key] * share:>10.2f}")
    for name, count in rows.events.most_common():
        print(f"  event {name:<34} {count * share:>9.2f}")
    print(f"  complaints: {len(result.complaints)}")
    for line in sorted(set(result.complaints))[:5]:
        print(f"    {line[:200]}")


def run(plan: Plan) -> None:
    """Measure one fleet, and remove the records unless the plan continues; raises SystemExit if the database is not empty."""
    with Database(plan.url) as database:
        if not plan.continues and not database.is_empty():
            raise SystemExit(f"{plan.url} is not empty. Use it with --keep, or choose an empty database.")
        last = None if database.is_empty() else database.last_written()
        with simulated_time(last + _PAUSE if last else _START) as clock:
            result = asyncio.run(measure(plan, clock, database))
        show(plan, result)
        if not plan.continues:
            database.drop()


def main() -> None:
    """Measure the fleets that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", nargs="+", type=int, default=[25, 100, 500])
    parser.add_argument(
        "--happenings", type=float, default=10, help="changes per device and day; 0: none, 345: as in the demo (default: %(default)s)"
    )
    parser.add_argument(
        "--hours", type=float, default=24, help="simulated hours, scaled to a day (default: %(default)s); the hardware is read at the end"
    )
    parser.add_argument("--database", help="URL of an empty database (default: a temporary SQLite file)")
    parser.add_argument("--keep", action="store_true", help="continue in a database that has records, and do not delete them")
    arguments = parser.parse_args()
    for devices in arguments.devices:
        with tempfile.TemporaryDirectory() as directory:
            url = arguments.database or f"sqlite:///{Path(directory) / 'home-assistant_v2.db'}"
            run(Plan(devices, arguments.happenings, arguments.hours, url, arguments.keep))


if __name__ == "__main__":
    main()
