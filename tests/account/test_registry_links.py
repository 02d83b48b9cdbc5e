"""Links on device pages: the permanent link of a computer, and the website of the account."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from simulator import Account, Simulator

from ..conftest import SetUp
from ..helpers import account_device, device_of, pass_time


async def test_permanent_links_on_device_pages(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The link is on the device page only if its option is enabled."""
    account.agents[1].permanent_url = "https://go.example.com/reception"
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.configuration_url is None
    hass.config_entries.async_update_entry(entry, options={"show_permanent_link": True})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.configuration_url == "https://go.example.com/reception"
    account.agents[1].permanent_url = None
    await pass_time(hass)
    device = device_of(hass, entry, 1)
    assert device is not None
    assert device.configuration_url is None


async def test_the_device_of_an_account_leads_to_the_website(hass: HomeAssistant, simulator: Simulator, set_up: SetUp) -> None:
    entry = await set_up()
    assert account_device(hass, entry).configuration_url == simulator.root


async def test_links_of_an_earlier_version_are_removed(hass: HomeAssistant, set_up: SetUp) -> None:
    """A computer's device had the service as its maker, its name as its model's number, and its system as its hardware."""
    entry = await set_up()
    device = device_of(hass, entry, 1)
    assert device is not None
    dr.async_get(hass).async_update_device(device.id, manufacturer="Getscreen.me", model_id="DESK", hw_version="Windows 11")
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    device = device_of(hass, entry, 1)
    assert device is not None
    assert (device.manufacturer, device.model_id, device.hw_version) == (None, None, None)
