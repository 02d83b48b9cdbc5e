"""Setting up, unloading and removing an account."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType

from simulator import Account

from .conftest import SetUp
from .helpers import account_device, device_of, state_of


async def test_every_computer_becomes_a_device(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    assert entry.state is ConfigEntryState.LOADED
    service = account_device(hass, entry)
    assert service.entry_type is DeviceEntryType.SERVICE
    for agent in account.agents.values():
        device = device_of(hass, entry, agent.id)
        assert device is not None
        assert device.name == agent.name
        assert device.via_device_id == service.id
        assert state_of(hass, entry, agent.id, "online").state == ("on" if agent.online else "off")
    assert len(dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)) == 1 + len(account.agents)
