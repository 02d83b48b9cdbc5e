"""Counts everything that could leak in a Home Assistant that runs for a long time."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import _lru_cache_wrapper
import gc
import sys
import tracemalloc
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import restore_state
from homeassistant.helpers.entity import Entity

from .costs import resident

_PACKAGE = "custom_components.getscreen"


@dataclass(frozen=True, slots=True)
class Census:
    """The counts by name, and the number of objects of each class of the integration."""

    numbers: dict[str, int]
    classes: Counter[str]


def take_census(hass: HomeAssistant, entry: ConfigEntry) -> Census:
    """Return the counts. Home Assistant's records of removed devices are counted and then deleted, since they are not the integration's."""
    remembered = _forget_what_left(hass)
    _empty_caches()
    classes, items = _ours()
    memory = resident()
    traced = {"tracemalloc kB": tracemalloc.get_traced_memory()[0] // 1000} if tracemalloc.is_tracing() else {}
    numbers = {
        "rss kB": memory // 1000,
        **traced,
        "blocks": sys.getallocatedblocks(),
        "gc objects": len(gc.get_objects()),
        "tasks": len(asyncio.all_tasks()),
        "timers": sum(not handle.cancelled() for handle in hass.loop._scheduled),  # type: ignore[attr-defined]
        "dispatcher": sum(len(targets) for targets in hass.data.get("dispatcher", {}).values()),
        "coordinators": len(entry.runtime_data.agents._listeners) + len(entry.runtime_data.invitations._listeners),
        "bus": sum(hass.bus.async_listeners().values()),
        "states": len(hass.states.async_all()),
        "registered": len(er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)),
        "devices": len(dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)),
        "our objects": classes.total(),
        "items in them": items,
        "remembered": remembered,
    }
    return Census(numbers, classes)


def _empty_caches() -> None:
    """Empty the `lru_cache`s that have a limit, because new entity ids fill them during the whole run."""
    for thing in gc.get_objects():
        if isinstance(thing, _lru_cache_wrapper) and thing.cache_parameters()["maxsize"] is not None:
            thing.cache_clear()


def _ours() -> tuple[Counter[str], int]:
    """Return the number of the integration's objects by class, and the number of items in the collections of those that are no entities."""
    classes: Counter[str] = Counter()
    items = 0
    gc.collect()
    for thing in gc.get_objects():
        kind = type(thing)
        if str(kind.__module__).startswith(_PACKAGE):  # some classes have a `__module__` that is not a string
            classes[f"{kind.__module__.removeprefix(_PACKAGE)}.{kind.__name__}"] += 1
            if isinstance(thing, Entity):
                continue  # the collections in it belong to Home Assistant
            items += sum(len(value) for value in _values(thing) if isinstance(value, dict | set | list))
    return classes, items


def _values(thing: object) -> Iterator[Any]:
    yield from getattr(thing, "__dict__", {}).values()
    for kind in type(thing).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            yield getattr(thing, slot, None)


def _forget_what_left(hass: HomeAssistant) -> int:
    """Delete the records of removed devices and entities in the registries and the restored states; return their number."""
    entities = er.async_get(hass).deleted_entities
    devices = dr.async_get(hass)._deleted_devices
    states = restore_state.async_get(hass).last_states
    gone = [entity_id for entity_id in states if hass.states.get(entity_id) is None]
    count = len(entities) + len(devices) + len(gone)
    for entity_id in gone:
        del states[entity_id]
    for entity in list(entities):
        del entities[entity]
    for device in list(devices):
        del devices[device]
    return count
