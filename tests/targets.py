"""Targets of automations, and another integration's entities in the same place."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import floor_registry as fr
from homeassistant.helpers import label_registry as lr
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

from .helpers import account_device, device_id_of, entity_id_of

type Target = Mapping[str, str | list[str]]

KINDS = ("device", "entity", "area", "floor", "label", "label of entities")


def target(hass: HomeAssistant, entry: MockConfigEntry, kind: str, *agents: int) -> Target:
    """Return a target of a kind that includes some computers and, if possible, the account's own device."""
    devices = [device_id_of(hass, entry, agent_id) for agent_id in agents]
    entities = [entity_id_of(hass, entry, agent_id, key) for agent_id in agents for key in ("online", "session")]
    if kind == "device":
        return {"device_id": devices}
    if kind == "entity":
        return {"entity_id": entities}
    if kind == "label of entities":
        label = lr.async_get(hass).async_create("Entities").label_id
        for entity_id in entities:
            er.async_get(hass).async_update_entity(entity_id, labels={label})
        return {"label_id": label}
    floor = fr.async_get(hass).async_create("First floor").floor_id
    area = ar.async_get(hass).async_create("Office", floor_id=floor).id
    label = lr.async_get(hass).async_create("Computers").label_id
    for device_id in (*devices, account_device(hass, entry).id):
        dr.async_get(hass).async_update_device(device_id, area_id=area, labels={label})
    return {"area": {"area_id": area}, "floor": {"floor_id": floor}, "label": {"label_id": label}}[kind]


def sensors_of_another(hass: HomeAssistant, device_id: str, state: str) -> None:
    """Let another integration have binary sensors of our device classes at a device of ours, or give them a state."""
    other = MockConfigEntry(domain="other", entry_id="other")
    if not hass.config_entries.async_entries("other"):
        other.add_to_hass(hass)
    for device_class in ("connectivity", "running"):
        entity = er.async_get(hass).async_get_or_create(
            "binary_sensor",
            "other",
            f"{device_id} {device_class}",
            config_entry=other,
            device_id=device_id,
            original_device_class=device_class,
            # Nothing keeps another integration from using our keys.
            translation_key="online" if device_class == "connectivity" else "session",
        )
        hass.states.async_set(entity.entity_id, state, {"device_class": device_class})


async def offered(client: MockHAClientWebSocket, kind: str, target: Target) -> list[str]:
    """Return which of our triggers or conditions (`kind`) the automation editor offers for a target."""
    await client.send_json_auto_id({"type": f"get_{kind}_for_target", "target": target})
    answer = await client.receive_json()
    assert answer["success"], answer
    return sorted(name.removeprefix("getscreen.") for name in answer["result"] if name.startswith("getscreen."))
