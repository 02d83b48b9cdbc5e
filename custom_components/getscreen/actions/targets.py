"""Finds the account and the computers of an action's call, and runs a command for each computer."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import cast

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.helpers.target import SelectedEntities, TargetSelection, async_extract_referenced_entity_ids
from homeassistant.helpers.translation import async_get_cached_translations

from ..account import GetscreenAccount
from ..account.identifiers import agent_id_of
from ..account.registry import async_agent_device, async_device_name
from ..const import ATTR_INVITATION_ID, DOMAIN, LOGGER
from ..entry import GetscreenConfigEntry
from ..exceptions import failed, invalid
from ..texts import short
from .fields import ATTR_GROUP
from .groups import groups_of, members_of

# The most failures that one error names, and the most characters of each.
_MAX_NAMED = 50
_MAX_FAILURE_LENGTH = 500
# The most groups that an error names, and the most characters of each.
_MAX_GROUPS = 20
_MAX_GROUP_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Target:
    """A computer that an action reaches: its device, config entry and agent id, and the name that the user gave it."""

    hass: HomeAssistant
    device_id: str
    entry: GetscreenConfigEntry
    agent_id: int
    name: str

    @property
    def account(self) -> GetscreenAccount:
        """The account of the device; raises ServiceValidationError if it is not loaded."""
        if self.entry.state is not ConfigEntryState.LOADED:
            raise invalid("not_loaded", name=self.name, account=self.entry.title)
        return self.entry.runtime_data


def entry_of(call: ServiceCall) -> GetscreenConfigEntry:
    """Return the config entry that a call names, or the only one; raises ServiceValidationError if it is missing or not loaded."""
    return async_get_config_entry(call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID))


def invitation_of(call: ServiceCall) -> int:
    """Return the invitation id of a call; raises ServiceValidationError if it is less than 1."""
    invitation_id: int = call.data[ATTR_INVITATION_ID]
    if invitation_id < 1:
        raise invalid("invalid_invitation", invitation_id=str(invitation_id))
    return invitation_id


def find_target(call: ServiceCall) -> Target | None:
    """Return the computer of a call's `device_id`; None if there is no such computer."""
    return async_target(call.hass, call.data[ATTR_DEVICE_ID])


def target_of(call: ServiceCall) -> Target:
    """Return the computer of a call's `device_id`; raises ServiceValidationError if there is no such computer."""
    if (target := find_target(call)) is None:
        raise invalid("unknown_device", device_id=call.data[ATTR_DEVICE_ID])
    return target


def find_targets(call: ServiceCall) -> list[Target]:
    """Return the computers of a call's target and group, each once; empty if there are none or no such group."""
    try:
        return _targets_of(call, _selected(call))
    except ServiceValidationError:
        return []


def _selected(call: ServiceCall) -> SelectedEntities:
    return async_extract_referenced_entity_ids(call.hass, TargetSelection(call.data))


def _targets_of(call: ServiceCall, selected: SelectedEntities) -> list[Target]:
    """Return the computers of a call's target and group, each once; raises ServiceValidationError if there are none or no such group."""
    targets = {target.device_id: target for target in (*_reached(call.hass, selected), *_in_group(call))}
    if not targets:
        raise invalid("no_devices")
    return list(targets.values())


def _in_group(call: ServiceCall) -> list[Target]:
    """Return the computers of a call's group, none if it names no group; raises ServiceValidationError if the group has none."""
    name: str = call.data.get(ATTR_GROUP, "")
    if not name.strip():
        return []
    entry = entry_of(call)
    groups = groups_of(entry.runtime_data.agents.data)
    if targets := _of_agents(call.hass, entry, members_of(groups, name)):
        return targets
    # Only automations and users who may control all computers reach this error, so it may list the groups.
    others = sorted((group for group, members in groups.items() if _of_agents(call.hass, entry, members)), key=str.casefold)
    names = [short(group, _MAX_GROUP_LENGTH) for group in others[:_MAX_GROUPS]] + ["…"] * (len(others) > _MAX_GROUPS)
    raise invalid("unknown_group", account=entry.title, group=name, groups=", ".join(names) or "-")


