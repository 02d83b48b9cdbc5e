"""The dashboard, built from the registries: entities are found by device and translation key, never by name."""

from collections import defaultdict
from typing import Any, NamedTuple

type Json = dict[str, Any]

_COLUMNS = 4
_HEADLINE = """\
# Getscreen.me
{% set devices = integration_entities('getscreen') | select('is_state_attr', 'device_class', 'connectivity') | list %}
**{{ devices | select('is_state', 'on') | list | count }} of {{ devices | count }}** devices are online.
"""


class _Device(NamedTuple):
    """A device as the dashboard shows it."""

    name: str
    entities: dict[str, str]
    """Entity ids by translation key."""


def build_dashboard(devices: list[Json], entities: list[Json], states: dict[str, Json]) -> Json:
    """Return a dashboard that shows each device with an `online` entity, in one section for each group."""
    groups: dict[str, list[_Device]] = defaultdict(list)
    for device in sorted(_our_devices(devices, entities), key=lambda device: device.name.casefold()):
        groups[_group(device, states)].append(device)
    # The devices without a group come last.
    sections = [_section(group, groups[group]) for group in sorted(groups, key=lambda group: (not group, group))]
    if len(sections) == 1:
        sections[0]["column_span"] = _COLUMNS
    view = {
        "type": "sections",
        "title": "Devices",
        "icon": "mdi:monitor-multiple",
        "max_columns": _COLUMNS,
        "header": {"layout": "responsive", "card": {"type": "markdown", "text_only": True, "content": _HEADLINE}},
        "badges": [_session_badge(device) for group in groups.values() for device in group if "session" in device.entities],
        "sections": sections,
    }
    return {"title": "Getscreen.me", "views": [view]}


def _our_devices(devices: list[Json], entities: list[Json]) -> list[_Device]:
    keys: dict[str, dict[str, str]] = defaultdict(dict)
    for entity in entities:
        if entity["device_id"] and entity["translation_key"]:
            keys[entity["device_id"]][entity["translation_key"]] = entity["entity_id"]
    found = [_Device(device["name_by_user"] or device["name"], keys[device["id"]]) for device in devices if device["id"] in keys]
    return [device for device in found if "online" in device.entities]


def _group(device: _Device, states: dict[str, Json]) -> str:
    """Return the group that the device's sensor names, empty if it names none."""
    state = states.get(device.entities.get("group", ""), {}).get("state", "")
    return "" if state in ("unknown", "unavailable") else str(state)


def _session_badge(device: _Device) -> Json:
    """Return a badge that is there while somebody works on the device."""
    session = device.entities["session"]
    return {
        "type": "entity",
        "entity": session,
        "name": device.name,
        "show_name": True,
        "color": "blue",
        "visibility": [{"condition": "state", "entity": session, "state": "on"}],
    }


def _section(group: str, devices: list[_Device]) -> Json:
    heading = {"type": "heading", "heading": group or "Devices", "icon": "mdi:folder-outline" if group else "mdi:monitor"}
    return {"type": "grid", "cards": [heading, *(card for device in devices for card in _row(device))]}


def _row(device: _Device) -> list[Json]:
    """Return the cards of one device: a wide one that says how it is, and beside it a small one for each thing to do."""
    buttons = [key for key in ("wake", "reboot") if key in device.entities]
    size = {"columns": 12 - 2 * len(buttons), "rows": 1}
    tile: Json = {"type": "tile", "entity": device.entities["online"], "name": device.name, "color": "green", "grid_options": size}
    tiles = [tile]
    if session := device.entities.get("session"):
        # While a session runs, that says more than that the device is online.
        tile["visibility"] = [{"condition": "state", "entity": session, "state_not": "on"}]
        running = [{"condition": "state", "entity": session, "state": "on"}]
        tiles.append(tile | {"entity": session, "color": "blue", "state_content": ["state", "last_changed"], "visibility": running})
    return [*tiles, *(_button(device, key) for key in buttons)]


def _button(device: _Device, key: str) -> Json:
    """Return a small card that presses a button entity."""
    press: Json = {"action": "perform-action", "perform_action": "button.press", "target": {"entity_id": device.entities[key]}}
    if key == "reboot":
        press["confirmation"] = {"text": f"Reboot {device.name}?"}
    return {
        "type": "button",
        "entity": device.entities[key],
        "show_name": False,
        "tap_action": press,
        "grid_options": {"columns": 2, "rows": 1},
    }
