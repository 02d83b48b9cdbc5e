"""Plain entities of Home Assistant's `DataUpdateCoordinator`, for comparing the cost of notifying entities without a change."""

from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.update_coordinator import CoordinatorEntity, DataUpdateCoordinator
from pytest_homeassistant_custom_component.common import MockEntityPlatform

from custom_components.getscreen.const import LOGGER

_AT_ONCE = 100


class _Stock(CoordinatorEntity[DataUpdateCoordinator[dict[int, bool]]], BinarySensorEntity):
    """A binary sensor as in Home Assistant's developer documentation."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY

    def __init__(self, coordinator: DataUpdateCoordinator[dict[int, bool]], number: int) -> None:
        super().__init__(coordinator, context=number)
        self._number = number
        self._attr_name = f"Stock {number}"
        self._attr_unique_id = f"stock-{number}"

    @property
    @override
    def is_on(self) -> bool:
        return self.coordinator.data[self._number]


async def stock_coordinator(hass: HomeAssistant, entities: int) -> DataUpdateCoordinator[Any]:
    """Return a plain coordinator with `entities` binary sensors."""
    coordinator = DataUpdateCoordinator[dict[int, bool]](hass, LOGGER, config_entry=None, name="stock")
    coordinator.async_set_updated_data({number: bool(number % 2) for number in range(entities)})
    platform = MockEntityPlatform(hass, domain="binary_sensor", platform_name="stock")
    for first in range(0, entities, _AT_ONCE):
        await platform.async_add_entities([_Stock(coordinator, number) for number in range(first, min(first + _AT_ONCE, entities))])
    return coordinator
