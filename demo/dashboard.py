"""The dashboard, built from the registries: entities are found by device and translation key, never by name."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

type Json = dict[str, Any]

_COLUMNS = 3
_HALF = {"columns": 6, "rows": 1}
_FULL = {"columns": 12, "rows": 1}
_SHORT: Json = {"type": "entity"}
"""The entity's name without that of its device."""
_HEADLINE = """\
# Getscreen.me
{% set devices = integration_entities('getscreen') | select('is_state_attr', 'device_class', 'connectivity') | list %}
**{{ devices | select('is_state', 'on') | list | count }} of {{ devices | count }}** devices are online.
"""
_COUNTS = ("devices", "devices_online", "open_invitations", "invitations_remaining")
_EVENTS = {"remote_session": "name", "invitation": "client_name"}
"""The attribute that says whom each event is about."""


class _Device(NamedTuple):
    """A device as the dashboard shows it."""

    name: str
    entities: dict[str, list[str]]
    """Entity ids by translation key: there is a disk's usage for each disk."""

    def first(self, key: str) -> str | None:
        """Return the entity id of a key; None if there is none, as what the user switched off."""
        return next(iter(self.entities.get(key, [])), None)

    def all(self, *keys: str) -> list[str]:
        """Return the entity ids of some keys, in their order."""
        return [entity for key in keys for entity in sorted(self.entities.get(key, []))]


def build_dashboard(devices: list[Json], entities: list[Json], states: dict[str, Json]) -> Json:
    """Return a dashboard of three views: how everything is, what is known of each computer, and what happened."""
    ours = _our_devices(devices, entities)
    accounts = [device for device in ours if device.first("devices")]
    groups: dict[str, list[_Device]] = defaultdict(list)
    for device in ours:
        if device.first("online"):
            groups[_group(device, states)].append(device)
    # The devices without a group come last.
    ordered = {group: groups[group] for group in sorted(groups, key=lambda group: (not group, group))}
    return {"title": "Getscreen.me", "views": [_overview(accounts, ordered), _computers(ordered), *_histories(accounts)]}


def _our_devices(devices: list[Json], entities: list[Json]) -> list[_Device]:
    keys: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for entity in entities:
        if entity["device_id"] and entity["translation_key"]:
            keys[entity["device_id"]][entity["translation_key"]].append(entity["entity_id"])
    found = [_Device(device["name_by_user"] or device["name"], keys[device["id"]]) for device in devices if device["id"] in keys]
    return sorted(found, key=lambda device: device.name.casefold())


def _group(device: _Device, states: dict[str, Json]) -> str:
    """Return the group that the device's sensor names, empty if it names none."""
    state = states.get(device.first("group") or "", {}).get("state", "")
    return "" if state in ("unknown", "unavailable") else str(state)


# The first view: the accounts, and how each device is.


def _overview(accounts: list[_Device], groups: dict[str, list[_Device]]) -> Json:
    return {
        "type": "sections",
        "title": "Devices",
        "icon": "mdi:monitor-multiple",
        "path": "devices",
        "max_columns": _COLUMNS,
        "header": {"layout": "responsive", "card": {"type": "markdown", "text_only": True, "content": _HEADLINE}},
        "badges": [badge for group in groups.values() for device in group for badge in _session_badges(device)],
        "sections": [*map(_account, accounts), *(_section(group, groups[group], _row) for group in groups)],
    }


def _account(account: _Device) -> Json:
    """Return the counts of an account, its latest events, and those of the last day."""
    events = account.all(*_EVENTS)
    cards: list[Json] = [{"type": "heading", "heading": account.name, "icon": "mdi:account-outline"}]
    cards += [_count(entity, _HALF) for entity in account.all(*_COUNTS)]
    cards += [_count(entity, _FULL) for entity in account.all("requests_today")]
    for key, whom in _EVENTS.items():
        cards += [
            {"type": "tile", "entity": entity, "name": _SHORT, "state_content": ["event_type", whom, "state"], "grid_options": _FULL}
            for entity in account.all(key)
        ]
    if events:
        cards.append({"type": "logbook", "target": {"entity_id": events}, "grid_options": {"columns": 12, "rows": 5}})
    return {"type": "grid", "cards": cards}


def _count(entity: str, size: Json) -> Json:
    return {"type": "tile", "entity": entity, "name": _SHORT, "grid_options": size}


