"""Identifiers of the devices, entities and signals of an account. They consist of the account and the agent's id, never of names."""

from homeassistant.helpers.device_registry import DeviceEntry

from ..const import DOMAIN
from ..entry import GetscreenConfigEntry


def account_key(entry: GetscreenConfigEntry) -> str:
    """Return the account's part of unique ids. A new API key does not change it."""
    return entry.unique_id or entry.entry_id


def account_identifier(entry: GetscreenConfigEntry) -> tuple[str, str]:
    """Return the identifier of the account's own device."""
    return (DOMAIN, account_key(entry))


def agent_identifier(entry: GetscreenConfigEntry, agent_id: int) -> tuple[str, str]:
    """Return the identifier of a computer's device."""
    return (DOMAIN, f"{account_key(entry)}_{agent_id}")


def agent_unique_id(entry: GetscreenConfigEntry, agent_id: int, key: str) -> str:
    """Return the unique id of an entity of a computer."""
    return f"{account_key(entry)}_{agent_id}_{key}"


def agent_id_of(entry: GetscreenConfigEntry, device: DeviceEntry) -> int | None:
    """Return the agent id of a computer's device; None for other devices, such as the account's own."""
    prefix = f"{account_key(entry)}_"
    for domain, identifier in device.identifiers:
        if domain == DOMAIN and identifier.startswith(prefix) and (number := identifier.removeprefix(prefix)).lstrip("-").isdecimal():
            return int(number)
    return None


def attention_signal(entry: GetscreenConfigEntry) -> str:
    """Return the dispatcher signal that is sent when computers need attention for other reasons than before, with a set of agent ids."""
    return f"{DOMAIN}_attention_{entry.entry_id}"


def hardware_signal(entry: GetscreenConfigEntry) -> str:
    """Return the dispatcher signal that is sent when a computer's hardware was read or removed, with the agent id."""
    return f"{DOMAIN}_hardware_{entry.entry_id}"


def pace_signal(entry: GetscreenConfigEntry) -> str:
    """Return the dispatcher signal that is sent when the interval between polls, or the reason for it, may have changed."""
    return f"{DOMAIN}_pace_{entry.entry_id}"


def transitions_signal(entry: GetscreenConfigEntry) -> str:
    """Return the dispatcher signal that is sent when computers begin or cease to wake or reboot, with a frozenset of agent ids."""
    return f"{DOMAIN}_transitions_{entry.entry_id}"
