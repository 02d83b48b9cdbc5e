"""The permanent link on a computer's device page."""

from homeassistant.core import HomeAssistant

from simulator import Account

from ..conftest import SetUp
from ..helpers import device_of, pass_time


async def test_permanent_links_on_device_pages(hass: HomeAssistant, account: Account, set_up: SetUp) -> None:
    """The link is on the device page only if the option for it is on."""
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
