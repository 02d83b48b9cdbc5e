"""The sensors of the account as a whole."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import MATCH_ALL, EntityCategory, UnitOfTime
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.typing import StateType

from ..account import GetscreenAccount
from ..account.agents import AgentsCoordinator
from ..account.coordinator import GetscreenCoordinator
from ..account.identifiers import pace_signal
from ..account.invitations import OpenInvitations
from ..account.pauses import Kind
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

INTERVAL_SENSOR = SensorEntityDescription(
    key="update_interval",
    device_class=SensorDeviceClass.DURATION,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
    native_unit_of_measurement=UnitOfTime.SECONDS,
)


def account_sensors(account: GetscreenAccount) -> list[SensorEntity]:
    """Return the sensors of an account."""
    entities: list[SensorEntity] = [RequestsSensor(account, REQUESTS_SENSOR), IntervalSensor(account, account.agents, INTERVAL_SENSOR)]
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


class IntervalSensor(PolledAccountEntity[AgentsCoordinator], SensorEntity):
    """How often the list of computers is polled, and why."""

    _unrecorded_attributes = frozenset({MATCH_ALL})

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the schedule, which may change between two polls."""
        await super().async_added_to_hass()
        show = self._handle_coordinator_update
        self.async_on_remove(async_dispatcher_connect(self.hass, pace_signal(self.account.entry), show))

    @property
    @override
    def native_value(self) -> StateType:
        return round(self.account.schedule.interval(Kind.AGENTS))

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        limit = self.account.schedule.plan.learned
        return {
            "reason": self.account.schedule.reason,
            "plan_requests": limit and limit.requests,
            "plan_window": limit and limit.window,
            "plan_reset": None if limit is None or limit.window != "day" or limit.reset is None else f"{limit.reset:02}:00Z",
        }
