"""What is known of the account as a whole, as far as it is a value."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.components.sensor import SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import MATCH_ALL, EntityCategory
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.typing import StateType

from ..account.coordinator import GetscreenConfigEntry, GetscreenCoordinator, GetscreenData
from ..account.invitations import OpenInvitations
from ..account.registry import account_device_info, account_key
from ..api import Agent
from .base import AccountEntity

_COUNT_INTERVAL = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription[DataT](SensorEntityDescription):
    """A sensor of the account, and where its poll has the value."""

    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    value_fn: Callable[[DataT], StateType]


ACCOUNT_SENSORS: tuple[AccountSensorDescription[dict[int, Agent]], ...] = (
    AccountSensorDescription(key="devices", value_fn=len),
    AccountSensorDescription(key="devices_online", value_fn=lambda agents: [agent.online for agent in agents.values()].count(True)),
)

INVITATION_SENSORS: tuple[AccountSensorDescription[OpenInvitations], ...] = (
    AccountSensorDescription(key="open_invitations", value_fn=lambda answer: len(answer.invitations)),
    AccountSensorDescription(key="invitations_remaining", value_fn=lambda answer: answer.remaining),
)

REQUESTS_SENSOR = SensorEntityDescription(
    key="requests_today", entity_category=EntityCategory.DIAGNOSTIC, state_class=SensorStateClass.TOTAL_INCREASING
)


def account_sensors(entry: GetscreenConfigEntry) -> list[SensorEntity]:
    """Return the sensors of an account."""
    account = entry.runtime_data
    entities: list[SensorEntity] = [RequestsSensor(account, entry)]
    entities += [AccountSensor(account.agents, description) for description in ACCOUNT_SENSORS]
    if account.invitations:
        entities += [AccountSensor(account.invitations, description) for description in INVITATION_SENSORS]
    return entities


class AccountSensor[DataT](AccountEntity[GetscreenCoordinator[DataT]], SensorEntity):
    """A value that a poll of the account has."""

    entity_description: AccountSensorDescription[DataT]

    @property
    @override
    def native_value(self) -> StateType:
        return self.entity_description.value_fn(self.coordinator.data)


class RequestsSensor(SensorEntity):
    """The number of requests of the day; available even while the server is not."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _unrecorded_attributes = frozenset({MATCH_ALL})
    entity_description = REQUESTS_SENSOR

    def __init__(self, account: GetscreenData, entry: GetscreenConfigEntry) -> None:
        """Read the account's counter."""
        self._kept = account.agents.kept
        self._shown: dict[str, int] = {}
        self._attr_translation_key = REQUESTS_SENSOR.key
        self._attr_unique_id = f"{account_key(entry)}_{REQUESTS_SENSOR.key}"
        self._attr_device_info = account_device_info(entry)

    @override
    async def async_added_to_hass(self) -> None:
        """Show the number from time to time: it moves with every poll, and none of these moves is worth a row in the history."""
        self.async_on_remove(async_track_time_interval(self.hass, self._async_show, _COUNT_INTERVAL, cancel_on_shutdown=True))
        await self._async_read()

    @property
    @override
    def native_value(self) -> StateType:
        return sum(self._shown.values())

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return dict(self._shown)

    async def _async_show(self, _now: datetime) -> None:
        await self._async_read()
        self.async_write_ha_state()

    async def _async_read(self) -> None:
        """Read the number, and store it before it is shown: otherwise it would fall after a power cut."""
        shown = self._kept.requests.today
        if shown != self._shown:
            await self._kept.async_write_requests()
        self._shown = shown
