"""The devices of an account are added, changed and removed with its computers."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType
from pytest_homeassistant_custom_component.common import async_capture_events

from simulator import Account

from ..conftest import SetUp
from ..helpers import account_device, device_of, pass_time, state_of


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


async def test_devices_come_change_and_leave(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    new = account.add_agent("New PC")
    await pass_time(hass)
    device = device_of(hass, entry, new.id)
    assert device is not None
    assert device.name == "New PC"
    assert state_of(hass, entry, new.id, "online").state == "on"

    new.name, new.version = "Renamed PC", "9.9.9"
    await pass_time(hass)
    changed = device_of(hass, entry, new.id)
    assert changed is not None
    assert (changed.id, changed.name, changed.sw_version) == (device.id, "Renamed PC", "9.9.9")
    assert hass.states.get("binary_sensor.new_pc_online") is not None

    account.remove_agent(new.id)
    await pass_time(hass)
    assert device_of(hass, entry, new.id) is None
    assert hass.states.get("binary_sensor.new_pc_online") is None

    account.add_agent("Back PC", id=new.id)
    await pass_time(hass)
    assert state_of(hass, entry, new.id, "online").state == "on"


async def test_a_device_that_left_while_home_assistant_was_off(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    await hass.config_entries.async_unload(entry.entry_id)
    account.remove_agent(1)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert device_of(hass, entry, 1) is None
    assert device_of(hass, entry, 2) is not None


async def test_a_name_set_by_the_user_is_not_overwritten(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    dr.async_get(hass).async_update_device(device.id, name_by_user="Mine")
    account.agents[1].name = "Theirs"
    await pass_time(hass)
    device = device_of(hass, entry, 1)
    assert device is not None
    assert (device.name, device.name_by_user) == ("Theirs", "Mine")


async def test_a_nameless_agent(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    account.agents[1].name = ""
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.name == "Getscreen.me 1"


async def test_a_title_is_the_name_of_the_accounts_device(hass: HomeAssistant, set_up: SetUp) -> None:
    """The device follows at once, without a reload."""
    entry = await set_up()
    hass.config_entries.async_update_entry(entry, title="Office")
    await hass.async_block_till_done()
    assert account_device(hass, entry).name == "Office"


async def test_a_restart_does_not_change_the_registries(hass: HomeAssistant, set_up: SetUp) -> None:
    """Devices and entities stay as an earlier start wrote them until something changes."""
    entry = await set_up()
    devices: list[Event[dr.EventDeviceRegistryUpdatedData]] = async_capture_events(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED)
    entities = async_capture_events(hass, er.EVENT_ENTITY_REGISTRY_UPDATED)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert devices == []
    assert entities == []
