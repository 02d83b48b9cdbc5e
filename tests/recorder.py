"""Records the events of an account as an automation would receive them."""

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .helpers import account_state


class Recorder:
    """The events of an event entity, as an automation would receive them."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry, key: str) -> None:
        self.told: list[dict[str, object]] = []
        entity_id = account_state(hass, entry, key, "event").entity_id

        @callback
        def hear(event: Event[EventStateChangedData]) -> None:
            old, new = event.data["old_state"], event.data["new_state"]
            if event.data["entity_id"] != entity_id or new is None or new.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
                return
            if old is None or old.state not in (new.state, STATE_UNAVAILABLE):
                self.told.append(dict(new.attributes))

        hass.bus.async_listen("state_changed", hear)

    def types(self) -> list[object]:
        """Return the types of the events since the last call."""
        told, self.told = self.told, []
        return [attributes["event_type"] for attributes in told]