def _of_agents(hass: HomeAssistant, entry: GetscreenConfigEntry, agent_ids: Iterable[int]) -> list[Target]:
    devices = (async_agent_device(hass, entry, agent_id) for agent_id in agent_ids)
    return [target for device in devices if device and (target := async_target(hass, device.id))]


def _reached(hass: HomeAssistant, selected: SelectedEntities) -> list[Target]:
    entities = er.async_get(hass)
    device_ids = set(selected.referenced_devices)
    for entity_id in selected.referenced | selected.indirectly_referenced:
        if (entity := entities.async_get(entity_id)) and entity.device_id and entity.platform == DOMAIN:
            device_ids.add(entity.device_id)
    return [target for device_id in sorted(device_ids) if (target := async_target(hass, device_id))]


@callback
def async_target(hass: HomeAssistant, device_id: str) -> Target | None:
    """Return the computer of a device; None if the device is disabled or is not a computer."""
    device = dr.async_get(hass).async_get(device_id)
    if not isinstance(device, dr.DeviceEntry) or device.disabled:
        return None
    entry = hass.config_entries.async_get_entry(device.config_entry_id)
    if entry is None or entry.domain != DOMAIN or (agent_id := agent_id_of(entry, device)) is None:
        return None
    return Target(hass, device.id, entry, agent_id, async_device_name(hass, entry, agent_id))


async def for_each[T](call: ServiceCall, act: Callable[[Target], Awaitable[T]]) -> list[T]:
    """Await `act` for every computer of the call, concurrently, and return the results.

    Raises ServiceValidationError if there is no computer. After all have finished, raises the only HomeAssistantError, or one that names
    all failures. Other exceptions are logged; if there is no HomeAssistantError, the first of them is raised and not logged. Entities of
    the target that do not exist are logged, too.
    """
    selected, entities = _selected(call), er.async_get(call.hass)
    selected.log_missing({entity_id for entity_id in selected.referenced if not entities.async_get(entity_id)}, LOGGER)
    targets = _targets_of(call, selected)
    results = await asyncio.gather(*(act(target) for target in targets), return_exceptions=True)
    failures = {target: result for target, result in zip(targets, results, strict=True) if isinstance(result, BaseException)}
    if not failures:
        return cast("list[T]", results)
    first, *others = failures.values()
    expected = any(isinstance(failure, HomeAssistantError) for failure in failures.values())
    for target, failure in failures.items():
        if not isinstance(failure, HomeAssistantError) and (expected or failure is not first):
            LOGGER.error("Unexpected error for %s in the action %s.%s", target.name, call.domain, call.service, exc_info=failure)
    if expected and others:
        raise failed("several_failed", failures="; ".join(_named(call.hass, failures)))
    raise first


def _named(hass: HomeAssistant, failures: Mapping[Target, BaseException]) -> Iterator[str]:
    """Yield a text for each computer that failed, in Home Assistant's language, and at the end the number of those not named."""
    for target, failure in islice(failures.items(), _MAX_NAMED):
        known = failure if isinstance(failure, HomeAssistantError) else failed("unexpected", name=target.name, error=type(failure).__name__)
        text = _text(hass, known)[:_MAX_FAILURE_LENGTH]
        yield text if target.name in text else f"{target.name}: {text}"
    if (more := len(failures) - _MAX_NAMED) > 0:
        yield _text(hass, failed("more_failed", count=str(more)))


def _text(hass: HomeAssistant, error: HomeAssistantError) -> str:
    """Return an error's text in Home Assistant's language, because `str` returns it in English."""
    if error.translation_domain and error.translation_key:
        texts = async_get_cached_translations(hass, hass.config.language, "exceptions", error.translation_domain)
        if message := texts.get(f"component.{error.translation_domain}.exceptions.{error.translation_key}.message"):
            with suppress(KeyError):
                return message.rstrip(".").format_map(error.translation_placeholders or {})
    return str(error)
