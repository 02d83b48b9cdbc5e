"""The sensors of the account as a whole."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.components.sensor import SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import MATCH_ALL, EntityCategory
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.typing import StateType

from ..account import GetscreenAccount
from ..account.coordinator import GetscreenCoordinator
from ..account.invitations import OpenInvitations
from ..api import Agent
from .base import AccountEntity, PolledAccountEntity

_COUNT_INTERVAL = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription[DataT](SensorEntityDescription):
    """A sensor of the account; `value_fn` takes its value from the data of its poll."""

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


def account_sensors(account: GetscreenAccount) -> list[SensorEntity]:
    """Return the sensors of an account."""
    entities: list[SensorEntity] = [RequestsSensor(account, REQUESTS_SENSOR)]
    entities += [AccountSensor(account, account.agents, description) for description in ACCOUNT_SENSORS]
    if account.invitations:
        entities += [AccountSensor(account, account.invitations, description) for description in INVITATION_SENSORS]
    return entities


class AccountSensor[DataT](PolledAccountEntity[GetscreenCoordinator[DataT]], SensorEntity):
    """A value of a poll of the account."""

    entity_description: AccountSensorDescription[DataT]

    @property
    @override
    def native_value(self) -> StateType:
        return self.entity_description.value_fn(self.coordinator.data)


class RequestsSensor(AccountEntity, SensorEntity):
    """The number of requests of the day; available even while the server is not."""

    _attr_should_poll = False
    _unrecorded_attributes = frozenset({MATCH_ALL})

    def __init__(self, account: GetscreenAccount, description: SensorEntityDescription) -> None:
        super().__init__(account, description)
        self._shown: dict[str, int] = {}

    @override
    async def async_added_to_hass(self) -> None:
        """Show the number every five minutes: it changes with every poll, which would be a row in the history each time."""
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
        shown = self.account.store.requests.today
        if shown != self._shown:
            await self.account.store.async_write_requests()
        self._shown = shown
