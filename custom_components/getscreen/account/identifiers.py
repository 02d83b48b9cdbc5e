"""How the devices, entities and signals of an account are identified: by the account and the agent's id, never by names."""

from homeassistant.helpers.device_registry import DeviceEntry

from ..const import DOMAIN
from ..entry import GetscreenConfigEntry


def account_key(entry: GetscreenConfigEntry) -> str:
    """Return what identifies the account in unique ids. A new API key does not change it."""
    return entry.unique_id or entry.entry_id


def account_identifier(entry: GetscreenConfigEntry) -> tuple[str, str]:
    """Return what identifies the account's own device."""
    return (DOMAIN, account_key(entry))


def agent_identifier(entry: GetscreenConfigEntry, agent_id: int) -> tuple[str, str]:
    """Return what identifies a computer's device."""
    return (DOMAIN, f"{account_key(entry)}_{agent_id}")


def agent_unique_id(entry: GetscreenConfigEntry, agent_id: int, key: str) -> str:
    """Return the unique id of an entity of a computer."""
    return f"{account_key(entry)}_{agent_id}_{key}"


def agent_id_of(entry: GetscreenConfigEntry, device: DeviceEntry) -> int | None:
    """Return the agent's id of a computer's device; None for the account's own device."""
    prefix = f"{account_key(entry)}_"
    for domain, identifier in device.identifiers:
        if domain == DOMAIN and identifier.startswith(prefix) and (number := identifier.removeprefix(prefix)).lstrip("-").isdecimal():
            return int(number)
    return None


def attention_signal(entry: GetscreenConfigEntry) -> str:
    """Return the dispatcher signal of computers whose need for attention changed; it carries a set of their agents' ids."""
    return f"{DOMAIN}_attention_{entry.entry_id}"


def hardware_signal(entry: GetscreenConfigEntry) -> str:
    """Return the dispatcher signal of new and removed hardware; it carries the agent's id."""
    return f"{DOMAIN}_hardware_{entry.entry_id}"


def pace_signal(entry: GetscreenConfigEntry) -> str:
    """Return the dispatcher signal of another interval between polls, or another reason for it."""
    return f"{DOMAIN}_pace_{entry.entry_id}"


def transitions_signal(entry: GetscreenConfigEntry) -> str:
    """Return the dispatcher signal of computers that begin or cease to wake or reboot; it carries a frozenset of their agents' ids."""
    return f"{DOMAIN}_transitions_{entry.entry_id}"
