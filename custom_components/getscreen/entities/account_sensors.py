"""The sensors of the account as a whole."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME, MATCH_ALL, EntityCategory, UnitOfTime
from homeassistant.core import callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.typing import StateType

from ..account import GetscreenAccount
from ..account.agents import AgentsCoordinator
from ..account.attention import REASONS
from ..account.coordinator import GetscreenCoordinator
from ..account.identifiers import attention_signal, pace_signal
from ..account.invitations import OpenInvitations
from ..account.pauses import Kind
from ..account.registry import async_agent_device
from ..api import Agent
from ..texts import short
from .base import AccountEntity, PolledAccountEntity

# Limits for attributes, because every state that is sent to a browser contains them.
_MAX_GROUPS = 100
_MAX_COMPUTERS = 50
_COUNT_INTERVAL = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription[DataT](SensorEntityDescription):
    """A sensor of the account; `value_fn` and `attributes_fn` return its value and attributes for the data of a poll."""

    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT
    value_fn: Callable[[DataT], StateType]
    attributes_fn: Callable[[DataT], dict[str, Any]] | None = None


def _groups(agents: dict[int, Agent]) -> dict[str, Any]:
    """Return the number of computers and of online computers by group, for the 100 largest groups."""
    named = [(short(agent.group), agent.online) for agent in agents.values() if agent.group]
    total, online = Counter(name for name, _ in named), Counter(name for name, is_online in named if is_online)
    return {"groups": {name: {"total": count, "online": online[name]} for name, count in total.most_common(_MAX_GROUPS)}}


ACCOUNT_SENSORS: tuple[AccountSensorDescription[dict[int, Agent]], ...] = (
    AccountSensorDescription(key="devices", value_fn=len),
    AccountSensorDescription(
        key="devices_online",
        value_fn=lambda agents: [agent.online for agent in agents.values()].count(True),
        attributes_fn=_groups,
    ),
)

INVITATION_SENSORS: tuple[AccountSensorDescription[OpenInvitations], ...] = (
    AccountSensorDescription(key="open_invitations", value_fn=lambda answer: len(answer.invitations)),
    AccountSensorDescription(key="invitations_remaining", value_fn=lambda answer: answer.remaining),
)

ATTENTION_SENSOR = SensorEntityDescription(
    key="needs_attention", entity_category=EntityCategory.DIAGNOSTIC, state_class=SensorStateClass.MEASUREMENT
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
    """Return the sensors of an account; those of invitations only if the account polls them."""
    entities: list[SensorEntity] = [RequestsSensor(account, REQUESTS_SENSOR), IntervalSensor(account, account.agents, INTERVAL_SENSOR)]
    entities.append(AttentionSensor(account, account.agents, ATTENTION_SENSOR))
    entities += [AccountSensor(account, account.agents, description) for description in ACCOUNT_SENSORS]
    if account.invitations:
        entities += [AccountSensor(account, account.invitations, description) for description in INVITATION_SENSORS]
    return entities


class AccountSensor[DataT](PolledAccountEntity[GetscreenCoordinator[DataT]], SensorEntity):
    """A sensor whose value comes from a poll of the account."""

    entity_description: AccountSensorDescription[DataT]
    _unrecorded_attributes = frozenset({"groups"})

    @property
    @override
    def native_value(self) -> StateType:
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.coordinator.data) if attributes_fn else None


class AttentionSensor(PolledAccountEntity[AgentsCoordinator], SensorEntity):
    """The number of computers that need attention. The attributes list at most 50 of them with the reasons."""

    _unrecorded_attributes = frozenset({"computers"})

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for changed reasons, which depend on polls, hardware, devices and time."""
        await super().async_added_to_hass()
        self.async_on_remove(async_dispatcher_connect(self.hass, attention_signal(self.account.entry), self._async_show))
        self._read()

    @callback
    def _async_show(self, _changed: AbstractSet[int]) -> None:
        self._read()
        self.async_write_ha_state()

    @callback
    def _read(self) -> None:
        """Read the reasons. The result is stored, because polls that change no reason write the state again."""
        entry, found = self.account.entry, self.account.attention.reasons
        # The most urgent reasons come first.
        first = nsmallest(_MAX_COMPUTERS, found, key=lambda agent_id: (REASONS.index(found[agent_id][0]), agent_id))
        devices = {agent_id: async_agent_device(self.hass, entry, agent_id) for agent_id in first}
        self._attr_native_value = len(found)
        self._attr_extra_state_attributes = {
            "computers": [
                {ATTR_DEVICE_ID: device.id, ATTR_NAME: device.name_by_user or device.name, "reasons": list(found[agent_id])}
                for agent_id, device in devices.items()
                if device
            ]
        }


class RequestsSensor(AccountEntity, SensorEntity):
    """The number of requests today; available even if the server is not."""

    _attr_should_poll = False
    _unrecorded_attributes = frozenset({MATCH_ALL})

    def __init__(self, account: GetscreenAccount, description: SensorEntityDescription) -> None:
        super().__init__(account, description)
        self._shown: dict[str, int] = {}

    @override
    async def async_added_to_hass(self) -> None:
        """Update every five minutes: the number changes with every poll, and each state is a row in the recorder's database."""
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
        """Read the number, and store it first. Otherwise the sensor would decrease after a power cut."""
        shown = self.account.store.requests.today
        if shown != self._shown:
            await self.account.store.async_write_requests()
        self._shown = shown


class IntervalSensor(PolledAccountEntity[AgentsCoordinator], SensorEntity):
    """The interval between two polls of the computers, and the reason for it."""

    _unrecorded_attributes = frozenset({MATCH_ALL})

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for changes of the schedule, which may happen between two polls."""
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