def _session_badges(device: _Device) -> list[Json]:
    """Return a badge that is there while somebody works on the device."""
    badge = {"type": "entity", "name": device.name, "show_name": True, "color": "blue"}
    return [badge | {"entity": session, "visibility": [_is(session, "on")]} for session in device.all("session")]


def _section(group: str, devices: list[_Device], cards_of: Callable[[_Device], list[Json]]) -> Json:
    heading = {"type": "heading", "heading": group or "Other devices", "icon": "mdi:folder-outline" if group else "mdi:monitor"}
    return {"type": "grid", "cards": [heading, *(card for device in devices for card in cards_of(device))]}


def _row(device: _Device) -> list[Json]:
    """Return the cards of one device: its desktop on the left if there is a picture of it, how it is, and what to do."""
    online, session = device.all("online")[0], device.first("session")
    tile: Json = {"type": "tile", "entity": online, "name": device.name, "color": "green", "grid_options": _HALF}
    tiles = [tile]
    if session:
        # While a session runs, that says more than that the device is online.
        tile["visibility"] = [_is(session, "on", no=True)]
        tiles.append(tile | {"entity": session, "color": "blue", "visibility": [_is(session, "on")]})
    previews = [_preview(image, online) for image in device.all("preview")]
    return [*previews, *tiles, *(_button(device, key, entity) for key in ("wake", "reboot") for entity in device.all(key))]


def _preview(image: str, online: str) -> Json:
    """Return the picture, two rows high, grey while the device is off; without it, the device takes a single row."""
    return {
        "type": "picture-glance",
        "image_entity": image,
        "entities": [],
        "fit_mode": "cover",
        "entity": online,
        "state_filter": {"off": "grayscale(1) opacity(0.5)"},
        "tap_action": {"action": "more-info", "entity": image},
        "grid_options": {"columns": 6, "rows": 2},
        "visibility": [_is(image, "unavailable", no=True)],
    }


def _button(device: _Device, key: str, entity: str) -> Json:
    """Return a small card that presses a button entity."""
    press: Json = {"action": "perform-action", "perform_action": "button.press", "target": {"entity_id": entity}}
    if key == "reboot":
        press["confirmation"] = {"text": f"Reboot {device.name}?"}
    return {"type": "button", "entity": entity, "show_name": False, "tap_action": press, "grid_options": {"columns": 3, "rows": 1}}


# The second view: what is known of each device.


def _computers(groups: dict[str, list[_Device]]) -> Json:
    return {
        "type": "sections",
        "title": "Computers",
        "icon": "mdi:harddisk",
        "path": "computers",
        "max_columns": _COLUMNS,
        "sections": [_section(group, groups[group], _details) for group in groups],
    }


def _details(device: _Device) -> list[Json]:
    """Return the cards of one device: a line with its system and agent, its times, and how full it is."""
    badges = [{"type": "entity", "entity": entity, "show_icon": False} for entity in device.all("operating_system", "agent_version")]
    times = [_tile(entity, "indigo") for entity in device.all("last_session", "last_seen")]
    usages = device.all("memory_usage", "disk_usage")
    bars = [_tile(entity, "teal") | {"features": [{"type": "bar-gauge"}], "features_position": "inline"} for entity in usages]
    return [{"type": "heading", "heading": device.name, "heading_style": "subtitle", "badges": badges}, *times, *bars]


def _tile(entity: str, color: str) -> Json:
    """Return a tile that is there while something is known."""
    known = [_is(entity, "unknown", no=True)]
    return {"type": "tile", "entity": entity, "name": _SHORT, "color": color, "grid_options": _HALF, "visibility": known}


# The other views: the sessions of each account.


def _histories(accounts: list[_Device]) -> list[Json]:
    calendars = [calendar for account in accounts for calendar in account.all("connection_history")]
    card = {"type": "calendar", "entities": calendars, "initial_view": "dayGridMonth"}
    view = {"type": "panel", "title": "History", "icon": "mdi:calendar-clock", "path": "history", "cards": [card]}
    return [view] if calendars else []


def _is(entity: str, state: str, *, no: bool = False) -> Json:
    """Return the condition that an entity has a state, or that it has not."""
    return {"condition": "state", "entity": entity, "state_not" if no else "state": state}
