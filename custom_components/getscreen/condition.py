"""Conditions: a computer is online, is offline, is in a remote session. Computers with an unknown state are ignored."""

from typing import override

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.condition import Condition, EntityStateConditionBase

from .entities.selection import DOMAIN_SPECS, async_select


def _condition(key: str, state: str) -> type[Condition]:
    """Return a condition that passes if the entity `key` of the targeted computers has a state."""
    states_met: set[str | bool] = {state}

    class ComputerCondition(EntityStateConditionBase):
        _domain_specs = DOMAIN_SPECS
        _states = states_met

        @override
        def entity_filter(self, entities: set[str]) -> set[str]:
            return async_select(self._hass, super().entity_filter(entities), key)

        @override
        def _check_all_match_state(self, states: list[State]) -> bool:
            # Home Assistant's own check passes without any state: during an outage, all computers would be both online and offline.
            return bool(states) and super()._check_all_match_state(states)

    return ComputerCondition


CONDITIONS = {
    "is_online": _condition("online", STATE_ON),
    "is_offline": _condition("online", STATE_OFF),
    "is_in_session": _condition("session", STATE_ON),
}


async def async_get_conditions(_hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions by name."""
    return CONDITIONS
