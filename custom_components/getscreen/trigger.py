"""Triggers: a computer came online or went offline, a remote session started or ended.

They follow the states of *Online* and *Remote session*. A change from or to an unknown or unavailable state fires no trigger, so an
outage, a restart or a reload fires nothing, not even for computers whose state changed during it.
"""

from typing import override

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers.trigger import EntityTargetStateTriggerBase, Trigger

from .entities.selection import DOMAIN_SPECS, async_select


def _trigger(key: str, state: str) -> type[Trigger]:
    """Return a trigger that fires when the entity `key` of a targeted computer changes to a state."""
    to_states = {state}

    class ComputerTrigger(EntityTargetStateTriggerBase):
        _domain_specs = DOMAIN_SPECS
        _to_states = to_states

        @override
        def entity_filter(self, entities: set[str]) -> set[str]:
            return async_select(self._hass, super().entity_filter(entities), key)

    return ComputerTrigger


TRIGGERS = {
    "came_online": _trigger("online", STATE_ON),
    "went_offline": _trigger("online", STATE_OFF),
    "session_started": _trigger("session", STATE_ON),
    "session_ended": _trigger("session", STATE_OFF),
}


async def async_get_triggers(_hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers by name."""
    return TRIGGERS
