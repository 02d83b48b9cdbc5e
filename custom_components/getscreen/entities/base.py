"""The base classes of entities: for one computer, and for the account."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..account import GetscreenAccount
from ..account.agents import AgentsCoordinator
from ..account.coordinator import GetscreenCoordinator
from ..account.identifiers import account_key, agent_identifier, agent_unique_id
from ..account.registry import account_device_info
from ..api import Agent, Hardware, OperatingSystem, Session
from ..const import LOGGER

# The largest fleets (number of computers) in which an entity is enabled by default.
SMALL_FLEET = 100
LARGE_FLEET = 2000
NEVER = 0


@dataclass(frozen=True, kw_only=True)
class AgentEntityDescription(EntityDescription):
    """An entity of every computer, or of those with the operating system `only`.

    `max_agents`: the entity is enabled by default in fleets up to that size; None for all, 0 for none.
    """

    max_agents: int | None = None
    only: OperatingSystem | None = None


class AgentEntity(CoordinatorEntity[AgentsCoordinator]):
    """An entity of one computer, which is notified only when that computer changes."""

    _attr_has_entity_name = True

    def __init__(self, account: GetscreenAccount, agent_id: int, description: AgentEntityDescription) -> None:
        super().__init__(account.agents, context=agent_id)
        self.account = account
        self.entity_description = description
        self._agent_id = agent_id
        self._attr_translation_key = description.key
        self._attr_unique_id = agent_unique_id(account.entry, agent_id, description.key)
        # The identifier is enough, because the account has already written the device.
        self._attr_device_info = DeviceInfo(identifiers={agent_identifier(account.entry, agent_id)})
        self._attr_entity_registry_enabled_default = description.max_agents is None or len(account.agents.data) <= description.max_agents

    @property
    def agent(self) -> Agent:
        """The computer's data of the last poll; raises KeyError if it has left the account."""
        return self.coordinator.data[self._agent_id]

    @property
    @override
    def available(self) -> bool:
        return super().available and self._agent_id in self.coordinator.data


class HardwareEntity(AgentEntity):
    """An entity of one computer that shows its hardware."""

    @property
    def hardware(self) -> Hardware | None:
        """The hardware of the computer; None until it is read."""
        record = self.account.hardware.records.get(self._agent_id)
        return record.hardware if record else None

    @override
    async def async_update(self) -> None:
        """Read the hardware now (`homeassistant.update_entity`); an error is only logged."""
        try:
            await self.account.hardware.async_read(self._agent_id, as_command=True)
        except HomeAssistantError as error:
            LOGGER.warning("%s", error)


class AccountEntity(Entity):
    """An entity of the account as a whole, on the account's own device."""

    _attr_has_entity_name = True

    def __init__(self, account: GetscreenAccount, description: EntityDescription) -> None:
        self.account = account
        self.entity_description = description
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{account_key(account.entry)}_{description.key}"
        self._attr_device_info = account_device_info(account.entry)


class PolledAccountEntity[CoordinatorT: GetscreenCoordinator[Any]](CoordinatorEntity[CoordinatorT], AccountEntity):
    """An entity of the account that is updated by polls."""

    def __init__(self, account: GetscreenAccount, coordinator: CoordinatorT, description: EntityDescription) -> None:
        CoordinatorEntity.__init__(self, coordinator)
        AccountEntity.__init__(self, account, description)


def session_attributes(session: Session) -> dict[str, Any]:
    """Return the end of a session (ISO 8601, None while it runs), and the country and city of its client."""
    geo = session.client.geo
    return {"end": session.end and session.end.isoformat(), "country": geo.country, "city": geo.city}
